"""What the desk does beside the service: for Sanic, what starts it and what ends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any, Awaitable, Callable, List, Tuple

from bot.desk.accounts import Accounts
from bot.desk.database import engine
from bot.desk.examples import Examples
from bot.desk.outbox import DAY, apart, requests, work_for_ever
from bot.desk.rounds import turn_for_ever
from bot.desk.shared import overlay
from bot.privacy.settings import retention_days

logger = logging.getLogger(__name__)
FOLLOWED_EVERY = 5.0  # seconds until a change made on another instance holds on this one
PURGED_EVERY = 3600.0

Listener = Callable[[Any, Any], Awaitable[None]]


def listeners() -> List[Tuple[Listener, str]]:
    """Tasks that run until the server stops."""
    tasks: List[asyncio.Task[Any]] = []

    async def start(_: Any, __: Any) -> None:
        loop = asyncio.get_running_loop()
        works = (work_for_ever(requests()), follow_for_ever(), purge_for_ever(), turn_for_ever(engine()))
        tasks.extend(loop.create_task(work) for work in works)

    async def stop(_: Any, __: Any) -> None:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return [(start, "after_server_start"), (stop, "before_server_stop")]


async def follow_for_ever(every: float = FOLLOWED_EVERY) -> None:
    """Lays over what was changed at the desk, here or on another instance, until cancelled."""
    while True:
        try:
            await apart(overlay().refresh)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the database may be down: what was laid over stays
            logger.error("Changes made at the desk could not be read (%s).", type(error).__name__)
        await asyncio.sleep(every)


async def purge_for_ever(every: float = PURGED_EVERY) -> None:
    """Examples and hidden questions go when conversations do, the log after a year; until cancelled."""
    while True:
        try:
            await apart(lambda: Examples(engine()).purge(retention_days() * DAY))
            await apart(Accounts(engine(), b"").purge_log)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.error("Old examples could not be deleted (%s).", type(error).__name__)
        await asyncio.sleep(every)
