"""Locks, limits and Messenger's memory in a real Redis, by themselves; and without it."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from pathlib import Path
from typing import Any, List

import pytest

from bot.channels.messenger.events import Event
from bot.channels.messenger.shared_inbox import SharedInbox, Undecided
from bot.rate_limits import Rate
from bot.store.limits import RedisLimiter
from bot.store.locks import ConversationLocks
from bot.store.shared import Shared
from tests.durability.servers import Redis


def run(awaitable: Any) -> Any:
    return asyncio.run(awaitable)


async def hold(locks: ConversationLocks, name: str, seconds: float, log: List[str], who: str) -> None:
    async with locks.lock(name):
        log.append(f"+{who}")
        await asyncio.sleep(seconds)
        log.append(f"-{who}")


def test_instances_take_turns_in_the_order_they_came(redis: Redis) -> None:
    async def play() -> List[str]:
        one, two = (ConversationLocks(redis=Shared(redis.url)) for _ in range(2))
        log: List[str] = []
        waiting = []
        for number in range(20):
            waiting.append(asyncio.ensure_future(hold(one if number % 2 else two, "anna", 0.01, log, str(number))))
            await asyncio.sleep(0.002)
        begun = time.monotonic()
        await asyncio.gather(*waiting, hold(one, "ben", 0, [], "nobody waits for another conversation"))
        assert time.monotonic() - begun < 3  # nobody sleeps for a second
        return log

    log = run(play())
    assert [entry[0] for entry in log] == ["+", "-"] * 20
    assert [entry[1:] for entry in log[::2]] == [entry[1:] for entry in log[1::2]]


def test_a_turn_left_by_the_dead_expires(redis: Redis) -> None:
    async def play() -> float:
        dead, living = (ConversationLocks(redis=Shared(redis.url)) for _ in range(2))
        await dead._take("carl", 1.0, 0.01)  # and the process is killed
        begun = time.monotonic()
        async with living.lock("carl"):
            return time.monotonic() - begun

    assert 0.5 < run(play()) < 2


def test_who_stops_waiting_holds_up_nobody(redis: Redis) -> None:
    async def play() -> None:
        one, two, three = (ConversationLocks(redis=Shared(redis.url)) for _ in range(3))
        log: List[str] = []
        first = asyncio.ensure_future(hold(one, "dora", 0.3, log, "1"))
        await asyncio.sleep(0.05)
        second = asyncio.ensure_future(hold(two, "dora", 0, log, "2"))
        await asyncio.sleep(0.05)
        third = asyncio.ensure_future(hold(three, "dora", 0, log, "3"))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.wait_for(asyncio.gather(first, third), 2)
        assert log == ["+1", "-1", "+3", "-3"]

    run(play())


def test_instances_count_together(redis: Redis) -> None:
    async def play() -> List[int]:
        limiters = [RedisLimiter("test", Rate(per_minute=60, burst=3), Shared(redis.url)) for _ in range(2)]
        waits = [await limiters[number % 2].wait("203.0.113.5") for number in range(4)]
        assert await limiters[0].wait("203.0.113.6") == 0
        await asyncio.sleep(1.05)
        return [*waits, await limiters[1].wait("203.0.113.5"), await limiters[0].wait("203.0.113.5")]

    assert run(play()) == [0, 0, 0, 1, 0, 1]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["gone", "frozen"])
def test_without_redis_all_goes_on_and_with_it_again(
    redis: Redis, how: signal.Signals, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.shared.LEFT_ALONE", 0.2)
    caplog.set_level(logging.WARNING)

    async def play() -> None:
        shared = Shared(redis.url)
        locks, limiter = ConversationLocks(redis=shared), RedisLimiter("lost", Rate(60, 2), shared)
        assert await limiter.wait("me") == 0
        assert locks.state == "ok"
        redis.send(how)
        begun = time.monotonic()
        log: List[str] = []
        await asyncio.gather(*(hold(locks, "eve", 0, log, str(number)) for number in range(5)))
        assert [entry[0] for entry in log] == ["+", "-"] * 5
        assert [await limiter.wait("me") for _ in range(3)] == [0, 0, 1]  # by itself
        assert time.monotonic() - begun < 3
        assert locks.state == "lost"
        if how == signal.SIGSTOP:
            redis.send(signal.SIGCONT)
        else:
            redis.process.wait(10)
            redis.start()
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        await hold(locks, "eve", 0, [], "again")
        assert time.monotonic() - begun < 2  # what a frozen Redis was asked for is given back
        assert locks.state == "ok"

    try:
        run(play())
    finally:
        redis.send(signal.SIGCONT)
    said = [record.getMessage() for record in caplog.records if "Redis" in record.getMessage()]
    assert len(said) == 2, said  # one line when it goes, one when it is back


def event(number: int) -> Event:
    return Event(id=f"mid-{number}", person="7", timestamp=int(time.time() * 1000), kind="text", text="hello")


def test_an_event_of_messengers_is_taken_by_one_instance(redis: Redis, tmp_path: Path) -> None:
    one, two = SharedInbox(tmp_path / "1.db", redis.url), SharedInbox(tmp_path / "2.db", redis.url)
    assert len(one.accept([event(1), event(2)])) == 2
    assert [taken.id for taken in two.accept([event(2), event(3)])] == ["mid-3"]
    assert one.accept([event(1), event(2), event(3)]) == []
    one.close()
    two.close()


def test_an_event_that_could_not_be_written_down_is_anybodys(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = SharedInbox(tmp_path / "1.db", redis.url), SharedInbox(tmp_path / "2.db", redis.url)
    monkeypatch.setattr(one, "_transaction", lambda: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        one.accept([event(10)])
    assert len(two.accept([event(10)])) == 1
    monkeypatch.setattr(one, "_keep", lambda events: None)  # killed before it could confirm
    monkeypatch.undo()
    one._claim(event(11))
    with pytest.raises(Undecided):
        two.accept([event(11)])
    one.close()
    two.close()


def test_without_redis_an_inbox_knows_its_own(redis: Redis, tmp_path: Path) -> None:
    inbox = SharedInbox(tmp_path / "1.db", redis.url)
    redis.stop()
    try:
        assert len(inbox.accept([event(20)])) == 1
        assert inbox.accept([event(20)]) == []
    finally:
        redis.start()
        inbox.close()
