"""Why a path is advised, and why another is not, from the answers given to the guide."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import language_of, state_of
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
    paths = [topic for topic in named if topic in data.paths and topic != "cacima"]
    begun = state.answers or tracker.get_slot("guide_active")
    if not paths or not begun or Reader(data).control(str(message.get("text") or "")) != "why_not":
        return False
    ranking, speaker = Ranking(data, state.answers), Speaker(data, knowledge(), language_of(tracker))
    for path in paths:
        dispatcher.utter_message(text=speaker.why_not(path, ranking))
    return True


def explain_advice(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Answers "why that one?" right after the guide's result, before anything else is said; False elsewhere."""
    state, dialogue = State.from_json(tracker.get_slot("guide")), state_of(tracker)
    if state.told is None or dialogue.reply or dialogue.said:
        return False
    ranking = Ranking(guide_data(), state.answers)
    best = ranking.ranked[0]
    if best.path != state.told:
        return False
    speaker = Speaker(guide_data(), knowledge(), language_of(tracker))
    dispatcher.utter_message(text="\n".join(speaker.why(best)))
    return True
