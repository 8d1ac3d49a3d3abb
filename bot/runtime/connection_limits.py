"""How many connections may be open: what a deployment sets, within what the system allows."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
from typing import Mapping, Optional

from bot.store.settings import BadSettings

MOST = 1000
MOST_OF_ONE = 100  # of one address
OTHER_FILES = 250  # descriptors for all else: the database, Redis, the log, what is accepted at once
LEAST_FILES = 400
CONNECTIONS, PER_ADDRESS = "CACIMA_CONNECTIONS", "CACIMA_CONNECTIONS_PER_ADDRESS"


@dataclasses.dataclass(frozen=True)
class Limits:
    """How many connections may be open, in all and from one address (None: proxies bring everybody's)."""

    most: int
    most_of_one: Optional[int]


def read_limits(environment: Mapping[str, str]) -> Limits:
    """CACIMA_CONNECTIONS and CACIMA_CONNECTIONS_PER_ADDRESS, within what this process may open. Raises BadSettings."""
    most = _number(environment, CONNECTIONS, MOST)
    of_one = _number(environment, PER_ADDRESS, MOST_OF_ONE)
    proxied = environment.get("CACIMA_PROXIES", "").strip() not in ("", "0")
    return Limits(min(most, _descriptors() - OTHER_FILES), None if proxied else of_one)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name, "").strip() or str(default)
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= 100_000):
        raise BadSettings(f"{name} must be a whole number from 1 to 100000, not “{given[:20]}”.")
    return int(given)


def _descriptors() -> int:
    """How many files this process may open, once it has asked for all it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else 65536
    with contextlib.suppress(OSError, ValueError):  # some systems allow less than they say
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    allowed = most if soft == resource.RLIM_INFINITY else soft
    if allowed < LEAST_FILES:
        raise BadSettings(f"This process may open {allowed} files only: allow it 1024 (ulimit -n, LimitNOFILE=).")
    return allowed
