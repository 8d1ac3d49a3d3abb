"""Requests passed on to CACIMA, and the drafts they are made from, as rows. Everything here blocks.

The table is an outbox: a request is kept before anything is sent, claimed by one sender at a time, and tried again
until its mail has gone.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
import uuid
from typing import Any, List, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.desk.exchange import Draft
from bot.store.marks import mark_of
from bot.store.schema import drafts, requests

WAITING, SENT = "waiting", "sent"
NEW, ANSWERED = "new", "answered"
STATES = (NEW, ANSWERED)
DRAFT_LASTS = 3600.0  # seconds
CLAIM_LASTS = 300.0  # seconds after which whoever was sending is taken for dead; far longer than a mail takes
PAUSES = (60.0, 300.0, 900.0, 3600.0)  # seconds before each new try; the last again and again
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # read aloud on the telephone without a doubt
_LONGEST_ASSIGNED = 64


@dataclasses.dataclass(frozen=True)
class Asked:
    """One request. Times are seconds since 1970."""

    id: str
    created: float
    language: str
    channel: str
    name: str
    contact: str
    question: str
    guide: str
    chat: str
    mail: str
    tries: int
    state: str
    assigned: str


class Requests:
    """All methods raise what SQLAlchemy raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Drafts.

    def draft(self, sender: str) -> Optional[Draft]:
        """The draft of a conversation, unless it was left too long ago."""
        query = sa.select(drafts.c.data).where(drafts.c.mark == mark_of(sender), drafts.c.at > _ago(DRAFT_LASTS))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Draft.from_json(row.data) if row else None

    def keep_draft(self, sender: str, draft: Draft) -> None:
        mark = mark_of(sender)
        with self._engine.begin() as connection:
            connection.execute(drafts.delete().where(drafts.c.mark == mark))
            connection.execute(drafts.insert(), {"mark": mark, "at": time.time(), "data": draft.to_json()})

    def drop_draft(self, sender: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(drafts.delete().where(drafts.c.mark == mark_of(sender)))
        self._forget_log()

    # Requests.

    def add(self, sender: str, channel: str, draft: Draft, form: Optional[str] = None) -> str:
        """Keeps a request, and drops the draft; returns its reference. The same `form` twice is the same request."""
        form, reference = form or uuid.uuid4().hex, _reference()
        row = {
            **{name: getattr(draft, name) for name in ("language", "name", "contact", "question", "guide", "chat")},
            **{"id": reference, "form": form, "mark": mark_of(sender), "created": time.time(), "channel": channel},
            **{"mail": WAITING, "tries": 0, "due": 0.0, "claim": "", "state": NEW, "assigned": ""},
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(requests.insert(), row)
                connection.execute(drafts.delete().where(drafts.c.mark == row["mark"]))
        except IntegrityError:
            with self._engine.connect() as connection:
                mine = sa.and_(requests.c.form == form, requests.c.mark == row["mark"])
                known = connection.execute(sa.select(requests.c.id).where(mine)).first()
            if known is None:
                raise
            return str(known.id)
        return reference

    def get(self, reference: str) -> Optional[Asked]:
        return self._one(requests.c.id == reference)

    def last_of(self, sender: str) -> Optional[Asked]:
        """The newest request of a conversation."""
        return self._one(requests.c.mark == mark_of(sender))

    def count_of(self, sender: str, within: float) -> int:
        """How many requests a conversation has made in the last so many seconds."""
        mine = sa.and_(requests.c.mark == mark_of(sender), requests.c.created > _ago(within))
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(requests).where(mine)).scalar() or 0)

    def all(self) -> List[Asked]:
        """Newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(requests).order_by(requests.c.created.desc()))
            return [_asked(row) for row in rows]

    def mark(self, reference: str, state: str, assigned: str) -> bool:
        """What CACIMA made of it; False where it is gone."""
        values = {"state": state, "assigned": assigned[:_LONGEST_ASSIGNED]}
        with self._engine.begin() as connection:
            done = connection.execute(requests.update().where(requests.c.id == reference).values(values))
            return bool(done.rowcount)

    def delete(self, reference: str) -> bool:
        with self._engine.begin() as connection:
            gone = connection.execute(requests.delete().where(requests.c.id == reference)).rowcount
        self._forget_log()
        return bool(gone)

    def purge(self, older_than: float) -> int:
        """Deletes requests of more than so many seconds ago, and drafts that were left; how many requests."""
        with self._engine.begin() as connection:
            connection.execute(drafts.delete().where(drafts.c.at < _ago(DRAFT_LASTS)))
            gone = connection.execute(requests.delete().where(requests.c.created < _ago(older_than))).rowcount
        self._forget_log()
        return int(gone)

    # The outbox.

    def claim(self, reference: Optional[str] = None) -> Optional[Asked]:
        """Takes a request whose mail is due, or the one named; None where there is none that nobody else is sending.

        A claim moves `due` on: a sender that dies loses it after CLAIM_LASTS.
        """
        due = sa.and_(requests.c.mail == WAITING, requests.c.due <= time.time())
        if reference is not None:
            due = sa.and_(due, requests.c.id == reference)
        claim = uuid.uuid4().hex
        with self._engine.begin() as connection:
            found = connection.execute(
                sa.select(requests.c.id, requests.c.claim).where(due).order_by(requests.c.due).limit(1)
            ).first()
            if found is None:
                return None
            taken = connection.execute(
                requests.update()
                .where(requests.c.id == found.id, requests.c.claim == found.claim, requests.c.mail == WAITING)
                .values(claim=claim, due=time.time() + CLAIM_LASTS)
            )
        return self.get(found.id) if taken.rowcount == 1 else None

    def sent(self, reference: str) -> None:
        self._settle(reference, mail=SENT)

    def failed(self, reference: str, tries: int) -> None:
        """It is due again after a pause that grows with the number of tries."""
        pause = PAUSES[min(tries, len(PAUSES) - 1)]
        self._settle(reference, tries=tries + 1, due=time.time() + pause)

    def _settle(self, reference: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(requests.update().where(requests.c.id == reference).values(**values))

    def _forget_log(self) -> None:
        """SQLite's write-ahead log still holds what was written."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).close()

    def _one(self, condition: Any) -> Optional[Asked]:
        query = sa.select(requests).where(condition).order_by(requests.c.created.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return _asked(row) if row else None


def _asked(row: Any) -> Asked:
    values = row._mapping
    return Asked(**{field.name: values[field.name] for field in dataclasses.fields(Asked)})


def _ago(seconds: float) -> float:
    return time.time() - seconds


def _reference() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
