"""What a conversation's tracker tells of it to Messenger: its language, what an answer said."""

from __future__ import annotations

from typing import Any, List, Optional, Protocol

from rasa.shared.core.events import BotUttered, UserUttered

from bot.store.conversations import StoreUnavailable


class Memory(Protocol):
    """What a turn asks about a conversation. Nothing here raises for a store that is lost: then nothing is known."""

    async def language(self, conversation: str) -> Optional[str]:
        """The language it speaks; None before it has begun."""

    async def facts(self, conversation: str, message_id: str) -> List[str]:
        """The ids of the facts said in answer to a message."""


class TrackerMemory:
    """Memory, from the tracker store of a Sanic application that serves Rasa."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def language(self, conversation: str) -> Optional[str]:
        store = self._app.ctx.agent.tracker_store
        try:
            tracker = None if getattr(store, "is_down", False) else await store.retrieve(conversation)
        except StoreUnavailable:
            tracker = None
        if tracker is None and getattr(store, "is_down", False):
            return store.spoken(conversation)  # type: ignore[no-any-return]
        if tracker is None or (tracker.get_slot("language_basis") or "none") == "none":
            return None
        language = tracker.get_slot("language")
        return str(language) if language else None

    async def facts(self, conversation: str, message_id: str) -> List[str]:
        store = self._app.ctx.agent.tracker_store
        try:  # its earlier sessions too
            down = getattr(store, "is_down", False)
            tracker = None if down else await store.retrieve_full_tracker(conversation)
        except StoreUnavailable:
            tracker = None
        found: List[str] = []
        asked: Optional[str] = None
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                asked = event.message_id
            elif isinstance(event, BotUttered) and asked == message_id:
                found += (event.metadata or {}).get("facts") or []
        return list(dict.fromkeys(found))
