"""A backup is whole, checked and enough to begin again with; what was erased after it does not come back with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest
from sqlalchemy.engine.url import make_url

from bot.channels.messenger.inbox import SqliteInbox
from bot.runtime.start import hold
from bot.store.conversations import ConversationStore
from scripts.backup import CannotBackUp, back_up, backups, backups_folder, restore, verify
from tests.conftest import ROOT, ServedBot
from tests.durability.people import SETTINGS, Person, await_answers
from tests.privacy.kept import events_of, holds
from tests.website_client import Visitor


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with two conversations, Messenger's inbox and a key."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = ConversationStore(url=make_url(f"sqlite:///{folder / 'conversations.db'}"))
    with store.engine.begin() as connection:
        for sender in ("website:a", "messenger:7"):
            connection.exec_driver_sql(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)",
                (sender, time.time() - 60, f'{{"event": "user", "text": "{sender} Tadorne"}}'),
            )
            connection.exec_driver_sql("INSERT INTO conversations VALUES (?, 'v', 0, ?)", (sender, time.time()))
    store.close()
    inbox = SqliteInbox(folder / "messenger.db")
    inbox.pause("7", time.time() + 1000)
    inbox.close()
    (folder / "secret.key").write_bytes(b"k" * 64)
    (folder / "secret.key").chmod(0o600)
    return folder


def erase(folder: Path, sender: str) -> None:
    store = ConversationStore(url=make_url(f"sqlite:///{folder / 'conversations.db'}"))
    asyncio.run(store.delete(sender))
    store.close()


def paused(folder: Path) -> List[str]:
    with contextlib.closing(sqlite3.connect(folder / "messenger.db")) as db:
        return [row[0] for row in db.execute("SELECT person FROM paused")]


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    verify(made)
    assert {path.name for path in made.iterdir()} == {"conversations.db", "messenger.db", "secret.key", "manifest.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (made, *made.iterdir()))
    for path in data.iterdir():
        path.unlink()
    assert "0 conversations" in restore(made, data, tmp_path / "backups")
    assert len(events_of(data, "website:a")) == 1
    assert paused(data) == ["7"]
    assert (data / "secret.key").read_bytes() == b"k" * 64
    assert all(path.stat().st_mode & 0o077 == 0 for path in data.iterdir() if path.name != "serving.lock")


def test_what_was_erased_since_stays_erased(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    erase(data, "website:a")
    erase(data, "messenger:7")
    assert "2 conversations" in restore(made, data, tmp_path / "backups")
    assert events_of(data, "website:a") == events_of(data, "messenger:7") == []
    assert not holds(data, "Tadorne")
    assert paused(data) == []
    store = ConversationStore(url=make_url(f"sqlite:///{data / 'conversations.db'}"))
    assert asyncio.run(store.is_erased("website:a"))  # its token is dead still
    store.close()


def test_a_database_lost_since_is_erased_by_what_later_backups_know(data: Path, tmp_path: Path) -> None:
    first = back_up(data, tmp_path / "backups")
    erase(data, "website:a")
    back_up(data, tmp_path / "backups")
    for path in data.iterdir():
        path.unlink()
    assert "1 conversations" in restore(first, data, tmp_path / "backups")
    assert events_of(data, "website:a") == []
    assert len(events_of(data, "messenger:7")) == 1


def test_what_was_said_after_an_erasure_stays(data: Path, tmp_path: Path) -> None:
    erase(data, "messenger:7")
    with sqlite3.connect(data / "conversations.db") as db:
        values = ("messenger:7", time.time() + 1, '{"event": "user"}')
        db.execute("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)", values)
        db.execute("INSERT INTO conversations VALUES ('messenger:7', 'w', 0, ?)", (time.time(),))
    made = back_up(data, tmp_path / "backups")
    assert "0 conversations" in restore(made, data, tmp_path / "backups")
    assert len(events_of(data, "messenger:7")) == 1


def test_a_backup_is_refused_where_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="CACIMA_DATA"):
        back_up(tmp_path / "dtaa", tmp_path / "backups")
    assert list(tmp_path.iterdir()) == []


def test_a_release_holds_no_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is deleted once there are newer ones."""
    monkeypatch.setattr("scripts.backup.ROOT", tmp_path / "releases" / "0123456789ab")
    for name in ("TO", "CACIMA_BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CannotBackUp, match="TO=<folder> or CACIMA_BACKUPS"):
        backups_folder()
    monkeypatch.setenv("CACIMA_BACKUPS", str(tmp_path / "backups"))
    assert backups_folder() == tmp_path / "backups"


def test_a_damaged_database_gives_no_backup(data: Path, tmp_path: Path) -> None:
    content = bytearray((data / "conversations.db").read_bytes())
    content[4096:8192] = os.urandom(4096)
    (data / "conversations.db").write_bytes(content)
    with pytest.raises(CannotBackUp):
        back_up(data, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "gone", "no manifest"])
