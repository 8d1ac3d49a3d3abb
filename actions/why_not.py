"""Why a type of cluster fell, from the answers given to the guide, during it or after its result."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import language_of
from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.reading import Reader
from bot.guide.state import State
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge


def explain_why_not(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Answers "why not a PTCE?" from the ranking; False where it is not asked, or no guide was begun."""
    message, data = tracker.latest_message, guide_data()
    state = State.from_json(tracker.get_slot("guide"))
    named = [entity["value"] for entity in message.get("entities") or [] if entity["entity"] == "topic"]
    types = [topic for topic in named if topic in data.types]
    if not types or not tracker.get_slot("guide") or Reader(data).control(str(message.get("text") or "")) != "why_not":
        return False
    ranking, speaker = Ranking(data, state.answers), Speaker(data, knowledge(), language_of(tracker))
    for topic in types:
        dispatcher.utter_message(text=speaker.why_not(topic, ranking))
    remaining = ", ".join(speaker.label(name) for name in ranking.remaining())
    dispatcher.utter_message(text=speaker.say("remaining", types=remaining))
    return True
