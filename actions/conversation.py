"""What the actions need of a tracker, read once and named."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.state import State
from bot.knowledge.load import knowledge
from bot.knowledge.model import Fact
from bot.knowledge.question import Question
from bot.settings import LANGUAGES

ASK = "ask_"
SAME = "same_question"


def language_of(tracker: Tracker) -> str:
    return str(tracker.get_slot("language") or "fr")


def languages_of(tracker: Tracker) -> Tuple[str, ...]:
    """The language to speak; both, the default one first, while nothing tells ("PTCE" is all that was ever said)."""
    language = language_of(tracker)
    told = (tracker.get_slot("language_basis") or "none") != "none"
    return (language,) if told else (language, *(other for other in LANGUAGES if other != language))


def utter(dispatcher: CollectingDispatcher, tracker: Tracker, response: str, **fields: Any) -> None:
    """Say a response; in the other language too (its namesake `.._too`) while nothing tells which is spoken."""
    dispatcher.utter_message(response=response, **fields)
    if len(languages_of(tracker)) > 1:
        dispatcher.utter_message(response=f"{response}_too")


def state_of(tracker: Tracker) -> State:
    """What the conversation knows; where an earlier answer is quoted (Messenger), as it was after that answer."""
    state = State.from_dict(tracker.get_slot("dialogue"))
    metadata = tracker.latest_message.get("metadata") or {}
    facts = [fact for name in metadata.get("quoted") or [] if (fact := _fact(name))]
    if not facts:
        return state
    topics = tuple(dict.fromkeys(fact.topic for fact in facts))
    said = tuple(fact.id for fact in facts)
    return dataclasses.replace(state, topics=topics, attribute=facts[0].attribute, said=said, asked=(), awaits=None)


def _fact(name: Any) -> Optional[Fact]:
    """None where there is no such fact: one may have been taken away since it was said."""
    try:
        return knowledge().fact(str(name))
    except KeyError:
        return None


def kept(state: State) -> List[Dict[str, Any]]:
    """The events that keep a state for the next turn; topics and attribute stand in slots of their own, for stories."""
    return [
        SlotSet("dialogue", state.as_dict()),
        SlotSet("topics", list(state.topics)),
        SlotSet("attribute", state.attribute),
    ]


def intent_of(tracker: Tracker) -> str:
    return str((tracker.latest_message.get("intent") or {}).get("name"))


def questions_of(tracker: Tracker) -> List[Question]:
    """The questions the NLU read in the latest message; for a button, the one its payload names."""
    message = tracker.latest_message
    if str(message.get("text") or "").startswith("/"):
        entities = message.get("entities") or []
        topics = tuple(entity["value"] for entity in entities if entity["entity"] == "topic")
        return [Question(attribute=intent_of(tracker)[len(ASK) :], topics=topics)]
    return [Question.from_dict(question) for question in message.get("questions") or []]
