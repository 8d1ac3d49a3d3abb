"""What a person tells of a business: for the guide under its result or its offer, or to be offered the guide."""

from __future__ import annotations

import abc
from typing import Any, Callable, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import ASK, intent_of, questions_of, state_of
from bot.guide.reading import OF_THE_ADVICE, guide_reader
from bot.guide.state import State as Guide
from bot.knowledge.load import knowledge
from bot.knowledge.question import HOW_MANY, WHICH, YES_NO
from bot.nlu.clause_splitter import has_question_word, is_asked
from bot.words.lexicon import lexicons
from bot.words.tokens import words_of

_NOTHING_ELSE = ("out_of_scope", "nlu_fallback", "describe_self")
RESULT, OFFER = "/guide_answer", "/guide"  # what payloads of buttons under a result begin with; that of an offer
_SURELY = 0.9  # confidence from which a message is the question, or as far outside, as it was read
# Attributes that a wish for the result is taken for.
_LIKE_ADVICE = ("outcome", "results", "best", "suits", "joining", "creation", "starting_up")
_OF_TYPES = ("types", "suits", "best")  # attributes by which somebody asks which type there is for him
_BRIEF = 3  # words of a question that leaves the rest to what was told before it
_TOLD = 2  # questions of the guide that a message answers, from which it tells of a business


class GuideFirst(Action, abc.ABC):
    """An action that leaves to the guide what is said under its result or its offer."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        if is_for_the_guide(tracker):
            return [FollowupAction("action_guide")]
        return await self.reply(dispatcher, tracker)

    @abc.abstractmethod
    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> List[Dict[str, Any]]:
        """What the action says and keeps where the message is not for the guide."""


def is_for_the_guide(tracker: Tracker) -> bool:
    """Whether a message tells what the guide asks about ("no lab after all"): right under a result or an offer, or
    later, where it means nothing else."""
    means_no_other = intent_of(tracker) in _NOTHING_ELSE or _tells(tracker)
    later = bool(tracker.get_slot("guide")) and means_no_other
    return _answers_under(tracker, lambda payload: payload == OFFER or payload.startswith(RESULT), later)


def corrects_the_result(tracker: Tracker) -> bool:
    """The same, right under a result only."""
    return bool(tracker.get_slot("guide")) and _answers_under(tracker, lambda payload: payload.startswith(RESULT))


def tells_of_a_business(tracker: Tracker, unread: bool = False) -> bool:
    """Whether somebody tells of his business and asks nothing ("five small hotels, each with its own ads").

    unread: what the message asks was not understood, so that it may ask something too ("we recycle, where do we go?").
    """
    return _tells(tracker, unread) and len(guide_reader().answers(_text(tracker))) >= _TOLD


def asks_which_is_for_oneself(tracker: Tracker) -> bool:
    """Whether somebody tells of his business and asks no more than which type ("We have a bakery. What type?")."""
    questions, text = questions_of(tracker), _text(tracker)
    if len(questions) != 1 or questions[0].attribute not in _OF_TYPES or len(questions[0].words) > _BRIEF:
        return False
    told = guide_reader().answers(text) if speaks_of_oneself(text) and not _names_a_type(tracker) else {}
    return questions[0].form == WHICH and bool({"activity", "need"} & set(told))


def _tells(tracker: Tracker, unread: bool = False) -> bool:
    """Whether a message speaks of oneself, asks nothing that was understood and names no type of cluster."""
    text = _text(tracker)
    if tracker.get_slot("guide_active") or text.startswith("/") or (is_asked(text) and not unread):
        return False
    intent = intent_of(tracker)
    sure = float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0) >= _SURELY
    an_act = not intent.startswith(ASK) and intent not in (*_NOTHING_ELSE, "affirm", "deny")
    begun = bool(tracker.get_slot("guide"))  # then a statement about oneself goes on with it, whatever it resembles
    if an_act or (sure and intent != "describe_self" and not begun):
        return False
    return speaks_of_oneself(text) and not _names_a_type(tracker)


def speaks_of_oneself(text: str) -> bool:
    """Whether a message has a word for the one who writes it ("we", "my")."""
    typed = {word.typed for word in words_of(text)}
    return any({*lexicon.speaker, "on"} & typed for lexicon in lexicons().values())


def _answers_under(tracker: Tracker, shown: Callable[[str], bool], later: bool = False) -> bool:
    text = _text(tracker)
    if tracker.get_slot("guide_active") or text.startswith("/"):
        return False
    under, reader = any(shown(payload) for _, payload in state_of(tracker).offered), guide_reader()
    told = Guide.from_json(tracker.get_slot("guide")).told is not None
    wish = reader.control(text, advised=told)
    if wish in (*OF_THE_ADVICE, "noted") and tracker.get_slot("guide") and not _names_a_type(tracker):
        return True
    if reader.control(text) == "result" and not _asks_otherwise(tracker):
        return under or (bool(tracker.get_slot("guide")) and not reader.concludes(text))  # "so which one, in one line?"
    if not (under or later) or "?" in text or has_question_word(text) or _asks(tracker):
        return False
    asked = Guide.from_json(tracker.get_slot("guide")).current if under else None
    return bool(reader.answers(text, asked))


def _asks_otherwise(tracker: Tracker) -> bool:
    """Whether a message with words that wish the guide's result asks something else ("in the end, who runs it?")."""
    intent = intent_of(tracker)
    return intent.startswith(ASK) and (intent[len(ASK) :] not in _LIKE_ADVICE or bool(_topics(tracker)))


def _names_a_type(tracker: Tracker) -> bool:
    return any(knowledge().topics[topic].kind == "cluster_type" for topic in _topics(tracker))


def _topics(tracker: Tracker) -> List[str]:
    entities = tracker.latest_message.get("entities") or []
    return [entity["value"] for entity in entities if entity["entity"] == "topic"]


def _asks(tracker: Tracker) -> bool:
    """Whether a message has the form of a question, though no mark ("is tourism even allowed in those")."""
    forms = {question.form for question in questions_of(tracker)}
    return intent_of(tracker).startswith(ASK) and bool(forms & {YES_NO, WHICH, HOW_MANY})


def _text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")
