"""The bots measured, each in processes of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Dict, List

import yaml

from benchmarks.machine import ROOT

STOCK_PYTHON = ROOT / ".venv-stock" / "bin" / "python"  # `make stock`
STOCK_MODEL = ROOT / "models" / "stock.tar.gz"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def rasa_command() -> List[str]:
    """Rasa's own command: of the stock environment, or, where that is not installed, of this one."""
    if STOCK_PYTHON.exists():
        return [str(STOCK_PYTHON), "-m", "rasa"]
    return [sys.executable, "-m", "bot.runtime.rasa_command"]


class Served:
    """A served bot, ready when it answers; times in milliseconds, memory in MB, of all its processes."""

    def __init__(self, commands: List[List[str]], port: int, environment: Dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        (ROOT / "var").mkdir(exist_ok=True)
        log = (ROOT / "var" / "bench.log").open("ab")
        started = time.monotonic()
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
            for command in commands
        ]
        self._wait(started)
        self.seconds_to_ready = time.monotonic() - started

    def _wait(self, started: float) -> None:
        """Raises RuntimeError where a process ends, or none answers within five minutes."""
        while time.monotonic() - started < 300:
            try:
                self.say("warm", "bonjour")
                return
            except OSError:
                if any(process.poll() is not None for process in self.processes):
                    break
                time.sleep(0.25)
        self.stop()
        raise RuntimeError("The bot did not start: var/bench.log says why.")

    def say(self, sender: str, text: str) -> float:
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        begun = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as response:
            response.read()
        return (time.perf_counter() - begun) * 1000

    def memory(self) -> float:
        total = 0
        for process in self.processes:
            for line in Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines():
                total += int(line.split()[1]) if line.startswith("VmRSS") else 0
        return total / 1024

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


def serve_ours(folder: Path) -> Served:
    port = free_port()
    settings = {"PORT": str(port), "CACIMA_DATA": str(folder), "CACIMA_REST": "local"}
    return Served([[sys.executable, "-m", "bot.runtime.serve"]], port, settings)


def serve_stock(folder: Path, model: Path = STOCK_MODEL, **endpoints_added: Any) -> Served:
    """`rasa run` and `rasa run actions`, SQLite, the stock REST channel; `endpoints_added`: more of endpoints.yml."""
    port, actions = free_port(), free_port()
    endpoints = {
        **endpoints_added,
        "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "stock.db")},
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    rasa = [*rasa_command(), "run"]
    server = ["--model", str(model), "--endpoints", str(folder / "endpoints.yml"), "--interface", "127.0.0.1"]
    server += ["--credentials", str(folder / "credentials.yml"), "--port", str(port)]
    served = Served([[*rasa, *server], [*rasa, "actions", "--port", str(actions)]], port, {})
    while served.processes[1].poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{actions}/health", timeout=5).close()
            break
        except OSError:
            time.sleep(0.25)
    return served
