"""Connections to the database: SQLite for one small server, PostgreSQL for several."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import Any, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import QueuePool

THREADS = 6  # store calls at once, and connections: each call holds one for milliseconds
ANSWERS_WITHIN = 3.0  # seconds a call may take, everything included

_MILLISECONDS = int(ANSWERS_WITHIN * 1000)
_POSTGRESQL = {
    "application_name": "cacima",
    "connect_timeout": int(ANSWERS_WITHIN),
    "options": f"-c statement_timeout={_MILLISECONDS} -c lock_timeout={_MILLISECONDS}",
    # A database that vanishes without a word is noticed in seconds rather than in hours.
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def make_engine(url: URL) -> Engine:
    """Errors of its statements never quote their values: those are what people wrote."""
    pool = {"pool_size": THREADS, "max_overflow": 0, "pool_timeout": ANSWERS_WITHIN, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        _keep_private(url)
        waiting = {"check_same_thread": False, "timeout": ANSWERS_WITHIN}
        engine: Engine = sa.create_engine(url, poolclass=QueuePool, connect_args=waiting, **pool)
        sa.event.listen(engine, "connect", _configure_sqlite)
        if url.database and url.database != ":memory:":
            _watch_file(engine, url.database)
        return engine
    # Tested before use and renewed: a restart of the database costs nobody a turn.
    engine = sa.create_engine(url, pool_pre_ping=True, pool_recycle=1800, connect_args=_POSTGRESQL, **pool)
    return engine


def _keep_private(url: URL) -> None:
    """The file for its owner alone, before SQLite makes it; the files it puts beside it have the same mode."""
    if url.database and url.database != ":memory:":
        with contextlib.suppress(OSError):  # SQLite will say it better
            if not os.path.exists(url.database):  # closing one in use would give up SQLite's locks on it
                os.close(os.open(url.database, os.O_CREAT | os.O_WRONLY, 0o600))
            os.chmod(url.database, 0o600)


def _watch_file(engine: Engine, path: str) -> None:
    """Connections to a file that was moved away or deleted go on writing where nobody will read: they are given up.

    A file put in its place is opened anew; where there is none, calls fail until there is one.
    """
    opened = False

    def file() -> Optional[Tuple[int, int]]:
        try:
            found = os.stat(path)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def connecting(*_: Any) -> None:
        if opened and file() is None:  # SQLite would make an empty one
            raise sqlite3.OperationalError("the database file is gone")

    def connected(_: Any, record: Any) -> None:
        nonlocal opened
        opened = True
        record.info["file"] = file()

    def checked_out(_: Any, record: Any, __: Any) -> None:
        if record.info.get("file") != file():
            raise sa.exc.DisconnectionError("the database file is another")

    sa.event.listen(engine, "do_connect", connecting)
    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "checkout", checked_out)


def _configure_sqlite(connection: Any, _: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an answer seen is an answer kept, a power cut included
        "secure_delete = ON",  # what is erased is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()
