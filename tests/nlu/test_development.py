"""The development sets: single messages once unseen, which were worked against since.

Their score says what a change broke, not how well strangers are answered: that is measured by an exam held once
(docs/decisions/0003). A floor a style keeps a change from losing one style for another.
"""

from __future__ import annotations

import collections
import functools
import re
from typing import Dict, List, Set, Tuple

import pytest
import yaml
from rapidfuzz import fuzz, process

from bot.settings import YAML
from bot.words.folding import fold
from tests.nlu.reading import HERE, ROOT, Model, is_right, messages

LANGUAGES = ("fr", "en")
FLOORS: Dict[str, Dict[str, float]] = yaml.safe_load((HERE / "floors.yml").read_text(encoding="utf-8"))
OUT_OF_SCOPE = "out_of_scope"
ALIKE = 85  # rapidfuzz ratio from which a message says nothing about unseen ones

MARK = re.compile(r"\[([^\]]+)\]\(topic:[a-z_0-9]+\)")  # an example's marked description

Score = Dict[str, Tuple[int, int]]


@pytest.fixture(scope="module")
def scores(model: Model) -> Dict[str, Score]:
    table: Dict[str, Score] = {}
    for language in LANGUAGES:
        right: collections.Counter[str] = collections.Counter()
        asked: collections.Counter[str] = collections.Counter()
        for message in messages(language):
            asked[message["style"]] += 1
            right[message["style"]] += is_right(message, model.ids(message["text"])[0])
        table[language] = {style: (right[style], asked[style]) for style in asked}
    show(table)
    return table


def show(table: Dict[str, Score]) -> None:
    print("\nright answers to the development sets")
    for style in table["fr"]:
        row = "  ".join(f"{language} {share(table[language][style]):5.1%}" for language in LANGUAGES)
        print(f"  {style:13} {row}")
    for language in LANGUAGES:
        close = alike(language)
        print(f"  {language}: {len(close)} of {len(messages(language))} messages resemble a training example")


def share(score: Tuple[int, int]) -> float:
    return score[0] / score[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_style_falls_below_its_floor(scores: Dict[str, Score], language: str) -> None:
    below = {
        style: (share(score), FLOORS[language][style])
        for style, score in scores[language].items()
        if share(score) < FLOORS[language][style]
    }
    assert not below


@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_messages(language: str) -> None:
    assert len(messages(language)) >= 300


def spelling(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


@functools.cache
def trained_on() -> Set[str]:
    """The spelling of every example."""
    trained: Set[str] = set()
    for path in (ROOT / "data" / "nlu").glob("*/*.yml"):
        for intent in yaml.load(path.read_text(encoding="utf-8"), Loader=YAML)["nlu"]:
            trained |= {spelling(MARK.sub(r"\1", line.strip()[2:])) for line in intent["examples"].splitlines()}
    return trained


def alike(language: str) -> List[str]:
    """Messages that resemble a training example."""
    texts = [spelling(message["text"]) for message in messages(language)]
    trained = sorted(trained_on())
    found = process.cdist(texts, trained, scorer=fuzz.ratio, score_cutoff=ALIKE).max(axis=1)
    return [text for text, ratio in zip(texts, found, strict=True) if ratio >= ALIKE]


def test_no_message_is_trained_on() -> None:
    unseen = {spelling(m["text"]) for language in LANGUAGES for m in messages(language)}
    assert not unseen & trained_on()
