"""Asked where it has that from, the bot names the sources of what it said last."""

from __future__ import annotations

from actions.provenance import ActionProvenance
from bot.dialogue.state import State
from bot.knowledge.question import Question
from tests.actions import run, tracker

SAID = State(topics=("france_clusters",), attribute="count", said=("france_clusters.count",), reply="150 members ...")


def test_the_sources_of_what_was_said_are_named() -> None:
    said, _ = run(ActionProvenance(), tracker("says who?", "provenance", state=SAID))
    assert "p.\u00a03" in said[0]["text"]
    assert said[0]["answer"]["sources"]


def test_a_number_held_against_it_is_said_to_be_another_one() -> None:
    grappes = State(topics=("grappe_entreprises",), attribute="count", said=("grappe_entreprises.count",))
    held = Question(numbers=(84,), act="provenance")
    said, _ = run(ActionProvenance(), tracker("sure? I read 84", "provenance", questions=[held], state=grappes))
    assert "84 is something else. The second call" in said[0]["text"]


def test_a_number_in_no_source_is_not_confirmed() -> None:
    held = Question(numbers=(4321,), act="provenance")
    said, _ = run(ActionProvenance(), tracker("sure? I read 4,321", "provenance", questions=[held], state=SAID))
    assert "4,321 in none of my sources" in said[0]["text"]


def test_what_no_source_says_is_held_to() -> None:
    unsaid = State(topics=("ptce",), attribute="cost", reply="None of my sources ...")
    said, _ = run(ActionProvenance(), tracker("are you sure? 500 euros, I heard", "provenance", state=unsaid))
    assert "none mentions a price or a membership fee for PTCEs" in said[0]["text"]


def test_asked_twice_or_of_nothing_the_sources_of_everything_are_named() -> None:
    _, events = run(ActionProvenance(), tracker("says who?", "provenance", state=SAID))
    again = State.from_dict(events[0]["value"])
    twice, _ = run(ActionProvenance(), tracker("says who?", "provenance", state=again))
    nothing, _ = run(ActionProvenance(), tracker("says who?", "provenance"))
    assert [messages[0]["response"] for messages in (twice, nothing)] == ["utter_provenance", "utter_provenance"]
