"""Ports for the servers that tests start."""

from __future__ import annotations

import itertools
import os
import random
import socket
from typing import Iterator

FIRST, EACH, PROCESSES = 12_000, 1_000, 20  # up to 31,999: below those that Linux gives to outgoing connections


def _ports() -> Iterator[int]:
    """This test process's own, so that no other takes one between `free_port` and the start of the server it is for."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
    start = random.SystemRandom().randrange(EACH)  # another run of the tests may be under way on this machine
    return itertools.cycle(FIRST + number * EACH + (start + offset) % EACH for offset in range(EACH))


_next_ports = _ports()


def free_port() -> int:
    """A port nobody listens on, and that this process was not given lately."""
    for port in itertools.islice(_next_ports, EACH):
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"none of {EACH} ports is free")
