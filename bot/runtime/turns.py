"""Every turn ends within a time limit and is awaited at a stop.

Where another instance came first it is taken again; where its message was kept after all, what was answered is said.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any, Awaitable, Callable, Dict, Optional, Set

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from bot.channels.busy import Busy
from bot.store.conversations import ConversationStore
from bot.store.rows import Conflict, Repeated

TURN_WITHIN = 8.0  # seconds, waiting for the conversation's turn included: the person gets an apology within ten
TRIES = 3
DRAINED_WITHIN = 10.0  # seconds; Sanic leaves 15 to a stop
WRITTEN_WITHIN = 0.5

Handler = Callable[[UserMessage], Awaitable[Any]]


# A turn is not begun where it would wait longer than this for those before it: the person is told to wait instead.
WAITS_AT_MOST = 5.0
USUAL_PACE, SLOWEST_PACE = 0.05, 0.4  # seconds a turn: of a busy machine, until known; one that hangs is no measure
REMEMBERED = 0.9  # of the pace, from one turn to the next


class TurnTimeout(Exception):
    """The turn took too long and was given up; what it said is lost."""


class Turns:
    """Stands in for an agent's `handle_message`."""

    def __init__(self, handle: Handler, store: ConversationStore) -> None:
        self._handle = handle
        self._store = store
        self._under_way: Set[asyncio.Future[Any]] = set()
        self._pace = USUAL_PACE  # seconds from the end of one turn to the end of the next, while there are several
        self._ended: Optional[float] = None  # when the last one ended, unless it was the only one

    async def __call__(self, message: UserMessage) -> Any:
        """Raises Busy before anything is done, TurnTimeout, and what the turn itself raises."""
        wait = len(self._under_way) * self._pace
        if wait > WAITS_AT_MOST:
            raise Busy(math.ceil(wait - WAITS_AT_MOST) + 1)
        turn = asyncio.ensure_future(self._tried(message))
        self._under_way.add(turn)
        turn.add_done_callback(self._end)
        try:
            return await asyncio.wait_for(turn, TURN_WITHIN)
        except asyncio.TimeoutError:
            raise TurnTimeout(f"A turn took more than {TURN_WITHIN:.0f} s.") from None

    def _end(self, turn: asyncio.Future[Any]) -> None:
        self._under_way.discard(turn)
        now = asyncio.get_running_loop().time()
        if self._ended is not None:
            took = min(now - self._ended, SLOWEST_PACE)
            self._pace = REMEMBERED * self._pace + (1 - REMEMBERED) * took
        self._ended = now if self._under_way else None

    async def _tried(self, message: UserMessage) -> Any:
        for tries in range(1, TRIES + 1):
            try:
                return await self._handle(message)
            except Conflict:
                if tries == TRIES or not _unsay(message):
                    raise
            except Repeated:
                if not _unsay(message):
                    raise
                return await self._say_again(message)
        return None

    async def _say_again(self, message: UserMessage) -> None:
        """What the conversation holds as the answer to a message."""
        tracker = await self._store.retrieve(message.sender_id)
        asked: Optional[str] = None
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                asked = event.message_id
            elif isinstance(event, BotUttered) and asked == message.message_id and message.output_channel:
                await message.output_channel.send_response(message.sender_id, event.message())

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
