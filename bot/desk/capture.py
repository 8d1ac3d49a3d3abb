"""Keeps what is given for a request out of the conversation: what the person says, and what the bot says back of it."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any, Dict

from sqlalchemy.exc import SQLAlchemyError

from bot.desk.conversation import HANDOFF
from bot.desk.exchange import CONTACT, REVIEW, Draft, hear, read_contact
from bot.desk.outbox import apart, requests
from bot.desk.settings import smtp
from bot.desk.texts import say

logger = logging.getLogger(__name__)
FORM_CHANNEL = "website"  # there a form asks, which sends apart from the conversation
ELSEWHERE = ("human_handoff", "erase_data", "privacy", "choose_language")  # intents, whatever is asked for just now
SURE = 0.8
KEPT_AS = "kept_as"  # a field of an utterance: the words to keep in the place of those said

_able = False


def enable() -> None:
    """Called by whoever passes every message through `capture`; before, nothing may be asked for in a conversation."""
    global _able
    _able = True


def can_capture() -> bool:
    return _able


async def capture(message: Any, agent: Any) -> None:
    """Of a UserMessage that goes on with a draft, keeps the words in the draft and leaves a mark in their place.

    What the agent (Rasa's) surely reads as one of ELSEWHERE is none of the exchange's. `typed`, where a channel sets it
    on the message, is the text before it was cleaned: an address may hold what cleaning takes out.
    """
    text = str(getattr(message, "typed", None) or message.text or "")
    if smtp() is None or message.input_channel == FORM_CHANNEL or message.parse_data or text.startswith("/"):
        return
    try:
        draft = await apart(lambda: requests().draft(message.sender_id))
        if draft is None or draft.waits:
            return
        heard = None if await _is_elsewhere(text, draft, agent) else hear(draft, text)
        if heard is None:
            aside = dataclasses.replace(draft, waits=True)
            await apart(lambda: requests().keep_draft(message.sender_id, aside))
            return
        fuller, outcome = heard
        await apart(lambda: requests().keep_draft(message.sender_id, fuller))
    except SQLAlchemyError as error:  # the turn fails too, and says so
        logger.error("A draft could not be read (%s).", type(error).__name__)
        return
    message.text = say(fuller.language, "exchange", "said")
    message.parse_data = _understood(message.text, outcome)


def forget_said_back(tracker: Any) -> None:
    """In the last turn of a tracker (Rasa's DialogueStateTracker), already sent, puts what may be kept of it."""
    from rasa.shared.core.events import BotUttered, UserUttered

    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return
        if isinstance(event, BotUttered) and (event.metadata or {}).get(KEPT_AS):
            event.text = event.metadata.pop(KEPT_AS)


async def is_awaited(sender: str) -> bool:
    """Whether what a conversation says next is meant for a draft: then it must come here as it was typed."""
    if smtp() is None:
        return False
    try:
        draft = await apart(lambda: requests().draft(sender))
    except SQLAlchemyError:
        return False
    return draft is not None and not draft.waits


async def _is_elsewhere(text: str, draft: Draft, agent: Any) -> bool:
    if draft.step == REVIEW or (draft.step == CONTACT and read_contact(text)):
        return False
    intent = (await agent.parse_message(text)).get("intent") or {}
    return intent.get("name") in ELSEWHERE and float(intent.get("confidence") or 0.0) >= SURE


def _understood(text: str, outcome: str) -> Dict[str, Any]:
    """Rasa parse data, as for a button (bot.channels.choices)."""
    intent = {"name": HANDOFF, "confidence": 1.0}
    entities = [{"entity": "value", "value": outcome}]
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}
