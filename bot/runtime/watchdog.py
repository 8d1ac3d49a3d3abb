"""Ends a process whose event loop stands still, so that whoever started it starts it again.

systemd is told of every beat too (sd_notify: `Type=notify`, `WatchdogSec=`). The thread here does the same where there
is no systemd: Docker restarts a container that ends, and leaves alone one that is merely unhealthy.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import logging
import os
import socket
import sys
import threading
import time
from typing import Any, Awaitable, Callable, List, Mapping, Optional, Tuple

from bot.observability import metrics

logger = logging.getLogger(__name__)

BEAT = 1.0  # seconds
STILL = 30  # beats missed in a row before the process is ended; the longest turn takes 8 s
STATUS = 70  # of a process that ended itself: EX_SOFTWARE

Listener = Callable[[Any, Any], Awaitable[None]]


def notify(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Tells systemd, where it started this process and asked to be told (sd_notify(3))."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract names begin with NUL
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address)


class Watchdog:
    """`beat` runs in the event loop; a thread counts how often it looks without a beat in between.

    It counts looks, not seconds: a process that was suspended, and finds the clock far ahead, is not still.
    """

    def __init__(self, pause: float = BEAT, still: int = STILL, end: Optional[Callable[[], None]] = None) -> None:
        self._pause = pause
        self._still = still
        self._end = end or _end
        self._beats = 0
        self._stopped = threading.Event()
        self._task: Optional[asyncio.Task[None]] = None

    def start(self) -> None:
        """To be called in the event loop watched."""
        self._task = asyncio.get_running_loop().create_task(self._beat())
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    async def stop(self) -> None:
        self._stopped.set()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _beat(self) -> None:
        while True:
            self._beats += 1
            metrics.LOOP_TIME.set(time.time())
            notify("WATCHDOG=1")
            await asyncio.sleep(self._pause)

    def _watch(self) -> None:
        seen, missed = self._beats, 0
        while not self._stopped.wait(self._pause):
            missed = missed + 1 if self._beats == seen else 0
            seen = self._beats
            if missed >= self._still:
                self._end()
                return


def _end() -> None:
    logger.critical("Nothing was answered for %.0f s: the process ends itself, to be started again.", STILL * BEAT)
    faulthandler.dump_traceback(sys.stderr)  # places in the program, no values
    sys.stderr.flush()
    os._exit(STATUS)


def listeners() -> List[Tuple[Listener, str]]:
    """For Sanic; `after_server_start` is called in order, so that systemd hears READY last."""
    watchdog = Watchdog()

    async def start(_: Any, __: Any) -> None:
        watchdog.start()
        notify("READY=1")

    async def stop(_: Any, __: Any) -> None:
        notify("STOPPING=1")
        await watchdog.stop()

    return [(start, "after_server_start"), (stop, "before_server_stop")]
