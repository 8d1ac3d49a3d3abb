"""`rasa run actions`, as shipped: its server is for this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List

import pytest

from tests.conftest import ROOT
from tests.ports import free_port

LISTENING = "0A"  # of /proc/net/tcp


def listens_on(port: int) -> List[str]:
    """The addresses a port is open on, as the system writes them: 0100007F is 127.0.0.1."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    found = [row[1].split(":") for row in rows if row[3] == LISTENING]
    return [address for address, number in found if int(number, 16) == port]


@pytest.mark.parametrize(("setting", "address"), [({}, "0100007F"), ({"SANIC_HOST": "127.0.0.2"}, "0200007F")])
def test_it_listens_to_this_machine_only_unless_told_otherwise(
    setting: Dict[str, str], address: str, tmp_path: Path
) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "SANIC_HOST"}
    log = tmp_path / "log"
    with log.open("wb") as said:
        # What `rasa run actions` comes down to, without the twenty seconds Rasa takes to import.
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
            cwd=ROOT, env={**environment, **setting}, stdout=said, stderr=said,
        )  # fmt: skip
    try:
        begun = time.monotonic()
        while not listens_on(port):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() - begun < 60
            time.sleep(0.1)
        assert listens_on(port) == [address]
    finally:
        process.terminate()
        process.wait(20)
