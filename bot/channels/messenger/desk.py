"""One worker a person: events taken in order, one at a time; people do not wait for each other."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Awaitable, Callable, Dict, List, Sequence, Set, TypeVar

from bot.channels.messenger.events import Event
from bot.channels.messenger.graph import CLOSED, Graph
from bot.channels.messenger.health import Health
from bot.channels.messenger.inbox import MOST_TRIES, Inbox, Outgoing, Waiting

logger = logging.getLogger(__name__)

WINDOW = 24 * 3600.0  # seconds Meta allows for an answer
DRAINED_WITHIN = 10.0  # seconds; Sanic leaves 15 to a stop. The rest waits in the inbox for the next start
TURNS_AT_ONCE = 4  # turns share one processor with the other channels: a burst must not crowd them out
PURGED_EVERY = 3600.0

_Result = TypeVar("_Result")
TakeTurn = Callable[[Event], Awaitable[List[Dict[str, Any]]]]


class Desk:
    """Takes what `accept` wrote down to what Graph has taken. `take_turn` gives the messages that answer an event."""

    def __init__(self, inbox: Inbox, graph: Graph, take_turn: TakeTurn, health: Health, pause: float) -> None:
        self._inbox = inbox
        self._graph = graph
        self._take_turn = take_turn
        self._health = health
        self._pause = pause
        self._workers: Dict[str, asyncio.Task[None]] = {}
        self._woken: Set[str] = set()
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        # One thread: SQLite writes wait for the disk, which the event loop must not, and never run two at a time.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="messenger-inbox")
        self._stopping = False
        self._purged = 0.0

    async def accept(self, events: Sequence[Event]) -> int:
        """Writes events down and sets to work on them; returns how many were new. Raises where they are not kept."""
        new = await self._in_thread(self._inbox.accept, list(events))
        for event in new:
            if event.kind == "takeover" and self._pause:
                await self._in_thread(self._inbox.pause, event.person, event.timestamp / 1000 + self._pause)
        for event in new:
            if event.kind != "takeover":
                self._wake(event.person)
        if time.monotonic() - self._purged > PURGED_EVERY or not self._purged:
            self._purged = time.monotonic()
            await self._in_thread(self._inbox.purge)
        return len(new)

    async def resume(self) -> None:
        """Sets to work on what the last stop left."""
        for person in await self._in_thread(self._inbox.people):
            self._wake(person)

    async def drain(self) -> None:
        """Finishes what can be finished soon; what is left stays in the inbox."""
        begun = time.monotonic()
        if self._workers:
            await asyncio.wait(list(self._workers.values()), timeout=DRAINED_WITHIN * 0.6)
        self._stopping = True
        self._graph.stop()
        if self._workers:
            left = max(0.1, DRAINED_WITHIN - (time.monotonic() - begun))
            _, pending = await asyncio.wait(list(self._workers.values()), timeout=left)
            for worker in pending:
                worker.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        self._thread.shutdown(wait=True)
        self._inbox.close()

    def _wake(self, person: str) -> None:
        self._woken.add(person)
        if person not in self._workers and not self._stopping:
            self._workers[person] = asyncio.get_running_loop().create_task(self._serve(person))

    async def _serve(self, person: str) -> None:
        """Works until nothing is left for this person. No await between the last look and leaving: none is missed."""
        typed = False
        try:
            while not self._stopping:
                self._woken.discard(person)
                outgoing = await self._in_thread(self._inbox.next_message, person)
                if outgoing is not None:
                    if not await self._send(person, outgoing):
                        break
                    continue
                waiting = await self._in_thread(self._inbox.next_event, person)
                if waiting is not None:
                    await self._answer(waiting, type_first=not typed)
                    typed = True
                elif person not in self._woken:
                    break
        except asyncio.CancelledError:
            raise
        except Exception:  # a full disk, say: this person's events stay where they are
            logger.exception("Messenger: a worker failed; its events wait for the next message or start.")
        finally:
            self._woken.discard(person)
            self._workers.pop(person, None)

    async def _answer(self, waiting: Waiting, type_first: bool) -> None:
        event = waiting.event
        messages: List[Dict[str, Any]] = []
        if waiting.tries > MOST_TRIES:
            logger.error("Messenger: an event was given up after %d turns that never ended.", MOST_TRIES)
            self._health.counts["failed_turn"] += 1
        elif not _in_window(event.timestamp):
            logger.warning("Messenger: an event came more than 24 hours late; Meta allows no answer.")
            self._health.counts["unsent"] += 1
        elif not await self._in_thread(self._inbox.is_paused, event.person):
            typing = asyncio.ensure_future(self._graph.type(event.person)) if type_first else None
            if event.reply_to:
                answered = await self._in_thread(self._inbox.answered, event.reply_to)
                event = dataclasses.replace(event, reply_to=answered)
            async with self._turns:
                messages = await self._take_turn(event)
            if typing is not None:
                await typing  # after the answer, it would show for twenty seconds
        await self._in_thread(self._inbox.finish, waiting, messages)

    async def _send(self, person: str, outgoing: Outgoing) -> bool:
        """False where the server stops before it is known whether the message went."""
        reason, rest = "out of the 24-hour window", False
        if _in_window(outgoing.asked):
            outcome = await self._graph.send(person, outgoing.message)
            if outcome is None:
                return False
            if outcome.ok:
                self._health.counts["sent"] += 1
                await self._in_thread(self._inbox.sent, outgoing, str(outcome.answer.get("message_id") or ""))
                return True
            reason, rest = outcome.reason, outcome.code in CLOSED
        gone = await self._in_thread(self._inbox.unsent, outgoing, person, reason, rest)
        self._health.counts["unsent"] += gone
        if not self._health.token_refused:
            logger.warning("Messenger: %d message(s) could not be sent: %s.", gone, reason)
        return True

    async def _in_thread(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)


def _in_window(timestamp: int) -> bool:
    return time.time() - timestamp / 1000 < WINDOW
