"""How often someone may write."""

from __future__ import annotations

import asyncio

from bot.rate_limits import MemoryLimiter, Rate, address_key


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_at_a_time() -> None:
    clock = Clock()
    limiter = MemoryLimiter(Rate(per_minute=6, burst=3), clock=clock)

    def wait() -> int:
        return asyncio.run(limiter.wait("me"))

    assert [wait() for _ in range(4)] == [0, 0, 0, 10]
    clock.now = 9.0
    assert wait() == 1
    clock.now = 10.0
    assert [wait(), wait()] == [0, 10]
    clock.now = 1000.0
    assert [wait() for _ in range(4)] == [0, 0, 0, 10]


def test_memory_is_bounded() -> None:
    limiter = MemoryLimiter(Rate(6, 1), most_keys=10)
    for number in range(100):
        assert asyncio.run(limiter.wait(str(number))) == 0
    assert len(limiter._buckets) == 10


def test_an_ipv6_subscriber_is_one() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff") != address_key("2001:db8:0:1::1")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key("[2001:db8::1]") == address_key("2001:db8::1")
    assert address_key("::ffff:192.0.2.1") == address_key("192.0.2.1")
    assert address_key("unknown") == "unknown"
