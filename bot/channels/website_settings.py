"""What a deployment may set of the website's channel, of the settings (bot/settings.py)."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet

from bot.rate_limits import Rate
from bot.settings import read_settings


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
        """Raises BadSettings."""
        settings = read_settings()
        return cls(
            origins=frozenset(settings.website_origins.split()),
            per_token=_rate(settings.website_per_token),
            per_address=_rate(settings.website_per_address),
            requests=Rate(max(0.5, settings.website_per_address / 240), max(10, settings.website_per_address // 12)),
            proxies=settings.proxies,
        )


def _rate(a_minute: int) -> Rate:
    return Rate(a_minute, max(1, a_minute // 2))
