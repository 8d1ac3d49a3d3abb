"""What the actions need of a tracker, read once and named."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge.model import LANGUAGES
from bot.knowledge.question import Context, Question

ASK = "ask_"
SAME = "same_question"


def language_of(tracker: Tracker) -> str:
    return str(tracker.get_slot("language") or "fr")


def languages_of(tracker: Tracker) -> Tuple[str, ...]:
    """The language to speak; both, the default one first, while nothing tells ("PTCE" is all that was ever said)."""
    language = language_of(tracker)
    told = (tracker.get_slot("language_basis") or "none") != "none"
    return (language,) if told else (language, *(other for other in LANGUAGES if other != language))


def utter(dispatcher: CollectingDispatcher, tracker: Tracker, response: str) -> None:
    """Say a response; in the other language too (its namesake `.._too`) while nothing tells which is spoken."""
    dispatcher.utter_message(response=response)
    if len(languages_of(tracker)) > 1:
        dispatcher.utter_message(response=f"{response}_too")


def context_of(tracker: Tracker) -> Context:
    return Context(
        topics=tuple(tracker.get_slot("topics") or ()),
        aspect=tracker.get_slot("aspect"),
        asked=tuple(tracker.get_slot("asked") or ()),
        compared=tuple(tracker.get_slot("compared") or ()),
    )


def slots_of(context: Context) -> List[Dict[str, Any]]:
    """The events that keep a context for the next turn."""
    return [
        SlotSet("topics", list(context.topics)),
        SlotSet("aspect", context.aspect),
        SlotSet("asked", list(context.asked)),
        SlotSet("compared", list(context.compared)),
    ]


def readings_of(tracker: Tracker) -> List[Dict[str, Any]]:
    """The questions the NLU read in the latest message; for a button, the one its command names."""
    message = tracker.latest_message
    if str(message.get("text") or "").startswith("/"):
        entities = message.get("entities") or []
        topics = [entity["value"] for entity in entities if entity["entity"] == "topic"]
        return [{"intent": message["intent"]["name"], "confidence": 1.0, "topics": topics}]
    return list(message.get("questions") or [])


def question_of(reading: Dict[str, Any]) -> Question:
    intent = str(reading["intent"])
    return Question(
        aspect=intent[len(ASK) :] if intent.startswith(ASK) else None,
        topics=_strings(reading, "topics"),
        cues=_strings(reading, "cues"),
        guess=reading.get("guess"),
        otherwise=reading.get("otherwise"),
        ordinals=tuple(reading.get("ordinals") or ()),
        other=bool(reading.get("other")),
        points_back=bool(reading.get("points_back")),
        says_it=bool(reading.get("says_it")),
        bare=bool(reading.get("bare")),
        against=bool(reading.get("against")),
        in_all=bool(reading.get("in_all")),
        words=frozenset(reading.get("words") or ()),
    )


def _strings(reading: Dict[str, Any], key: str) -> Tuple[str, ...]:
    return tuple(str(value) for value in reading.get(key) or ())
