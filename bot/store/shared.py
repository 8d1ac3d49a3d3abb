"""Redis, where several instances of the bot share locks and limits. It may be lost: everything goes on without it."""

from __future__ import annotations

import asyncio
import functools
import hashlib
from typing import Any, Optional, Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.store.outage import Outage
from bot.store.settings import redis_url

ANSWERS_WITHIN = 0.5  # seconds; it answers in a fraction of a millisecond, or something is wrong
LEFT_ALONE = 2.0  # seconds for which a Redis that failed is not asked again
PREFIX = "cacima"


class Lost(Exception):
    """Redis does not answer."""


class Shared:
    """Scripts run in Redis, each atomically."""

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(
            url, socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN, decode_responses=True
        )
        self._outage = Outage("Redis", LEFT_ALONE)

    @property
    def is_lost(self) -> bool:
        return self._outage.is_on

    async def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """The script's answer. Raises Lost, at once while Redis is known to be down."""
        if self._outage.is_resting:
            raise Lost
        try:
            answer = await asyncio.wait_for(self._redis.eval(script, len(keys), *keys, *arguments), ANSWERS_WITHIN)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._outage.begin(error)
            raise Lost from None
        self._outage.end()
        return answer


def key(kind: str, name: str) -> str:
    """Names of people and addresses are not written into Redis; keys of one name stay on one node of a cluster."""
    return f"{PREFIX}:{kind}:{{{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}}}"


@functools.cache
def shared() -> Optional[Shared]:
    """This process's, None where CACIMA_REDIS_URL is not set. Raises BadSettings."""
    url = redis_url()
    return Shared(url) if url else None
