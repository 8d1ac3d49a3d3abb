"""Under the guide's result, what a person tells changes it; a question does not."""

from __future__ import annotations

import pytest

from actions.acts import ActionOfferGuide
from actions.answer import ActionAnswer, ActionLost
from actions.telling import corrects_the_result, is_for_the_guide, tells_of_a_business
from bot.dialogue.state import State
from bot.guide.state import State as Guide
from tests.actions import run, tracker

RESULT = State(offered=(("Change an answer", '/guide_answer{"criterion": "control", "value": "change"}'),))
DONE = Guide(answers={"need": ("technology",)}).as_json()


@pytest.mark.parametrize(
    ("text", "state", "guide", "active", "corrects"),
    [
        ("no lab after all, we just want customers", RESULT, DONE, False, True),
        ("no lab after all, we just want customers", State(), DONE, False, False),
        ("no lab after all, we just want customers", RESULT, None, False, False),
        ("no lab after all, we just want customers", RESULT, DONE, True, False),
        ("who are the customers?", RESULT, DONE, False, False),
        ("thank you", RESULT, DONE, False, False),
    ],
)
def test_a_correction(text: str, state: State, guide: object, active: bool, corrects: bool) -> None:
    given = tracker(text, "ask_members", state=state, guide=guide, guide_active=active)
    assert corrects_the_result(given) is corrects


@pytest.mark.parametrize("action", [ActionAnswer(), ActionLost(), ActionOfferGuide()])
def test_it_goes_back_to_the_guide(action: object) -> None:
    given = tracker("no lab after all, we just want customers", "ask_members", state=RESULT, guide=DONE)
    said, events = run(action, given)  # type: ignore[arg-type]
    assert said == []
    assert [event["name"] for event in events] == ["action_guide"]


def test_what_is_told_under_an_offer_is_for_the_guide() -> None:
    offered = State(offered=(("Yes, guide me", "/guide"),))
    given = tracker("no research, just sales", "out_of_scope", state=offered)
    assert is_for_the_guide(given)
    assert not corrects_the_result(given)
    assert not is_for_the_guide(tracker("the weather", "out_of_scope", state=offered))


GRAPPES = ({"entity": "topic", "value": "grappe_entreprises"},)


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "entities", "tells"),
    [
        ("we are five small hotels and want more customers", "ask_abroad", 0.6, (), True),
        ("on est cinq petits hôtels, on cherche des clients", "out_of_scope", 0.4, (), True),
        ("we are five small hotels and want more customers", "ask_abroad", 0.95, (), False),
        ("we crave seafood in Saint-Pierre for six people", "out_of_scope", 0.95, (), False),
        ("we are five small hotels, can we join?", "ask_joining", 0.6, (), False),
        ("I'd love to know how many crafts people we have in Saint-Pierre", "ask_count", 0.6, (), False),
        ("je voudrais savoir combien nous sommes d'artisans à Saint-Pierre", "ask_count", 0.6, (), False),
        ("the craft network in Saint-Pierre as described", "ask_definition", 0.6, (), False),
        ("we want customers", "ask_abroad", 0.6, (), False),
        ("we are hotels after customers, tell us of the grappes", "ask_definition", 0.6, GRAPPES, False),
        ("we are five small hotels and want more customers", "goodbye", 0.6, (), False),
    ],
)
def test_a_business_told_of(text: str, intent: str, confidence: float, entities: tuple, tells: bool) -> None:
    given = tracker(text, intent, confidence=confidence, entities=entities)
    assert tells_of_a_business(given) is tells


def test_what_resembles_a_question_is_offered_the_guide() -> None:
    given = tracker("we are five small hotels and want more customers", "ask_abroad", confidence=0.6)
    _, events = run(ActionAnswer(), given)
    assert [event["name"] for event in events] == ["action_offer_guide"]


@pytest.mark.parametrize(
    ("text", "intent", "entities", "guided"),
    [
        ("so what's the verdict", "ask_outcome", (), True),
        ("and in the end, are the grappes national?", "ask_level", GRAPPES, False),
        ("et donc, qui le pilote ?", "ask_management", (), False),
        ("so?", "out_of_scope", (), False),
    ],
)
def test_the_result_is_given_again_some_turns_later(text: str, intent: str, entities: tuple, guided: bool) -> None:
    given = tracker(text, intent, entities=entities, guide=DONE)
    assert is_for_the_guide(given) is guided
