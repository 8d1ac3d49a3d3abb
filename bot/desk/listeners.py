"""What the desk does beside the service: for Sanic, what starts it and what ends it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Awaitable, Callable, List, Tuple

from bot.desk.outbox import requests, work_for_ever

Listener = Callable[[Any, Any], Awaitable[None]]


def listeners() -> List[Tuple[Listener, str]]:
    """Tasks that run until the server stops."""
    tasks: List[asyncio.Task[Any]] = []

    async def start(_: Any, __: Any) -> None:
        loop = asyncio.get_running_loop()
        tasks.append(loop.create_task(work_for_ever(requests())))

    async def stop(_: Any, __: Any) -> None:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return [(start, "after_server_start"), (stop, "before_server_stop")]
