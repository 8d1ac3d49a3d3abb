"""What people asked and what came of it, read from the events the bot keeps anyway. Blocks.

A conversation's name never leaves this module: what is read has none.
"""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

import sqlalchemy as sa
from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered
from sqlalchemy.engine import Engine

from bot.observability.turns import FEEDBACK, OUTCOMES
from bot.store.schema import events

ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE, PASSED_ON = "answered", "not_given", "outside", "unsure", "passed_on"
GUIDE, TALK = "guide", "talk"
HANDOFF = "human_handoff"
MOST_ROWS = 60_000  # events read at once, newest first
_BY_RESPONSE = {"out_of_scope": OUTSIDE, "fallback": UNSURE}


@dataclasses.dataclass
class Asked:
    """One message of a person and what was said to it. `rated`: what was thought of that; `again`: it was repeated.

    `first`: it begins a conversation. `at`: seconds since 1970.
    """

    at: float
    text: str
    language: str
    channel: str
    intent: str
    typed: bool
    first: bool = False
    topics: Tuple[str, ...] = ()
    outcome: str = TALK
    reply: str = ""
    result: str = ""
    rated: str = ""
    again: bool = False


def read(engine: Engine, days: int) -> List[Asked]:
    """What was asked in the last so many days, oldest first. Raises what SQLAlchemy raises."""
    kinds = (UserUttered.type_name, BotUttered.type_name, SessionStarted.type_name)
    query = (
        sa.select(events.c.sender_id, events.c.type_name, events.c.data)
        .where(events.c.type_name.in_(kinds), events.c.timestamp > time.time() - days * 86400)
        .order_by(events.c.id.desc())
        .limit(MOST_ROWS)
    )
    with engine.connect() as connection:
        rows = list(connection.execute(query))
    return list(_turns((row.sender_id, row.type_name, json.loads(row.data)) for row in reversed(rows)))


def _turns(rows: Iterator[Tuple[str, str, Dict[str, Any]]]) -> Iterator[Asked]:
    last: Dict[str, Asked] = {}
    said: Dict[str, Set[str]] = {}
    for sender, kind, event in rows:
        if kind == UserUttered.type_name:
            asked = _asked(event, sender not in said)
            before = last.get(sender)
            if asked.intent.startswith("feedback_"):
                if before is not None:
                    before.rated = asked.intent[len("feedback_") :]
                continue
            folded = " ".join(asked.text.lower().split())
            asked.again = asked.typed and folded in said.setdefault(sender, set())
            said[sender].add(folded)
            asked.language = asked.language or (before.language if before else "fr")
            last[sender] = asked
            yield asked
        elif kind == BotUttered.type_name and sender in last:
            _answered(last[sender], event)


def _asked(event: Dict[str, Any], first: bool) -> Asked:
    parsed, metadata = event.get("parse_data") or {}, event.get("metadata") or {}
    text = str(event.get("text") or "")
    detected = parsed.get("language") or {}
    entities = parsed.get("entities") or []
    return Asked(
        at=float(event.get("timestamp") or 0.0),
        text=str(metadata.get("title") or text),
        language=str(detected["name"]) if detected.get("decided") or detected.get("hint") else "",
        channel=str(event.get("input_channel") or "none"),
        intent=str((parsed.get("intent") or {}).get("name") or ""),
        typed=not text.startswith("/") and not metadata.get("choice"),
        first=first,
        topics=tuple(dict.fromkeys(str(e["value"]) for e in entities if e.get("entity") == "topic")),
    )


def _answered(asked: Asked, event: Dict[str, Any]) -> None:
    """Takes in one of the messages said in answer."""
    metadata, buttons = event.get("metadata") or {}, (event.get("data") or {}).get("buttons") or []
    if str(metadata.get("utter_action")).startswith(FEEDBACK):
        return
    asked.reply = "\n".join(part for part in (asked.reply, str(event.get("text") or "")) if part)
    if asked.outcome not in (TALK, GUIDE):
        return
    outcome: Optional[str] = _BY_RESPONSE.get(OUTCOMES.get(str(metadata.get("utter_action")), ""))
    if metadata.get("answer") is not None:
        offers = any(button.get("payload") == f"/{HANDOFF}" for button in buttons)
        outcome = NOT_GIVEN if offers else ANSWERED
    elif asked.intent == HANDOFF or metadata.get("request"):
        outcome = PASSED_ON
    elif metadata.get("guide") or metadata.get("result"):
        outcome = GUIDE
        asked.result = str((metadata.get("result") or {}).get("title") or asked.result)
    asked.outcome = outcome or asked.outcome
