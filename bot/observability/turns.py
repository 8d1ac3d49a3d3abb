"""One turn as the log and the counters tell it: what kind of thing was asked and what became of it, never the words."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import hashlib
import hmac
import json
import logging
import time
import uuid
from typing import Any, Dict, Iterator, List, Optional, Set

from bot.observability import metrics

logger = logging.getLogger(__name__)

# By the response said. What has facts is an answer, what puts a question of the guide is the guide's, the rest is talk.
OUTCOMES = {
    "utter_out_of_scope": "out_of_scope",
    "utter_out_of_scope_again": "out_of_scope",
    "utter_did_you_mean": "fallback",
    "utter_choose_topic": "fallback",
    "utter_nothing_read": "fallback",
    "utter_erased": "erased",
}
FEEDBACK = "utter_feedback_"
SHORTEST = 4  # characters of a message looked for in log lines: less may be part of any word


@dataclasses.dataclass(eq=False)
class Turn:
    """`id` is drawn at random; `sender` is a keyed hash; `ms` are milliseconds. `text` stays in memory."""

    id: str
    channel: str
    sender: str
    text: str = dataclasses.field(repr=False)
    language: str = "none"
    intent: str = ""
    attribute: str = ""
    facts: List[str] = dataclasses.field(default_factory=list)
    outcome: str = "error"  # until the turn has come to its end
    guide: str = ""
    feedback: str = ""
    ms: float = 0.0

    def fields(self) -> Dict[str, Any]:
        """What is logged."""
        told = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "text"}
        told["turn"] = told.pop("id")
        told["fallback"] = self.outcome == "fallback" or self.intent == "nlu_fallback"
        return {key: value for key, value in told.items() if value not in ("", [])}


_under_way: Set[Turn] = set()
_turn: contextvars.ContextVar[Optional[Turn]] = contextvars.ContextVar("turn", default=None)


@contextlib.contextmanager
def watched(message: Any) -> Iterator[None]:
    """Around the handling of a UserMessage, already masked: times it, and tells of it whatever happens."""
    begun = time.perf_counter()
    turn = Turn(uuid.uuid4().hex, message.input_channel or "none", hashed(message.sender_id), message.text or "")
    token = _turn.set(turn)
    _under_way.add(turn)
    try:
        yield
    except BaseException:  # a turn given up by a time limit included
        turn.outcome = "error"
        raise
    finally:
        _turn.reset(token)
        _under_way.discard(turn)
        turn.ms = round((time.perf_counter() - begun) * 1000, 1)
        _tell(turn)


def describe(tracker: Any) -> None:
    """What came of the turn under way, from the tracker (Rasa's DialogueStateTracker) at its end."""
    from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

    turn = _turn.get()
    events = list(tracker.events)
    last = next((i for i in reversed(range(len(events))) if isinstance(events[i], UserUttered)), None)
    if turn is None or last is None:
        return
    said = [dict(event.metadata or {}) for event in events[last:] if isinstance(event, BotUttered)]
    turn.language = str(tracker.get_slot("language") or "none")
    turn.intent = str(events[last].intent_name or "")
    turn.facts = list(dict.fromkeys(fact for message in said for fact in message.get("facts") or []))
    turn.attribute = str(tracker.get_slot("attribute") or "") if turn.facts else ""
    turn.outcome = _outcome(said)
    # By what was answered: in the guide, the same words may answer a question of its own.
    named = [str(message.get("utter_action")) for message in said]
    turn.feedback = next((name[len(FEEDBACK) :] for name in named if name.startswith(FEEDBACK)), "")
    was = [event.value for event in events[:last] if isinstance(event, SlotSet) and event.key == "guide_active"][-1:]
    now = [event.value for event in events[last:] if isinstance(event, SlotSet) and event.key == "guide_active"][-1:]
    if any(message.get("result") for message in said):
        turn.guide = "finished"
    elif any(now) != any(was) and now:
        turn.guide = "started" if any(now) else "left"


def _outcome(said: List[Dict[str, Any]]) -> str:
    if not said:
        return "error"  # the channel apologises
    if any(message.get("facts") and not message.get("result") for message in said):
        return "answer"
    named = [OUTCOMES[message["utter_action"]] for message in said if message.get("utter_action") in OUTCOMES]
    if named:
        return named[0]
    return "guide" if any(message.get("guide") or message.get("result") for message in said) else "talk"


def _tell(turn: Turn) -> None:
    metrics.TURNS.labels(turn.channel, turn.language, turn.outcome).inc()
    metrics.SECONDS.labels(turn.channel).observe(turn.ms / 1000)
    if turn.guide:
        metrics.GUIDE.labels(turn.guide).inc()
    if turn.feedback:
        metrics.FEEDBACK.labels(turn.feedback).inc()
    if turn.outcome == "erased":
        metrics.ERASURES.inc()
    logger.info("turn", extra={"fields": turn.fields()})


def texts_under_way() -> List[str]:
    """The messages being answered, as a log line might quote them: as they are, and as JSON and Python spell them."""
    texts = [turn.text for turn in _under_way if len(turn.text) >= SHORTEST]
    spelt = {spelling for text in texts for spelling in (text, json.dumps(text)[1:-1], repr(text)[1:-1])}
    return sorted(spelt, key=len, reverse=True)


@functools.cache
def _key() -> bytes:
    from bot.settings import data_folder
    from bot.store.keys import secret

    return hmac.new(secret(data_folder()), b"sender in the log", hashlib.sha256).digest()


def hashed(sender: str) -> str:
    """The same for the same conversation, and nothing to go back from without the server's secret."""
    return hmac.new(_key(), sender.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]
