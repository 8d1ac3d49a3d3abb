"""Answers questions from the knowledge base, and offers choices where a question is unclear."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Optional, Sequence, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import desk
from actions.conversation import ASK, kept, language_of, languages_of, questions_of, state_of, utter
from actions.guide_reasons import explain_why_not
from actions.telling import GuideFirst, asks_which_is_for_oneself, is_for_the_guide, tells_of_a_business
from bot.dialogue.choices import chosen
from bot.dialogue.exchange import answer_all
from bot.dialogue.state import State
from bot.knowledge.answer import ABSENT, CHOOSE, Answer
from bot.knowledge.load import knowledge
from bot.knowledge.question import OUT_OF_SCOPE, Question
from bot.knowledge.rendering import Renderer, Said
from bot.words.thumbs import thumb

OFFERED_FROM = 0.12  # confidence below which a reading is not even worth offering
MOST_OFFERED = 3
MOST_CHOICES = 6
MOST_NEXT = 2
GUIDE = "/guide"
# What people ask next, in this order.
NEXT = (
    "definition",
    "services",
    "suits",
    "members",
    "count",
    "funding",
    "open_calls",
    "sectors",
    "management",
    "contact",
)

Events = List[Dict[str, Any]]
Button = Dict[str, str]


def payload(attribute: str, topic: str) -> str:
    return f"/{ASK}{attribute}{json.dumps({'topic': topic})}"


def choice(renderer: Renderer, topic: str, attribute: str) -> Button:
    return {"title": renderer.choice(topic, attribute), "payload": payload(attribute, topic)}


class Turn:
    """What is said to one message: answers, the state after them, and the choices shown."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.base = knowledge()
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.languages = languages_of(tracker)
        self.state = state_of(tracker)
        self._offered: List[Tuple[str, str]] = []
        self._replies: List[str] = []

    def renderer(self, language: Optional[str] = None) -> Renderer:
        return Renderer(self.base, language or self.languages[0], self.state.introduced)

    def answer_all(self, questions: Sequence[Question]) -> bool:
        """Answers each question in the light of the one before; False where there is nothing to say."""
        answers, self.state = answer_all(questions, self.state, self.base)
        for number, answer in enumerate(answers):
            self.say(answer, last=number == len(answers) - 1)
        return bool(answers)

    def say(self, answer: Answer, last: bool = True) -> None:
        """Utters an answer, never in the words of the reply before it."""
        if answer.kind == CHOOSE:
            self.offer("utter_choose_topic", [choice(self.renderer(), t, answer.attribute) for t in answer.choices])
            return
        for language in self.languages:
            renderer = self.renderer(language)
            said = renderer.say(answer)
            if same_words(said.body, self.state.reply):
                said = _otherwise(renderer, answer, said, self.state.reply)
            buttons = self._next(renderer, answer) if last and language == self.languages[0] else []
            self.utter(said, buttons, answer.ids)

    def utter(self, said: Said, buttons: Sequence[Button] = (), ids: Sequence[str] = ()) -> None:
        """Says words, with their structured form for clients that lay them out themselves."""
        self.dispatcher.utter_message(
            text=said.text, buttons=list(buttons), answer=said.as_dict(), facts=list(ids) or None
        )
        self._offered += [(button["title"], button["payload"]) for button in buttons]
        self._replies.append(said.body)

    def offer(self, response: str, buttons: Sequence[Button]) -> None:
        other = {"title": self.renderer().word("something_else"), "payload": "/out_of_scope"}
        shown = [*buttons[:MOST_CHOICES], other]
        self.dispatcher.utter_message(response=response, buttons=shown)
        self._offered += [(button["title"], button["payload"]) for button in shown]
        self._replies.append("")

    def _next(self, renderer: Renderer, answer: Answer) -> List[Button]:
        """What may be asked next: of types listed, each of them; of a topic, what was not said of it yet."""
        if answer.attribute == "types" and answer.facts:
            return [choice(renderer, topic, "definition") for topic in answer.facts[0].value.topics]
        if answer.kind == ABSENT:
            return desk.offer(self.languages[0]) or [
                {"title": renderer.word("write_to_cacima"), "payload": desk.HANDOFF}
            ]
        topic = answer.topics[0] if answer.topics else None
        if topic is None or len(answer.topics) > 1:
            return []
        said = {fact.attribute for fact in answer.facts} | {answer.attribute}
        if self.base.topics[topic].kind == "person":
            said.add("services")  # a person is not what somebody gets
        fresh = [attribute for attribute in NEXT if attribute not in said and self._is_fresh(topic, attribute)]
        return [choice(renderer, topic, attribute) for attribute in fresh[:MOST_NEXT]]

    def _is_fresh(self, topic: str, attribute: str) -> bool:
        """Whether there is something to say of it that was not said lately."""
        facts = self.base.facts_of(topic, attribute)
        return any(not fact.absent and fact.id not in self.state.heard for fact in facts)

    def events(self) -> Events:
        """The events that keep what was said for the next turn."""
        reply = "\n".join(text for text in self._replies if text)
        introduced = self.state.introduced or bool(self._replies and self.state.said)
        state = dataclasses.replace(self.state, offered=tuple(self._offered), reply=reply, introduced=introduced)
        return kept(state)


def same_words(first: str, second: str) -> bool:
    """Whether two replies say the same, however their lines are laid out."""
    return first.split() == second.split()


