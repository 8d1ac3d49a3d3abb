"""scripts/release: a version that does not answer is never served for long, and the one before can be had back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
import requests

from tests.conftest import ROOT
from tests.ports import free_port

# Stands in for the bot: answers /health/ready with 200 or 503 as its version says, and names the version.
STAND_IN = """
import http.server, os, pathlib, sys
health = pathlib.Path("health").read_text().strip()
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        here = health if os.environ.get("SERVED") else health.replace("served-only", "200")
        self.send_response(503 if here in ("503", "served-only") else 200)
        self.end_headers()
        self.wfile.write(pathlib.Path("version").read_bytes())
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""
RESTART = """#!/bin/sh
[ -f "$CACIMA_HOME/pid" ] && kill "$(cat "$CACIMA_HOME/pid")" 2>/dev/null
sleep 0.3
cd "$CACIMA_HOME/current" && SERVED=1 setsid .venv/bin/python >/dev/null 2>&1 &
echo $! >"$CACIMA_HOME/pid"
"""


class Home:
    """A clone with a Makefile that makes a stand-in of the bot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/health/ready"
        folder.mkdir()
        self.git("init", "-q")
        (folder / "stand_in.py").write_text(STAND_IN)
        (folder / "Makefile").write_text(
            "train:\n\t@mkdir -p .venv/bin\n"
            f"\t@printf '#!/bin/sh\\nexec {sys.executable} stand_in.py\\n' > .venv/bin/python\n"
            "\t@chmod +x .venv/bin/python\n"
        )
        (folder / ".gitignore").write_text("/releases/\n/current\n/pid\n/restart*\n/units/\n.venv/\n")
        (folder / "restart").write_text(RESTART)
        (folder / "restart").chmod(0o755)

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, version: str, health: str = "200") -> str:
        (self.folder / "version").write_text(version)
        (self.folder / "health").write_text(health)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", version)
        return self.git("rev-parse", "--short=12", "HEAD")

    def release(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CACIMA_", "MAKE"))},
            "CACIMA_HOME": str(self.folder),
            "CACIMA_RESTART": str(self.folder / "restart"),
            "CACIMA_READY": self.url,
            "CACIMA_PATIENCE": "4",
            "CACIMA_UNITS": str(self.folder / "units"),
            "PORT": str(self.port),
        }
        command = [str(ROOT / "scripts" / "release"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    def served(self) -> str:
        return requests.get(self.url, timeout=5).text


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    for program in ("git", "make", "curl", "setsid", "flock"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: releases were not tried")
    made = Home(tmp_path / "home")
    yield made
    if (made.folder / "pid").exists():
        subprocess.run(["kill", (made.folder / "pid").read_text().strip()], check=False, capture_output=True)


def test_from_one_version_to_the_next_and_back(home: Home) -> None:
    for version in ("one", "two"):
        name = home.commit(version)
        assert home.release("build").returncode == 0
        done = home.release("switch", name)
        assert done.returncode == 0, done.stderr
        assert home.served() == version
    assert home.release("rollback").returncode == 0
    assert home.served() == "one"
    assert home.release("rollback").returncode == 0
    assert home.served() == "two"
    assert f"* {name}" in home.release("list").stdout


def test_a_version_that_does_not_answer_is_not_built(home: Home) -> None:
    home.commit("broken", health="503")
    done = home.release("build")
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert not (home.folder / "current").exists()


def test_a_version_that_fails_once_served_gives_way_to_the_one_before(home: Home) -> None:
    """Its own data was well, the service's is not."""
    good = home.commit("good")
    home.release("build")
    home.release("switch", good)
    bad = home.commit("bad", health="served-only")
    assert home.release("build").returncode == 0
    done = home.release("switch", bad)
    assert done.returncode == 1
    assert f"{good} is served again" in done.stderr
    assert home.served() == "good"


def test_old_versions_go_and_those_in_use_stay(home: Home) -> None:
    first = home.commit("0")
    home.release("build")
    home.release("switch", first)
    for number in range(1, 6):
        name = home.commit(str(number))
        home.release("build")
    home.release("switch", name)
    left = {path.name for path in (home.folder / "releases").iterdir() if path.is_dir()}
    assert {first, name} <= left
    assert len(left) <= 4


def test_switching_to_the_one_served_leaves_the_way_back(home: Home) -> None:
    first = home.commit("0")
    home.release("build")
    home.release("switch", first)
    for number in range(1, 4):
        name = home.commit(str(number))
        home.release("build")
    for _ in range(2):
        assert home.release("switch", name).returncode == 0
    assert home.release("rollback").returncode == 0
    assert home.served() == "0"


def test_those_that_never_answered_push_none_out(home: Home) -> None:
    good = []
    for number in range(3):
        good.append(home.commit(str(number)))
        home.release("build")
        home.release("switch", good[-1])
    refused = home.commit("broken", health="503")
    home.release("build")
    assert f"  {refused} (never answered)" in home.release("list").stdout
    assert "never answered" in home.release("switch", refused).stderr
    assert home.served() == "2"
    home.release("switch", good[-1])
    assert {path.name for path in (home.folder / "releases").iterdir() if path.is_dir()} == set(good)


def test_a_model_trained_elsewhere_is_taken(home: Home) -> None:
    """Training takes more memory than a server that only serves has."""
    (home.folder / "restart.model").write_text("trained elsewhere")
    name = home.commit("one")
    assert home.release("build", "HEAD", str(home.folder / "restart.model")).returncode == 0
    assert (home.folder / "releases" / name / "models" / "cacima.tar.gz").read_text() == "trained elsewhere"


def test_units_of_another_release_are_named(home: Home) -> None:
    for folder in ("deploy", "units"):
        (home.folder / folder).mkdir()
        for unit in ("same.service", "other.service", "only-here.timer"):
            (home.folder / folder / unit).write_text(f"{folder if unit == 'other.service' else 'same'}")
    (home.folder / "units" / "only-here.timer").unlink()
    name = home.commit("one")
    home.release("build")
    done = home.release("switch", name)
    assert done.returncode == 0
    assert done.stderr.count(" differs from ") == 1
    assert f"{home.folder}/units/other.service" in done.stderr


@pytest.mark.parametrize("held", ["backups/cacima-1/conversations.db", "var/conversations.db", "var/secret.key"])
def test_what_holds_data_is_never_deleted(home: Home, held: str) -> None:
    first = home.commit("0")
    home.release("build")
    (home.folder / "releases" / first / held).parent.mkdir(parents=True)
    (home.folder / "releases" / first / held).write_text("kept")
    for number in range(1, 5):
        name = home.commit(str(number))
        home.release("build")
    done = home.release("switch", name)
    assert f"Release {first} holds" in done.stderr
    assert (home.folder / "releases" / first / held).read_text() == "kept"
    assert len(list((home.folder / "releases").iterdir())) == 4


def test_what_is_not_there(home: Home) -> None:
    assert "release build first" in home.release("switch", "nothing").stderr
    assert "No release" in home.release("rollback").stderr
    assert "usage" in home.release().stderr
