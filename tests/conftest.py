"""What the tests share: the bot, really served, on a free port with a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import hypothesis
import pytest

import bot as _bot  # noqa: F401 – before anything of Rasa: it stands in for what is left out
from tests.ports import free_port
from tests.website_client import HOLDER, OTHER_SITE, SECRET

pytest_plugins = ["tests.alone", "pytester", "tests.no_skips", "tests.web_browser"]

# A loaded machine takes its time; what is tested is never how long an example takes.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN = 90  # seconds; generous, a loaded machine starts slowly


class ServedBot:
    """A running bot. `say` speaks over REST and returns the messages; `stop` and `start` restart it on its data."""

    def __init__(self, folder: Path, extra_environment: Optional[Dict[str, str]] = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {**os.environ, "PORT": str(self.port), "CACIMA_DATA": str(folder)}
        self._environment["CACIMA_REST"] = "local"
        self._environment.update(extra_environment or {})
        self.log = folder / "server.log"
        self.process: Optional[subprocess.Popen[bytes]] = None
        self.command = [sys.executable, "-m", "bot.runtime.serve"]

    def start(self) -> ServedBot:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        begun = time.monotonic()
        while time.monotonic() - begun < START_WITHIN:
            if self.process.poll() is not None:
                break
            if "Ready on" in self.log.read_text(encoding="utf-8", errors="replace"):
                return self
            time.sleep(0.2)
        said = self.log.read_text(encoding="utf-8", errors="replace")
        self.stop()  # a fixture that fails is torn down by nobody, and what it started would slow down all that follow
        raise AssertionError(f"the bot did not start:\n{said[-3000:]}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.log.write_text("", encoding="utf-8")

    def post(self, path: str, body: bytes, headers: Optional[Dict[str, str]] = None) -> Reply:
        request = urllib.request.Request(self.url + path, data=body, headers=headers or {}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Reply(response.status, response.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.read())

    def say(self, sender: str, text: str, **fields: Any) -> List[Dict[str, Any]]:
        body = json.dumps({"sender": sender, "message": text, **fields}).encode()
        reply = self.post("/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        assert reply.status == 200, reply
        return list(reply.json())


class Reply:
    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body

    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:300]!r}>"


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """One served bot for the whole session; tests use senders of their own."""
    served = ServedBot(tmp_path_factory.mktemp("bot")).start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """A bot for the website's tests, which come from one address and write more than a person would."""
    settings = {
        "CACIMA_SECRET": SECRET,
        "CACIMA_WEBSITE_ORIGINS": f"{OTHER_SITE} {HOLDER}",
        "CACIMA_WEBSITE_PER_TOKEN": "100000",
        "CACIMA_WEBSITE_PER_ADDRESS": "100000",
    }
    served = ServedBot(tmp_path_factory.mktemp("site"), settings).start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def model() -> Any:
    """The trained model in this process (tests/nlu/reading.py)."""
    from tests.nlu.reading import Model

    return Model()
