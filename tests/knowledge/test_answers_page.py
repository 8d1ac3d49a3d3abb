"""docs/answers.*.md say what the bot says today; `make answers` writes them."""

from __future__ import annotations

import functools
import re

import pytest

from bot.knowledge.load import knowledge
from bot.settings import LANGUAGES
from scripts.answers import Page, main, path_of

_composed = Page.text


@functools.cache
def text(language: str) -> str:
    return _composed(Page(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_current(language: str) -> None:
    assert path_of(language).read_text(encoding="utf-8") == text(language), "run `make answers`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_stands_in_the_page(language: str) -> None:
    plain = re.sub(r"[\u2019\u00a0\u202f]", lambda found: "'" if found.group() == "\u2019" else " ", text(language))
    facts = [fact for topic in knowledge().topics.values() for fact in topic.facts]
    missing = [fact.id for fact in facts if fact[language].replace("\u2019", "'")[:40] not in plain]
    assert missing == []


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys: pytest.CaptureFixture) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("scripts.answers.path_of", lambda language: tmp_path / f"{language}.md")
    monkeypatch.setattr(Page, "text", lambda page: text(page._language))  # composed once, for all tests here
    assert main(["--check"]) == 1
    assert "make answers" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
