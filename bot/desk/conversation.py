"""What a conversation (events as dicts) holds that may be passed on: the question, the guide's answers, the whole."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional

from bot.desk.texts import say
from bot.guide.model import guide_data
from bot.guide.state import State
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge

MOST_MESSAGES = 60
LONGEST_CHAT = 8000  # characters
WORDS_OF_A_QUESTION = 8  # from so many on, a wish for a person says what it is about
HANDOFF = "human_handoff"
_QUESTIONS = ("same_question", "out_of_scope", "nlu_fallback")

Events = Iterable[Mapping[str, Any]]


def last_question(events: Events) -> str:
    """What the person asked last, or says in asking for a person; "" where there is nothing of the kind."""
    spoken = [event for event in events if event.get("event") == "user"]
    for event in reversed(spoken):
        intent = str(((event.get("parse_data") or {}).get("intent") or {}).get("name"))
        text = _words(event)
        if text and (intent.startswith("ask_") or intent in _QUESTIONS):
            return text
        if text and intent == HANDOFF and len(text.split()) >= WORDS_OF_A_QUESTION:
            return text
    return ""


def chat(events: Events, language: str) -> str:
    """The conversation as it is kept, contact details masked; its end where it is long."""
    lines: List[str] = []
    for event in events:
        kind = event.get("event")
        text = _words(event) if kind == "user" else str(event.get("text") or "") if kind == "bot" else ""
        if text:
            lines.append(say(language, "exchange", "you" if kind == "user" else "bot", text=text))
    return "\n".join(lines[-MOST_MESSAGES:])[-LONGEST_CHAT:]


def guide_said(slot: Optional[Dict[str, Any]], language: str) -> str:
    """What the guide was told, in words, from its slot."""
    return Speaker(guide_data(), knowledge(), language).said(State.from_json(slot).answers)


def _words(event: Mapping[str, Any]) -> str:
    """A person's words; those on the button where one was pressed."""
    text = str((event.get("metadata") or {}).get("title") or event.get("text") or "").strip()
    return "" if text.startswith("/") else text
