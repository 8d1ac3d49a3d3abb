"""Conversations as rows of the database. Everything here blocks: it is called from the store's threads."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
import uuid
from typing import Any, Callable, ContextManager, Iterable, List, Optional, Set

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.store.marks import mark_of
from bot.store.schema import conversations, drafts, erasures, events, requests

AT_ONCE = 2000  # events deleted in one transaction, so that nobody waits long for the database


class Conflict(RasaException):
    """Another instance wrote to this conversation since it was read; nothing was kept, the turn may be taken again."""


class Repeated(RasaException):
    """The message is in the conversation already: a save that was given up came through after all. Nothing was kept."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """What the database holds of a tracker: the conversation's version, and how many of the tracker's events."""

    version: Optional[str]
    count: int


@dataclasses.dataclass(frozen=True)
class Survey:
    """How many events are older than some time, of how many."""

    old: int
    total: int


class Rows:
    """Reads, writes and deletes. All methods raise what SQLAlchemy raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def senders(self) -> List[str]:
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.select(conversations.c.sender_id))]

    def read(self, sender: str, whole: bool, domain: Domain) -> Optional[DialogueStateTracker]:
        """A conversation's current session, or all of them; None where there is nothing."""
        with self._engine.connect() as connection:
            # The version before the events: had they changed in between, the save would be refused.
            row = _row_of(connection, sender)
            query = sa.select(events.c.data).where(events.c.sender_id == sender).order_by(events.c.id)
            if row is not None and not whole:
                query = query.where(events.c.id >= row.session_start)
            kept = [json.loads(data) for (data,) in connection.execute(query)] if row is not None else []
        if not kept:
            return None
        tracker = DialogueStateTracker.from_dict(sender, kept, domain.slots)
        tracker.stored = Stored(row.version, len(tracker.events))
        return tracker

    def write(self, tracker: DialogueStateTracker, version: str, until: float) -> Stored:
        """Adds the events not yet stored, all or none, as this version. Raises Conflict, Repeated.

        `until` (of time.monotonic) is when the caller gives up: nothing is kept later, were it not for a commit that
        itself takes its time.
        """
        sender = tracker.sender_id
        with self._engine.begin() as connection:
            stored = getattr(tracker, "stored", None) or _stored(connection, sender)
            kept, fresh = list(tracker.events)[: stored.count], list(tracker.events)[stored.count :]
            if not fresh:
                return stored
            if _messages(kept) & _messages(fresh):
                raise Repeated("The message was kept before.")
            done = Stored(version, stored.count + len(fresh))
            if not _claim(connection, sender, stored.version, version):
                return done  # an earlier try went through, and only its answer was lost
            connection.execute(events.insert(), [_event_row(sender, event) for event in fresh])
            if any(isinstance(event, SessionStarted) for event in fresh):
                start = (
                    sa.select(events.c.id)
                    .where(events.c.sender_id == sender, events.c.type_name == SessionStarted.type_name)
                    .order_by(events.c.id.desc())
                    .limit(1)
                ).scalar_subquery()
                mine = conversations.c.sender_id == sender
                connection.execute(conversations.update().where(mine).values(session_start=start))
            if time.monotonic() > until:
                raise sa.exc.TimeoutError("Nobody waits for this save any more.")
            return done

    def erase(self, sender: str) -> int:
        """Deletes a conversation; returns how many events it had."""
        with self._engine.begin() as connection:
            # The conversation's row first: a save under way waits for it, and is then refused.
            connection.execute(conversations.delete().where(conversations.c.sender_id == sender))
            gone = connection.execute(events.delete().where(events.c.sender_id == sender)).rowcount
            mark = mark_of(sender)
            for table in (requests, drafts, erasures):
                connection.execute(table.delete().where(table.c.mark == mark))
            connection.execute(erasures.insert(), {"mark": mark, "at": time.time()})
        self._forget_keys()
        self._forget_log()
        return int(gone)

    def holds_message(self, sender: str, message_id: str) -> bool:
        """Whether a person's message is in the conversation, as Rasa spells its id in an event."""
        spelt = f'"message_id": {json.dumps(message_id)}'
        mine = sa.and_(events.c.sender_id == sender, events.c.type_name == UserUttered.type_name)
        query = sa.select(events.c.id).where(mine, events.c.data.contains(spelt, autoescape=True)).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def is_erased(self, sender: str) -> bool:
        with self._engine.connect() as connection:
            query = sa.select(erasures.c.at).where(erasures.c.mark == mark_of(sender))
            return connection.execute(query).first() is not None

    def survey(self, before: float) -> Survey:
        """What a purge would delete."""
        with self._engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(events)
            old = connection.execute(count.where(events.c.timestamp < before)).scalar()
            return Survey(int(old or 0), int(connection.execute(count).scalar() or 0))

    def purge(self, before: float) -> int:
        """Deletes the events from before a time (seconds since 1970), and the conversations that have no others."""
        some = sa.select(events.c.id).where(events.c.timestamp < before).limit(AT_ONCE).scalar_subquery()
        silent = sa.and_(
            conversations.c.updated_at < before,
            sa.not_(sa.exists().where(events.c.sender_id == conversations.c.sender_id)),
        )
        total = self._in_batches(lambda connection: connection.execute(events.delete().where(events.c.id.in_(some))))
        with self._engine.begin() as connection:
            connection.execute(conversations.delete().where(silent))
            connection.execute(erasures.delete().where(erasures.c.at < before))
        self._forget_log()
        return total

    def ping(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(sa.select(conversations.c.version).limit(1)).fetchall()

    def ping_writing(self) -> None:
        name = f"ping-{uuid.uuid4().hex}"
        with self._engine.begin() as connection:
            connection.execute(conversations.insert(), _row(name, "ping", 0))
        with self._engine.begin() as connection:
            connection.execute(conversations.delete().where(conversations.c.sender_id == name))

    def _in_batches(self, delete: Callable[[Connection], Any]) -> int:
        total = 0
        while True:
            with self._engine.begin() as connection:
                gone = int(delete(connection).rowcount)
            total += gone
            if gone < AT_ONCE:
                return total

    def _forget_keys(self) -> None:
        """Writes the indexes anew: SQLite leaves copies of keys in the unused part of pages that it has rearranged."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.begin() as connection:
                connection.execute(sa.text("REINDEX")).close()

    def _forget_log(self) -> None:
        """SQLite's write-ahead log still holds what was written."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).close()


def _messages(of: Iterable[Event]) -> Set[str]:
    """The ids of people's messages: a channel gives one a message, whatever number of times it is sent."""
    return {event.message_id for event in of if isinstance(event, UserUttered) and event.message_id}


def _claim(connection: Connection, sender: str, before: Optional[str], version: str) -> bool:
    """Moves the conversation to its new version and locks its row. False where it already is there."""
    table = conversations
    if before is None:
        try:
            with _savepoint(connection):
                connection.execute(table.insert(), _row(sender, version, 0))
            return True
        except IntegrityError:
            pass
    else:
        moved = connection.execute(
            table.update()
            .where(table.c.sender_id == sender, table.c.version == before)
            .values(version=version, updated_at=time.time())
        )
        if moved.rowcount == 1:
            return True
    row = _row_of(connection, sender)
    if row is None or row.version != version:
        raise Conflict("Another instance wrote to this conversation.")
    return False


def _savepoint(connection: Connection) -> ContextManager[Any]:
    """PostgreSQL gives up the whole transaction at a failed insert, unless it has one."""
    return connection.begin_nested() if connection.dialect.name == "postgresql" else contextlib.nullcontext()


def _stored(connection: Connection, sender: str) -> Stored:
    """For trackers that were not read here: as Rasa does, they are taken to begin with the current session."""
    row = _row_of(connection, sender)
    if row is None:
        return Stored(None, 0)
    mine = sa.and_(events.c.sender_id == sender, events.c.id >= row.session_start)
    count = connection.execute(sa.select(sa.func.count()).select_from(events).where(mine)).scalar()
    return Stored(row.version, int(count or 0))


def _row_of(connection: Connection, sender: str) -> Any:
    table = conversations
    query = sa.select(table.c.version, table.c.session_start).where(table.c.sender_id == sender)
    return connection.execute(query).fetchone()


def _row(sender: str, version: str, session_start: int) -> Any:
    return {"sender_id": sender, "version": version, "session_start": session_start, "updated_at": time.time()}


def _event_row(sender: str, event: Event) -> Any:
    data = event.as_dict()
    return {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
