"""docs/benchmarks.md says what docs/measurements holds, and the load's plan refuses nonsense."""

from __future__ import annotations

import json

import pytest

from benchmarks import load, report
from benchmarks.machine import KEPT


def test_the_page_says_what_was_measured() -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    assert report.written(page) == page, "run `make plots`"


@pytest.mark.parametrize("name", report.TABLES)
def test_every_measurement_names_its_machine_and_its_day(name: str) -> None:
    kept = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    assert set(kept["machine"]) == {"processor", "cores", "memory", "system", "python"}
    assert f"<!-- {name} -->\n{report.TABLES[name](kept)}\n<!-- end -->" in report.PAGE.read_text(encoding="utf-8")
    assert (report.IMAGES / f"{name}.svg").exists()


def test_what_was_not_reached_is_said() -> None:
    ours = {"turn, median ms": 30.0, "turn 200 of it, ms": 1.0, "turn 5 of a conversation, ms": 1.0}
    stock = {"turn, median ms": 60.0, "turn 200 of it, ms": 1.0, "turn 5 of a conversation, ms": 1.0}
    machine = {"processor": "", "cores": "", "memory": "", "system": "", "python": ""}
    table = report.bench_table({"date": "", "machine": machine, "this bot": ours, "stock": stock})
    assert "| 0.50 | at most 0.2: **not reached** |" in table


@pytest.mark.parametrize(("name", "value"), [("CLIENTS", "0"), ("CLIENTS", "many"), ("DURATION", "1"), ("PAUSE", "-1")])
def test_a_plan_out_of_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        load.plan_of("load")


def test_a_curve_has_no_more_points_than_are_drawn() -> None:
    history = [{"Timestamp": str(1000 + at), "50%": "N/A" if at == 0 else "12"} for at in range(500)]
    curve = load.curve(history, "50%")
    assert curve[0] == [0, 12.0]
    assert len(curve) <= load.POINTS + 3
