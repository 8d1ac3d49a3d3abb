"""Which `/intent{...}` texts may act as commands: those the bot itself puts on buttons, and no other."""

from __future__ import annotations

import json
import re
from typing import Dict, Optional, Tuple

from bot.knowledge.load import knowledge

_COMMAND = re.compile(r"^/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?$", re.DOTALL)
PLAIN = frozenset({"guide", "human_handoff", "out_of_scope", "capabilities", "feedback_positive", "feedback_negative"})


def parse_command(text: str) -> Optional[Tuple[str, Dict[str, str]]]:
    """The intent and entities of an allowed command, or None.

    Allowed: the intents in PLAIN, and `/ask_<aspect>{"topic": "<id>"}` of a known aspect and topic.
    """
    match = _COMMAND.match(text) if len(text) <= 1000 else None
    if match is None:
        return None
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        return None
    intent = match["intent"]
    if intent in PLAIN:
        return (intent, {}) if not entities else None
    base = knowledge()
    if not intent.startswith("ask_") or intent[4:] not in base.aspects or set(entities) != {"topic"}:
        return None
    if not isinstance(entities["topic"], str) or entities["topic"] not in base.topics:
        return None
    return intent, entities


def is_allowed_command(text: str) -> bool:
    return text.startswith("/") and parse_command(text) is not None
