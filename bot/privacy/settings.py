"""What a deployment may set of privacy, of the settings (bot/settings.py)."""

from __future__ import annotations

from bot.settings import LONGEST_RETENTION as LONGEST
from bot.settings import read_settings

__all__ = ["LONGEST", "public_url", "retention_days"]


def retention_days() -> int:
    """CACIMA_RETENTION_DAYS: how long conversations are kept. Raises BadSettings."""
    return read_settings().retention_days


def public_url() -> str:
    """CACIMA_PUBLIC_URL: where people reach this server, without a final slash; else this machine's own address.

    Raises BadSettings.
    """
    settings = read_settings()
    return settings.public_url or f"http://127.0.0.1:{settings.port}"
