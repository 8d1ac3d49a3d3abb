"""What is older than the retention goes by itself: at the start, then every day, whatever the database does."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any, List

import pytest

from bot.privacy import retention
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


def test_it_comes_back_every_day_and_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: List[float] = []

    async def purge(store: Any, older_than: float) -> int:
        calls.append(older_than)
        if len(calls) == 2:
            raise OSError("Combien de PTCE ?")  # an error may quote what people wrote
        return 7

    monkeypatch.setattr(retention, "purge", purge)

    async def run() -> None:
        task = asyncio.ensure_future(retention.purge_for_ever(None, 90 * DAY, every=0.01, again=0.01))
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
    import sqlalchemy as sa

    from bot.privacy.erasure import purge

    class Store:
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'events.db'}")

    with Store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT)"))
        connection.execute(sa.text("INSERT INTO events VALUES (1, 'a', 0)"))
    holder = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    async def run() -> int:
        purging = asyncio.ensure_future(purge(Store(), DAY))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not purging.done()
        holder.execute("COMMIT")
        return await purging

    assert asyncio.run(asyncio.wait_for(run(), 10)) == 1
    holder.close()
