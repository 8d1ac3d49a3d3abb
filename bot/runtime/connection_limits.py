"""How many connections may be open: what a deployment sets, within what the system allows."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
from typing import Mapping, Optional

from bot.settings import BadSettings, read_settings

OTHER_FILES = 250  # descriptors for all else: the database, Redis, the log, what is accepted at once
LEAST_FILES = 400


@dataclasses.dataclass(frozen=True)
class Limits:
    """How many connections may be open, in all and from one address (None: proxies bring everybody's)."""

    most: int
    most_of_one: Optional[int]


def read_limits(environment: Mapping[str, str]) -> Limits:
    """CACIMA_CONNECTIONS and CACIMA_CONNECTIONS_PER_ADDRESS, within what this process may open. Raises BadSettings."""
    settings = read_settings(environment)
    most = min(settings.connections, _descriptors() - OTHER_FILES)
    return Limits(most, None if settings.proxies else settings.connections_per_address)


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
