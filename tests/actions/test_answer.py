"""An answer, its choices, and what is said where there is none."""

from __future__ import annotations

from actions.answer import ActionAnswer, ActionDidYouMean, ActionLost
from bot.dialogue.state import State
from bot.knowledge.question import OUT_OF_SCOPE, Question
from tests.actions import run, tracker

COUNT = Question(attribute="count", topics=("ptce",), form="how_many")


def kept(events: list) -> State:
    return State.from_dict(next(event["value"] for event in events if event["name"] == "dialogue"))


def test_a_question_is_answered_and_kept() -> None:
    said, events = run(ActionAnswer(), tracker("how many PTCEs?", "ask_count", questions=[COUNT]))
    assert "23 PTCEs" in said[0]["text"]
    assert said[0]["facts"] == ["ptce.count"]
    assert kept(events).topics == ("ptce",)
    assert kept(events).said == ("ptce.count",)


def test_the_same_is_not_said_twice_running() -> None:
    first, events = run(ActionAnswer(), tracker("how many PTCEs?", "ask_count", questions=[COUNT]))
    again, _ = run(ActionAnswer(), tracker("how many PTCEs?", "ask_count", questions=[COUNT], state=kept(events)))
    assert again[0]["text"] != first[0]["text"]


def test_a_choice_is_taken_by_its_number() -> None:
    asked = State(offered=(("PTCEs: figures", '/ask_count{"topic": "ptce"}'),))
    said, _ = run(ActionAnswer(), tracker("1", "out_of_scope", state=asked))
    assert "23 PTCEs" in said[0]["text"]


def test_what_is_asked_besides_and_not_known_is_said() -> None:
    weather = Question(act=OUT_OF_SCOPE)
    said, _ = run(ActionAnswer(), tracker("how many PTCEs, and the weather?", "ask_count", questions=[COUNT, weather]))
    assert said[-1]["response"] == "utter_not_the_rest"


def test_out_of_scope_offers_a_person_the_second_time() -> None:
    said, events = run(ActionLost(), tracker("the weather?", "out_of_scope"))
    assert said[0]["response"] == "utter_out_of_scope"
    said, _ = run(ActionLost(), tracker("and tomorrow?", "out_of_scope", state=kept(events)))
    assert said[0]["response"] == "utter_out_of_scope_again"


def test_an_uncertain_reading_offers_what_may_be_meant() -> None:
    unsure = Question(topics=("ptce",), likely=(("count", 0.3), ("funding", 0.2), ("hours", 0.01)))
    said, events = run(ActionDidYouMean(), tracker("ptce uh", "nlu_fallback", questions=[unsure]))
    assert said[0]["response"] == "utter_did_you_mean"
    assert [payload for _, payload in kept(events).offered][:2] == [
        '/ask_count{"topic": "ptce"}',
        '/ask_funding{"topic": "ptce"}',
    ]
