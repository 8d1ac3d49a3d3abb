"""A session ends after a number of turns too, and hands over where the conversation stands.

Replaces: rasa.core.processor.MessageProcessor._has_session_expired, which knows minutes only: each turn reads, copies
and replays the whole session, so a long one gets slower and slower.
Replaces: rasa.core.actions.action.ActionSessionStart._slot_set_events_from_tracker, which hands over every value a slot
ever had; from session to session that would grow without end.
Nobody notices: slots (language, topics, the guide's state) go on, nothing is said, and histories read all sessions.
"""

from __future__ import annotations

from typing import Any, List

from bot.settings import read_settings


def apply() -> None:
    from rasa.core.actions.action import ActionSessionStart
    from rasa.core.processor import MessageProcessor
    from rasa.shared.core.events import SlotSet, UserUttered

    if getattr(MessageProcessor._has_session_expired, "adapted", False):
        return
    original = MessageProcessor._has_session_expired
    most = read_settings().session_turns

    def has_session_expired(self: Any, tracker: Any) -> bool:
        turns = sum(isinstance(event, UserUttered) for event in tracker.events)
        return turns >= most or bool(original(self, tracker))

    def slots_handed_over(tracker: Any) -> List[Any]:
        """One event a slot that is not as at the beginning."""
        changed = [slot for slot in tracker.slots.values() if slot.value != slot.initial_value]
        return [SlotSet(key=slot.name, value=slot.value) for slot in changed]

    has_session_expired.adapted = True  # type: ignore[attr-defined]
    MessageProcessor._has_session_expired = has_session_expired
    ActionSessionStart._slot_set_events_from_tracker = staticmethod(slots_handed_over)
