"""`make freshness` lists what has aged; tests/desk/test_around_the_desk.py asks links of a local server."""

from __future__ import annotations

import datetime

import pytest

from bot.knowledge.load import knowledge
from scripts import freshness

BEFORE_THE_LABELS_END = datetime.date(2026, 11, 27)


def test_what_ends_soon_is_listed() -> None:
    said = "\n".join(freshness.lines(knowledge(), BEFORE_THE_LABELS_END))
    assert "2026-12-31  pole_competitivite.count" in said
    said = "\n".join(freshness.lines(knowledge(), datetime.date(2026, 1, 1)))
    assert "2026-12-31" not in said


def test_dead_links_are_listed() -> None:
    asked = {"https://example.org/": "200", "https://example.com/": "404", "https://example.net/": "timeout"}
    said = list(freshness.lines(knowledge(), BEFORE_THE_LABELS_END, asked))
    assert "Links: 2 of 3 do not answer." in said
    assert not any("example.org" in line for line in said)


def test_without_the_word_no_link_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(freshness, "check", lambda urls: pytest.fail("asked"))
    assert freshness.main([]) == 0
    assert "not asked" in capsys.readouterr().out
