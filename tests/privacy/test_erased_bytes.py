"""What is erased leaves the database's file: SQLite keeps copies of keys in index pages that it has rearranged."""

from __future__ import annotations

import random
from pathlib import Path

import sqlalchemy as sa

from bot.store import schema
from bot.store.engine import make_engine
from bot.store.rows import Rows
from bot.store.settings import database_url
from tests.privacy.kept import holds

CONVERSATIONS = 600
TURNS = 12
ERASED = 40


def test_no_key_of_an_erased_conversation_is_left(tmp_path: Path) -> None:
    engine = make_engine(database_url({}, tmp_path))
    schema.create(engine)
    chance = random.Random(1)
    senders = [f"{chance.choice('abcdefgh')}-{chance.getrandbits(48):x}-{number}" for number in range(CONVERSATIONS)]
    for _ in range(TURNS):
        chance.shuffle(senders)
        with engine.begin() as connection:
            values = [{"sender_id": sender, "type_name": "user", "timestamp": 1.0, "data": "{}"} for sender in senders]
            connection.execute(sa.insert(schema.events), values)
    rows = Rows(engine)
    left = []
    for sender in chance.sample(senders, ERASED):
        assert rows.erase(sender) == TURNS
        left += [sender] if holds(tmp_path, sender) else []
    engine.dispose()
    assert left == []
