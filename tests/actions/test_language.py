"""A greeting, and the language that is kept."""

from __future__ import annotations

from actions.language import ActionGreet, ActionSetLanguage
from tests.actions import run, tracker


def test_the_second_greeting_is_shorter() -> None:
    said, _ = run(ActionGreet(), tracker("hello", "greet"))
    assert [message["response"] for message in said] == ["utter_greet"]
    before = [{"event": "bot", "text": "Hello!", "metadata": {"utter_action": "utter_greet"}}]
    said, _ = run(ActionGreet(), tracker("hello", "greet", events=before))
    assert [message["response"] for message in said] == ["utter_greet_again"]


def test_both_languages_greet_while_nothing_tells_which_is_spoken() -> None:
    said, _ = run(ActionGreet(), tracker("yo", "greet", language_basis="none"))
    assert [message["response"] for message in said] == ["utter_greet", "utter_greet_too"]


def test_the_language_of_a_message_is_kept() -> None:
    given = tracker("combien de grappes ?", "ask_count")
    given.latest_message["language"] = {"name": "fr", "confidence": 0.99, "decided": True, "hint": True}
    _, events = run(ActionSetLanguage(), given)
    assert {event["name"]: event["value"] for event in events} == {"language": "fr"}
