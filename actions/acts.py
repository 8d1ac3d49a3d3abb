"""What a message does when it asks no fact: say it again, shorter, in plain words, tell me more, why, and so on."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import privacy
from actions.answer import GUIDE, NEXT, Turn, same_words, take_choice
from actions.conversation import intent_of, kept, state_of, utter
from actions.desk import HANDOFF
from actions.guide_reasons import explain_advice
from actions.telling import GuideFirst, is_for_the_guide
from bot.dialogue.language import named_language
from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.reading import guide_reader
from bot.guide.state import State as Guide
from bot.guide.wording import Speaker
from bot.knowledge.answer import FACTS, Answer
from bot.knowledge.model import Fact
from bot.knowledge.rendering import Said

Events = List[Dict[str, Any]]
WHY_NOT = "why_not"  # a wish known to the guide's reader
MEASURED = ("count", "funding", "results", "size", "update")  # asked "why?" of a figure, an aim is no reason
SAID_AGAIN = ("repeat", "shorter", "number_only", "simpler", "more", "why")


class ActionSayAgain(GuideFirst):
    """Says once more what was said last: as it was, shorter, in plain words or in another language; or what is next."""

    def name(self) -> str:
        return "action_say_again"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        taken = take_choice(dispatcher, tracker)
        if taken is not None:
            return taken
        turn = Turn(dispatcher, tracker)
        facts = [turn.base.fact(name) for name in turn.state.said]
        intent = intent_of(tracker)
        if intent == "why" and explain_advice(dispatcher, tracker):
            return []
        if not facts:
            if turn.state.reply and intent == "repeat":
                turn.utter(Said(lead=turn.renderer().word("repeated"), then=turn.state.reply))
                return turn.events()
            utter(dispatcher, tracker, f"utter_{intent}_nothing")
            return turn.events()
        {
            "repeat": self._repeat,
            "shorter": self._shorter,
            "number_only": self._number,
            "simpler": self._simpler,
            "more": self._more,
            "why": self._why,
        }[intent](turn, facts)
        return turn.events()

    @staticmethod
    def _repeat(turn: Turn, facts: List[Fact]) -> None:
        turn.utter(Said(lead=turn.renderer().word("repeated"), then=turn.state.reply))

    @staticmethod
    def _shorter(turn: Turn, facts: List[Fact]) -> None:
        said = turn.renderer().shorter(facts[:2])
        if same_words(said.body, turn.state.reply):
            said = Said(lead=turn.renderer().word("that_is_all"))
        turn.utter(dataclasses.replace(said, source_line=""), ids=[fact.id for fact in facts[:2]])

    @classmethod
    def _number(cls, turn: Turn, facts: List[Fact]) -> None:
        """The number of what was said; where it has none, how many there are ("not the date, the number!")."""
        counted = turn.base.facts_of(facts[0].topic, "count")
        if any(fact.value.all_numbers() for fact in facts) or not counted:
            cls._shorter(turn, facts)
            return
        turn.say(Answer(FACTS, "count", (facts[0].topic,), tuple(counted[:1])))
        turn.state = dataclasses.replace(turn.state, said=(counted[0].id,), attribute="count")

    @staticmethod
    def _simpler(turn: Turn, facts: List[Fact]) -> None:
        base = turn.base
        plain = [fact for fact in facts if fact.plain]
        topics = [fact.topic for fact in facts]
        plain += [fact for topic in topics for fact in base.facts_of(topic, "definition") if fact.plain]
        said = turn.renderer().plain(plain[0]) if plain else turn.renderer().shorter(facts[:1])
        if said.body == turn.state.reply:
            said = Said(lead=turn.renderer().word("that_is_all"))
        turn.utter(said, ids=[fact.id for fact in (plain or facts)[:1]])

    @staticmethod
    def _more(turn: Turn, facts: List[Fact]) -> None:
        topic = facts[0].topic
        said = {*turn.state.said, *turn.state.heard}
        told = [fact for attribute in NEXT for fact in turn.base.facts_of(topic, attribute)]
        following = next((fact for fact in told if fact.id not in said and not fact.absent), None)
        if following is None:
            turn.utter(Said(lead=turn.renderer().word("that_is_all")))
            return
        answer = Answer(FACTS, following.attribute, (topic,), (following,))
        turn.say(answer)
        turn.state = dataclasses.replace(turn.state, said=(following.id,), attribute=following.attribute)
        turn.state = dataclasses.replace(turn.state, heard=(following.id, *turn.state.heard))

    @staticmethod
    def _why(turn: Turn, facts: List[Fact]) -> None:
        topic = facts[0].topic
        reasons = turn.base.facts_of(topic, "aims") if facts[0].attribute not in MEASURED else []
        reasons = [fact for fact in reasons if not fact.absent and fact.id not in turn.state.said]
        if not reasons:
            turn.utter(Said(lead=turn.renderer().word("why_unknown")))
            return
        answer = Answer(FACTS, "aims", (topic,), tuple(reasons[:1]))
        turn.say(answer)
        turn.state = dataclasses.replace(turn.state, said=(reasons[0].id,))


class ActionYesNo(Action):
    """A yes or a no: to "Do you want to erase?", to the guide that was offered, or to nothing the bot asked."""

    def name(self) -> str:
        return "action_yes_no"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        if privacy.answer(dispatcher, tracker):
            return []
        offered = [payload for _, payload in state_of(tracker).offered]
        if intent_of(tracker) == "affirm" and GUIDE in offered:
            return [FollowupAction("action_guide")]
        taken = take_choice(dispatcher, tracker)
        if taken is not None:
            return taken
        if is_for_the_guide(tracker):  # "no research, no, just business"
            return [FollowupAction("action_guide")]
        turn = Turn(dispatcher, tracker)
        if turn.state.said and guide_reader().control(str(tracker.latest_message.get("text") or "")) == WHY_NOT:
            turn.utter(Said(lead=turn.renderer().word("why_unknown")))  # "why not?", of what was just denied
            return turn.events()
        dispatcher.utter_message(response="utter_anything_else")
        return []


class ActionReportError(GuideFirst):
    """To someone who says that an answer is wrong: who can correct it; under the guide's advice, what it changes."""

    def name(self) -> str:
        return "action_report_error"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        dispatcher.utter_message(response="utter_report_error")
        return []


