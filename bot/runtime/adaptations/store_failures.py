"""A store that fails is a turn that fails, and is said so.

Replaces: rasa.core.agent.Agent._create_tracker_store, which wraps every store in FailSafeTrackerStore: when the
database fails, conversations silently go on in memory, and are lost. Stores other than ours are still wrapped.
"""

from __future__ import annotations

from typing import Any, Callable


def apply() -> None:
    from rasa.core.agent import Agent

    if getattr(Agent._create_tracker_store, "adapted", False):
        return
    original: Callable[..., Any] = Agent._create_tracker_store

    def create(store: Any, domain: Any) -> Any:
        from bot.store.conversations import ConversationStore

        if not isinstance(store, ConversationStore):
            return original(store, domain)
        store.domain = domain
        return store

    create.adapted = True  # type: ignore[attr-defined]
    Agent._create_tracker_store = staticmethod(create)
