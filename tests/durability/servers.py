"""Real database and Redis servers, on free ports of this machine, in folders of their own; ended by process id."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import List, Optional

import psycopg2
import pytest

from tests.ports import free_port

STARTS_WITHIN = 30.0  # seconds


def _postgresql_programs() -> Optional[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class Server:
    """A program that can be stopped, killed, frozen and started again on the same port and data."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: Optional[subprocess.Popen[bytes]] = None

    def command(self) -> List[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def start(self) -> Server:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=subprocess.STDOUT)
        begun = time.monotonic()
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - begun > STARTS_WITHIN:
                raise AssertionError((self.folder / f"{self.name}.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        return self

    def send(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)


class Process:
    def __init__(self, number: int) -> None:
        self._number = number

    def send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._number, number)


class PostgreSQL(Server):
    """`url` names a database of our own. Debian's refuses root: there, it runs as the `postgres` user."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        programs = _postgresql_programs()
        if programs is None:
            pytest.skip("PostgreSQL is not installed: nothing here was tried against it (Debian: postgresql)")
        self._programs = programs
        self._as: List[str] = []
        if os.geteuid() == 0:
            try:
                pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("root cannot run PostgreSQL and there is no `postgres` user: nothing was tried against it")
            self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
            shutil.chown(folder, "postgres", "postgres")
        self.data = folder / "data"
        made = subprocess.run(
            [*self._as, str(programs / "initdb"), "-D", str(self.data), "-U", "cacima", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            cwd=folder, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.url = f"postgresql://cacima@127.0.0.1:{self.port}/cacima"

    def command(self) -> List[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "shared_buffers": "16MB",
            "max_connections": 60,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [*self._as, str(self._programs / "postgres"), "-D", str(self.data), *settings]

    def answers(self) -> bool:
        try:
            self.sql("SELECT 1", database="postgres")
        except psycopg2.OperationalError:
            return False
        return True

    def start(self) -> PostgreSQL:
        super().start()
        if not self.sql("SELECT 1 FROM pg_database WHERE datname = 'cacima'", database="postgres"):
            self.sql("CREATE DATABASE cacima", database="postgres")
        return self

    def processes(self) -> List[Process]:
        """The server's own, and those of its connections, which do the work."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [Process(self.process.pid), *(Process(int(child)) for child in children)]

    def sql(self, statement: str, database: str = "cacima") -> list:
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="cacima", dbname=database, connect_timeout=2
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


class Redis(Server):
    name = "redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed: nothing here was tried against Redis (Debian: redis-server)")
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> List[str]:
        return [
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
