"""Buttons a person pressed, as data Rasa need not read again: only what the bot itself offers passes."""

from __future__ import annotations

from typing import Any, Dict, Optional

from bot.nlu.payloads import parse_command


def parse_choice(payload: str) -> Optional[Dict[str, Any]]:
    """Rasa parse data for a button's payload, or None where it is none of ours.

    For `UserMessage(text=payload, parse_data=parse_choice(payload), ...)`.
    """
    command = parse_command(payload)
    if command is None:
        return None
    intent, entities = command
    return {
        "text": payload,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }
