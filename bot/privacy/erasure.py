"""Deletes what is kept of conversations: one person's on demand, everybody's after a time.

Works on the events table of any SQL tracker store of Rasa's, on SQLite and PostgreSQL alike. A store that knows how to
delete more than that (`delete`, `purge`) is asked to.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Any, Callable, Sequence, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore
from sqlalchemy.engine import Connection, Engine

MESSENGER = ("inbox", "outbox", "unsent", "paused")
BATCH = 2000  # events deleted in one transaction, so that nobody waits long for the database
_EVENTS = sa.table("events", sa.column("id"), sa.column("sender_id"), sa.column("timestamp"))
_Result = TypeVar("_Result")


async def erase(store: Any, sender_id: str) -> int:
    """Deletes every trace the tracker store keeps of a conversation; returns how many events there were.

    To be called with the conversation's lock held. Raises NotImplementedError for stores of another kind than SQL and
    memory, and what the database raises.
    """
    store = _innermost(store)
    if isinstance(store, InMemoryTrackerStore):
        kept = store.store.pop(sender_id, None)
        return 0 if kept is None else 1
    engine = _engine(store)
    mine = _EVENTS.c.sender_id == sender_id
    gone = await _in_thread(lambda: _delete(engine, mine))
    own = getattr(store, "delete", None)
    if own is not None:
        await own(sender_id)
    return gone


async def purge(store: Any, older_than: float) -> int:
    """Deletes the events of more than `older_than` seconds ago; returns how many. Raises as `erase` does."""
    store = _innermost(store)
    engine = _engine(store)
    cutoff = time.time() - older_than
    gone = await _in_thread(lambda: _delete(engine, _EVENTS.c.timestamp < cutoff))
    own = getattr(store, "purge", None)
    if own is not None:
        await own(older_than)
    return gone


async def erase_messenger(folder: Path, conversation: str, tables: Sequence[str] = MESSENGER) -> int:
    """Deletes what Messenger's inbox (bot/channels/messenger/inbox.py) keeps of a conversation; returns how many rows.

    What waits to be answered or sent goes too, unless `tables` leaves it out.
    """
    return await _in_thread(lambda: _erase_messenger(folder, conversation, tables))


def _erase_messenger(folder: Path, conversation: str, tables: Sequence[str]) -> int:
    channel, _, person = conversation.partition(":")
    path = folder / "messenger.db"
    if channel != "messenger" or not person or not path.exists():
        return 0
    with sqlite3.connect(path, timeout=10) as db:
        db.execute("PRAGMA secure_delete = ON")
        gone = sum(db.execute(f"DELETE FROM {table} WHERE person = ?", (person,)).rowcount for table in tables)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return gone


def _innermost(store: Any) -> Any:
    """The store itself: Rasa wraps the one it was configured with."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def _engine(store: Any) -> Engine:
    engine = getattr(store, "engine", None)
    if not isinstance(engine, Engine):
        raise NotImplementedError(type(store).__name__)
    return engine


def _delete(engine: Engine, which: Any) -> int:
    """In batches; blocks for as long as the database takes."""
    some = sa.select(_EVENTS.c.id).where(which).limit(BATCH)
    gone = 0
    while True:
        with engine.begin() as connection:
            _overwrite(connection)
            count = connection.execute(sa.delete(_EVENTS).where(_EVENTS.c.id.in_(some.scalar_subquery()))).rowcount
        gone += count
        if count < BATCH:
            break
    if gone and engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # a write-ahead log, where there is one, still holds what was written
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).close()
    return gone


def _overwrite(connection: Connection) -> None:
    """SQLite leaves deleted rows readable in its file unless told otherwise."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("PRAGMA secure_delete = ON")).close()


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    return await asyncio.get_running_loop().run_in_executor(None, work)
