"""A test marked `alone` runs when no other does: it compares durations, which others at work would falsify."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Any, Iterator

import pytest

# Files that exist anyway, locked and never written: nothing is left behind, whatever ends a process.
GATE, ROOM = Path(__file__), Path(__file__).with_name("conftest.py")


@contextlib.contextmanager
def entered(alone: bool, gate: Path = GATE, room: Path = ROOM) -> Iterator[None]:
    """Inside once nobody is there who wants to be alone, or, for one who does, once nobody is there at all."""
    with gate.open("rb") as waiting, room.open("rb") as inside:
        # One at a time through the gate: those who come and go would keep out for ever one who waits for an empty room.
        fcntl.flock(waiting, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(waiting, fcntl.LOCK_UN)
        yield


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: compares durations; no other test runs at the same time")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Around all of a test, so that no bot is started beside either."""
    alone: Any = item.get_closest_marker("alone") is not None
    with entered(alone) if os.environ.get("PYTEST_XDIST_WORKER") else contextlib.nullcontext():
        return (yield)
