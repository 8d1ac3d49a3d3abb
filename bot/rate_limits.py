"""How often someone may write: token buckets, kept in memory."""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import time
from collections import OrderedDict
from typing import Callable, Protocol, Tuple


class Limiter(Protocol):
    """What the channels need of a limiter; one that several servers share can stand in."""

    async def wait(self, key: str) -> int:
        """Counts one use by `key`. 0 where it is allowed, or the whole seconds to wait (then nothing is counted)."""


@dataclasses.dataclass(frozen=True)
class Rate:
    """`per_minute` uses in the long run, `burst` at once."""

    per_minute: float
    burst: int


class MemoryLimiter:
    """A bucket a key; the least recently used are forgotten, so that memory stays bounded."""

    def __init__(self, rate: Rate, most_keys: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._most_keys = most_keys
        self._clock = clock
        self._buckets: OrderedDict[str, Tuple[float, float]] = OrderedDict()  # key: (uses left, when counted)

    async def wait(self, key: str) -> int:
        now = self._clock()
        left, counted = self._buckets.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - counted) * self._rate.per_minute / 60)
        seconds = 0 if left >= 1 else math.ceil((1 - left) * 60 / self._rate.per_minute)
        self._buckets[key] = (left if seconds else left - 1, now)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return seconds


def address_key(address: str) -> str:
    """One key for one subscriber: an IPv6 one has a /64 of addresses to himself."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))  # Sanic writes [::1]
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # as a socket for both writes it
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
