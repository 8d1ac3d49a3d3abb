"""A conversation as the tracker keeps it, as the messages people saw."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.errors import errors
from bot.knowledge.model import LANGUAGES
from bot.store.conversations import unwrapped

SHOWN = ("text", "buttons", "answer", "facts", "guide", "result")  # what a client gets of an answer
MOST_SHOWN = 200  # messages of a history

Shown = Dict[str, Any]


def shown(message: Dict[str, Any], language: str) -> Shown:
    """A message of the bot as clients get it: {"from": "bot", "language", "text", and the rest of SHOWN it has}."""
    return {"from": "bot", "language": language, **{key: message[key] for key in SHOWN if message.get(key)}}


def apology(language: str) -> Shown:
    return shown({"text": errors()["apology"][language]}, language)


class Answers(OutputChannel):
    """Collects what the bot says during one turn."""

    def __init__(self) -> None:
        self.messages: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "website"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        if any(message.get(key) for key in SHOWN):
            self.messages.append(dict(message))


def language_of(tracker: Optional[DialogueStateTracker], otherwise: str) -> str:
    """The language a conversation speaks; before anyone spoke, the client's."""
    language = tracker and tracker.latest_message and tracker.get_slot("language")
    return str(language) if language in LANGUAGES else otherwise


def history(events: Iterable[Event]) -> List[Shown]:
    """What was said, oldest first; a turn that got no answer gets the apology.

    A person's messages: {"from": "you", "id", "text"} or, for a choice, {"from": "you", "id", "choice", "text": the
    button's words where the bot had offered it}.
    """
    messages: List[Shown] = []
    language = LANGUAGES[0]
    unanswered = False
    for event in events:
        if isinstance(event, SlotSet) and event.key == "language" and event.value in LANGUAGES:
            language = str(event.value)
        elif isinstance(event, UserUttered):
            if unanswered:
                messages.append(apology(language))
            messages.append(_typed(event))
            unanswered = True
        elif isinstance(event, BotUttered):
            messages.append(shown(event.message(), language))
            unanswered = False
    if unanswered:
        messages.append(apology(language))
    return messages[-MOST_SHOWN:]


def _typed(event: UserUttered) -> Shown:
    metadata = event.metadata or {}
    message: Shown = {"from": "you", "id": event.message_id, "text": metadata.get("title") or event.text or ""}
    if metadata.get("choice"):
        message.update(choice=metadata["choice"], text=metadata.get("title"))
    return message


def answers_to(message_id: str, events: Iterable[Event]) -> Optional[List[Shown]]:
    """What was answered to a message already received, or None where it was not."""
    found: Optional[List[Shown]] = None
    for message in history(events):
        if message["from"] == "you":
            if found is not None:
                break
            if message["id"] == message_id:
                found = []
        elif found is not None:
            found.append(message)
    return found


def title_of(payload: str, events: Iterable[Event]) -> Optional[str]:
    """The words of the last button offered with this payload, those under the guide's result included."""
    title = None
    for event in events:
        if isinstance(event, BotUttered):
            message = event.message()
            for button in [*(message.get("buttons") or []), *((message.get("result") or {}).get("change") or [])]:
                if button.get("payload") == payload:
                    title = button.get("title")
    return title


async def forget(agent: Agent, conversation: str) -> None:
    """Deletes every trace the tracker store keeps of a conversation. Raises StoreUnavailable."""
    async with agent.lock_store.lock(conversation):
        await unwrapped(agent.tracker_store).delete(conversation)
