"""A start that cannot go well is refused in one line that says what to mend, and shows no secret."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Dict, List

import pytest

from bot.runtime import start
from bot.store.settings import BadSettings
from tests.conftest import ROOT
from tests.ports import free_port


def refused(tmp_path: Path, settings: Dict[str, str]) -> str:
    """The one line."""
    lines = started(tmp_path, settings)
    assert len(lines) == 1, lines
    return lines[0]


def started(tmp_path: Path, settings: Dict[str, str]) -> List[str]:
    """What a start that is refused says."""
    environment = {**os.environ, "PORT": str(free_port()), "CACIMA_DATA": str(tmp_path / "data"), **settings}
    environment["PYTHONWARNINGS"] = "ignore"
    environment["CACIMA_MESSENGER_APP_SECRET"] = ""
    done = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 1, done.stderr
    lines = [line for line in (done.stdout + done.stderr).strip().split("\n") if "Messenger is off" not in line]
    assert not any("s3cret" in line for line in lines)
    return lines


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT must be a number"),
        ("PORT", "70000", "PORT must be a number"),
        ("CACIMA_DATABASE_URL", "mysql://me:s3cret@localhost/db", "CACIMA_DATABASE_URL must look like"),
        ("CACIMA_DATABASE_URL", "postgresql://me:s3cret@localhost:port/db", "CACIMA_DATABASE_URL must look like"),
        ("CACIMA_REDIS_URL", "localhost:6379", "CACIMA_REDIS_URL must look like"),
        ("CACIMA_REDIS_URL", "redis://:s3cret@host:port/0", "CACIMA_REDIS_URL must look like"),
        ("CACIMA_DATA", "/dev/null/data", "cannot be written"),
        ("CACIMA_MODEL", "/no/such/model.tar.gz", "make train"),
        ("CACIMA_SESSION_TURNS", "0", "CACIMA_SESSION_TURNS must be"),
    ],
)
def test_bad_settings(tmp_path: Path, name: str, value: str, said: str) -> None:
    """Checked in this process: what a start does with the fault is the same for all of them."""
    environment = {name: value}
    model = Path(environment.get("CACIMA_MODEL", ROOT / "models" / "cacima.tar.gz"))
    with pytest.raises(BadSettings) as found:
        start.check(environment, model, Path(environment.get("CACIMA_DATA", tmp_path)))
    assert said in str(found.value)
    assert "s3cret" not in str(found.value)
    assert "\n" not in str(found.value)


def test_a_start_with_a_bad_setting_says_so_in_one_line(tmp_path: Path) -> None:
    assert "PORT must be a number" in refused(tmp_path, {"PORT": "abc"})
    unreachable = {"CACIMA_DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/db"}
    assert "The database cannot be used" in refused(tmp_path, unreachable)


def test_a_name_misspelt_is_told(tmp_path: Path) -> None:
    unreachable = {"CACIMA_DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/db"}
    lines = started(tmp_path, {**unreachable, "CACIMA_PROXY": "1", "CACIMA_BACKUPS": "/backups"})
    assert len(lines) == 2
    assert any(line.startswith("CACIMA_PROXY is no setting") for line in lines)


def test_stopped_while_it_loads_it_leaves_no_model_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "PORT": str(free_port()), "CACIMA_DATA": str(tmp_path), "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "bot.runtime.serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        begun = time.monotonic()
        while not list(temporary.glob("tmp*/metadata.json")):
            assert process.poll() is None
            assert time.monotonic() - begun < 90
            time.sleep(0.02)
        process.terminate()
        said = process.communicate(timeout=30)[0]
    finally:
        process.kill()
    assert process.returncode == 0
    assert list(temporary.iterdir()) == []
    assert b"SystemExit" not in said


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port}" in refused(tmp_path, {"PORT": port})


def test_models_that_do_not_load(tmp_path: Path) -> None:
    """Not an archive, one cut short, one of something else, and one whose content is broken."""
    good = (ROOT / "models" / "cacima.tar.gz").read_bytes()
    model = tmp_path / "model.tar.gz"
    for content in (b"no model", good[: len(good) // 2]):
        model.write_bytes(content)
        with pytest.raises(BadSettings, match="broken"):
            start.check({}, model, tmp_path)
    with tarfile.open(model, "w:gz") as archive:
        archive.add(__file__, "something.py")
    with pytest.raises(BadSettings, match="no model of Rasa's"):
        start.check({}, model, tmp_path)
    (tmp_path / "metadata.json").write_text("{}")
    with tarfile.open(model, "w:gz") as archive:
        archive.add(tmp_path / "metadata.json", "metadata.json")
    assert "could not be loaded" in refused(tmp_path, {"CACIMA_MODEL": str(model)})
