"""Session tokens: which conversation a browser may speak in, signed so that nobody can name another's."""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import hashlib
import hmac
import json
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Mapping, Optional

from bot.settings import SHORTEST_SECRET, BadSettings, data_folder, read_settings

SECRET, PREVIOUS = "CACIMA_SECRET", "CACIMA_SECRET_PREVIOUS"
KEY_FILE, PREVIOUS_FILE = "secret.key", "secret.previous.key"
LIFETIME = 24 * 3600  # seconds a token is good for; a person who keeps talking gets new ones
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


def secret(folder: Path) -> bytes:
    """`read_secret` of this process's environment."""
    return read_secret(os.environ, folder)


def read_secret(environment: Mapping[str, str], folder: Path) -> bytes:
    """CACIMA_SECRET, or a random key kept in the folder's `secret.key`, made at first use.

    Raises BadSettings where it is too short to be one, cannot be written, or can be read by others.
    """
    given = read_settings(environment).secret
    return (given.encode() if given else None) or _kept(folder / KEY_FILE) or _made(folder / KEY_FILE)


def previous_secret(environment: Mapping[str, str], folder: Path) -> Optional[bytes]:
    """The key used before, good for reading tokens: CACIMA_SECRET_PREVIOUS, or what `rotate` put aside.

    None once no token signed with it can be good any more. Raises BadSettings.
    """
    given = read_settings(environment).secret_previous
    if given:
        return given.encode()
    path = folder / PREVIOUS_FILE
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime < LIFETIME:
            return _kept(path)
    return None


def rotate(folder: Path) -> None:
    """A new key in `secret.key`; tokens of the one before stay good for their 24 hours. Raises BadSettings."""
    before = _kept(folder / KEY_FILE)
    try:
        if before is not None:
            _write(folder / PREVIOUS_FILE, before)
        _write(folder / KEY_FILE, secrets.token_hex(32).encode())
    except OSError as error:
        raise BadSettings(f"{folder / KEY_FILE} cannot be written ({error.strerror}).") from None


def _kept(path: Path) -> Optional[bytes]:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise BadSettings(f"{path} can be read by others than its owner: chmod 600 it, or delete it.")
            key = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadSettings(f"{path} cannot be read ({error.strerror}).") from None
    if len(key) < SHORTEST_SECRET:
        raise BadSettings(f"{path} is cut short and signs nothing: delete it; open conversations begin anew.")
    return key


def _made(path: Path) -> bytes:
    """A new key, whole or not at all: of two processes that start at once, the first one's is everybody's."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, secrets.token_hex(32).encode(), over=False)
    except OSError as error:
        raise BadSettings(f"{path} cannot be written ({error.strerror}).") from None
    key = _kept(path)
    if key is None:
        raise BadSettings(f"{path} is gone as soon as it is written.")
    return key


def _write(path: Path, content: bytes, over: bool = True) -> None:
    """By a file of another name, on the disk before it gets its own. Raises OSError."""
    made, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
    try:
        with os.fdopen(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if over:
            os.replace(name, path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def main() -> None:
    """`python -m bot.channels.tokens`: rotates the key of CACIMA_DATA."""
    if os.environ.get(SECRET):
        sys.exit(f"{SECRET} is set: put its value into {PREVIOUS}, a new one into {SECRET}, and restart.")
    try:
        rotate(data_folder())
    except BadSettings as error:
        sys.exit(str(error))
    print("The key is new. Restart the bot; those who are talking to it notice nothing.")


if __name__ == "__main__":
    main()
