"""Passwords: drawn for whoever gets an account, kept as scrypt hashes."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import secrets

SHORTEST, LONGEST = 12, 200  # characters
_N, _R, _P = 2**15, 8, 1  # 32 MB and a tenth of a second a try
_MEMORY = 64 * 1024 * 1024
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def drawn() -> str:
    """A password to be typed once and changed: 95 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${_encoded(salt)}${_encoded(_derived(password, salt, _N, _R, _P))}"


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one kept; False for what is no hash of ours."""
    try:
        kind, n, r, p, salt, derived = kept.split("$")
        if kind != "scrypt":
            return False
        found = _derived(password, base64.b64decode(salt), int(n), int(r), int(p))
    except ValueError:
        return False
    return hmac.compare_digest(found, base64.b64decode(derived))


@functools.cache
def nobodys() -> str:
    """Tried where there is no such account: both take as long."""
    return hashed(secrets.token_hex(16))


def _derived(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
