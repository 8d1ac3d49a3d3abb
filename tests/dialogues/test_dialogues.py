"""Whole dialogues once unseen, read turn by turn: what is expected must be among what would be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
import yaml

from bot.dialogue.state import State
from bot.settings import YAML
from tests.nlu.reading import Model
from tests.nlu.test_development import spelling, trained_on

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")
FLOOR = 0.9
DECLINED = ("nothing", "out_of_scope", "choose")


def dialogues(language: str) -> List[Dict[str, Any]]:
    return list(yaml.load((HERE / f"{language}.yml").read_text(encoding="utf-8"), Loader=YAML))


def is_said(expected: str, ids: List[str]) -> bool:
    """Whether a fact, what has changed of a topic, or an intent is among what would be said."""
    if expected == "out_of_scope":
        return ids[0] in DECLINED or ids[0].endswith(".absent")
    return expected in ids


def right_turns(model: Model, dialogue: Dict[str, Any]) -> List[bool]:
    state, right = State(), []
    for turn in dialogue["turns"]:
        ids, state = model.ids(turn["say"], state)
        said = all(is_said(each, ids) for each in turn["expect"])
        right.append(said or any(is_said(each, ids) for each in turn.get("or", [])))
    return right


@pytest.fixture(scope="module")
def played(model: Model) -> Dict[str, Tuple[int, int]]:
    """Dialogues right to the last turn, and dialogues, by language."""
    results = {}
    for language in LANGUAGES:
        turns = [right_turns(model, dialogue) for dialogue in dialogues(language)]
        results[language] = (sum(map(all, turns)), len(turns))
        print(f"\n{language}: {results[language][0]} of {len(turns)} dialogues right to the last turn")
    return results


@pytest.mark.parametrize("language", LANGUAGES)
def test_reaches_the_floor(played: Dict[str, Tuple[int, int]], language: str) -> None:
    right, total = played[language]
    assert right / total >= FLOOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_turn_is_trained_on(language: str) -> None:
    """Turns of five words or more: "et combien ?" is everybody's."""
    turns = {spelling(turn["say"]) for dialogue in dialogues(language) for turn in dialogue["turns"]}
    assert not {turn for turn in turns if len(turn.split()) >= 5} & trained_on()
