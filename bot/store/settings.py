"""Which database and which Redis: read from the environment, checked before anything is started."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Mapping, Optional
from urllib.parse import urlsplit

from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError

DATABASE = "CACIMA_DATABASE_URL"
REDIS = "CACIMA_REDIS_URL"
SESSION_TURNS = "CACIMA_SESSION_TURNS"
DEFAULT_SESSION_TURNS = 20  # docs/decisions/0012 has the measurements


class BadSettings(Exception):
    """The environment cannot be used as it is; the text says what to mend, in one line and without a secret."""


def database_url(environment: Mapping[str, str], folder: Path) -> URL:
    """CACIMA_DATABASE_URL, or an SQLite file in the data folder. Raises BadSettings."""
    given = environment.get(DATABASE, "").strip()
    if not given:
        return URL.create("sqlite", database=str(folder / "conversations.db"))
    try:
        url = make_url(given.replace("postgres://", "postgresql://", 1))
        url.port  # noqa: B018 – a port that is no number raises here
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("postgresql", "postgresql+psycopg2", "sqlite") or not url.database:
        raise BadSettings(f"{DATABASE} must look like postgresql://user:password@host:5432/database.")
    return url.set(drivername="postgresql+psycopg2") if url.drivername == "postgresql" else url


def redis_url(environment: Optional[Mapping[str, str]] = None) -> Optional[str]:
    """CACIMA_REDIS_URL, None where it is not set: one instance needs no Redis. Raises BadSettings."""
    given = (os.environ if environment is None else environment).get(REDIS, "").strip()
    if not given:
        return None
    try:
        parts = urlsplit(given)
        right = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
        number = parts.path.strip("/")
        right = right and (parts.scheme == "unix" or not number or number.isdigit())
    except ValueError:
        right = False
    if not right or parts.scheme not in ("redis", "rediss", "unix"):
        raise BadSettings(f"{REDIS} must look like redis://:password@host:6379/0.")
    return given


def session_turns(environment: Optional[Mapping[str, str]] = None) -> int:
    """How many turns a session lasts at most. Raises BadSettings."""
    given = (os.environ if environment is None else environment).get(SESSION_TURNS, "").strip()
    if not given:
        return DEFAULT_SESSION_TURNS
    if not given.isdigit() or not 1 <= int(given) <= 1000:
        raise BadSettings(f"{SESSION_TURNS} must be a whole number from 1 to 1000, not “{given[:20]}”.")
    return int(given)
