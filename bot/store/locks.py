"""One turn at a time in a conversation, in the order they came: in this process, and through Redis in all of them."""

from __future__ import annotations

import asyncio
import uuid
import weakref
from collections import OrderedDict
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Optional

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.store.shared import Lost, Shared, key, shared

# Seconds a ticket is good for: longer than any turn may last (bot.runtime.turns), so that only a crash outlives it.
LIFETIME = 12.0
SHORTEST_WAIT, LONGEST_WAIT = 0.004, 0.04  # seconds between two looks at the queue

MOST_ASTRAY = 10_000

# A queue of tickets a conversation: a sorted set by number, and when each expires. Tickets of the dead are taken out.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local queue, expiry, number = KEYS[1] .. ':queue', KEYS[1] .. ':expiry', KEYS[1] .. ':number'
local ticket, lifetime = ARGV[1], tonumber(ARGV[2])
if ARGV[3] == 'new' then
  redis.call('ZADD', queue, redis.call('INCR', number), ticket)
  redis.call('HSET', expiry, ticket, now + lifetime)
  for _, each in ipairs({queue, expiry, number}) do redis.call('PEXPIRE', each, lifetime * 2) end
end
while true do
  local first = redis.call('ZRANGE', queue, 0, 0)[1]
  if not first then return -1 end
  if tonumber(redis.call('HGET', expiry, first) or 0) > now then
    if first == ticket then return 1 end
    return redis.call('ZSCORE', queue, ticket) and 0 or -1
  end
  redis.call('ZREM', queue, first)
  redis.call('HDEL', expiry, first)
end
"""
_GIVE_BACK = """
redis.call('ZREM', KEYS[1] .. ':queue', ARGV[1])
redis.call('HDEL', KEYS[1] .. ':expiry', ARGV[1])
return 1
"""


class ConversationLocks(LockStore):
    """For endpoints.yml: `type: bot.store.locks.ConversationLocks`. Shared between instances by CACIMA_REDIS_URL.

    Without Redis, or while it is lost, it locks within this process; the store refuses what would then collide.
    """

    type = "conversations"  # what Rasa's telemetry asks of any endpoint

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, redis: Optional[Shared] = None) -> None:
        self._redis = redis or shared()
        # Tickets Redis may hold without our knowing: it took the call, and was gone before it answered.
        self._astray: OrderedDict[str, str] = OrderedDict()
        self._here: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @property
    def state(self) -> Optional[str]:
        """Of Redis: "ok", "lost", or None where none is used."""
        return None if self._redis is None else "lost" if self._redis.is_lost else "ok"

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFETIME, wait_time_in_seconds: float = SHORTEST_WAIT
    ) -> AsyncGenerator[TicketLock, None]:
        """Holds the conversation. Raises LockError where the turn did not come within `lock_lifetime` seconds."""
        here = self._here.setdefault(conversation_id, asyncio.Lock())
        async with here:
            ticket = await self._take(conversation_id, lock_lifetime, wait_time_in_seconds)
            try:
                yield TicketLock(conversation_id)
            finally:
                if ticket is not None:
                    await asyncio.shield(self._give_back(conversation_id, ticket))

    async def _take(self, conversation: str, lifetime: float, wait: float) -> Optional[str]:
        """A ticket whose turn has come; None where Redis is not there to give one."""
        if self._redis is None:
            return None
        ticket, step = uuid.uuid4().hex, "new"
        try:
            astray = self._astray.pop(conversation, None)
            if astray is not None:
                await self._give_back(conversation, astray)
            while True:
                arguments: Any = [ticket, int(lifetime * 1000), step]
                turn = await self._redis.run(_TAKE, [key("lock", conversation)], arguments)
                if turn == 1:
                    return ticket
                if turn == -1:
                    raise LockError("The conversation was busy for too long.")
                step = "wait"
                await asyncio.sleep(wait)
                wait = min(wait * 1.5, LONGEST_WAIT)
        except Lost:
            self._lose(conversation, ticket)
            return None
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(conversation, ticket))
            raise

    async def _give_back(self, conversation: str, ticket: str) -> None:
        try:
            if self._redis is not None:
                await self._redis.run(_GIVE_BACK, [key("lock", conversation)], [ticket])
        except Lost:
            self._lose(conversation, ticket)

    def _lose(self, conversation: str, ticket: str) -> None:
        """To be given back at the next turn; it would expire by itself, but that is long to wait for."""
        self._astray.setdefault(conversation, ticket)
        if len(self._astray) > MOST_ASTRAY:
            self._astray.popitem(last=False)
