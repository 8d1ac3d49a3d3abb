"""The guide's files are checked when they are read: what one names must stand in the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.guide.model import load_guide
from bot.knowledge.load import KNOWLEDGE, KnowledgeError, knowledge

FILES = ("guide.yml", "guide_words.yml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(KNOWLEDGE / name, tmp_path / name)
    return tmp_path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_words_stand_under_the_answers_they_give(folder: Path) -> None:
    guide = load_guide(folder / "guide.yml", knowledge())
    assert "crêperie" in guide.criterion("activity").answer("tourism").if_asked.fr


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("guide_words.yml", "  takeover:", "  takeovers:", "takeovers"),
        ("guide_words.yml", "need:\n", "needs:\n", "needs"),
        ("guide_words.yml", '"boulangers"', '"boulangers", "boulangers"', "boulangers"),
        ("guide_words.yml", '"crêperie"', '"crêperie", "poules"', "poules"),
        ("guide.yml", "weights: {cacima: 6}", "weights: {chamber: 6}", "chamber"),
        ("guide.yml", "bodies: [cacima, caffe]", "bodies: [cacima, nobody]", "nobody"),
        ("guide.yml", "source: [hearing]", "source: [hearsay]", "hearsay"),
    ],
)
def test_a_name_that_is_nowhere_is_told_with_its_file(
    folder: Path, file: str, before: str, after: str, told: str
) -> None:
    change(folder / file, before, after)
    with pytest.raises(KnowledgeError) as error:
        load_guide(folder / "guide.yml", knowledge())
    assert told in str(error.value)
    assert file in str(error.value)
