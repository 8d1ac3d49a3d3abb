"""The mail server that requests are handed to (bot/settings.py reads what a deployment sets)."""

from __future__ import annotations

import dataclasses
import re
from typing import Mapping, Optional
from urllib.parse import parse_qs, unquote, urlsplit

from bot.settings import MAIL_ADDRESS, read_settings

ADDRESS = re.compile(MAIL_ADDRESS)
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclasses.dataclass(frozen=True)
class Smtp:
    """A mail server. `tls`: from the first byte; `starttls`: asked for, and required. `to`: CACIMA's own address."""

    host: str
    port: int
    user: str
    password: str = dataclasses.field(repr=False)
    tls: bool
    starttls: bool
    to: str


def smtp(environment: Optional[Mapping[str, str]] = None) -> Optional[Smtp]:
    """The server of CACIMA_SMTP_URL; None where it is not set: nothing can be passed on. Raises BadSettings."""
    settings = read_settings(environment)
    if not settings.smtp_url or not settings.desk_mail:
        return None
    parts = urlsplit(settings.smtp_url)
    tls = parts.scheme == "smtps"
    plain = parts.hostname in _LOCAL or parse_qs(parts.query).get("starttls") == ["no"]
    return Smtp(
        host=str(parts.hostname),
        port=parts.port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=not tls and not plain,
        to=settings.desk_mail,
    )


def requests_days(environment: Optional[Mapping[str, str]] = None) -> int:
    """How long a request passed on is kept. Raises BadSettings."""
    return read_settings(environment).requests_days
