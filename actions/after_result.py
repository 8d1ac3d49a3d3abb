"""Under the guide's result, or its offer, what a person tells of a business is for the guide."""

from __future__ import annotations

from typing import Callable

from rasa_sdk import Tracker

from actions.conversation import intent_of, state_of
from bot.guide.model import guide_data
from bot.guide.reading import Reader
from bot.nlu.clause_splitter import has_question_word

_NOTHING_ELSE = ("out_of_scope", "nlu_fallback", "describe_self")
RESULT, OFFER = "/guide_answer", "/guide"  # what payloads of buttons under a result begin with; that of an offer


def is_for_the_guide(tracker: Tracker) -> bool:
    """Whether a message tells what the guide asks about ("no lab after all"): right under a result or an offer, or
    later, where it means nothing else."""
    later = bool(tracker.get_slot("guide")) and intent_of(tracker) in _NOTHING_ELSE
    return _answers_under(tracker, lambda payload: payload == OFFER or payload.startswith(RESULT), later)


def corrects_the_result(tracker: Tracker) -> bool:
    """The same, right under a result only."""
    return bool(tracker.get_slot("guide")) and _answers_under(tracker, lambda payload: payload.startswith(RESULT))


def _answers_under(tracker: Tracker, shown: Callable[[str], bool], later: bool = False) -> bool:
    text = str(tracker.latest_message.get("text") or "")
    if tracker.get_slot("guide_active") or text.startswith("/"):
        return False
    under = later or any(shown(payload) for _, payload in state_of(tracker).offered)
    if under and Reader(guide_data()).control(text) == "result":
        return True  # "so which one, in one line?"
    if not under or "?" in text or has_question_word(text):
        return False
    return bool(Reader(guide_data()).answers(text))
