"""The inbox of one instance among several: Redis remembers which of them has accepted an event.

An event is claimed before it is written down and the claim confirmed after. Meta delivers again what is answered 503,
so an event another instance is just writing down is left to the next delivery: it is known by then, or claimed anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, List, Sequence

from redis import Redis
from redis.exceptions import RedisError

from bot.channels.messenger.events import Event
from bot.channels.messenger.inbox import REMEMBERED, SqliteInbox
from bot.store.outage import Outage
from bot.store.shared import ANSWERS_WITHIN, LEFT_ALONE, PREFIX

PENDING = 30  # seconds a claim is held before it is confirmed: a crash in between delays the event by that much
_CLAIMED, _KEPT = "claimed", "kept"


class Undecided(OSError):
    """Another instance is writing the event down, or crashed doing so."""


class SharedInbox(SqliteInbox):
    """While Redis is lost, each instance knows its own events only."""

    def __init__(self, path: Path, url: str) -> None:
        super().__init__(path)
        self._redis: Any = Redis.from_url(
            url, socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN, decode_responses=True
        )
        self._outage = Outage("Messenger's Redis", LEFT_ALONE)

    def accept(self, events: Sequence[Event]) -> List[Event]:
        """As SqliteInbox's; events another instance has are left out. Raises Undecided."""
        claimed: List[Event] = []
        try:
            for event in events:
                if self._claim(event):
                    claimed.append(event)
            new = super().accept(claimed)
        except Exception:
            self._let_go(claimed)
            raise
        self._keep(claimed)
        return new

    def _claim(self, event: Event) -> bool:
        """False where another instance has it."""
        if self._outage.is_resting:
            return True
        try:
            # Of redis-py: None where it was set, else what was there.
            before = self._redis.set(_key(event), _CLAIMED, ex=PENDING, nx=True, get=True)
            self._outage.end()
        except (RedisError, OSError) as error:
            self._outage.begin(error)
            return True
        if before == _CLAIMED:
            raise Undecided("Another instance has just received this event.")
        return before is None

    def _keep(self, events: Sequence[Event]) -> None:
        self._tell(lambda pipe, event: pipe.set(_key(event), _KEPT, ex=int(REMEMBERED)), events)

    def _let_go(self, events: Sequence[Event]) -> None:
        self._tell(lambda pipe, event: pipe.delete(_key(event)), events)

    def _tell(self, what: Any, events: Sequence[Event]) -> None:
        if self._outage.is_resting or not events:
            return
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for event in events:
                    what(pipe, event)
                pipe.execute()
        except (RedisError, OSError) as error:
            self._outage.begin(error)

    def close(self) -> None:
        self._redis.close()
        super().close()


def _key(event: Event) -> str:
    return f"{PREFIX}:seen:{hashlib.sha256(event.id.encode('utf-8', 'replace')).hexdigest()[:32]}"
