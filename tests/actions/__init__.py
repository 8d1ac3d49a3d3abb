"""Actions alone: a tracker as Rasa hands it over, and what an action says and keeps."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List, Optional, Sequence, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.state import State
from bot.knowledge.question import Question


def tracker(
    text: str,
    intent: str,
    language: str = "en",
    questions: Sequence[Question] = (),
    state: Optional[State] = None,
    events: Sequence[Dict[str, Any]] = (),
    confidence: float = 0.95,
    entities: Sequence[Dict[str, Any]] = (),
    **slots: Any,
) -> Tracker:
    """A tracker whose latest message is `text`, read as `intent` and `questions`, after `state` and `events`."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "questions": [question.as_dict() for question in questions],
        "entities": list(entities),
    }
    kept = {"language": language, "language_basis": "detected", "dialogue": (state or State()).as_dict(), **slots}
    return Tracker("somebody", kept, message, list(events), False, None, {}, "action_listen")


def run(action: Action, given: Tracker) -> Tuple[List[Dict[str, Any]], List[Dict[str, Any]]]:
    """The messages an action utters and the events it returns."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, given, {}))  # type: ignore[arg-type]
    return dispatcher.messages, list(events)
