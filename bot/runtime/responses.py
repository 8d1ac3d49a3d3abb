"""Responses of the domain, typeset, and never in the words said just before where there are others."""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Optional

from rasa.core.nlg.response import ResponseVariationFilter, TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.words.typography import typeset


class TypesetResponses(TemplatedNaturalLanguageGenerator):
    """Named in endpoints.yml as `nlg`; the domain's responses are typed on any keyboard."""

    def __init__(
        self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None, **_: Any
    ) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """The first variation that was not said yet in this conversation; else one that was not said just now."""
        said = [event.text for event in tracker.events if isinstance(event, BotUttered)]
        slots = tracker.current_slot_values()
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not suitable:
            return None
        spoken = "fr" if str(tracker.get_slot("language") or "fr") == "fr" else "en"
        other = "en" if spoken == "fr" else "fr"
        language = other if utter_action.endswith("_too") else spoken
        messages = [self._fill_response(copy.deepcopy(one), slots, **kwargs) for one in suitable]
        for message in messages:
            _typeset(message, language)
        fresh = [message for message in messages if message.get("text") not in said]
        again = [message for message in messages if message.get("text") not in said[-1:]]
        return (fresh or again or messages)[0]


def _typeset(message: Dict[str, Any], language: str) -> None:
    if message.get("text"):
        message["text"] = typeset(message["text"], language)
    buttons: List[Dict[str, Any]] = message.get("buttons") or []
    message["buttons"] = [{**button, "title": typeset(button["title"], language)} for button in buttons]
