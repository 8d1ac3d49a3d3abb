"""Where what was said last comes from, and what a number held against it is."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Turn, same_words
from actions.conversation import questions_of, utter
from actions.telling import GuideFirst
from bot.knowledge.rendering import Renderer, Said

COUNTED_FROM = 7  # smaller numbers are said of many things


class ActionProvenance(GuideFirst):
    """Names the sources of the facts said last; of nothing said, or asked twice, those of everything."""

    def name(self) -> str:
        return "action_provenance"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> List[Dict[str, Any]]:
        turn = Turn(dispatcher, tracker)
        for language in turn.languages:
            said = _said(turn, language)
            if said is None or same_words(said.body, turn.state.reply):
                utter(dispatcher, tracker, "utter_provenance")
                break
            turn.utter(said, ids=turn.state.said)
        return turn.events()


def _said(turn: Turn, language: str) -> Optional[Said]:
    state = turn.state
    renderer = Renderer(turn.base, language, introduced=False)  # whoever asks for sources is given their whole titles
    facts = [turn.base.fact(name) for name in state.said]
    if not facts:
        topic = state.topics[0] if state.topics else None
        return renderer.unsourced(state.attribute, topic) if state.attribute else None
    questions = questions_of(turn.tracker)
    told = {number for fact in facts for number in fact.value.all_numbers()}
    against = [n for question in questions for n in question.numbers if n >= COUNTED_FROM and n not in told]
    everything = [fact for topic in turn.base.topics.values() for fact in topic.facts]
    others = [fact for fact in everything if set(fact.value.all_numbers()) & set(against)]
    others.sort(key=lambda fact: fact.topic != facts[0].topic)
    said = renderer.provenance(facts, against[0] if against else None, others[0] if others else None)
    return said if said.sources else None
