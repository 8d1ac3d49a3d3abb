"""docs/reliability.md shows the last measurement, and that nothing acknowledged was lost."""

from __future__ import annotations

from benchmarks.report import measured
from tests.durability.chaos_report import PAGE, table, written


def test_the_page_is_as_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, measured("chaos")) == page


def test_nothing_acknowledged_was_lost() -> None:
    results = measured("chaos")
    for where in ("one server", "two instances"):
        assert len(results[where]) >= 5
        for row in results[where]:
            assert row["acknowledged"] > 0, row
            assert (row["lost"], row["twice"], row["out of order"]) == (0, 0, 0), row


def test_a_table_adds_up() -> None:
    row = {"fault": "x", "acknowledged": 1200, "lost": 1, "twice": 0, "out of order": 2, "longest wait, s": 1.5}
    text = table([row, row])
    assert "| x | 1,200 | 1 | 0 | 2 | 1.5 |" in text
    assert text.endswith("In all: 2,400 messages acknowledged; 2 lost, 0 twice, 4 out of order.")
