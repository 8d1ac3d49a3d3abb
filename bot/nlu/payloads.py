"""Which `/intent{...}` texts may act as commands: those the bot itself puts on buttons, and no other."""

from __future__ import annotations

import json
import re
from typing import Dict, Optional, Tuple

from bot.guide.model import guide_data
from bot.knowledge.load import knowledge

_COMMAND = re.compile(r"^/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?$", re.DOTALL)
PLAIN = frozenset(
    {
        "guide",
        "human_handoff",
        "out_of_scope",
        "capabilities",
        "feedback_positive",
        "feedback_negative",
        "privacy",
        "erase_data",
        "erase_confirm",
        "erase_cancel",
    }
)
# Steps of the exchange that passes a question on (bot/desk/exchange.py).
HANDED_ON = ("send", "cancel", "change", "chat", "sent")


def parse_command(text: str) -> Optional[Tuple[str, Dict[str, str]]]:
    """The intent and entities of an allowed command, or None.

    Allowed: the intents in PLAIN, `/human_handoff{"value": ...}` of HANDED_ON, `/guide_answer{...}` of a known
    answer or control of the guide, and `/ask_<attribute>{"topic": "<id>"}` of a known attribute and topic.
    """
    match = _COMMAND.match(text) if len(text) <= 1000 else None
    if match is None:
        return None
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        return None
    intent = match["intent"]
    if intent == "human_handoff" and entities:
        return (intent, entities) if set(entities) == {"value"} and entities["value"] in HANDED_ON else None
    if intent in PLAIN:
        return (intent, {}) if not entities else None
    if intent == "guide_answer":
        return (intent, entities) if _is_guide_answer(entities) else None
    base = knowledge()
    if not intent.startswith("ask_") or intent[4:] not in base.attributes or set(entities) != {"topic"}:
        return None
    if not isinstance(entities["topic"], str) or entities["topic"] not in base.topics:
        return None
    return intent, entities


def is_allowed_command(text: str) -> bool:
    return text.startswith("/") and parse_command(text) is not None


def _is_guide_answer(entities: Dict[str, str]) -> bool:
    if set(entities) != {"criterion", "value"} or not all(isinstance(value, str) for value in entities.values()):
        return False
    data = guide_data()
    if entities["criterion"] == "control":
        return entities["value"] in data.controls
    if entities["criterion"] == "change":
        return entities["value"] in {criterion.id for criterion in data.criteria}
    try:
        data.criterion(entities["criterion"]).answer(entities["value"])
    except KeyError:
        return False
    return True
