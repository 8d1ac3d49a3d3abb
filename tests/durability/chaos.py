"""Breaks a served bot in every way that is tried here, while people write: `make chaos`, some five minutes.

Of each fault: what was acknowledged, and of that what is lost, kept twice or out of order; how long anybody waited; how
soon everybody was answered again once the cause was gone. Kept in docs/measurements/chaos.json and shown in
docs/reliability.md (tests/durability/chaos_report.py). Ends with status 1 where anything acknowledged was not kept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import pytest
import requests

from benchmarks.machine import keep
from tests.conftest import ROOT, ServedBot
from tests.durability.chaos_report import write
from tests.durability.flood import flooding
from tests.durability.people import SETTINGS, Person, let_go, start_together, stored, troubled
from tests.durability.servers import PostgreSQL, Redis
from tests.runtime.raw import connect
from tests.website_client import Visitor

PEOPLE = 6
CALM = 2.0  # seconds people write before a fault, and after it
RAW_TRIES = 600
Row = Dict[str, Any]


class Timed(Person):
    """A person who remembers when each message was first sent and when it was answered."""

    def __init__(self, bots: Sequence[ServedBot]) -> None:
        super().__init__(bots)
        self.times: List[Tuple[float, float]] = []

    def _send(self, message_id: str, text: str) -> None:
        begun = time.monotonic()
        super()._send(message_id, text)
        self.times.append((begun, time.monotonic()))


def kept(people: Sequence[Timed], database: str) -> Row:
    """What became of the messages acknowledged."""
    row = {"acknowledged": 0, "lost": 0, "twice": 0, "out of order": 0}
    for person in people:
        found = [event["message_id"] for event in stored(database, person.conversation) if event["event"] == "user"]
        row["acknowledged"] += len(person.sent)
        row["lost"] += len(set(person.sent) - set(found))
        row["twice"] += len(found) - len(set(found))
        order = [name for name in found if name in set(person.sent)]
        row["out of order"] += sum(a != b for a, b in zip(order, person.sent, strict=False))
    return row


def under(fault: str, bots: Sequence[ServedBot], database: str, breaks: Callable[[], Optional[float]]) -> Row:
    """People write while `breaks` breaks something; it returns when the cause was gone, unless that is at its end."""
    print(f"{fault} …", end=" ", flush=True)
    people = [Timed([*bots[number % len(bots) :], *bots[: number % len(bots)]]) for number in range(PEOPLE)]
    for person in people:
        person.start()
    time.sleep(CALM)
    gone = breaks() or time.monotonic()
    time.sleep(CALM)
    let_go(people)
    assert not any(person.faults for person in people), [person.faults for person in people]
    again = [min((ended for _, ended in person.times if ended >= gone), default=time.monotonic()) for person in people]
    row = {
        "fault": fault,
        **kept(people, database),
        "apologies": sum(len(person.apologies) for person in people),
        "longest wait, s": round(max(ended - begun for person in people for begun, ended in person.times), 1),
        "answered again within, s": round(max(again) - gone, 1),
    }
    print({name: value for name, value in row.items() if name != "fault"}, flush=True)
    return row


def again(bot: ServedBot, number: int, times: int) -> None:
    """Ends a process by a signal and starts it again, as systemd does; people write for a while in between."""
    for time_left in reversed(range(times)):
        assert bot.process is not None
        bot.process.send_signal(number)
        bot.process.wait(40)
        bot.log.write_text("", encoding="utf-8")
        bot.start()
        time.sleep(CALM if time_left else 0)


def frozen(process: Any, seconds: float) -> Callable[[], None]:
    def freeze() -> None:
        process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        process.send_signal(signal.SIGCONT)

    return freeze


def blocked(bot: ServedBot) -> None:
    """An action that blocks its thread for twenty seconds: its person gets an apology after four."""
    Visitor(bot.url).send(text="What is a PTCE xxblock?", language="en")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """48 MB where root may mount it."""
    can = os.geteuid() == 0 and shutil.which("mount") is not None
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(folder)]
    mounted = can and subprocess.run(mount, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def full(folder: Path, bot: ServedBot) -> None:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    until = time.monotonic() + 60
    while time.monotonic() < until and requests.get(f"{bot.url}/health/ready", timeout=10).status_code == 200:
        time.sleep(0.2)
    time.sleep(2)
    filler.unlink()


def slow_connections(bot: ServedBot) -> None:
    opened: List[socket.socket] = []
    try:
        for number in range(1100):
            opened.append(connect(bot.port))
            if number % 2:
                opened[-1].sendall(b"POST /webhooks/website/session HTTP/1.1\r\nHost: x\r\nX-")
        time.sleep(5)
    finally:
        for connection in opened:
            connection.close()


def flooded(bot: ServedBot) -> None:
    with flooding(bot.url, str(Visitor(bot.url).token), 40):
        time.sleep(5)


def raw_http(bot: ServedBot) -> None:
    """Thousands of raw requests drawn anew, against a bot of their own; people write to this one beside it."""
    command = [sys.executable, "-m", "pytest", "tests/runtime/test_raw_http.py"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "RAW_HTTP_TRIES": str(RAW_TRIES)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]


def one_server(folder: Path) -> List[Row]:
    rows: List[Row] = []
    with small_disk(folder) as is_small:
        logs = folder.with_name(f"{folder.name}-log")
        logs.mkdir()
        bot = troubled(logs, {"CACIMA_DATA": str(folder)}).start()
        database = f"sqlite:///{folder}/conversations.db"

        def tried(fault: str, breaks: Callable[[], Optional[float]]) -> None:
            rows.append(under(fault, [bot], database, breaks))

        try:
            tried("nothing, for comparison", lambda: time.sleep(5))
            tried(
                "the process is killed (SIGKILL) and started again, three times", lambda: again(bot, signal.SIGKILL, 3)
            )
            tried("the process is stopped (SIGTERM) and started again, twice", lambda: again(bot, signal.SIGTERM, 2))
            tried("the process is frozen for 5 s", frozen(bot.process, 5))
            tried("an action blocks its thread", lambda: blocked(bot))
            if is_small:
                tried("the disk is full for some seconds", lambda: full(folder, bot))
            tried("1,100 connections that send nothing, or next to nothing", lambda: slow_connections(bot))
            tried("one person sends 40 messages at a time for 5 s", lambda: flooded(bot))
            tried(f"{RAW_TRIES:,} malformed requests to a bot beside it", lambda: raw_http(bot))
        finally:
            bot.stop()
    return rows


def two_instances(folder: Path) -> List[Row]:
    database, redis = PostgreSQL(folder / "postgresql"), Redis(folder / "redis")
    rows: List[Row] = []
    started: List[Any] = []
    try:
        started += [database.start(), redis.start()]
        shared = {**SETTINGS, "CACIMA_DATABASE_URL": database.url, "CACIMA_REDIS_URL": redis.url}
        bots = [ServedBot(folder / name, shared) for name in ("first", "second")]
        start_together(*bots)
        started += bots

        def tried(fault: str, breaks: Callable[[], Optional[float]]) -> None:
            rows.append(under(fault, bots, database.url, breaks))

        def without(server: Any, number: int, seconds: float) -> None:
            server.stop(number)
            time.sleep(seconds)
            server.start()

        def one_less() -> float:
            """The other one answers: the cause is gone with it, not with its coming back."""
            assert bots[0].process is not None
            bots[0].process.kill()
            gone = time.monotonic()
            bots[0].process.wait(10)
            time.sleep(3)
            bots[0].log.write_text("", encoding="utf-8")
            bots[0].start()
            return gone

        tried("nothing, for comparison", lambda: time.sleep(5))
        tried("one of two instances is killed", one_less)
        tried("PostgreSQL is restarted", lambda: without(database, signal.SIGINT, 1))
        tried("PostgreSQL is gone for 5 s, as after a power cut", lambda: without(database, signal.SIGQUIT, 5))
        tried("Redis is killed and comes back after 3 s", lambda: without(redis, signal.SIGKILL, 3))
        tried("Redis is frozen for 5 s", frozen(redis.process, 5))
    finally:
        for server in reversed(started):
            server.stop()
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cacima-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own
        for each in ("one", "postgresql", "redis", "first", "second"):
            (folder / each).mkdir()
        try:
            one, two = one_server(folder / "one"), two_instances(folder)
        except pytest.skip.Exception as error:  # a server that is not installed
            sys.exit(str(error))
    results = {"people": PEOPLE, "one server": one, "two instances": two}
    keep("chaos", results)
    print(f"shown in {write().relative_to(ROOT)}")
    rows: List[Row] = [*results["one server"], *results["two instances"]]  # type: ignore[misc]
    if any(row[name] for row in rows for name in ("lost", "twice", "out of order")):
        sys.exit(1)


if __name__ == "__main__":
    main()
