"""Greets, and keeps the language to speak (bot/dialogue/language.py decides it)."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import utter
from bot.dialogue.language import decide

GREETING = "utter_greet"


class ActionGreet(Action):
    """Greets, shorter the second time; in both languages while nothing tells which is spoken."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        greeted = any(
            str((event.get("metadata") or {}).get("utter_action")).startswith(GREETING) for event in tracker.events
        )
        utter(dispatcher, tracker, f"{GREETING}_again" if greeted else GREETING)
        return []


class ActionSetLanguage(Action):
    """Runs before anything else on each message, as the mapping of the slot `language`."""

    def name(self) -> str:
        return "action_set_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        before = str(tracker.get_slot("language") or "fr"), str(tracker.get_slot("language_basis") or "none")
        after = decide(tracker.latest_message, *before)
        changed = []
        if after[0] != before[0]:
            changed.append(SlotSet("language", after[0]))
        if after[1] != before[1]:
            changed.append(SlotSet("language_basis", after[1]))
        return changed
