"""Started where nothing but an old encoding is known, the server starts, and the shell answers."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.runtime.terminal import PLAIN, accept_any
from tests.conftest import ROOT, ServedBot
from tests.ports import free_port

ENCODINGS = ["iso8859-15", "cp850", "ascii"]


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("Prêt – « c'est quoi » ?", "ascii", 'Pret - " c\'est quoi " ?'),
        ("Prêt – 20 M€", "iso8859-15", "Prêt - 20 M€"),
        ("cœur… 3→4 😀", "cp850", "coeur... 3->4 ?"),
    ],
)
def test_what_cannot_be_written_is_spelt(text: str, encoding: str, shown: str) -> None:
    accept_any()
    assert codecs.lookup_error(PLAIN)
    assert text.encode(encoding, PLAIN).decode(encoding).replace("\u00a0", " ") == shown


def test_the_server_starts_and_answers(tmp_path: Path) -> None:
    """It writes and never reads: what any other encoding cannot write, ASCII cannot either."""
    bot = ServedBot(tmp_path, {"PYTHONIOENCODING": "ascii:strict"}).start()
    try:
        assert "23" in bot.say("me", "Combien de PTCE ?")[0]["text"]
        assert '"level": "error"' not in bot.log.read_text(encoding="utf-8", errors="replace")
    finally:
        bot.stop()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_shell_answers(tmp_path: Path, encoding: str) -> None:
    environment = {**os.environ, "CACIMA_DATA": str(tmp_path), "PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve", "shell"],
        cwd=ROOT,
        env={**environment, "PYTHONIOENCODING": f"{encoding}:strict"},
        input="Combien de PTCE ont été labellisés ?\n/stop\n".encode(encoding, "replace"),
        capture_output=True,
        timeout=180,
    )
    assert "23 PTCE" in done.stdout.decode(encoding, "replace").replace("\u00a0", " "), done.stderr[-2000:]
    assert b"UnicodeEncodeError" not in done.stdout + done.stderr
