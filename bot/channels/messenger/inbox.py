"""What was accepted and not yet said, in a small SQLite file: a stop or a crash neither loses nor repeats it.

An event is written here before Meta is told 200. Its turn ends in one transaction that removes it and writes what is
to be sent; each message is removed once Graph has taken it. Texts stay no longer than that.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Protocol, Sequence, Tuple

from bot.channels.messenger.events import Event

REMEMBERED = 48 * 3600.0  # seconds; Meta delivers again for up to 36 hours
FAILURES_KEPT = 30 * 24 * 3600.0
QUOTABLE = 30 * 24 * 3600.0  # seconds for which it is known what a message of ours answered
MOST_TRIES = 3  # turns begun and never ended: what an event that brings the process down is worth

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, timestamp INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS inbox_person ON inbox (person, timestamp, number);
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, asked INTEGER NOT NULL, message TEXT NOT NULL,
  event TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS outbox_person ON outbox (person, number);
CREATE TABLE IF NOT EXISTS paused (person TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (id TEXT PRIMARY KEY, event TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unsent (
  number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL);
"""


@dataclasses.dataclass(frozen=True)
class Waiting:
    """An event whose turn has come; `number` names it in the inbox."""

    number: int
    event: Event
    tries: int


@dataclasses.dataclass(frozen=True)
class Outgoing:
    """A Graph message to send; `asked` is when the person last wrote (milliseconds), `event` the id of that."""

    number: int
    asked: int
    message: Dict[str, Any]
    event: str = ""


class Inbox(Protocol):
    """What a store must do. Another instance of the bot needs one they share (Redis): this is all it would implement.

    All methods may block for the time of a disk write, and may raise OSError or sqlite3.Error where nothing was kept.
    """

    def accept(self, events: Sequence[Event]) -> List[Event]: ...
    def people(self) -> List[str]: ...
    def next_event(self, person: str) -> Optional[Waiting]: ...
    def finish(self, waiting: Waiting, messages: Sequence[Dict[str, Any]]) -> None: ...
    def next_message(self, person: str) -> Optional[Outgoing]: ...
    def sent(self, outgoing: Outgoing, message_id: str) -> None: ...
    def answered(self, message_id: str) -> str: ...
    def unsent(self, outgoing: Outgoing, person: str, reason: str, rest: bool) -> int: ...
    def pause(self, person: str, until: float) -> None: ...
    def is_paused(self, person: str) -> bool: ...
    def purge(self) -> None: ...
    def close(self) -> None: ...


class InUse(Exception):
    """Another process works on this inbox: two would say everything twice."""


