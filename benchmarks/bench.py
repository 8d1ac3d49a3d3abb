"""This bot and Rasa as shipped, side by side in one run: `make bench`. Prints a table of ratios.

Timings are noisy; the ratio of two things measured in one run is what counts.
"""

from __future__ import annotations

import concurrent.futures
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict

import yaml

from benchmarks.machine import ROOT, keep
from benchmarks.questions import QUESTIONS
from benchmarks.served import STOCK_MODEL, STOCK_PYTHON, Served, rasa_command, serve_ours, serve_stock

OUR_MODEL = ROOT / "models" / "cacima.tar.gz"
STOCK_EXAMPLES = 12  # of each intent and language: what the stock pipeline can train in minutes
LONG = 3  # conversations of 200 turns: five turns of a single one are too few to tell


def measure(served: Served) -> Dict[str, float]:
    for number in range(10):
        served.say(f"warm-{number}", QUESTIONS[number % 4])
    turns = [served.say(f"turn-{number // 5}", QUESTIONS[number % 4]) for number in range(200)]
    long = [[served.say(f"long-{n}", QUESTIONS[number % 4]) for number in range(200)] for n in range(LONG)]
    begun = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: served.say(f"load-{number % 16}", QUESTIONS[number % 4]), range(160)))
    throughput = 160 / (time.perf_counter() - begun)
    return {
        "ready, s": served.seconds_to_ready,
        "memory, MB": served.memory(),
        "turn, median ms": statistics.median(turns),
        "turn, 95th percentile ms": sorted(turns)[190],
        "turn 5 of a conversation, ms": statistics.median(took for each in long for took in each[3:8]),
        "turn 200 of it, ms": statistics.median(took for each in long for took in each[195:]),
        "turns a second, 16 clients": throughput,
    }


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
    command = ["train", "--skip-validation", "--config", "benchmarks/stock_config.yml"]
    command += ["--data", str(folder), "--out", "models", "--fixed-model-name", "stock"]
    with (ROOT / "var" / "bench-train.log").open("wb") as log:
        subprocess.run([*rasa_command(), *command], cwd=ROOT, check=True, stdout=log, stderr=log)


def reading_time(model: Path, *stock: str) -> float:
    """Median milliseconds a model takes to read a message, measured in a process of its own."""
    command = [str(STOCK_PYTHON if stock else sys.executable), "-m", "benchmarks.nlu", str(model), *stock]
    with (ROOT / "var" / "bench.log").open("ab") as log:
        return float(
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=log).stdout.split()[-1]
        )


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
                results.append(measure(served))
            finally:
                served.stop()
    ours, stock = results
    ours["reading a message, median ms"] = reading_time(OUR_MODEL)
    stock["reading a message, median ms"] = reading_time(STOCK_MODEL, "stock")
    print(f"\n{'':32}{'this bot':>10}{'stock':>10}{'ratio':>8}")
    for key in ours:
        print(f"{key:32}{ours[key]:10.1f}{stock[key]:10.1f}{ours[key] / stock[key]:8.2f}")
    path = keep("bench", {"this bot": rounded(ours), "stock": rounded(stock)})
    print(f"kept in {path.relative_to(ROOT)}; `make plots` draws it")


def rounded(results: Dict[str, float]) -> Dict[str, float]:
    return {key: round(value, 1) for key, value in results.items()}


if __name__ == "__main__":
    main()
