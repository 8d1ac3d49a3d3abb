"""What the channel is told by its environment: all CACIMA_MESSENGER_*, read once at the start."""

from __future__ import annotations

import dataclasses
import re
from typing import Mapping, Optional
from urllib.parse import urlsplit

PREFIX = "CACIMA_MESSENGER_"
SECRETS = ("APP_SECRET", "PAGE_TOKEN", "VERIFY_TOKEN")
OLDEST_VERSION = 25  # Meta retires a Graph version about two years after the next one


class BadSettings(Exception):
    """The environment cannot be used as it is; the text says what to mend, in one line and without a secret."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """`graph_url` without a final slash, `graph_version` as "v25.0", times in seconds."""

    app_secret: str = dataclasses.field(repr=False)
    page_token: str = dataclasses.field(repr=False)
    verify_token: str = dataclasses.field(repr=False)
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v25.0"
    pause: float = 30 * 60.0
    # Longer than Graph's slow spells: giving up on an answer that is coming means saying the same thing twice.
    timeout: float = 45.0


def read_settings(environment: Mapping[str, str]) -> Optional[Settings]:
    """The settings, or None where no secret is set: the channel is off.

    Raises BadSettings where only some of the secrets are set, or a value cannot be right.
    """
    values = {name: environment.get(PREFIX + name, "").strip() for name in SECRETS}
    missing = [PREFIX + name for name in SECRETS if not values[name]]
    if len(missing) == len(SECRETS):
        return None
    if missing:
        raise BadSettings(f"Messenger is half configured: set {' and '.join(missing)} too, or none of them.")
    if any(not value.isascii() or re.search(r"\s", value) for value in values.values()):
        raise BadSettings(f"{PREFIX}* secrets hold plain characters only, without spaces: one was pasted wrong.")
    return Settings(
        app_secret=values["APP_SECRET"],
        page_token=values["PAGE_TOKEN"],
        verify_token=values["VERIFY_TOKEN"],
        graph_url=_url(environment.get(PREFIX + "GRAPH_URL") or Settings.graph_url),
        graph_version=_version(environment.get(PREFIX + "GRAPH_VERSION") or Settings.graph_version),
        pause=60 * _number(environment, "PAUSE_MINUTES", Settings.pause / 60),
        timeout=_number(environment, "TIMEOUT", Settings.timeout) or Settings.timeout,
    )


def _url(text: str) -> str:
    parts = urlsplit(text)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.query or not (parts.scheme == "https" or (local and parts.scheme == "http")):
        raise BadSettings(f"{PREFIX}GRAPH_URL must be an https address: the page token travels there.")
    return text.rstrip("/")


def _version(text: str) -> str:
    match = re.fullmatch(r"v(\d{1,3})\.\d{1,2}", text)
    if match is None or int(match[1]) < OLDEST_VERSION:
        raise BadSettings(f"{PREFIX}GRAPH_VERSION must be v{OLDEST_VERSION}.0 or later, not {text[:20]!r}.")
    return text


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(PREFIX + name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text):
        raise BadSettings(f"{PREFIX}{name} must be a number, not {text[:20]!r}.")
    return float(text)
