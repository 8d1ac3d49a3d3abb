"""What the channel is told by its environment, of the settings (bot/settings.py)."""

from __future__ import annotations

import dataclasses
from typing import Mapping, Optional

from bot.settings import BadSettings
from bot.settings import read_settings as read_all

__all__ = ["SECRETS", "BadSettings", "Settings", "read_settings"]

SECRETS = ("APP_SECRET", "PAGE_TOKEN", "VERIFY_TOKEN")


@dataclasses.dataclass(frozen=True)
class Settings:
    """`graph_url` without a final slash, `graph_version` as "v25.0", times in seconds."""

    app_secret: str = dataclasses.field(repr=False)
    page_token: str = dataclasses.field(repr=False)
    verify_token: str = dataclasses.field(repr=False)
    graph_url: str
    graph_version: str
    pause: float
    timeout: float


def read_settings(environment: Mapping[str, str]) -> Optional[Settings]:
    """The settings, or None where no secret is set: the channel is off.

    Raises BadSettings where only some of the secrets are set, or a value cannot be right.
    """
    settings = read_all(environment)
    secrets = (settings.messenger_app_secret, settings.messenger_page_token, settings.messenger_verify_token)
    app_secret, page_token, verify_token = secrets
    if app_secret is None or page_token is None or verify_token is None:
        return None
    return Settings(
        app_secret=app_secret,
        page_token=page_token,
        verify_token=verify_token,
        graph_url=settings.messenger_graph_url,
        graph_version=settings.messenger_graph_version,
        pause=60 * settings.messenger_pause_minutes,
        timeout=settings.messenger_timeout or 45.0,
    )
