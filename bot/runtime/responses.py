"""Responses of the domain, typeset, and never in the words said just before where there are others."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.words.typography import typeset


class TypesetResponses(TemplatedNaturalLanguageGenerator):
    """Named in endpoints.yml as `nlg`; the domain's responses are typed on any keyboard."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None, **_: Any) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        language = str(tracker.get_slot("language") or "fr")
        before = next((e.text for e in reversed(tracker.events) if isinstance(e, BotUttered)), None)
        message: Optional[Dict[Text, Any]] = None
        for _ in range(8):  # Rasa draws one of the variations that fit
            message = await super().generate(utter_action, tracker, output_channel, **kwargs)
            if message is None:
                return None
            _typeset(message, "en" if (utter_action.endswith("_too")) == (language == "fr") else "fr")
            if message.get("text") != before:
                break
        return message


def _typeset(message: Dict[Text, Any], language: str) -> None:
    if message.get("text"):
        message["text"] = typeset(message["text"], language)
    buttons: List[Dict[Text, Any]] = message.get("buttons") or []
    message["buttons"] = [{**button, "title": typeset(button["title"], language)} for button in buttons]
