"""scripts/backup-postgresql, with a docker that stands in: whole or not there, closed to others, and not kept long."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Dict

import pytest

from tests.conftest import ROOT

DOCKER = """#!/bin/sh
case "$*" in
*"exec -T postgresql pg_dump -U cacima -Fc cacima") echo dumped; exit "${DUMP:-0}" ;;
*"exec -T postgresql pg_restore --list") [ "$(cat)" = "${WHOLE:-dumped}" ] ;;
*) exit 2 ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    return tmp_path / "backups"


def run(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{folder.parent / 'bin'}:{os.environ['PATH']}", **settings}
    command = [str(ROOT / "scripts" / "backup-postgresql"), str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_a_backup_is_for_its_owner(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 0, done.stderr
    made = Path(done.stdout.strip())
    assert made.read_text() == "dumped\n"
    assert made.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("fault", [{"DUMP": "1"}, {"WHOLE": "more"}])
def test_what_is_not_whole_is_not_there(folder: Path, fault: Dict[str, str]) -> None:
    assert run(folder, **fault).returncode != 0
    assert list(folder.iterdir()) == []


def test_old_ones_go(folder: Path) -> None:
    folder.mkdir()
    for day in range(1, 7):
        old = folder / f"cacima-202001{day:02}T000000Z.dump"
        old.touch()
        os.utime(old, (time.time() - (10 - day) * 86400,) * 2)
    (folder / "another").touch()
    made = Path(run(folder, KEEP="4").stdout.strip()).name
    assert sorted(path.name[:15] for path in folder.glob("*.dump")) == [
        *(f"cacima-202001{day:02}" for day in (4, 5, 6)),
        made[:15],
    ]
    os.utime(folder / "cacima-20200106T000000Z.dump")
    made = Path(run(folder, CACIMA_RETENTION_DAYS="5").stdout.strip()).name
    left = {path.name for path in folder.iterdir()}
    assert {made, "cacima-20200106T000000Z.dump", "another"} <= left
    assert "cacima-20200104T000000Z.dump" not in left
