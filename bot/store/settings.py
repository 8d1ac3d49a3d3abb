"""Which database and which Redis, of the settings (bot/settings.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Optional

from sqlalchemy.engine.url import URL, make_url

from bot.settings import BadSettings, read_settings

__all__ = ["DATABASE", "BadSettings", "database_url", "redis_url"]

DATABASE = "CACIMA_DATABASE_URL"


def database_url(environment: Mapping[str, str], folder: Path) -> URL:
    """CACIMA_DATABASE_URL, or an SQLite file in the data folder. Raises BadSettings."""
    given = read_settings(environment).database_url
    if given is None:
        return URL.create("sqlite", database=str(folder / "conversations.db"))
    url = make_url(given)
    return url.set(drivername="postgresql+psycopg2") if url.drivername == "postgresql" else url


def redis_url() -> Optional[str]:
    """CACIMA_REDIS_URL, None where it is not set: one instance needs no Redis. Raises BadSettings."""
    return read_settings().redis_url
