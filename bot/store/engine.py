"""Connections to the database: SQLite for one small server, PostgreSQL for several."""

from __future__ import annotations

import contextlib
import os
from typing import Any

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


def _configure_sqlite(connection: Any, _: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an answer seen is an answer kept, a power cut included
        "secure_delete = ON",  # what is erased is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()
