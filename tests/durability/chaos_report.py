"""Writes the tables of docs/reliability.md from docs/measurements/chaos.json (tests/durability/chaos.py)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List

from benchmarks.machine import ROOT
from benchmarks.report import measured, on

PAGE = ROOT / "docs" / "reliability.md"


def table(rows: List[Dict[str, Any]]) -> str:
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    lines += [f"| {' | '.join(_cell(row[name]) for name in names)} |" for row in rows]
    total = sum(row["acknowledged"] for row in rows)
    bad = {name: sum(row[name] for row in rows) for name in ("lost", "twice", "out of order")}
    told = ", ".join(f"{number} {name}" for name, number in bad.items())
    return "\n".join([*lines, "", f"In all: {total:,} messages acknowledged; {told}."])


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def written(page: str, results: Dict[str, Any]) -> str:
    """The page with what stands between `<!-- NAME -->` and `<!-- end -->` as measured."""
    for name, text in (
        ("machine", f"{results['people']} people, {on(results)}"),
        ("one server", table(results["one server"])),
        ("two instances", table(results["two instances"])),
    ):
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, found = between.subn(lambda match, text=text: f"{match[1]}{text}\n{match[2]}", page)  # type: ignore[misc]
        assert found, name
    return page


def write() -> Path:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), measured("chaos")), encoding="utf-8")
    return PAGE
