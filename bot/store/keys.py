"""The server's own key, kept in a file where none is given: it signs, and is replaceable without a break.

One process makes it, whole or not at all; the key before is put aside for as long as what it signed is good.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Mapping, Optional

from bot.settings import SHORTEST_SECRET, BadSettings, read_settings

KEY_FILE, PREVIOUS_FILE = "secret.key", "secret.previous.key"
LIFETIME = 24 * 3600  # seconds that what is signed is good for; a person who keeps talking gets new tokens


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
