"""Sends what waits to be passed on: at once where it can, else again and again, beside the service."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from typing import Any, Callable, Optional, TypeVar

from bot.desk import mail
from bot.desk.database import engine
from bot.desk.requests import SENT, Asked, Requests
from bot.desk.settings import Smtp, requests_days, smtp

logger = logging.getLogger(__name__)

TOLD_WITHIN = 2.5  # seconds a person waits to hear whether the mail has gone
LOOKED_EVERY = 10.0  # seconds
PURGED_EVERY = 3600.0
DAY = 86400.0

_Result = TypeVar("_Result")


@functools.cache
def requests() -> Requests:
    """This process's. Raises what SQLAlchemy raises."""
    return Requests(engine())


async def apart(work: Callable[[], _Result]) -> _Result:
    """Runs what blocks in a thread."""
    return await asyncio.get_running_loop().run_in_executor(None, work)


async def send_one(server: Smtp, kept: Requests, reference: Optional[str] = None) -> Optional[bool]:
    """Sends one request that is due, or the one named: True sent, False not, None where there was none to send."""
    asked: Optional[Asked] = await apart(lambda: kept.claim(reference))
    if asked is None:
        return None
    claimed = asked
    try:
        await mail.send(mail.of_request(claimed, server), server)
    except mail.NotSent as failure:
        logger.error("A request could not be mailed to CACIMA (%s); it is kept and tried again.", failure)
        await apart(lambda: kept.failed(claimed.id, claimed.tries))
        return False
    await apart(lambda: kept.sent(claimed.id))
    return True


async def pass_on(reference: str) -> bool:
    """Whether a request's mail has gone within TOLD_WITHIN; it is tried to the end all the same."""
    server = smtp()
    if server is None:
        return False
    sending = asyncio.ensure_future(send_one(server, requests(), reference))
    done, _ = await asyncio.wait({sending}, timeout=TOLD_WITHIN)
    _under_way.add(sending)
    sending.add_done_callback(_finished)
    if not done or sending.exception() is not None:
        return False
    asked = await apart(lambda: requests().get(reference))
    return asked is not None and asked.mail == SENT


_under_way: set = set()


def _finished(task: asyncio.Future[Any]) -> None:
    _under_way.discard(task)
    if not task.cancelled() and task.exception() is not None:
        logger.error("A request waits to be mailed (%s).", type(task.exception()).__name__)


async def work_for_ever(kept: Requests, every: float = LOOKED_EVERY) -> None:
    """Sends what is due and deletes what is old, until cancelled. A failure is logged by its kind and tried again."""
    purged = float("-inf")
    while True:
        try:
            server = smtp()
            while server is not None and await send_one(server, kept):
                pass
            if time.monotonic() - purged > PURGED_EVERY:
                gone = await apart(lambda: kept.purge(requests_days() * DAY))
                purged = time.monotonic()
                if gone:
                    logger.info("Retention: %d requests older than %d days were deleted.", gone, requests_days())
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the database may be down: the people served must not notice
            logger.error("Requests could not be looked at (%s).", type(error).__name__)
        await asyncio.sleep(every)
