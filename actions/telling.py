"""What a person tells of a business: for the guide under its result or its offer, or to be offered the guide."""

from __future__ import annotations

from typing import Callable

from rasa_sdk import Tracker

from actions.conversation import ASK, intent_of, questions_of, state_of
from bot.guide.model import guide_data
from bot.guide.reading import Reader
from bot.knowledge.load import knowledge
from bot.knowledge.question import HOW_MANY, WHICH, YES_NO
from bot.nlu.clause_splitter import has_question_word
from bot.words.lexicon import lexicons
from bot.words.tokens import words_of

_NOTHING_ELSE = ("out_of_scope", "nlu_fallback", "describe_self")
RESULT, OFFER = "/guide_answer", "/guide"  # what payloads of buttons under a result begin with; that of an offer
OPENING = 3  # words in which a question without a mark asks; later "who" and "which" join clauses
_TOLD = 2  # questions of the guide that a message answers, from which it tells of a business


def is_for_the_guide(tracker: Tracker) -> bool:
    """Whether a message tells what the guide asks about ("no lab after all"): right under a result or an offer, or
    later, where it means nothing else."""
    means_no_other = intent_of(tracker) in _NOTHING_ELSE or _tells(tracker)
    later = bool(tracker.get_slot("guide")) and means_no_other
    return _answers_under(tracker, lambda payload: payload == OFFER or payload.startswith(RESULT), later)


def corrects_the_result(tracker: Tracker) -> bool:
    """The same, right under a result only."""
    return bool(tracker.get_slot("guide")) and _answers_under(tracker, lambda payload: payload.startswith(RESULT))


def tells_of_a_business(tracker: Tracker) -> bool:
    """Whether somebody tells of his business and asks nothing ("five small hotels, each with its own ads")."""
    return _tells(tracker) and len(Reader(guide_data()).answers(_text(tracker))) >= _TOLD


def asks_nothing(text: str) -> bool:
    """Whether a text has neither a question mark nor a question word where questions begin."""
    return "?" not in text and not has_question_word(" ".join(text.split()[:OPENING]))


def _tells(tracker: Tracker) -> bool:
    """Whether a message speaks of oneself, asks nothing and names no type of cluster."""
    text = _text(tracker)
    if tracker.get_slot("guide_active") or text.startswith("/") or not asks_nothing(text):
        return False
    if not (intent_of(tracker).startswith(ASK) or intent_of(tracker) in _NOTHING_ELSE):
        return False
    entities = tracker.latest_message.get("entities") or []
    topics = [entity["value"] for entity in entities if entity["entity"] == "topic"]
    typed = {word.typed for word in words_of(text)}
    oneself = any({*lexicon.speaker, *lexicon.oneself} & typed for lexicon in lexicons().values())
    return oneself and not any(knowledge().topics[topic].kind == "cluster_type" for topic in topics)


def _answers_under(tracker: Tracker, shown: Callable[[str], bool], later: bool = False) -> bool:
    text = _text(tracker)
    if tracker.get_slot("guide_active") or text.startswith("/"):
        return False
    under, reader = any(shown(payload) for _, payload in state_of(tracker).offered), Reader(guide_data())
    answered = bool(tracker.get_slot("guide")) and not reader.concludes(text)
    if reader.control(text) == "result" and (under or answered):
        return True  # "so which one, in one line?"
    if not (under or later) or "?" in text or has_question_word(text) or _asks(tracker):
        return False
    return bool(reader.answers(text))


def _asks(tracker: Tracker) -> bool:
    """Whether a message has the form of a question, though no mark ("is tourism even allowed in those")."""
    forms = {question.form for question in questions_of(tracker)}
    return intent_of(tracker).startswith(ASK) and bool(forms & {YES_NO, WHICH, HOW_MANY})


def _text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")
