"""Session tokens: which conversation a browser may speak in, signed so that nobody can name another's."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import hmac
import json
import secrets
import time
from typing import Optional

from bot.store.keys import LIFETIME

PREFIX = "website:"  # of conversation ids, so that no other channel's can be meant


@dataclasses.dataclass(frozen=True)
class Session:
    """Who speaks: a conversation's id, and until when (seconds since 1970)."""

    conversation: str
    expires: int


class Tokens:
    """Issues and reads tokens: base64url of [conversation id, issued, expires], a dot, base64url of its HMAC-SHA256."""

    def __init__(self, secret: bytes, previous: Optional[bytes] = None) -> None:
        """`previous` reads tokens and signs none."""
        # Keys of their own, so that the same secret can sign other things elsewhere.
        self._keys = [
            hmac.new(key, b"website session", hashlib.sha256).digest() for key in (secret, previous) if key is not None
        ]

    def new(self) -> Session:
        """A conversation nobody has spoken in."""
        return Session(PREFIX + secrets.token_urlsafe(24), int(time.time()) + LIFETIME)

    def renewed(self, session: Session) -> Session:
        return dataclasses.replace(session, expires=int(time.time()) + LIFETIME)

    def write(self, session: Session) -> str:
        payload = json.dumps([session.conversation, int(time.time()), session.expires], separators=(",", ":")).encode()
        return f"{_encoded(payload)}.{_encoded(_signature(self._keys[0], payload))}"

    def read(self, token: str) -> Optional[Session]:
        """The session of a token; None where it is forged, garbled or expired."""
        try:
            payload, signature = (_decoded(part) for part in token.split("."))
            if not any(hmac.compare_digest(signature, _signature(key, payload)) for key in self._keys):
                return None
            conversation, _, expires = json.loads(payload)
        except (ValueError, binascii.Error):
            return None
        # A conversation of another channel is none of a browser's, whoever signed it.
        if not isinstance(conversation, str) or not conversation.startswith(PREFIX):
            return None
        return Session(conversation, expires) if expires > time.time() else None


def _signature(key: bytes, payload: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    # Strict: a signature has one spelling only.
    raw = base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    if _encoded(raw) != part:
        raise ValueError(part)
    return raw
