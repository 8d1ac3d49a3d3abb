"""Servers for the tests of durability: one PostgreSQL and one Redis a module, each test a state of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Iterator

import pytest

from tests.durability.servers import PostgreSQL, Redis


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    # Not in pytest's own folders: another run of pytest, at the same time, closes those to the `postgres` user.
    with tempfile.TemporaryDirectory(prefix="cacima-postgresql-") as folder:
        server = PostgreSQL(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def postgresql(postgresql_server: PostgreSQL) -> PostgreSQL:
    """Running, and empty."""
    if not postgresql_server.answers():
        postgresql_server.stop()
        postgresql_server.start()
    postgresql_server.sql("DROP TABLE IF EXISTS events, conversations")
    return postgresql_server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: Redis) -> Redis:
    if not redis_server.answers():
        redis_server.stop()
        redis_server.start()
    return redis_server
