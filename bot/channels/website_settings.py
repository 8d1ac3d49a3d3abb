"""What a deployment may set of the website's channel."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from typing import FrozenSet

from bot.channels.limits import Rate

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Read from the environment; defaults suit a public site."""

    origins: FrozenSet[str]  # other sites that may hold the widget
    per_token: Rate
    per_address: Rate
    requests: Rate  # forms sent to CACIMA from one address
    proxies: int  # reverse proxies in front, whose X-Forwarded-For is believed

    @classmethod
    def read(cls) -> Settings:
        origins = os.environ.get("CACIMA_WEBSITE_ORIGINS", "").replace(",", " ").split()
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                sys.exit(f"CACIMA_WEBSITE_ORIGINS: “{origin}” is not an origin such as https://www.example.org")
        token_rate, address_rate = _number("CACIMA_WEBSITE_PER_TOKEN", 20), _number("CACIMA_WEBSITE_PER_ADDRESS", 120)
        return cls(
            origins=frozenset(origins),
            per_token=Rate(token_rate, max(1, token_rate // 2)),
            per_address=Rate(address_rate, max(1, address_rate // 2)),
            requests=Rate(max(0.5, address_rate / 240), max(10, address_rate // 12)),
            proxies=_number("CACIMA_PROXIES", 0, least=0),
        )


def _number(name: str, default: int, least: int = 1) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdigit() or int(given) < least:
        sys.exit(f"{name} must be a whole number from {least}, not “{given}”.")
    return int(given)
