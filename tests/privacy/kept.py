"""What a served bot has on disk, read as bytes: a row deleted but still in the file counts as kept."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, Dict, List


def events_of(folder: Path, sender: str) -> List[Dict[str, Any]]:
    """The events of a conversation in the store, oldest first."""
    with sqlite3.connect(folder / "conversations.db") as db:
        rows = db.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (sender,))
        return [json.loads(row[0]) for row in rows]


def holds(folder: Path, words: str) -> bool:
    """Whether any file of the bot, its log included, holds these words."""
    spellings = {words.encode(), json.dumps(words)[1:-1].encode()}
    return any(spelling in path.read_bytes() for path in folder.rglob("*") if path.is_file() for spelling in spellings)


def age(folder: Path, sender: str, days: int) -> None:
    """Makes all of a conversation so much older, in whatever tables the store has."""
    with sqlite3.connect(folder / "conversations.db") as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, column in (("events", "timestamp"), ("conversations", "updated_at")):
            if table in tables:
                db.execute(f"UPDATE {table} SET {column} = {column} - ? WHERE sender_id = ?", (days * 86400, sender))
