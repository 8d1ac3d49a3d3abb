"""A server that stands still is ended, one that works is not, and systemd is told of both."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import List

from bot.runtime.watchdog import STATUS, Watchdog, notify
from tests.conftest import ROOT, ServedBot


def test_a_loop_that_stands_still_is_noticed_and_one_that_works_is_not() -> None:
    ended: List[float] = []

    async def run() -> None:
        watchdog = Watchdog(pause=0.02, still=10, end=lambda: ended.append(time.monotonic()))
        watchdog.start()
        await asyncio.sleep(0.6)
        assert not ended
        time.sleep(0.6)  # what a request that never ends does
        await watchdog.stop()

    asyncio.run(run())
    assert len(ended) == 1


def test_the_process_ends_and_says_where_it_stood() -> None:
    program = (
        "import asyncio\n"
        "from bot.runtime.watchdog import Watchdog\n"
        "async def spin():\n"
        "    Watchdog(pause=0.02, still=10).start()\n"
        "    await asyncio.sleep(0.1)\n"
        "    while True: pass\n"
        "asyncio.run(spin())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == STATUS
    assert "the process ends itself" in done.stderr
    assert "in spin" in done.stderr


def test_systemd_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        bot = ServedBot(tmp_path, {"NOTIFY_SOCKET": str(tmp_path / "notify")}).start()
        told = {systemd.recv(100) for _ in range(3)}
        assert told == {b"READY=1", b"WATCHDOG=1"}
        bot.stop()
        systemd.setblocking(False)
        while b"STOPPING=1" not in told:
            told.add(systemd.recv(100))


def test_nothing_is_told_where_nobody_listens(tmp_path: Path) -> None:
    notify("READY=1", {})
    notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")})
    notify("READY=1", {"NOTIFY_SOCKET": "@no such name"})
