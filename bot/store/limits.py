"""Limits all instances count together; each by itself while Redis is lost."""

from __future__ import annotations

from typing import Optional

from bot.rate_limits import Limiter, MemoryLimiter, Rate
from bot.store.shared import Lost, Shared, key, shared

# A token bucket a key: what is left, and when that was counted. Redis's clock is everybody's.
_USE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local per_ms, burst = tonumber(ARGV[1]) / 60000, tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'left', 'counted')
local left = math.min(burst, tonumber(kept[1] or burst) + math.max(0, now - tonumber(kept[2] or now)) * per_ms)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) / per_ms / 1000) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'counted', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - left) / per_ms) + 1000)
return wait
"""


class RedisLimiter:
    """The bucket of `MemoryLimiter`, kept in Redis. `name` tells its keys from other limiters'."""

    def __init__(self, name: str, rate: Rate, redis: Shared) -> None:
        self._name = name
        self._rate = rate
        self._redis = redis
        self._otherwise = MemoryLimiter(rate)

    async def wait(self, key_: str) -> int:
        bucket = key(f"limit:{self._name}", key_)
        try:
            return int(await self._redis.run(_USE, [bucket], [self._rate.per_minute, self._rate.burst]))
        except Lost:
            return await self._otherwise.wait(key_)


def limiter(name: str, rate: Rate, redis: Optional[Shared] = None) -> Limiter:
    """The limiter of this deployment: in Redis where it has one."""
    redis = redis or shared()
    return RedisLimiter(name, rate, redis) if redis else MemoryLimiter(rate)
