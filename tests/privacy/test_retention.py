"""What is older than the retention goes by itself: at the start, then every day, whatever the database does."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest
from sqlalchemy.engine.url import make_url

from bot.privacy import clock, retention
from bot.store.conversations import ConversationStore
from bot.store.rows import Survey
from bot.store.schema import events
from tests.conftest import ROOT, ServedBot
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


def test_it_comes_back_every_day_and_after_a_failure(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    calls: List[float] = []

    class Store:
        async def survey(self, older_than: float) -> Survey:
            return Survey(7, 100)

        async def purge(self, older_than: float) -> int:
            calls.append(older_than)
            if len(calls) == 2:
                raise OSError("Combien de PTCE ?")  # an error may quote what people wrote
            return 7

    async def run() -> None:
        purging = retention.purge_for_ever(Store(), 90 * DAY, tmp_path, every=0.01, again=0.01)  # type: ignore[arg-type]
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


def filled(folder: Path, old: int, new: int) -> ConversationStore:
    store = ConversationStore(url=make_url(f"sqlite:///{folder / 'conversations.db'}"))
    rows = [(f"old-{number}", time.time() - 100 * DAY) for number in range(old)]
    rows += [(f"new-{number}", time.time()) for number in range(new)]
    with store.engine.begin() as connection:
        for sender, at in rows:
            values = {"sender_id": sender, "type_name": "user", "timestamp": at, "data": "{}"}
            connection.execute(events.insert(), values)
    return store


def checked(store: ConversationStore, folder: Path) -> str:
    """Why nothing may be deleted; "" where it may."""
    try:
        asyncio.run(retention.check(store, 90 * DAY, folder))
    except clock.Doubtful as doubt:
        return str(doubt)
    return ""


def test_what_is_usual_goes(tmp_path: Path) -> None:
    store = filled(tmp_path, old=600, new=700)
    assert checked(store, tmp_path) == ""
    clock.look(tmp_path)
    assert checked(store, tmp_path) == ""
    store.close()


def test_most_of_what_there_is_does_not_go_unasked(tmp_path: Path) -> None:
    store = filled(tmp_path, old=700, new=600)
    why = checked(store, tmp_path)
    assert "700 of 1300 events" in why
    assert "make purge OLDER_THAN=90 SURE=yes" in why
    store.close()


def test_a_quiet_site_needs_no_word(tmp_path: Path) -> None:
    store = filled(tmp_path, old=retention.FEW, new=0)
    assert checked(store, tmp_path) == ""
    store.close()


def test_a_clock_that_jumped_deletes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = filled(tmp_path, old=1, new=600)
    (tmp_path / clock.FILE).write_text(str(int(time.time() - 400 * DAY)))  # as seen by a clock 400 days ahead

    async def run() -> None:
        task = asyncio.ensure_future(retention.purge_for_ever(store, 90 * DAY, tmp_path, every=0.01))
        await asyncio.sleep(0.3)
        task.cancel()

    with caplog.at_level(logging.INFO):
        asyncio.run(run())
    assert "the clock is 400 days later" in caplog.text
    assert "were deleted" not in caplog.text
    assert asyncio.run(store.survey(90 * DAY)) == Survey(1, 601)
    store.close()


def test_the_operators_word(tmp_path: Path) -> None:
    filled(tmp_path, old=700, new=1).close()

    def purge(**said: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CACIMA_DATA": str(tmp_path), **said}
        command = [sys.executable, "-m", "scripts.erase", "purge", "90"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)

    refused = purge()
    assert refused.returncode == 1
    assert "SURE=yes" in refused.stderr
    assert "700 events" in purge(SURE="yes").stdout
    assert clock.seen_at(tmp_path) is not None
    assert "0 events" in purge().stdout
