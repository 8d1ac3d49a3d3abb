"""Deletes what Messenger's inbox (inbox.py) keeps of a conversation, beside a bot that may be at work on it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Sequence

EVERYTHING = ("inbox", "outbox", "unsent", "paused")


async def erase_messenger(folder: Path, conversation: str, tables: Sequence[str] = EVERYTHING) -> int:
    """Returns how many rows were deleted; 0 for conversations of other channels.

    What waits to be answered or sent goes too, unless `tables` leaves it out. Raises sqlite3.Error.
    """
    return await asyncio.get_running_loop().run_in_executor(None, lambda: _erase(folder, conversation, tables))


def _erase(folder: Path, conversation: str, tables: Sequence[str]) -> int:
    channel, _, person = conversation.partition(":")
    path = folder / "messenger.db"
    if channel != "messenger" or not person or not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
        with db:
            db.execute("PRAGMA secure_delete = ON")
            gone = sum(db.execute(f"DELETE FROM {table} WHERE person = ?", (person,)).rowcount for table in tables)
            db.execute("REINDEX")  # pages rearranged before keep copies of keys
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone
