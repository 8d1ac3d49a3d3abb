"""Proof that a webhook comes from Meta."""

from __future__ import annotations

import hashlib
import hmac


def same(given: str, expected: str) -> bool:
    """Compared in a time that tells nothing of the secret, whatever characters were sent."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def sign(body: bytes, secret: str) -> str:
    """The X-Hub-Signature-256 header of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether `header` signs these very bytes. SHA-256 only: the caller does not choose the algorithm."""
    return same(header, sign(body, secret))
