"""People in conversation with the served bot, by locust: `make load` as fast as it can, `make soak` for long.

Environment: CLIENTS, DURATION (seconds), PAUSE (seconds between two turns of a client). Ends with status 1 if a turn
got no answer.
"""

from __future__ import annotations

import csv
import dataclasses
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List

from benchmarks.machine import ROOT, keep
from benchmarks.served import Served, serve_ours

LOCUST = ROOT / ".tools" / "load" / "bin" / "locust"
LONGEST = 24 * 3600  # seconds
POINTS = 60  # of a curve


@dataclasses.dataclass(frozen=True)
class Plan:
    """How many people, for how long (seconds), with what pause between their turns (seconds)."""

    clients: int
    seconds: int
    pause: float


PLANS = {"load": Plan(16, 60, 0.0), "soak": Plan(4, 1800, 0.5)}


def plan_of(kind: str) -> Plan:
    """The plan of `load` or `soak`, as changed by the environment. Ends with one line where that is wrong."""
    plan = PLANS[kind]
    try:
        plan = Plan(
            int(os.environ.get("CLIENTS") or plan.clients),
            int(os.environ.get("DURATION") or plan.seconds),
            float(os.environ.get("PAUSE") or plan.pause),
        )
    except ValueError:
        sys.exit("CLIENTS and DURATION are whole numbers, PAUSE is a number of seconds.")
    if not (1 <= plan.clients <= 500 and 5 <= plan.seconds <= LONGEST and 0 <= plan.pause <= 60):
        sys.exit("CLIENTS goes from 1 to 500, DURATION from 5 to 86400, PAUSE from 0 to 60.")
    return plan


class Memory:
    """Resident megabytes of a served bot, looked at all along."""

    def __init__(self, served: Served, every: float) -> None:
        self.samples: List[List[float]] = []
        self._served, self._every = served, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        begun = time.monotonic()
        while True:
            self.samples.append([round(time.monotonic() - begun), round(self._served.memory(), 1)])
            if self._over.wait(self._every):
                return


def run(plan: Plan, folder: Path) -> Dict[str, Any]:
    """Serves the bot with its conversations in a folder, lets people talk to it, and says how it went."""
    served = serve_ours(folder)
    locust = [str(LOCUST), "--locustfile", "benchmarks/people.py", "--headless", "--only-summary"]
    locust += ["--host", served.url, "--users", str(plan.clients), "--spawn-rate", str(plan.clients)]
    locust += ["--run-time", f"{plan.seconds}s", "--stop-timeout", "15", "--exit-code-on-error", "0"]
    locust += ["--csv", str(folder / "turns"), "--csv-full-history"]
    try:
        with Memory(served, max(1.0, plan.seconds / POINTS)) as memory:
            environment = {**os.environ, "PAUSE": str(plan.pause), "PYTHONPATH": str(ROOT)}
            with (ROOT / "var" / "load.log").open("wb") as log:
                subprocess.run(locust, cwd=ROOT, env=environment, stdout=log, stderr=log, check=True)
    finally:
        served.stop()
    total = next(row for row in rows(folder / "turns_stats.csv") if row["Name"] == "Aggregated")
    history = [row for row in rows(folder / "turns_stats_history.csv") if row["Name"] == "Aggregated"]
    return {
        "clients": plan.clients,
        "seconds": plan.seconds,
        "pause": plan.pause,
        "turns": int(total["Request Count"]),
        "without an answer": int(total["Failure Count"]),
        "turns a second": round(float(total["Requests/s"]), 1),
        "median ms": float(total["50%"]),
        "95th percentile ms": float(total["95%"]),
        "99th percentile ms": float(total["99%"]),
        "longest ms": round(float(total["Max Response Time"])),
        "memory, MB": memory.samples,
        "median ms over time": curve(history, "50%"),
        "95th percentile ms over time": curve(history, "95%"),
    }


def rows(path: Path) -> List[Dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def curve(history: List[Dict[str, str]], column: str) -> List[List[float]]:
    """[[seconds, value]], no more than POINTS of them."""
    known = [row for row in history if row[column] not in ("", "N/A")]
    begun = int(known[0]["Timestamp"]) if known else 0
    step = max(1, len(known) // POINTS)
    return [[int(row["Timestamp"]) - begun, float(row[column])] for row in known[::step]]


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "load"
    plan = plan_of(kind)
    (ROOT / "var").mkdir(exist_ok=True)
    print(f"{plan.clients} people for {plan.seconds} s, pausing {plan.pause} s between turns", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        results = run(plan, Path(folder))
    for name, value in results.items():
        if not isinstance(value, list):
            print(f"{name:28}{value:>10}")
    first, last = results["memory, MB"][0][1], results["memory, MB"][-1][1]
    print(f"{'memory, MB, first and last':28}{first:>10}{last:>10}")
    print(f"kept in {keep(kind, results).relative_to(ROOT)}")
    if results["without an answer"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
