"""What a deployment may set of the desk: where requests are mailed, and how long they are kept."""

from __future__ import annotations

import dataclasses
import os
import re
from typing import Mapping, Optional
from urllib.parse import parse_qs, unquote, urlsplit

from bot.store.settings import BadSettings

SMTP, MAIL, DAYS = "CACIMA_SMTP_URL", "CACIMA_DESK_MAIL", "CACIMA_REQUESTS_DAYS"
DEFAULT_DAYS = 90  # as conversations: docs/rgpd.md
LONGEST = 3650
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
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
    """CACIMA_SMTP_URL and CACIMA_DESK_MAIL; None where neither is set: nothing can be passed on.

    Raises BadSettings where one is missing or cannot be right.
    """
    environment = os.environ if environment is None else environment
    given, to = environment.get(SMTP, "").strip(), environment.get(MAIL, "").strip()
    if not given and not to:
        return None
    if not given or not to:
        raise BadSettings(f"{SMTP} and {MAIL} go together: set both, or neither.")
    if not ADDRESS.fullmatch(to):
        raise BadSettings(f"{MAIL} must be an e-mail address such as contact@example.org.")
    example = f"{SMTP} must look like smtps://user:password@mail.example.org:465 or smtp://mail.example.org:587."
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise BadSettings(example) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        raise BadSettings(example)
    tls = parts.scheme == "smtps"
    plain = parts.hostname in _LOCAL or parse_qs(parts.query).get("starttls") == ["no"]
    return Smtp(
        host=parts.hostname,
        port=port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=not tls and not plain,
        to=to,
    )


def requests_days(environment: Optional[Mapping[str, str]] = None) -> int:
    """CACIMA_REQUESTS_DAYS: how long a request passed on is kept. Raises BadSettings."""
    given = (os.environ if environment is None else environment).get(DAYS, "").strip() or str(DEFAULT_DAYS)
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= LONGEST:
        raise BadSettings(f"{DAYS} must be a whole number from 1 to {LONGEST}, not “{given[:20]}”.")
    return int(given)
