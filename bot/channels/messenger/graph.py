"""Calls to Meta's Graph API, over one shared connection pool. Nothing here raises: a call has an outcome."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import random
import time
from typing import Any, Dict, Optional

import aiohttp

from bot.channels.messenger.health import Health
from bot.channels.messenger.settings import Settings
from bot.observability.metrics import GRAPH_CALLS

logger = logging.getLogger(__name__)

TOKEN_REFUSED = 190
OUT_OF_WINDOW = 2018278
RATE_LIMITS = frozenset({4, 17, 32, 341, 613})
PASSING = RATE_LIMITS | {1, 2, 1200}
FINAL = frozenset({10, 100, 190, 200, 551})
CLOSED = frozenset({10, 190, 200, 551})  # refuse the person or the page, not the message: the next would fail too
MOST_ATTEMPTS = 6
FIRST_DELAY = 1.0  # seconds before the second attempt; doubled each time, up to LONGEST_DELAY
LONGEST_DELAY = 30.0
TYPING_TIMEOUT = 5.0


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a call ended: `ok` with Graph's answer, or not, with a reason fit for a log ("graph 551", "http 404").

    `passing` means the same call may work later; `rate_limited`, that every call should wait; `after` is the number of
    seconds Graph asked to wait.
    """

    ok: bool
    answer: Dict[str, Any] = dataclasses.field(default_factory=dict)
    reason: str = ""
    passing: bool = False
    rate_limited: bool = False
    code: Optional[int] = None
    after: float = 0.0


def read_answer(status: int, body: bytes, retry_after: str = "") -> Outcome:
    """What an HTTP answer means. Graph's texts are not kept: they may quote the token or the person."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    error = answer.get("error") if isinstance(answer, dict) else None
    after = min(float(retry_after), 60.0) if retry_after.isdecimal() else 0.0
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        code, subcode = error["code"], error.get("error_subcode")
        reason = f"graph {code}" + (f"/{subcode}" if isinstance(subcode, int) else "")
        passing = code not in FINAL and (code in PASSING or status >= 500 or status == 429)
        limited = code in RATE_LIMITS or status == 429
        return Outcome(False, {}, reason, passing, passing and limited, code, after)
    if status == 200 and isinstance(answer, dict):
        return Outcome(True, answer)
    # Not Graph's own words: a proxy's page, a fault on the way. A 200 that is not JSON delivered nothing.
    passing = status >= 500 or status in (200, 408, 429)
    return Outcome(False, {}, f"http {status}", passing, status == 429, None, after)


class Graph:
    """The client. `start` before the first call, `close` after the last; `stop` makes calls that wait give up."""

    def __init__(self, settings: Settings, health: Health, first_delay: float = FIRST_DELAY) -> None:
        self._settings = settings
        self._health = health
        self._first_delay = first_delay
        self._session: Optional[aiohttp.ClientSession] = None
        self._stopping = asyncio.Event()
        self._held_until = 0.0  # by the monotonic clock: Graph limits the whole page, not one person

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64),
            # The token is a header of the session: no address, and so no log of one, can hold it.
            headers={"Authorization": f"Bearer {self._settings.page_token}"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=self._settings.timeout),
        )

    def stop(self) -> None:
        self._stopping.set()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def type(self, person: str) -> None:
        """Shows that an answer is being written; what becomes of it does not matter enough to try twice."""
        if not self._health.token_refused and time.monotonic() >= self._held_until:
            body = {"recipient": {"id": person}, "sender_action": "typing_on"}
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._call("POST", "me/messages", body), TYPING_TIMEOUT)

    async def send(self, person: str, message: Dict[str, Any]) -> Optional[Outcome]:
        """Sends one message, trying again as long as that makes sense. None where the server stops first."""
        body = {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": message}
        return await self.call("POST", "me/messages", body)

    async def call(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Optional[Outcome]:
        """One call, tried again on passing errors with a growing, random delay. None where the server stops first."""
        outcome = Outcome(False, reason="not tried")
        for attempt in range(MOST_ATTEMPTS):
            if not await self._wait(self._held_until - time.monotonic()):
                return None
            outcome = await self._call(method, path, body)
            if outcome.ok or not outcome.passing or attempt == MOST_ATTEMPTS - 1:
                break
            self._health.counts["retried"] += 1
            delay = max(outcome.after, min(self._first_delay * 2**attempt, LONGEST_DELAY) * random.uniform(0.5, 1.0))
            if outcome.rate_limited:
                self._held_until = max(self._held_until, time.monotonic() + delay)
            if not await self._wait(delay):
                return None
        return outcome

    async def _wait(self, delay: float) -> bool:
        """False where the server is stopping: what is not yet sent is kept for the next start."""
        if delay > 0:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)
        return not self._stopping.is_set()

    async def _call(self, method: str, path: str, body: Optional[Dict[str, Any]]) -> Outcome:
        assert self._session is not None, "start() first"
        url = f"{self._settings.graph_url}/{self._settings.graph_version}/{path}"
        try:
            async with self._session.request(method, url, json=body, allow_redirects=False) as response:
                raw = await response.read()
                outcome = read_answer(response.status, raw, response.headers.get("Retry-After", ""))
        except asyncio.TimeoutError:
            outcome = Outcome(False, reason="timeout", passing=True)
        except (aiohttp.ClientError, OSError) as error:
            outcome = Outcome(False, reason=f"connection {type(error).__name__}", passing=True)
        self._note_token(outcome)
        GRAPH_CALLS.labels("ok" if outcome.ok else "passing" if outcome.passing else "refused").inc()
        return outcome

    def _note_token(self, outcome: Outcome) -> None:
        """One line when the token stops working and one when it works again, however many calls fail between."""
        if outcome.code == TOKEN_REFUSED and not self._health.token_refused:
            self._health.token_refused = True
            logger.error(
                "Graph refuses the page token (190: expired or revoked): nobody on Messenger is answered until "
                "CACIMA_MESSENGER_PAGE_TOKEN is renewed and the bot restarted."
            )
        elif outcome.ok and self._health.token_refused:
            self._health.token_refused = False
            logger.warning("Graph accepts the page token again.")
