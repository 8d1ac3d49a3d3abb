"""The store of conversations: what was answered is kept, once and in order, or the turn fails and says so."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import time
import uuid
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterable, List, Optional, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException, RasaException
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.store import schema
from bot.store.engine import ANSWERS_WITHIN, THREADS, make_engine
from bot.store.outage import Outage
from bot.store.schema import conversations, events
from bot.store.settings import database_url

LONGEST_SENDER = 255  # characters
PAUSES = (0.1, 0.3, 0.6, 1.0)  # seconds before trying a call again
LANGUAGES_KEPT = 20_000
PURGED_AT_ONCE = 200

_Result = TypeVar("_Result")


class StoreUnavailable(ConnectionException):
    """The database does not answer, or cannot write; nothing was kept."""


class Conflict(RasaException):
    """Another instance wrote to this conversation since it was read; nothing was kept, the turn may be taken again."""


class BadSender(RasaException):
    """No database can hold a conversation of this name."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """What the database holds of a tracker: the conversation's version, and how many of the tracker's events."""

    version: Optional[str]
    count: int


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store (same `events` table), never blocking the event loop, never falling back to memory.

    For endpoints.yml: `type: bot.store.conversations.ConversationStore`. The database is CACIMA_DATABASE_URL, else the
    SQLite file `db`. Raises StoreUnavailable at once where the database cannot be reached or written.
    """

    type = "conversations"  # what Rasa's telemetry asks of any endpoint

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[str] = None,
        db: str = "var/conversations.db",
        event_broker: Optional[EventBroker] = None,
        url: Optional[URL] = None,
        **_: Any,
    ) -> None:
        TrackerStore.__init__(self, domain, event_broker)  # not SQLTrackerStore's: it waits for ever for a database
        if url is None:
            url = database_url(os.environ, Path(db).parent)
            if url.get_backend_name() == "sqlite" and not os.environ.get("CACIMA_DATABASE_URL"):
                url = url.set(database=str(db))
        self.engine = make_engine(url)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._reading = Outage("The database")
        self._writing = Outage("Writing to the database")  # a full disk can still be read
        self._languages: OrderedDict[str, str] = OrderedDict()
        try:
            schema.create(self.engine)
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"The database cannot be used: {_reason(error)}") from None

    # -- Rasa's interface --------------------------------------------------------------------------------------------

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation's current session; None before anything was said. Raises StoreUnavailable, BadSender."""
        return await self._tracker(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """All its sessions. Raises as `retrieve`."""
        return await self._tracker(conversation_id, whole=True)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the events not yet stored, all or none. Raises StoreUnavailable, Conflict, BadSender."""
        _check(tracker.sender_id)
        await self.stream_events(tracker)
        version = uuid.uuid4().hex  # the same in every try: one that went through unnoticed is recognised
        stored = await self._call(lambda: self._write(tracker, version), self._writing)
        tracker.stored = stored
        self._remember(tracker)

    async def keys(self) -> Iterable[str]:
        def read() -> List[str]:
            with self.engine.connect() as connection:
                return [row[0] for row in connection.execute(sa.select(conversations.c.sender_id))]

        return await self._call(read)

    # -- beyond Rasa's -----------------------------------------------------------------------------------------------

    async def delete(self, sender_id: str) -> int:
        """Erases all that is kept of a conversation; returns how many there were, 0 or 1. Raises StoreUnavailable.

        Take the conversation's lock first: a turn under way fails, its save being refused.
        """
        self._languages.pop(sender_id, None)
        return await self._call(lambda: self._erase([sender_id]), self._writing)

    async def purge(self, older_than: float) -> int:
        """Erases conversations without a word for `older_than` seconds; returns how many. Raises StoreUnavailable."""
        before, gone = time.time() - older_than, 0
        old = sa.select(conversations.c.sender_id).where(conversations.c.updated_at < before).limit(PURGED_AT_ONCE)

        def some() -> int:
            with self.engine.connect() as connection:
                senders = [row[0] for row in connection.execute(old)]
            return self._erase(senders, before) if senders else 0

        while True:
            found = await self._call(some, self._writing)
            gone += found
            if not found:
                return gone

    async def ping(self) -> None:
        """Raises StoreUnavailable where the database cannot be read or, if the last call failed, written."""

        def read() -> None:
            with self.engine.connect() as connection:
                connection.execute(sa.select(conversations.c.version).limit(1)).fetchall()

        def write() -> None:
            name = f"ping-{uuid.uuid4().hex}"
            with self.engine.begin() as connection:
                connection.execute(conversations.insert(), _row(name, "ping", 0))
            with self.engine.begin() as connection:
                connection.execute(conversations.delete().where(conversations.c.sender_id == name))

        await self._call(read)
        if self._writing.is_on:
            await self._call(write, self._writing)

    @property
    def is_down(self) -> bool:
        """Whether the last call failed."""
        return self._reading.is_on or self._writing.is_on

    def spoken(self, sender_id: str) -> Optional[str]:
        """The language a conversation spoke last, from memory: for apologies while the database does not answer."""
        return self._languages.get(sender_id)

    def close(self) -> None:
        """Waits for calls under way."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    # -- in a thread -------------------------------------------------------------------------------------------------

    def _read(self, sender_id: str, whole: bool) -> Optional[DialogueStateTracker]:
        with self.engine.connect() as connection:
            # The version before the events: had they changed in between, the save would be refused.
            row = _row_of(connection, sender_id)
            query = sa.select(events.c.data).where(events.c.sender_id == sender_id).order_by(events.c.id)
            if row is not None and not whole:
                query = query.where(events.c.id >= row.session_start)
            kept = [json.loads(data) for (data,) in connection.execute(query)] if row is not None else []
        if not kept:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, kept, self.domain.slots)
        tracker.stored = Stored(row.version, len(tracker.events))
        return tracker

    def _write(self, tracker: DialogueStateTracker, version: str) -> Stored:
        sender = tracker.sender_id
        with self.engine.begin() as connection:
            stored = getattr(tracker, "stored", None) or self._stored(connection, sender)
            fresh = list(tracker.events)[stored.count :]
            if not fresh:
                return stored
            done = Stored(version, stored.count + len(fresh))
            if not self._claim(connection, sender, stored.version, version):
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
            return done

    def _claim(self, connection: Connection, sender: str, before: Optional[str], version: str) -> bool:
        """Moves the conversation to its new version and locks its row. False where it already is there."""
        table = conversations
        if before is None:
            try:
                with connection.begin_nested() if connection.dialect.name == "postgresql" else _Nothing():
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

    def _stored(self, connection: Connection, sender: str) -> Stored:
        """For trackers that were not read here: as Rasa does, they are taken to begin with the current session."""
        row = _row_of(connection, sender)
        if row is None:
            return Stored(None, 0)
        mine = sa.and_(events.c.sender_id == sender, events.c.id >= row.session_start)
        count = connection.execute(sa.select(sa.func.count()).select_from(events).where(mine)).scalar()
        return Stored(row.version, int(count or 0))

    def _erase(self, senders: List[str], before: Optional[float] = None) -> int:
        """With `before`, those that spoke again in the meantime stay."""
        gone = 0
        with self.engine.begin() as connection:
            for sender in senders:
                mine = conversations.c.sender_id == sender
                if before is not None:
                    mine = sa.and_(mine, conversations.c.updated_at < before)
                found = connection.execute(conversations.delete().where(mine)).rowcount
                if found or before is None:
                    connection.execute(events.delete().where(events.c.sender_id == sender))
                gone += found
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:  # the log still holds what was written
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).close()
        return gone

    # -- around a call -----------------------------------------------------------------------------------------------

    async def _tracker(self, sender_id: str, whole: bool) -> Optional[DialogueStateTracker]:
        _check(sender_id)
        tracker = await self._call(lambda: self._read(sender_id, whole))
        if tracker is not None:
            self._remember(tracker)
        return tracker

    async def _call(self, work: Callable[[], _Result], outage: Optional[Outage] = None) -> _Result:
        """Runs in a thread; tried again within ANSWERS_WITHIN, unless the database is known to be down."""
        outage = outage or self._reading
        loop = asyncio.get_running_loop()
        ends = loop.time() + ANSWERS_WITHIN
        pauses = iter(() if outage.is_on else PAUSES)
        while True:
            try:
                left = max(0.1, ends - loop.time())
                result = await asyncio.wait_for(loop.run_in_executor(self._threads, work), left)
            except (SQLAlchemyError, asyncio.TimeoutError) as error:
                pause = next(pauses, None)
                if pause is None or loop.time() + pause >= ends:
                    outage.begin(getattr(error, "orig", None) or error)
                    raise StoreUnavailable("The database does not answer.") from None
                await asyncio.sleep(pause)
            else:
                outage.end()
                return result

    def _remember(self, tracker: DialogueStateTracker) -> None:
        if "language" in tracker.slots and (tracker.get_slot("language_basis") or "none") != "none":
            self._languages[tracker.sender_id] = str(tracker.get_slot("language"))
            self._languages.move_to_end(tracker.sender_id)
            if len(self._languages) > LANGUAGES_KEPT:
                self._languages.popitem(last=False)


class _Nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: Any) -> None: ...


def _check(sender_id: str) -> None:
    """Raises BadSender: PostgreSQL can store neither NUL nor more characters than the column has."""
    if not sender_id or len(sender_id) > LONGEST_SENDER or "\x00" in sender_id:
        raise BadSender("A conversation's name has 1 to 255 characters, none of them NUL.")
    try:
        sender_id.encode("utf-8")
    except UnicodeEncodeError:
        raise BadSender("A conversation's name must be valid Unicode.") from None


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


def _reason(error: SQLAlchemyError) -> str:
    """The first line of what the driver says: neither statements nor passwords are in it."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