class ActionOfferGuide(GuideFirst):
    """To someone who tells about a business: says back what was told, keeps it, and offers the guide."""

    def name(self) -> str:
        return "action_offer_guide"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = Turn(dispatcher, tracker)
        titles = [(turn.renderer().word("guide_me"), GUIDE), (turn.renderer().word("write_to_cacima"), HANDOFF)]
        buttons = [{"title": title, "payload": payload} for title, payload in titles]
        events = kept(dataclasses.replace(turn.state, offered=tuple(titles), misses=0, reply=""))
        told = guide_reader().answers(str(tracker.latest_message.get("text") or ""))
        # No rule holds after a redirected action: action_lost would follow.
        events.append(FollowupAction("action_listen"))
        if not told:
            dispatcher.utter_message(response="utter_offer_guide", buttons=buttons)
            return events
        speaker = Speaker(guide_data(), turn.base, turn.languages[0])
        state = Guide.from_json(tracker.get_slot("guide")).with_answers(told, guide_data())
        first = Ranking(guide_data(), state.answers).next_question()
        text = speaker.say("offer", said=speaker.said(told))
        if first is not None:  # whoever answers it takes the offer
            state = state.asking(first.id)
            text = speaker.say("offer_and_ask", said=speaker.said(told), question=speaker.question(first.id))
        dispatcher.utter_message(text=text, buttons=buttons)
        return [SlotSet("guide", state.as_json()), *events]


class ActionChooseLanguage(Action):
    """Confirms the language, and says the last answer again in it."""

    def name(self) -> str:
        return "action_choose_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        turn = Turn(dispatcher, tracker)
        if named_language(str(tracker.latest_message.get("text") or "")) == "":
            utter(dispatcher, tracker, "utter_capabilities")
            return []
        dispatcher.utter_message(response="utter_choose_language")
        facts: List[Fact] = [turn.base.fact(name) for name in turn.state.said]
        if not facts:
            return []
        attribute: Optional[str] = turn.state.attribute
        turn.say(Answer(FACTS, attribute or "definition", turn.state.topics, tuple(facts)))
        return turn.events()
