"""The machine a measurement was made on, and where measurements are kept."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any, Dict

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "measurements"


def machine() -> Dict[str, str]:
    """What matters of it, in words."""
    processor = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    kilobytes = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    system = next((line.split("=", 1)[1].strip('"') for line in _lines("/etc/os-release") if "PRETTY" in line), "")
    return {
        "processor": processor,
        "cores": str(os.cpu_count()),
        "memory": f"{kilobytes / 1024 / 1024:.0f} GiB",
        "system": system,
        "python": platform.python_version(),
    }


def keep(name: str, results: Dict[str, Any]) -> Path:
    """Writes a measurement with its date and machine to docs/measurements, for benchmarks/report.py to draw."""
    path = KEPT / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"date": datetime.date.today().isoformat(), "machine": machine(), **results}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _lines(path: str) -> Any:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
