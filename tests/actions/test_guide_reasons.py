""" "Why not a PTCE?" is answered from what was told to the guide."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.guide_reasons import explain_why_not
from bot.guide.state import State as Guide
from tests.actions import tracker

PTCE = {"entity": "topic", "value": "ptce"}
TOLD = Guide(answers={"need": ("technology",)}).as_json()


def test_a_reason_is_given() -> None:
    said = CollectingDispatcher()
    assert explain_why_not(said, tracker("why not a PTCE?", "why", entities=[PTCE], guide=TOLD))
    assert said.messages[0]["text"]


def test_without_a_guide_it_is_a_question_like_others() -> None:
    said = CollectingDispatcher()
    assert not explain_why_not(said, tracker("why not a PTCE?", "why", entities=[PTCE]))
    assert not explain_why_not(said, tracker("what is a PTCE?", "ask_definition", entities=[PTCE], guide=TOLD))
    assert said.messages == []
