"""Which language to apologise in, when a turn failed and the conversation may be out of reach."""

from __future__ import annotations

from typing import Any

from bot.knowledge.model import LANGUAGES


async def apology_language(agent: Any, conversation: str, text: str, otherwise: str) -> str:
    """What the conversation spoke last, as far as remembered; else what the message speaks; else the client's."""
    spoken = getattr(agent.tracker_store, "spoken", None)
    remembered = spoken(conversation) if spoken else None
    if remembered in LANGUAGES:
        return str(remembered)
    try:
        detected = (await agent.parse_message(text)).get("language") or {}
    except Exception:  # the model may be what failed
        return otherwise
    return str(detected["name"]) if detected.get("decided") or detected.get("hint") else otherwise