def test_a_damaged_backup_replaces_nothing(data: Path, tmp_path: Path, damage: str) -> None:
    made = back_up(data, tmp_path / "backups")
    if damage == "cut":
        (made / "conversations.db").write_bytes((made / "conversations.db").read_bytes()[:5000])
    else:
        (made / ("manifest.json" if damage == "no manifest" else "messenger.db")).unlink()
    before = (data / "conversations.db").read_bytes()
    with pytest.raises(CannotBackUp):
        restore(made, data, tmp_path / "backups")
    assert (data / "conversations.db").read_bytes() == before


def test_not_beside_a_bot_at_work(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    with hold(data), pytest.raises(CannotBackUp, match="stop it first"):
        restore(made, data, tmp_path / "backups")


def test_what_is_replaced_can_be_had_back(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    (data / "secret.key").write_bytes(b"n" * 64)
    restore(made, data, tmp_path / "backups", with_keys=True)
    newest = backups(tmp_path / "backups")[-1]
    assert newest != made
    assert (newest / "secret.key").read_bytes() == b"n" * 64


def test_a_key_in_use_stays_unless_it_is_asked_for(data: Path, tmp_path: Path) -> None:
    """The backup's may be one that leaked, and was changed for that."""
    made = back_up(data, tmp_path / "backups")
    (data / "secret.key").write_bytes(b"n" * 64)
    assert "KEYS=yes" in restore(made, data, tmp_path / "backups")
    assert (data / "secret.key").read_bytes() == b"n" * 64
    restore(made, data, tmp_path / "backups", with_keys=True)
    assert (data / "secret.key").read_bytes() == b"k" * 64


def test_the_key_before_is_no_younger_for_having_been_restored(data: Path, tmp_path: Path) -> None:
    (data / "secret.previous.key").write_bytes(b"p" * 64)
    os.utime(data / "secret.previous.key", (1_000_000, 1_000_000))
    made = back_up(data, tmp_path / "backups")
    restore(made, data, tmp_path / "backups", with_keys=True)
    assert (data / "secret.previous.key").stat().st_mtime == 1_000_000


def test_a_second_restore_does_not_undo_the_first(data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.backup", "restore"]
    environment = {**os.environ, "CACIMA_DATA": str(data), "TO": str(tmp_path / "backups"), "CACIMA_DATABASE_URL": ""}
    made = back_up(data, tmp_path / "backups")
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        assert done.stdout.startswith(f"{made} is restored"), done.stderr
    assert len(backups(tmp_path / "backups")) == 3


def test_a_common_folder_stays_common(data: Path, tmp_path: Path) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common").chmod(0o1777)
    back_up(data, tmp_path / "common")
    assert (tmp_path / "common").stat().st_mode & 0o7777 == 0o1777


def test_rotation(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to = tmp_path / "backups"
    old = to / "cacima-20200101T000000.000000Z"
    old.mkdir(parents=True)
    (to / "something else").mkdir()
    made = [back_up(data, to, keep=2) for _ in range(4)]
    assert backups(to) == made[-2:]  # and the one older than the retention is gone
    assert (to / "something else").is_dir()


def test_under_load_and_served_again(tmp_path: Path) -> None:
    """Made while people write; what it holds is answered from as if nothing had been."""
    data, to = tmp_path / "data", tmp_path / "backups"
    bot = ServedBot(tmp_path, {**SETTINGS, "CACIMA_DATA": str(data)}).start()
    environment = {**os.environ, "CACIMA_DATA": str(data), "TO": str(to), "CACIMA_DATABASE_URL": ""}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "scripts.backup", command]
        return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)

    try:
        early = Visitor(bot.url)
        early.say("What is a PTCE?")
        person = Person([bot], pause=0)
        person.start()
        await_answers([person], 3)
        assert run("backup").returncode == 0
        person.enough()
        assert not person.faults
        assert "stop it first" in run("restore").stderr
        bot.stop()
        assert run("restore").returncode == 0
        bot.start()
        assert [message["from"] for message in early.history()][:2] == ["you", "bot"]
        kept = [message["id"] for message in person.visitor.history() if message["from"] == "you"]
        assert len(kept) >= 3
        assert kept == person.sent[: len(kept)]
    finally:
        bot.stop()


def test_the_command_says_what_is_wrong(data: Path, tmp_path: Path) -> None:
    def run(command: str, **settings: str) -> str:
        environment = {**os.environ, "CACIMA_DATA": str(tmp_path / "none"), "TO": str(tmp_path), **settings}
        arguments = [sys.executable, "-m", "scripts.backup", command]
        done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        return done.stderr

    assert "CACIMA_DATA" in run("backup")
    assert "no backup" in run("restore")
    (tmp_path / "file").touch()
    assert "cannot be made" in run("backup", CACIMA_DATA=str(data), TO=str(tmp_path / "file" / "backups"))
    made = str(back_up(data, tmp_path / "backups"))
    assert "cannot be made" in run("restore", FROM=made, CACIMA_DATA=str(tmp_path / "file" / "data"))
    assert "cannot be made" in run("restore", FROM=made, CACIMA_DATA=str(data), TO=str(tmp_path / "file" / "backups"))
    assert "KEEP" in run("backup", KEEP="none")
    assert "usage" in run("both")
    assert "PostgreSQL" in run("backup", CACIMA_DATABASE_URL="postgresql://me@host/db")
