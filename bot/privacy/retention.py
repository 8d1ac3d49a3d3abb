"""Deletes what is older than CACIMA_RETENTION_DAYS: once at the start, then every day, beside the service."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any, Awaitable, Callable, List, Optional, Tuple

from bot.observability import metrics
from bot.privacy.settings import retention_days
from bot.store.conversations import ConversationStore, unwrapped

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0  # seconds
AFTER_A_FAILURE = 3600.0

Listener = Callable[[Any, Any], Awaitable[None]]


async def purge_for_ever(
    store: ConversationStore, older_than: float, every: float = DAY, again: float = AFTER_A_FAILURE
) -> None:
    """Until cancelled. A failure is logged by its kind alone and tried again after `again` seconds."""
    while True:
        pause = every
        try:
            gone = await store.purge(older_than)
            metrics.PURGED.inc(gone)
            metrics.PURGE_TIME.set_to_current_time()
            logger.info("Retention: %d events older than %d days were deleted.", gone, older_than // DAY)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the database may be down: the people served must not notice
            logger.error("Retention: nothing could be deleted (%s).", type(error).__name__)
            pause = again
        await asyncio.sleep(pause)


def listeners() -> List[Tuple[Listener, str]]:
    """For Sanic: what starts the task and what ends it."""
    task: Optional[asyncio.Task[None]] = None

    async def start(app: Any, _: Any) -> None:
        nonlocal task
        store = unwrapped(app.ctx.agent.tracker_store)
        task = asyncio.get_running_loop().create_task(purge_for_ever(store, retention_days() * DAY))

    async def stop(_: Any, __: Any) -> None:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return [(start, "after_server_start"), (stop, "before_server_stop")]
