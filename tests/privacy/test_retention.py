"""What is older than the retention goes by itself: at the start, then every day, whatever the database does."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import List

import pytest
from sqlalchemy.engine.url import make_url

from bot.privacy import retention
from bot.store.conversations import ConversationStore
from bot.store.schema import events
from tests.conftest import ServedBot
from tests.privacy.kept import age, events_of, holds

DAY = 86400


def test_what_is_old_goes_at_the_start(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path, {"CACIMA_RETENTION_DAYS": "10"}).start()
    try:
        bot.say("bernache", "Combien de PTCE ?")
        bot.say("tournepierre", "Combien de PTCE ?")
        bot.stop()
        age(tmp_path, "bernache", 11)
        age(tmp_path, "tournepierre", 9)
        count = len(events_of(tmp_path, "bernache"))
        bot.start()
        bot.say("tournepierre", "et les grappes ?")
        assert events_of(tmp_path, "bernache") == []
        assert not holds(tmp_path, "bernache")
        assert events_of(tmp_path, "tournepierre")
        assert f"{count} events older than 10 days" in bot.log.read_text(encoding="utf-8")
    finally:
        bot.stop()


def test_it_comes_back_every_day_and_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    calls: List[float] = []

    class Store:
        async def purge(self, older_than: float) -> int:
            calls.append(older_than)
            if len(calls) == 2:
                raise OSError("Combien de PTCE ?")  # an error may quote what people wrote
            return 7

    async def run() -> None:
        purging = retention.purge_for_ever(Store(), 90 * DAY, every=0.01, again=0.01)  # type: ignore[arg-type]
        task = asyncio.ensure_future(purging)
        while len(calls) < 4:
            await asyncio.sleep(0.01)
        task.cancel()

    with caplog.at_level(logging.INFO):
        asyncio.run(asyncio.wait_for(run(), 10))
    assert calls[0] == 90 * DAY
    assert "7 events older than 90 days" in caplog.text
    assert "OSError" in caplog.text
    assert "PTCE" not in caplog.text


def test_the_event_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    """A purge that waits for the database does not hold up those who are being served."""
    store = ConversationStore(url=make_url(f"sqlite:///{tmp_path / 'conversations.db'}"))
    with store.engine.begin() as connection:
        connection.execute(events.insert(), {"sender_id": "a", "type_name": "user", "timestamp": 0.0, "data": "{}"})
    holder = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    async def run() -> int:
        purging = asyncio.ensure_future(store.purge(DAY))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not purging.done()
        holder.execute("COMMIT")
        return await purging

    assert asyncio.run(asyncio.wait_for(run(), 10)) == 1
    holder.close()
    store.close()
