"""After the guide's result: what a person says of himself then changes the result."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.conversation import state_of
from bot.guide.model import guide_data
from bot.guide.reading import Reader
from bot.nlu.clause_splitter import has_question_word

RESULT = "guide_answer"  # payloads of the buttons under a result begin with it


def corrects_the_result(tracker: Tracker) -> bool:
    """Whether a message tells, right under a result, something the guide asks about ("no lab after all")."""
    text = str(tracker.latest_message.get("text") or "")
    if tracker.get_slot("guide_active") or not tracker.get_slot("guide") or text.startswith("/"):
        return False
    under = any(payload.startswith(f"/{RESULT}") for _, payload in state_of(tracker).offered)
    if not under or "?" in text or has_question_word(text):
        return False
    return bool(Reader(guide_data()).answers(text))
