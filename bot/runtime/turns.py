"""Every turn ends within a time limit, is taken again where another instance came first, and is awaited at a stop."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Dict, Optional, Set

from rasa.core.channels.channel import UserMessage

from bot.store.rows import Conflict

TURN_WITHIN = 8.0  # seconds, waiting for the conversation's turn included: the person gets an apology within ten
TRIES = 3
DRAINED_WITHIN = 10.0  # seconds; Sanic leaves 15 to a stop
WRITTEN_WITHIN = 0.5

Handler = Callable[[UserMessage], Awaitable[Any]]


class TurnTimeout(Exception):
    """The turn took too long and was given up; what it said is lost."""


class Turns:
    """Stands in for an agent's `handle_message`."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._under_way: Set[asyncio.Future[Any]] = set()

    async def __call__(self, message: UserMessage) -> Any:
        """Raises TurnTimeout, and what the turn itself raises."""
        turn = asyncio.ensure_future(self._tried(message))
        self._under_way.add(turn)
        turn.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.wait_for(turn, TURN_WITHIN)
        except asyncio.TimeoutError:
            raise TurnTimeout(f"A turn took more than {TURN_WITHIN:.0f} s.") from None

    async def _tried(self, message: UserMessage) -> Any:
        for tries in range(1, TRIES + 1):
            try:
                return await self._handle(message)
            except Conflict:
                if tries == TRIES or not _unsay(message):
                    raise
        return None

    async def drain(self) -> None:
        """Waits for the turns under way."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=DRAINED_WITHIN)
            # Until answers are written out: Sanic closes idle connections next, and waits 15 s for busy ones.
            await asyncio.sleep(WRITTEN_WITHIN)


def _unsay(message: UserMessage) -> bool:
    """Takes back what a turn that was not kept said; False where it is already gone out."""
    channel: Dict[str, Any] = vars(message.output_channel) if message.output_channel else {}
    said: Optional[Any] = channel.get("messages", channel.get("said"))
    if not isinstance(said, list):
        return False
    said.clear()
    return True
