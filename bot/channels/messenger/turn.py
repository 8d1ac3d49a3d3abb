"""One event taken through a turn of the bot: what it means, what was said, in Messenger's shape."""

from __future__ import annotations

import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.channels.choices import parse_choice
from bot.channels.errors import errors
from bot.channels.messenger.events import Event
from bot.channels.messenger.health import Health
from bot.channels.messenger.memory import Memory
from bot.channels.messenger.shape import shape
from bot.channels.messenger.wording import wording
from bot.knowledge.model import LANGUAGES
from bot.privacy.notice import notice_url
from bot.words.cleaning import clean, is_cut

logger = logging.getLogger(__name__)

NAME = "messenger"
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Keeps what the bot says, as it says it: sending is another's work, and cannot fail the turn."""

    def __init__(self) -> None:
        self.said: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return NAME

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.said.append(message)


class Turn:
    """What one event leads to; `memory` tells what the conversation held before it."""

    def __init__(self, on_new_message: OnNewMessage, memory: Memory, health: Health) -> None:
        self._on_new_message = on_new_message
        self._memory = memory
        self._health = health

    async def __call__(self, event: Event) -> List[Dict[str, Any]]:
        """The Graph messages that answer an event. Never raises: a turn that fails says so, kindly."""
        try:
            said = await self._said(event)
        except Exception:
            logger.exception("A turn failed on Messenger.")
            said = []
        language = await self._language(event)
        if not said:
            self._health.counts["failed_turn"] += 1
            said = [{"text": errors()["apology"][language]}]
        return shape(said, language)

    async def _said(self, event: Event) -> List[Dict[str, Any]]:
        payload = self._payload(event)
        if payload is not None:
            return await self._say(event, payload, parse_choice(payload))
        if event.kind in ("start", "referral"):
            return await self._welcome(event)
        if event.kind not in ("text", "choice"):
            return await self._reply(event, event.kind)
        # What is not on one of our buttons is only words, whatever it looks like.
        text = clean(event.text)
        if not text:
            return await self._reply(event, "unreadable")
        said = await self._say(event, text, None)
        return [*await self._reply(event, "cut"), *said] if said and is_cut(event.text) else said

    def _payload(self, event: Event) -> Optional[str]:
        """The command an event stands for, if it is one the bot offers."""
        referrals = wording().referrals
        candidates = [event.payload] if event.kind == "choice" else []
        if event.kind in ("start", "referral"):
            for part in event.ref.split("-"):
                candidates += [referrals.named.get(part, ""), referrals.topic.replace("{ref}", part)]
        return next((candidate for candidate in candidates if candidate and parse_choice(candidate)), None)

    async def _say(self, event: Event, text: str, parse_data: Optional[Dict[str, Any]]) -> List[Dict[str, Any]]:
        collector = Collector()
        conversation = conversation_of(event.person)
        quoted = await self._memory.facts(conversation, event.reply_to) if event.reply_to else []
        metadata = {"language": self._client_language(event), "quoted": quoted}
        message = UserMessage(
            text,
            collector,
            conversation,
            parse_data=parse_data,
            input_channel=NAME,
            message_id=event.id,
            metadata={key: value for key, value in metadata.items() if value} or None,
        )
        await self._on_new_message(message)
        return collector.said

    async def _reply(self, event: Event, kind: str) -> List[Dict[str, Any]]:
        return [{"text": wording().replies[kind][await self._language(event)]}]

    async def _welcome(self, event: Event) -> List[Dict[str, Any]]:
        language = await self._language(event)
        offers = [{"title": offer.title[language], "payload": offer.payload} for offer in wording().welcome]
        text = wording().replies["welcome"][language].replace("{notice}", notice_url(language))
        return [{"text": text, "buttons": offers}]

    async def _language(self, event: Event) -> str:
        spoken = await self._memory.language(conversation_of(event.person))
        return spoken or self._client_language(event) or LANGUAGES[0]

    def _client_language(self, event: Event) -> Optional[str]:
        """What the button pressed, or the link followed, says of the language."""
        if event.kind == "choice":
            return wording().language_of_title(event.text)
        return next((part for part in event.ref.split("-") if part in LANGUAGES), None)


def conversation_of(person: str) -> str:
    return f"{NAME}:{person}"