class SqliteInbox:
    """The store of one instance. Used from one thread at a time. Raises InUse where another process has it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = open(f"{path}.lock", "w")  # noqa: SIM115 – held until close, or until the process ends
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise InUse(str(path)) from None
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # 200 is a promise, a power cut included
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(_SCHEMA)
        if "event" not in [column[1] for column in self._db.execute("PRAGMA table_info(outbox)")]:  # an older file
            self._db.execute("ALTER TABLE outbox ADD COLUMN event TEXT NOT NULL DEFAULT ''")

    def accept(self, events: Sequence[Event]) -> List[Event]:
        """Writes down those never seen, all or none, and returns them. Takeovers are only remembered."""
        new: List[Event] = []
        with self._transaction():
            for event in events:
                cursor = self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (event.id, time.time()))
                if cursor.rowcount != 1:
                    continue
                new.append(event)
                if event.kind != "takeover":
                    self._db.execute(
                        "INSERT INTO inbox (person, timestamp, event) VALUES (?, ?, ?)",
                        (event.person, event.timestamp, event.to_json()),
                    )
        return new

    def people(self) -> List[str]:
        """Who is owed something."""
        rows = self._db.execute("SELECT person FROM outbox UNION SELECT person FROM inbox")
        return [row[0] for row in rows]

    def next_event(self, person: str) -> Optional[Waiting]:
        """The earliest by Meta's clock, whatever order they arrived in. Each time it is given counts as a try."""
        row = self._db.execute(
            "SELECT number, event, tries FROM inbox WHERE person = ? ORDER BY timestamp, number LIMIT 1", (person,)
        ).fetchone()
        if row is None:
            return None
        self._db.execute("UPDATE inbox SET tries = tries + 1 WHERE number = ?", (row[0],))
        return Waiting(row[0], Event.from_json(row[1]), row[2] + 1)

    def finish(self, waiting: Waiting, messages: Sequence[Dict[str, Any]]) -> None:
        event = waiting.event
        with self._transaction():
            self._db.execute("DELETE FROM inbox WHERE number = ?", (waiting.number,))
            self._db.executemany(
                "INSERT INTO outbox (person, asked, message, event) VALUES (?, ?, ?, ?)",
                [
                    (event.person, event.timestamp, json.dumps(message, ensure_ascii=False), event.id)
                    for message in messages
                ],
            )

    def next_message(self, person: str) -> Optional[Outgoing]:
        row = self._db.execute(
            "SELECT number, asked, message, event FROM outbox WHERE person = ? ORDER BY number LIMIT 1", (person,)
        ).fetchone()
        return Outgoing(row[0], row[1], json.loads(row[2]), row[3]) if row else None

    def sent(self, outgoing: Outgoing, message_id: str) -> None:
        """`message_id` is remembered: should its echo come without our metadata, it is still known as ours."""
        with self._transaction():
            self._db.execute("DELETE FROM outbox WHERE number = ?", (outgoing.number,))
            if message_id:
                self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (message_id, time.time()))
            if message_id and outgoing.event:
                said = (message_id, outgoing.event, time.time())
                self._db.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", said)

    def answered(self, message_id: str) -> str:
        """The id of what a message of ours answered; the message's own where it is not known: it may be theirs."""
        row = self._db.execute("SELECT event FROM said WHERE id = ?", (message_id,)).fetchone()
        return str(row[0]) if row else message_id

    def unsent(self, outgoing: Outgoing, person: str, reason: str, rest: bool) -> int:
        """Records a message that could not go, and with `rest` all that waits behind it; returns how many."""
        last = 2**62 if rest else outgoing.number
        with self._transaction():
            gone = self._db.execute(
                "DELETE FROM outbox WHERE person = ? AND number BETWEEN ? AND ?", (person, outgoing.number, last)
            ).rowcount
            self._db.executemany(
                "INSERT INTO unsent (person, reason, at) VALUES (?, ?, ?)", [(person, reason, time.time())] * gone
            )
        return gone

    def pause(self, person: str, until: float) -> None:
        self._db.execute("INSERT OR REPLACE INTO paused VALUES (?, ?)", (person, until))

    def is_paused(self, person: str) -> bool:
        row = self._db.execute("SELECT until FROM paused WHERE person = ?", (person,)).fetchone()
        return row is not None and row[0] > time.time()

    def failures(self) -> List[Tuple[str, str]]:
        """(person, reason) of what could not be sent, oldest first."""
        return [(row[0], row[1]) for row in self._db.execute("SELECT person, reason FROM unsent ORDER BY number")]

    def purge(self) -> None:
        now = time.time()
        with self._transaction():
            self._db.execute("DELETE FROM seen WHERE at < ?", (now - REMEMBERED,))
            self._db.execute("DELETE FROM said WHERE at < ?", (now - QUOTABLE,))
            self._db.execute("DELETE FROM paused WHERE until < ?", (now,))
            self._db.execute("DELETE FROM unsent WHERE at < ?", (now - FAILURES_KEPT,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still holds texts done with

    def close(self) -> None:
        self._db.close()
        self._lock.close()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """All or nothing, begun as a writer so that two processes on one file cannot both think an event is new."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
