"""Under the guide's result, or its offer, what a person tells of a business is for the guide."""

from __future__ import annotations

from typing import Callable

from rasa_sdk import Tracker

from actions.conversation import state_of
from bot.guide.model import guide_data
from bot.guide.reading import Reader
from bot.nlu.clause_splitter import has_question_word

RESULT, OFFER = "/guide_answer", "/guide"  # what payloads of buttons under a result begin with; that of an offer


def is_for_the_guide(tracker: Tracker) -> bool:
    """Whether a message tells, right under a result or an offer, what the guide asks about ("no lab after all")."""
    return _answers_under(tracker, lambda payload: payload == OFFER or payload.startswith(RESULT))


def corrects_the_result(tracker: Tracker) -> bool:
    """The same, right under a result only."""
    return bool(tracker.get_slot("guide")) and _answers_under(tracker, lambda payload: payload.startswith(RESULT))


def _answers_under(tracker: Tracker, shown: Callable[[str], bool]) -> bool:
    text = str(tracker.latest_message.get("text") or "")
    if tracker.get_slot("guide_active") or text.startswith("/"):
        return False
    under = any(shown(payload) for _, payload in state_of(tracker).offered)
    if under and Reader(guide_data()).control(text) == "result":
        return True  # "so which one, in one line?"
    if not under or "?" in text or has_question_word(text):
        return False
    return bool(Reader(guide_data()).answers(text))
