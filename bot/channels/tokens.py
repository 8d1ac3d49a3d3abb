"""Session tokens: which conversation a browser may speak in, signed so that nobody can name another's."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Optional

LIFETIME = 24 * 3600  # seconds a token is good for; a person who keeps talking gets new ones
SHORTEST_SECRET = 32  # characters
PREFIX = "website:"  # of conversation ids, so that no other channel's can be meant


@dataclasses.dataclass(frozen=True)
class Session:
    """Who speaks: a conversation's id, and until when (seconds since 1970)."""

    conversation: str
    expires: int


class Tokens:
    """Issues and reads tokens: base64url of [conversation id, issued, expires], a dot, base64url of its HMAC-SHA256."""

    def __init__(self, secret: bytes) -> None:
        # A key of its own, so that the same secret can sign other things elsewhere.
        self._key = hmac.new(secret, b"website session", hashlib.sha256).digest()

    def new(self) -> Session:
        """A conversation nobody has spoken in."""
        return Session(PREFIX + secrets.token_urlsafe(24), int(time.time()) + LIFETIME)

    def renewed(self, session: Session) -> Session:
        return dataclasses.replace(session, expires=int(time.time()) + LIFETIME)

    def write(self, session: Session) -> str:
        payload = json.dumps([session.conversation, int(time.time()), session.expires], separators=(",", ":")).encode()
        return f"{_encoded(payload)}.{_encoded(self._signature(payload))}"

    def read(self, token: str) -> Optional[Session]:
        """The session of a token; None where it is forged, garbled or expired."""
        try:
            payload, signature = (_decoded(part) for part in token.split("."))
            if not hmac.compare_digest(signature, self._signature(payload)):
                return None
            conversation, _, expires = json.loads(payload)
        except (ValueError, binascii.Error):
            return None
        return Session(conversation, expires) if expires > time.time() else None

    def _signature(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    # Strict: a signature has one spelling only.
    raw = base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    if _encoded(raw) != part:
        raise ValueError(part)
    return raw


def secret(folder: Path) -> bytes:
    """CACIMA_SECRET, or a random key kept in the folder's `secret.key`, made at first use.

    Ends the program where CACIMA_SECRET is too short to be one.
    """
    given = os.environ.get("CACIMA_SECRET", "")
    if given:
        if len(given) < SHORTEST_SECRET:
            sys.exit(f"CACIMA_SECRET must have at least {SHORTEST_SECRET} characters.")
        return given.encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret.key"
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(made, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
