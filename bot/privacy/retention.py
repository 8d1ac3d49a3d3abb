"""Deletes what is older than CACIMA_RETENTION_DAYS: once at the start, then every day, beside the service.

What is deleted does not come back, and how old it is rests on this machine's clock. Where the clock seems to have
jumped, or most of what there is would go at once, nothing is deleted until a person says so: `make purge SURE=yes`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, List, Optional, Tuple

from bot.observability import metrics
from bot.privacy.clock import Doubtful, look, seen_at
from bot.privacy.settings import retention_days
from bot.store.conversations import ConversationStore, unwrapped

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0  # seconds
AFTER_A_FAILURE = 3600.0

LONGEST_PAUSE = 30 * DAY  # between two looks at the clock: a server off for longer is a person's affair
LARGEST_SHARE = 0.5
FEW = 500  # events: as many may always go

Listener = Callable[[Any, Any], Awaitable[None]]


async def check(store: ConversationStore, older_than: float, folder: Path) -> None:
    """Raises Doubtful, StoreUnavailable."""
    found, now, seen = await store.survey(older_than), time.time(), seen_at(folder)
    if not found.old:
        return
    why = ""
    if seen is not None and now - seen > LONGEST_PAUSE:
        why = f"the clock is {(now - seen) / DAY:.0f} days later than when retention last looked"
    elif found.old > FEW and found.old / found.total > LARGEST_SHARE:
        why = f"{found.old} of {found.total} events would go at once"
    if why:
        days = int(older_than // DAY)
        raise Doubtful(f"nothing was deleted: {why}. If this is right, `make purge OLDER_THAN={days} SURE=yes`.")


async def purge_for_ever(
    store: ConversationStore,
    older_than: float,
    folder: Path,
    every: float = DAY,
    again: float = AFTER_A_FAILURE,
) -> None:
    """Until cancelled. A failure is logged by its kind alone and tried again after `again` seconds."""
    while True:
        pause = every
        try:
            await check(store, older_than, folder)
            gone = await store.purge(older_than)
            look(folder)
            metrics.PURGED.inc(gone)
            metrics.PURGE_TIME.set_to_current_time()
            logger.info("Retention: %d events older than %d days were deleted.", gone, older_than // DAY)
        except asyncio.CancelledError:
            raise
        except Doubtful as doubt:
            logger.error("Retention: %s", doubt)
        except Exception as error:  # the database may be down: the people served must not notice
            logger.error("Retention: nothing could be deleted (%s).", type(error).__name__)
            pause = again
        await asyncio.sleep(pause)


def listeners() -> List[Tuple[Listener, str]]:
    """For Sanic: what starts the task and what ends it."""
    task: Optional[asyncio.Task[None]] = None

    async def start(app: Any, _: Any) -> None:
        nonlocal task
        from bot.settings import data_folder

        store = unwrapped(app.ctx.agent.tracker_store)
        task = asyncio.get_running_loop().create_task(purge_for_ever(store, retention_days() * DAY, data_folder()))

    async def stop(_: Any, __: Any) -> None:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return [(start, "after_server_start"), (stop, "before_server_stop")]
