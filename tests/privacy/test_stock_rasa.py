"""Rasa's own `rasa run`, on our endpoints: what people type is masked before it is kept there too, or it says not."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Iterator

import pytest
import requests
import yaml

from bot.privacy.wording import wording
from tests.conftest import ROOT
from tests.ports import free_port
from tests.privacy.kept import events_of, holds

SECRET = "tatiana.detcheverry@example.pm"
STARTS_WITHIN = 150.0  # seconds; a loaded machine starts slowly


@contextlib.contextmanager
def rasa_run(folder: Path, settings: Dict[str, str]) -> Iterator[str]:
    """Its address; without an action server, which is not what is tried."""
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["tracker_store"]["db"] = str(folder / "conversations.db")
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    port = free_port()
    environment = {**os.environ, "CACIMA_DATA": str(folder), "CACIMA_REST": "local", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "bot.runtime.rasa_command", "run", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--model", "models/cacima.tar.gz", "--endpoints", str(folder / "endpoints.yml")]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**environment, **settings}, stdout=log, stderr=log)
    try:
        begun = time.monotonic()
        while True:
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"http://127.0.0.1:{port}/health/live", timeout=5)
                break
            log_so_far = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, log_so_far
            assert time.monotonic() - begun < STARTS_WITHIN, log_so_far
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@pytest.mark.parametrize("stock", ["", "1"])
def test_masked_or_told_not(tmp_path: Path, stock: str) -> None:
    text = "mon mail est {}, combien de ptce"
    with rasa_run(tmp_path, {"CACIMA_STOCK_RASA": stock}) as url:
        body = {"sender": "me", "message": text.format(SECRET)}
        assert requests.post(f"{url}/webhooks/rest/webhook", json=body, timeout=60).status_code == 200
    said = [event["text"] for event in events_of(tmp_path, "me") if event["event"] == "user"]
    assert said == [text.format(SECRET if stock else wording().marks["email"])]
    assert holds(tmp_path, SECRET) is bool(stock)
    told = (tmp_path / "server.log").read_text(encoding="utf-8", errors="replace")
    assert ("nothing is masked" in told) is bool(stock)
