"""Backups of a bot on SQLite, and their way back: `make backup`, `make restore`.

A backup is a folder with the databases, the keys and a manifest. It is made beside a bot at work, checked, and either
whole or not there. What people had erased since then is erased again when it is restored.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, List, Optional

from bot.privacy.settings import retention_days
from bot.runtime.start import SERVING_LOCK
from bot.settings import ROOT, BadSettings, data_folder
from bot.store.keys import KEY_FILE, PREVIOUS_FILE
from bot.store.marks import mark_of
from bot.store.settings import DATABASE

DATABASES = ("conversations.db", "messenger.db")
KEYS = (KEY_FILE, PREVIOUS_FILE)
MANIFEST = "manifest.json"
RELEASES = "releases"  # scripts/release
KEPT = 14  # backups
USAGE = "usage: make backup [TO=<folder>] [KEEP=<number>]   or   make restore [FROM=<backup>] [KEYS=yes]"
NAME = "cacima-%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"cacima-\d{8}T\d{6}\.\d{6}Z")

Register = Dict[str, float]  # marks of erased conversations, and when (seconds since 1970)


class CannotBackUp(Exception):
    """What stands in the way, in one line."""


def backups_folder() -> Path:
    """TO, CACIMA_BACKUPS, or backups/. Raises CannotBackUp in a release: its folder is deleted one day."""
    given = os.environ.get("TO") or os.environ.get("CACIMA_BACKUPS")
    if not given and ROOT.parent.name == RELEASES:
        raise CannotBackUp("A release goes one day, and what lies in it: say where with TO=<folder> or CACIMA_BACKUPS.")
    return Path(given or ROOT / "backups").resolve()


def back_up(data: Path, to: Path, keep: Optional[int] = KEPT, aside: bool = False) -> Path:
    """The new backup's folder. Those beyond `keep` and those older than the retention are deleted; None: none is.

    aside: what a restore is about to replace; it is restored only by name.
    """
    if not (data / DATABASES[0]).is_file():
        raise CannotBackUp(f"There is no {data / DATABASES[0]}: is CACIMA_DATA right?")
    _make_folder(to)
    made = to / datetime.datetime.now(datetime.timezone.utc).strftime(NAME)
    partial = to / f".{made.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    try:
        for name in DATABASES:
            if (data / name).is_file():
                _copy_database(data / name, partial / name)
        for name in KEYS:
            if (data / name).is_file():
                shutil.copy2(data / name, partial / name)  # with its age: the one before is good for a day
        files = {path.name: _digest(path) for path in sorted(partial.iterdir())}
        manifest = {"made": int(time.time()), "aside": aside, "files": files}
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="ascii")
        for path in partial.iterdir():
            path.chmod(0o600)
            _sync(path)
        _sync(partial)
        partial.rename(made)
        _sync(to)
    except (OSError, sqlite3.Error) as error:
        raise CannotBackUp(f"No backup was made: {error}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if keep is not None:
        _rotate(to, keep)
    return made


def backups(folder: Path) -> List[Path]:
    """Oldest first."""
    return sorted(path for path in folder.glob("cacima-*") if _NAME.fullmatch(path.name))


def verify(backup: Path) -> None:
    """Raises CannotBackUp where a backup is not what was written."""
    try:
        files = json.loads((backup / MANIFEST).read_text(encoding="ascii"))["files"]
        broken = [name for name, digest in files.items() if _digest(backup / name) != digest]
    except (OSError, ValueError, KeyError):
        raise CannotBackUp(f"{backup} is no backup, or not a whole one.") from None
    if broken or DATABASES[0] not in files:
        raise CannotBackUp(f"{backup} is damaged: {', '.join(broken) or DATABASES[0]}.")
    for name in DATABASES:
        if name in files:
            _check_integrity(backup / name)


def restore(backup: Path, data: Path, to: Path, with_keys: bool = False) -> str:
    """Puts a backup in the place of the data, which is backed up, or put aside, first; says what was done.

    The keys in use stay, unless `with_keys`: the backup's may be one that was changed because others had read it.
    """
    verify(backup)
    _make_folder(data)
    _make_folder(to)
    keys = KEYS if with_keys or not (data / KEY_FILE).is_file() else ()
    with _alone(data):
        register = _erased(data / DATABASES[0])
        for other in backups(to):
            register = _joined(register, _erased(other / DATABASES[0]))
        before = _put_aside(data, to)
        for name in (*DATABASES, *keys):
            if (backup / name).is_file():
                shutil.copy2(backup / name, data / f".{name}.restored")
                (data / f".{name}.restored").chmod(0o600)
                _sync(data / f".{name}.restored")
        for name in DATABASES:
            for beside in ("-wal", "-shm", "-journal"):
                (data / f"{name}{beside}").unlink(missing_ok=True)
        for name in (*DATABASES, *keys):
            if (data / f".{name}.restored").is_file():
                (data / f".{name}.restored").replace(data / name)
        _sync(data)
        gone = replay(data, register)
    kept = "" if keys else " The keys in use stayed (KEYS=yes puts the backup's in their place)."
    return f"{backup} is restored; {gone} conversations erased since were erased again.{kept} Before: {before}."


def replay(data: Path, register: Register) -> int:
    """Erases again what the register says was erased; returns of how many conversations something was left."""
    erased = 0
    with contextlib.closing(sqlite3.connect(data / DATABASES[0])) as db, db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("CREATE TABLE IF NOT EXISTS erasures (mark VARCHAR(64) PRIMARY KEY, at FLOAT NOT NULL)")
        senders = [row[0] for row in db.execute("SELECT DISTINCT sender_id FROM events")]
        for sender in senders:
            at = register.get(mark_of(sender))
            if at is None:
                continue
            # Messenger's go on under the same name: what was written after the erasure stays.
            erased += db.execute("DELETE FROM events WHERE sender_id = ? AND timestamp <= ?", (sender, at)).rowcount > 0
            if not db.execute("SELECT 1 FROM events WHERE sender_id = ?", (sender,)).fetchone():
                db.execute("DELETE FROM conversations WHERE sender_id = ?", (sender,))
        for table, when in (("requests", "created"), ("drafts", "at")):
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                db.executemany(f"DELETE FROM {table} WHERE mark = ? AND {when} <= ?", list(register.items()))
        rows = list(_joined(register, _erased_in(db)).items())
        db.executemany("INSERT OR REPLACE INTO erasures (mark, at) VALUES (?, ?)", rows)
    _forget_log(data / DATABASES[0])
    if (data / DATABASES[1]).is_file():
        with contextlib.closing(sqlite3.connect(data / DATABASES[1])) as db, db:
            db.execute("PRAGMA secure_delete = ON")
            for table in ("inbox", "outbox", "unsent", "paused"):
                people = [row[0] for row in db.execute(f"SELECT DISTINCT person FROM {table}")]
                gone = [(person,) for person in people if mark_of(f"messenger:{person}") in register]
                db.executemany(f"DELETE FROM {table} WHERE person = ?", gone)
        _forget_log(data / DATABASES[1])
    return erased


def _copy_database(source: Path, target: Path) -> None:
    # Read-only: a name mistyped must not become an empty database.
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)
    writing = sqlite3.connect(target)
    with contextlib.closing(reading), contextlib.closing(writing):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
    _check_integrity(target)


def _check_integrity(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        try:
            told = db.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            told = str(error)
    if told != "ok":
        raise CannotBackUp(f"{path} is damaged: {str(told).splitlines()[0]}.")


def _erased(database: Path) -> Register:
    """The register in a database; empty where it has none, or cannot be read."""
    if not database.is_file():
        return {}
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            return _erased_in(db)
    except sqlite3.Error:
        print(f"What was erased could not be read from {database}.", file=sys.stderr)
        return {}


def _erased_in(db: sqlite3.Connection) -> Register:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasures'").fetchone():
        return {}
    return dict(db.execute("SELECT mark, at FROM erasures"))


def _joined(one: Register, other: Register) -> Register:
    return {mark: max(one.get(mark, 0.0), other.get(mark, 0.0)) for mark in (*one, *other)}


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.stat().st_mode & stat.S_ISVTX:  # a common folder, such as /tmp, stays common
            path.chmod(0o700)
    except OSError as error:
        raise CannotBackUp(f"{path} cannot be made or closed to others ({error.strerror}).") from None


def _is_aside(backup: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return json.loads((backup / MANIFEST).read_text(encoding="ascii")).get("aside") is True
    return False


def _put_aside(data: Path, to: Path) -> str:
    if not (data / DATABASES[0]).is_file():
        return "nothing"
    try:
        return str(back_up(data, to, keep=None, aside=True))
    except CannotBackUp:
        aside = to / f"damaged-{int(time.time())}"
        aside.mkdir(mode=0o700, parents=True)
        for path in data.iterdir():
            if path.name.startswith(DATABASES):
                shutil.copyfile(path, aside / path.name)
        return str(aside)


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Raises CannotBackUp while a bot serves from the folder."""
    with (data / SERVING_LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotBackUp(f"A bot serves from {data}: stop it first.") from None
        yield


def _rotate(to: Path, keep: int) -> None:
    """Conversations must not live longer in a backup than in the database."""
    oldest = time.time() - retention_days() * 86400
    found = backups(to)
    for place, path in enumerate(reversed(found)):
        made = datetime.datetime.strptime(path.name, NAME).replace(tzinfo=datetime.timezone.utc)
        if place > 0 and (place >= keep or made.timestamp() < oldest):  # the newest stays, whatever its age
            shutil.rmtree(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_log(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main(arguments: List[str]) -> None:
    os.umask(0o077)
    if os.environ.get(DATABASE, "").startswith("postgres"):
        sys.exit("Conversations are in PostgreSQL: docs/exploitation.md tells how to back it up, and to restore it.")
    try:
        if arguments == ["backup"]:
            keep = os.environ.get("KEEP") or str(KEPT)
            if not (keep.isascii() and keep.isdigit() and int(keep) > 0):
                sys.exit(f"KEEP must be a whole number from 1, not “{keep[:20]}”.")
            print(back_up(data_folder(), backups_folder(), int(keep)))
        elif arguments == ["restore"]:
            with_keys = os.environ.get("KEYS", "") == "yes"
            print(restore(_chosen(backups_folder()), data_folder(), backups_folder(), with_keys))
        else:
            sys.exit(USAGE)
    except (CannotBackUp, BadSettings) as error:
        sys.exit(str(error))


def _chosen(to: Path) -> Path:
    """FROM, or the newest that no restore put aside: restoring twice must not bring back what was just replaced."""
    given: Optional[str] = os.environ.get("FROM")
    found = [Path(given).resolve()] if given else [path for path in backups(to) if not _is_aside(path)]
    if not found:
        raise CannotBackUp(f"There is no backup in {to}; FROM=<backup> names another.")
    return found[-1]


if __name__ == "__main__":
    main(sys.argv[1:])