def _otherwise(renderer: Renderer, answer: Answer, said: Said, before: str) -> Said:
    """Other words for what was just said: shorter; else that there is no more."""
    same = renderer.of_the_same(answer)
    if same and same != before:
        return dataclasses.replace(said, lead=same, then="", now="", rows=[])
    if answer.facts:
        short = renderer.shorter(answer.facts[:1])
        text = renderer.word("again", brief=short.then)
        if text != before:
            return dataclasses.replace(short, then=text)
    everything = renderer.word("that_is_all")
    return Said(lead=everything if everything != before else renderer.word("who_knows"))


def decline(dispatcher: CollectingDispatcher, tracker: Tracker, state: State) -> Events:
    """Says that this is outside what the bot knows; a second time running, offers a person instead.

    A thumb after something was said is no miss: it takes the guide where that was offered, else it is feedback.
    """
    text = str(tracker.latest_message.get("text") or "")
    answered = any(event["event"] == "bot" for event in tracker.events)
    told = not state.misses or len(languages_of(tracker)) == 1  # else no word of an opinion's language is known
    up = thumb(text) if answered and told else None
    if up and GUIDE in [payload for _, payload in state.offered]:
        return [FollowupAction("action_guide")]
    if up is not None:
        dispatcher.utter_message(response="utter_feedback_positive" if up else "utter_feedback_negative")
        return kept(dataclasses.replace(state, misses=0))
    offered = desk.offer(language_of(tracker)) if state.misses else []
    if not any(char.isalnum() for char in text):
        utter(dispatcher, tracker, "utter_nothing_read")
    elif state.misses:
        utter(dispatcher, tracker, "utter_out_of_scope_again", buttons=offered)
    else:
        utter(dispatcher, tracker, "utter_out_of_scope")
    choices = tuple((button["title"], button["payload"]) for button in offered)
    return kept(dataclasses.replace(state, misses=state.misses + 1, offered=choices, reply=""))


def take_choice(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[Events]:
    """Answers a choice that was typed instead of pressed ("2", "the last one"); None where none was."""
    turn = Turn(dispatcher, tracker)
    picked = chosen(str(tracker.latest_message.get("text") or ""), turn.state.offered)
    if picked is None or not picked.startswith(f"/{ASK}"):
        return None
    attribute, _, entities = picked[len(ASK) + 1 :].partition("{")
    topic = json.loads("{" + entities)["topic"]
    turn.answer_all([Question(attribute=attribute, topics=(topic,), form=turn.state.form)])
    return turn.events()


class ActionAnswer(Action):
    """Says the facts every question of the message asks for."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        if explain_why_not(dispatcher, tracker):
            return []
        if is_for_the_guide(tracker) or asks_which_is_for_oneself(tracker):
            return [FollowupAction("action_guide")]
        if tells_of_a_business(tracker):
            return [FollowupAction("action_offer_guide")]
        taken = take_choice(dispatcher, tracker)
        if taken is not None:
            return taken
        besides = tracker.latest_message.get("besides") or []
        if "greet" in besides:
            dispatcher.utter_message(response="utter_hello")
        turn = Turn(dispatcher, tracker)
        questions = questions_of(tracker)
        if not turn.answer_all(questions):
            if tells_of_a_business(tracker, unread=True):  # "a bed and breakfast with two rooms?", of nothing before
                return [FollowupAction("action_offer_guide")]
            return decline(dispatcher, tracker, turn.state)
        for intent in ("provenance", "human_handoff", "bot_challenge", "goodbye"):
            if intent in besides:
                dispatcher.utter_message(response=f"utter_{intent}")
        if any(question.act == OUT_OF_SCOPE for question in questions):
            dispatcher.utter_message(response="utter_not_the_rest")
        return turn.events()


class ActionDidYouMean(GuideFirst):
    """Between understanding and not: two or three readable choices, or CACIMA where there is nothing to offer."""

    def name(self) -> str:
        return "action_did_you_mean"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        if tells_of_a_business(tracker, unread=True):
            return [FollowupAction("action_offer_guide")]
        taken = take_choice(dispatcher, tracker)
        if taken is not None:
            return taken
        turn = Turn(dispatcher, tracker)
        questions = questions_of(tracker)
        question = questions[0] if questions else Question()
        topics = question.topics or question.hinted[:1]
        renderer = turn.renderer(language_of(tracker))
        buttons = [
            choice(renderer, topic, attribute)
            for attribute, confidence in question.likely
            if confidence >= OFFERED_FROM
            for topic in topics[:1]
            if attribute in turn.base.attributes and turn.base.facts_of(topic, attribute)
        ]
        if not buttons:
            return decline(dispatcher, tracker, turn.state)
        turn.offer("utter_did_you_mean", buttons[: MOST_OFFERED - 1])
        turn.state = dataclasses.replace(turn.state, topics=topics)
        return turn.events()


class ActionLost(GuideFirst):
    """Out of scope, or no rule applies: says so and names CACIMA, without reverting the conversation."""

    def name(self) -> str:
        return "action_lost"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        if tells_of_a_business(tracker, unread=True):
            return [FollowupAction("action_offer_guide")]
        taken = take_choice(dispatcher, tracker)
        if taken is not None:
            return taken
        state = state_of(tracker)
        return decline(dispatcher, tracker, state)
