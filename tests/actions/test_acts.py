"""Said again: as it was, shorter, only the number, in plain words; or the next thing."""

from __future__ import annotations

import pytest

from actions.acts import ActionOfferGuide, ActionSayAgain, ActionYesNo
from bot.dialogue.state import State
from tests.actions import run, tracker

SAID = State(topics=("ptce",), attribute="count", said=("ptce.count",), heard=("ptce.count",), reply="In late 2015 ...")


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("repeat", "In late 2015 ..."),
        ("number_only", "23"),
        ("shorter", "23"),
        ("simpler", "group of local companies"),
        ("why", "do not say why"),
    ],
)
def test_what_was_said_is_said_otherwise(intent: str, words: str) -> None:
    said, _ = run(ActionSayAgain(), tracker("?", intent, state=SAID))
    assert words in said[0]["text"]


def test_why_it_exists_is_what_it_is_for() -> None:
    defined = State(topics=("ptce",), attribute="definition", said=("ptce.definition",), reply="A PTCE is ...")
    said, _ = run(ActionSayAgain(), tracker("why?", "why", state=defined))
    assert "commit for the long term" in said[0]["text"]


@pytest.mark.parametrize(("text", "words"), [("why not?", "do not say why"), ("and why not", "do not say why")])
def test_why_not_is_no_yes(text: str, words: str) -> None:
    said, _ = run(ActionYesNo(), tracker(text, "affirm", state=SAID))
    assert words in said[0]["text"]


def test_more_tells_what_was_not_said_yet() -> None:
    said, _ = run(ActionSayAgain(), tracker("tell me more", "more", state=SAID))
    assert "23" not in said[0]["text"]


def test_nothing_said_yet_is_said_so() -> None:
    said, _ = run(ActionSayAgain(), tracker("shorter", "shorter"))
    assert said[0]["response"] == "utter_shorter_nothing"


def test_yes_to_the_guide_starts_it() -> None:
    offered = State(offered=(("Yes, guide me", "/guide"),))
    _, events = run(ActionYesNo(), tracker("yes", "affirm", state=offered))
    assert [event["name"] for event in events] == ["action_guide"]
    said, events = run(ActionYesNo(), tracker("yes", "affirm"))
    assert (said[0]["response"], events) == ("utter_anything_else", [])


def test_the_guide_is_offered_to_one_who_tells_of_a_business() -> None:
    said, _ = run(ActionOfferGuide(), tracker("I am a private person", "describe_self"))
    assert said[0]["response"] == "utter_offer_guide"
    assert "/guide" in [button["payload"] for button in said[0]["buttons"]]


def test_what_was_told_is_said_back_and_kept_for_the_guide() -> None:
    said, events = run(ActionOfferGuide(), tracker("I run a bakery, just me", "describe_self"))
    assert "you work in a craft trade" in said[0]["text"]
    kept = next(event["value"] for event in events if event.get("name") == "guide")
    assert "craft" in str(kept)
