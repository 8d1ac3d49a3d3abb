"""What is checked before anything is started: each fault is one line that says what to mend."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import tarfile
import tempfile
from pathlib import Path
from typing import IO, Mapping

from bot.settings import BadSettings, read_settings
from bot.store.keys import previous_secret, read_secret

DATA_FILES = ("*.db", "*.db-wal", "*.db-shm", "*.db-journal", "*.lock", "*.log")

SERVING_LOCK = "serving.lock"  # in the data folder: held, with others, by whoever serves from it


def check(environment: Mapping[str, str], model: Path, folder: Path) -> int:
    """The port to serve on. Raises BadSettings."""
    settings = read_settings(environment)
    _writable(folder)
    read_secret(environment, folder)
    previous_secret(environment, folder)
    _model(model)
    return settings.port


def check_port(host: str, port: int) -> None:
    """Raises BadSettings where the port cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(f"Port {port} of {host} cannot be used: {error.strerror}.") from None


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadSettings(f"{folder} cannot be written ({error.strerror}): set CACIMA_DATA to a folder.") from None


def keep_private(folder: Path) -> None:
    """The data folder and what lies in it, closed to others on this machine; new files are by the umask.

    Key files are left out: one that others could read is refused (bot.store.keys), not mended in silence.
    """
    for path in (folder, *(found for pattern in DATA_FILES for found in folder.glob(pattern))):
        with contextlib.suppress(OSError):  # not ours to change
            mode = path.stat().st_mode
            if mode & 0o077 and not mode & stat.S_ISVTX:  # a common folder, such as /tmp, stays common
                path.chmod(mode & 0o700)


def hold(folder: Path) -> IO[str]:
    """Tells `make restore` that the data is in use, as long as what is returned is open. Raises BadSettings."""
    lock = (folder / SERVING_LOCK).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        raise BadSettings(f"{folder} is being restored: try again once that is done.") from None
    return lock


def _model(path: Path) -> None:
    if not path.is_file():
        raise BadSettings(f"No model at {path}: run `make train` first.")
    try:
        with tarfile.open(path, "r:gz") as archive:
            names = [os.path.basename(name) for name in archive.getnames()]
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BadSettings(f"The model {path} is broken ({type(error).__name__}): run `make train`.") from None
    if "metadata.json" not in names:
        raise BadSettings(f"{path} is no model of Rasa's: run `make train`.")
