"""What the bot keeps is for its own user alone, whatever the umask it is started with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy.engine.url import make_url

from bot.runtime.start import keep_private
from bot.store.conversations import ConversationStore
from tests.conftest import ROOT, ServedBot


def others(path: Path) -> int:
    return path.stat().st_mode & 0o077


def test_served_with_a_common_umask(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    bot = ServedBot(tmp_path, {"CACIMA_DATA": str(folder)})
    bot.command = ["sh", "-c", 'umask 022; exec "$@"', "sh", *bot.command]
    bot.start()
    try:
        bot.say("me", "Combien de PTCE ?")
        made = {path.name: others(path) for path in folder.iterdir()}
        assert {"conversations.db", "conversations.db-wal", "secret.key"} <= set(made)
        assert set(made.values()) == {0}
        assert others(folder) == 0
    finally:
        bot.stop()


def test_what_lay_open_is_closed(tmp_path: Path) -> None:
    for name in ("conversations.db", "conversations.db-wal", "messenger.db", "secret.key", "other"):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    keep_private(tmp_path)
    assert others(tmp_path) == 0
    open_still = {path.name for path in tmp_path.iterdir() if others(path)}
    assert open_still == {"secret.key", "other"}


def test_a_common_folder_stays_common(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    keep_private(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_the_store_by_itself(tmp_path: Path) -> None:
    """As commands and stock Rasa open it."""
    before = os.umask(0o022)
    try:
        store = ConversationStore(url=make_url(f"sqlite:///{tmp_path / 'conversations.db'}"))
        assert {others(path) for path in tmp_path.iterdir()} == {0}
        store.close()
    finally:
        os.umask(before)


def test_the_move_command_makes_nothing_of_a_wrong_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.store.move", str(tmp_path / "gone.db"), "postgresql://nobody@127.0.0.1:1/x"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60).returncode == 1
    assert list(tmp_path.iterdir()) == []
