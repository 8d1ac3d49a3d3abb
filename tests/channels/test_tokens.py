"""Keys that are whole, the server's own and replaceable; tokens that name a website's conversation and no other."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator

import pytest

from bot.channels.tokens import Session, Tokens
from bot.runtime import start
from bot.settings import BadSettings
from bot.store.keys import KEY_FILE, LIFETIME, PREVIOUS_FILE, previous_secret, read_secret, rotate
from tests.conftest import ROOT

KEY, OTHER = b"k" * 32, b"o" * 32


def test_only_conversations_of_the_website_are_named() -> None:
    tokens, soon = Tokens(KEY), int(time.time()) + 60
    assert tokens.read(tokens.write(Session("website:someone", soon))) is not None
    for conversation in ("messenger:12345", "someone", "", "rest:website:x"):
        assert tokens.read(tokens.write(Session(conversation, soon))) is None


def test_a_key_rotated_reads_what_it_signed_and_signs_no_more() -> None:
    before = Tokens(OTHER)
    session = before.new()
    tokens = Tokens(KEY, previous=OTHER)
    assert tokens.read(before.write(session)) == session
    assert before.read(tokens.write(tokens.renewed(session))) is None
    assert Tokens(KEY).read(before.write(session)) is None


def test_a_key_is_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    key = read_secret({}, tmp_path)
    assert len(key) >= 32
    assert read_secret({}, tmp_path) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b"k" * 31])
@pytest.mark.parametrize("name", [KEY_FILE, PREVIOUS_FILE])
def test_a_key_cut_short_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BadSettings, match="cut short"):
        start.check({}, ROOT / "models" / "cacima.tar.gz", tmp_path)
    assert path.read_bytes() == content  # what is there is for a person to look at


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / KEY_FILE).write_bytes(KEY)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(BadSettings, match="chmod 600"):
        read_secret({}, tmp_path)


@pytest.mark.parametrize("name", ["CACIMA_SECRET", "CACIMA_SECRET_PREVIOUS"])
def test_a_secret_given_too_short_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        start.check({name: "short"}, ROOT / "models" / "cacima.tar.gz", tmp_path)


def test_all_who_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(60):
            folder = tmp_path / str(number)
            keys = set(pool.map(lambda _, folder=folder: read_secret({}, folder), range(8)))  # type: ignore[misc]
            assert len(keys) == 1
            assert len(keys.pop()) >= 32


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = os.geteuid() == 0 and (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(tmp_path)], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("no small disk can be mounted here: a full one was not tried")
    with (tmp_path / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_leaves_no_half_key(full_disk: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be written"):
        read_secret({}, full_disk)
    assert os.listdir(full_disk) == ["filler"]
    (full_disk / "filler").unlink()
    assert len(read_secret({}, full_disk)) >= 32


def test_rotation_keeps_the_key_before_for_a_day(tmp_path: Path) -> None:
    first = read_secret({}, tmp_path)
    assert previous_secret({}, tmp_path) is None
    rotate(tmp_path)
    assert read_secret({}, tmp_path) != first
    assert previous_secret({}, tmp_path) == first
    long_ago = time.time() - LIFETIME - 1
    os.utime(tmp_path / PREVIOUS_FILE, (long_ago, long_ago))
    assert previous_secret({}, tmp_path) is None
    assert previous_secret({"CACIMA_SECRET_PREVIOUS": OTHER.decode()}, tmp_path) == OTHER


def test_the_command(tmp_path: Path) -> None:
    def run(**settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CACIMA_DATA": str(tmp_path), **settings}
        command = [sys.executable, "-m", "scripts.rotate_secret"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)

    key = read_secret({}, tmp_path)
    assert run().returncode == 0
    assert previous_secret({}, tmp_path) == key
    assert run(CACIMA_SECRET="x" * 32).returncode == 1
