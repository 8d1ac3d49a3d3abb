"""Whole unseen dialogues through the served bot: the words of each expected fact must be in the reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
import yaml

from bot.guide.model import guide_data
from bot.knowledge.load import knowledge
from tests.conftest import ROOT, ServedBot
from tests.nlu.test_development import spelling, trained_on

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")
TARGET = 0.90
ANSWERED_BY = {"erase_data": "utter_erase_sure"}  # what is said first to a wish, where it is not named alike
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]


def response(name: str, language: str) -> str:
    texts = [v["text"] for v in RESPONSES[name] if v["condition"][0]["value"] == language]
    return str(texts[0]).split("{")[0] or str(texts[0]).split("}")[1]


def said(expected: str, language: str, reply: str) -> bool:
    """Whether a reply says a fact, its updates, or what a response says."""
    if expected.endswith(".update"):
        base = knowledge()
        updates = [fact.update for fact in base.topics[expected.split(".")[0]].facts if fact.update]
        words = [update[language] for update in updates] or [base.wording["no_update"][language]]
        return all(word in reply for word in words)
    if "." in expected:
        return knowledge().fact(expected)[language] in reply
    if expected == "out_of_scope":
        declined = ("utter_out_of_scope", "utter_unknown", "utter_did_you_mean", "utter_choose_topic")
        return any(response(name, language).rstrip() in reply for name in declined)
    if expected == "guide":
        return guide_data().wording["start"][language] in reply
    return response(ANSWERED_BY.get(expected, f"utter_{expected}"), language) in reply


def dialogues(language: str) -> List[Dict[str, Any]]:
    return list(yaml.safe_load((HERE / f"{language}.yml").read_text(encoding="utf-8")))


def play(bot: ServedBot, language: str) -> Tuple[int, int, int, Dict[str, int]]:
    """Dialogues right, dialogues, replies in the wrong language, and these by author of the dialogue."""
    right = 0
    wrong = {"first": 0, "second": 0}
    for number, dialogue in enumerate(dialogues(language)):
        fine = True
        for turn in dialogue["turns"]:
            spoken = turn.get("lang", language)
            reply = "\n".join(m.get("text", "") for m in bot.say(f"dialogue-{language}-{number}", turn["say"]))
            fine &= is_said(turn, spoken, reply)
            other = "en" if spoken == "fr" else "fr"
            author = "second" if dialogue["name"].startswith("second_") else "first"
            wrong[author] += is_said(turn, other, reply) and not is_said(turn, spoken, reply)
        right += fine
    return right, len(dialogues(language)), sum(wrong.values()), wrong


def is_said(turn: Dict[str, Any], language: str, reply: str) -> bool:
    return all(said(e, language, reply) for e in turn["expect"]) or any(
        said(e, language, reply) for e in turn.get("or", [])
    )


@pytest.fixture(scope="module")
def played(bot: ServedBot) -> Dict[str, Tuple[int, int, int, Dict[str, int]]]:
    results = {language: play(bot, language) for language in LANGUAGES}
    for language, (right, total, wrong, _) in results.items():
        print(f"\nunseen dialogues, {language}: {right} of {total} right to the last turn")
        print(f"  replies in the other language: {wrong}")
    return results


@pytest.mark.parametrize("language", LANGUAGES)
def test_reaches_the_target(played: Any, language: str) -> None:
    assert played[language][0] / played[language][1] >= TARGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_replies_are_in_the_right_language(played: Any, language: str) -> None:
    assert played[language][2] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_turn_is_trained_on(language: str) -> None:
    """Turns of five words or more: "et combien ?" is everybody's."""
    turns = {spelling(turn["say"]) for dialogue in dialogues(language) for turn in dialogue["turns"]}
    assert not {turn for turn in turns if len(turn.split()) >= 5} & trained_on()
