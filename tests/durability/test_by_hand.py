"""scripts/cacima: what is done by hand works on the data of the service, with its settings, and runs none of them."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest

from tests.conftest import ROOT

SETTINGS = """\
# a comment
; and another
CACIMA_DATABASE_URL="postgresql://me:a b@host/base"
 CACIMA_SECRET = spaced
CACIMA REST=not an assignment
CACIMA_RETENTION_DAYS='30'
CACIMA_SMTP_URL=$(touch ran)`touch ran`$HOME\t
CACIMA_DATA=FOLDER/data
"""


class Home:
    """A release whose commands say what they were given."""

    def __init__(self, folder: Path) -> None:
        for program in ("make", "runuser"):
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed: scripts/cacima was not tried")
        self.folder = folder
        release = folder / "releases" / "one"
        release.mkdir(parents=True)
        said = "\t@env; echo WHO=$$WHO; echo AT=$$PWD\n"
        (release / "Makefile").write_text(f"backup restore erase:\n{said}")
        (folder / "current").symlink_to("releases/one")
        (folder / "env").write_text(SETTINGS.replace("FOLDER", str(folder)))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CACIMA_", "MAKE"))},
            "CACIMA_HOME": str(self.folder),
            "CACIMA_USER": getpass.getuser(),
            "CACIMA_ENV": str(self.folder / "env"),
        }
        command = [str(ROOT / "scripts" / "cacima"), *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)

    def given(self, *arguments: str) -> Dict[str, str]:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_command_has_the_settings_of_the_service(home: Home) -> None:
    given = home.given("erase", "WHO=website:a b")
    assert given["CACIMA_DATABASE_URL"] == "postgresql://me:a b@host/base"
    assert given["CACIMA_RETENTION_DAYS"] == "30"
    assert given["CACIMA_DATA"] == f"{home.folder}/data"
    assert given["CACIMA_BACKUPS"] == "/var/lib/cacima-backups"
    assert given["WHO"] == "website:a b"
    assert given["AT"] == str(home.folder / "releases" / "one")
    assert given["CACIMA_SECRET"] == "spaced"


def test_nothing_in_the_settings_is_run(home: Home) -> None:
    assert home.given("backup")["CACIMA_SMTP_URL"] == "$(touch ran)`touch ran`$HOME"
    assert not list(home.folder.rglob("ran"))


def test_what_is_not_there(home: Home) -> None:
    assert "usage" in home.run().stderr
    assert "usage" in home.run("run").stderr
    (home.folder / "env").unlink()
    assert home.given("erase")["CACIMA_DATA"] == "/var/lib/cacima"
    (home.folder / "current").unlink()
    assert "No release is served" in home.run("backup").stderr


def test_a_key_that_rules_is_named(tmp_path: Path) -> None:
    """rotate-secret changes a file, which is not what signs where CACIMA_SECRET is set."""
    command = [sys.executable, "-m", "scripts.rotate_secret"]
    environment = {**os.environ, "CACIMA_DATA": str(tmp_path), "CACIMA_SECRET": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "CACIMA_SECRET" in done.stdout
    environment["CACIMA_SECRET"] = "s" * 40
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "CACIMA_SECRET_PREVIOUS" in done.stderr
