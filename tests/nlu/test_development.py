"""The score on messages nobody trained on, by language and style, and the guard that keeps them unseen."""

from __future__ import annotations

import collections
import re
from typing import Dict, List, Set, Tuple

import pytest
import yaml

from bot.words.folding import fold
from tests.nlu.reading import ROOT, Model, is_right, messages

LANGUAGES = ("fr", "en")
TARGET = 0.95
OUT_OF_SCOPE_TARGET = 0.05

MARK = re.compile(r"\[([^\]]+)\]\(topic:[a-z_0-9]+\)")  # an example's marked description

Score = Dict[str, Tuple[int, int]]


@pytest.fixture(scope="module")
def scores() -> Dict[str, Score]:
    model = Model()
    table: Dict[str, Score] = {}
    for language in LANGUAGES:
        right: collections.Counter[str] = collections.Counter()
        asked: collections.Counter[str] = collections.Counter()
        for message in messages(language):
            asked[message["style"]] += 1
            right[message["style"]] += is_right(message, model.ids(model.read(message["text"])))
        table[language] = {style: (right[style], asked[style]) for style in asked}
    show(table)
    return table


def show(table: Dict[str, Score]) -> None:
    print("\nright answers to unseen messages")
    styles: List[str] = list(table["fr"])
    for style in [*styles, "in scope"]:
        row = "  ".join(f"{language} {share(table[language], style):5.1%}" for language in LANGUAGES)
        print(f"  {style:13} {row}")


def share(score: Score, style: str) -> float:
    counted = [score[style]] if style in score else [pair for name, pair in score.items() if name != "out_of_scope"]
    return sum(right for right, _ in counted) / sum(asked for _, asked in counted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_reaches_the_target(scores: Dict[str, Score], language: str) -> None:
    assert share(scores[language], "in scope") >= TARGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_out_of_scope_is_left_alone(scores: Dict[str, Score], language: str) -> None:
    assert 1 - share(scores[language], "out_of_scope") <= OUT_OF_SCOPE_TARGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_messages(language: str) -> None:
    assert len(messages(language)) >= 300


def spelling(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


def trained_on() -> Set[str]:
    """The spelling of every example."""
    trained: Set[str] = set()
    for path in (ROOT / "data" / "nlu").glob("*/*.yml"):
        for intent in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            trained |= {spelling(MARK.sub(r"\1", line.strip()[2:])) for line in intent["examples"].splitlines()}
    return trained


def test_no_test_message_is_trained_on() -> None:
    unseen = {spelling(m["text"]) for language in LANGUAGES for m in messages(language)}
    assert not unseen & trained_on()
