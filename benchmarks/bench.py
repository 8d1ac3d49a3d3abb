"""This bot and Rasa as shipped, side by side in one run: `make bench`. Prints a table of ratios.

Timings are noisy; the ratio of two things measured in one run is what counts.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Dict, List

import yaml

from benchmarks.nlu import QUESTIONS

ROOT = Path(__file__).resolve().parents[1]
OUR_MODEL = ROOT / "models" / "cacima.tar.gz"
STOCK_MODEL = ROOT / "models" / "stock.tar.gz"
STOCK_EXAMPLES = 12  # of each intent and language: what the stock pipeline can train in minutes


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Served:
    """A served bot, ready when it answers; times in milliseconds, memory in MB, of all its processes."""

    def __init__(self, commands: List[List[str]], port: int, environment: Dict[str, str]) -> None:
        self._url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        log = (ROOT / "var" / "bench.log").open("ab")
        started = time.monotonic()
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
            for command in commands
        ]
        while time.monotonic() - started < 300:
            try:
                self.say("warm", "bonjour")
                break
            except OSError:
                time.sleep(0.25)
        self.seconds_to_ready = time.monotonic() - started

    def say(self, sender: str, text: str) -> float:
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
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

    def measure(self) -> Dict[str, float]:
        for number in range(10):
            self.say(f"warm-{number}", QUESTIONS[number % 4])
        turns = [self.say(f"turn-{number // 5}", QUESTIONS[number % 4]) for number in range(200)]
        long = [self.say("long", QUESTIONS[number % 4]) for number in range(200)]
        begun = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda number: self.say(f"load-{number % 16}", QUESTIONS[number % 4]), range(160)))
        throughput = 160 / (time.perf_counter() - begun)
        return {
            "ready, s": self.seconds_to_ready,
            "memory, MB": self.memory(),
            "turn, median ms": statistics.median(turns),
            "turn, 95th percentile ms": sorted(turns)[190],
            "turn 5 of a conversation, ms": statistics.median(long[3:8]),
            "turn 200 of it, ms": statistics.median(long[195:]),
            "turns a second, 16 clients": throughput,
        }

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


def train_stock(folder: Path) -> None:
    """The default pipeline on a sample of the same examples, and the same rules."""
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for intent in content["nlu"]:
            lines = [line for line in intent["examples"].splitlines() if line.strip()]
            intent["examples"] = "\n".join(lines[:STOCK_EXAMPLES]) + "\n"
        (folder / f"{path.parent.name}-{path.name}").write_text(yaml.safe_dump(content), encoding="utf-8")
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    command = ["-m", "rasa", "train", "--skip-validation", "--config", "benchmarks/stock_config.yml"]
    command += ["--data", str(folder), "--out", "models", "--fixed-model-name", "stock"]
    with (ROOT / "var" / "bench-train.log").open("wb") as log:
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=log, stderr=log)


def reading_time(model: Path, *stock: str) -> float:
    """Median milliseconds a model takes to read a message, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.nlu", str(model), *stock]
    with (ROOT / "var" / "bench.log").open("ab") as log:
        return float(
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=log).stdout.split()[-1]
        )


def serve_ours(folder: Path) -> Served:
    port = free_port()
    return Served([[sys.executable, "-m", "bot.runtime.serve"]], port, {"PORT": str(port), "CACIMA_DATA": str(folder)})


def serve_stock(folder: Path) -> Served:
    """`rasa run` and `rasa run actions`, SQLite, the stock REST channel."""
    port, actions = free_port(), free_port()
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "stock.db")},
    }
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    rasa = [sys.executable, "-m", "rasa", "run"]
    server = ["--model", str(STOCK_MODEL), "--endpoints", str(folder / "endpoints.yml"), "--interface", "127.0.0.1"]
    server += ["--credentials", str(folder / "credentials.yml"), "--port", str(port)]
    return Served([[*rasa, *server], [*rasa, "actions", "--port", str(actions)]], port, {})


def main() -> None:
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not STOCK_MODEL.exists():
            print("training Rasa's default pipeline on a sample (minutes)", flush=True)
            (folder / "data").mkdir()
            train_stock(folder / "data")
        results = []
        for serve in (serve_ours, serve_stock):
            served = serve(folder)
            try:
                results.append(served.measure())
            finally:
                served.stop()
    ours, stock = results
    ours["reading a message, median ms"] = reading_time(OUR_MODEL)
    stock["reading a message, median ms"] = reading_time(STOCK_MODEL, "stock")
    print(f"\n{'':32}{'this bot':>10}{'stock':>10}{'ratio':>8}")
    for key in ours:
        print(f"{key:32}{ours[key]:10.1f}{stock[key]:10.1f}{ours[key] / stock[key]:8.2f}")


if __name__ == "__main__":
    main()
