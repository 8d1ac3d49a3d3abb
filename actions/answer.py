"""Answers questions from the knowledge base, and offers choices where a question is unclear."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Sequence, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    ASK,
    SAME,
    context_of,
    language_of,
    languages_of,
    question_of,
    readings_of,
    slots_of,
    utter,
)
from actions.why_not import explain_why_not
from bot.knowledge.answers import Answer, Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.meant import UPDATE
from bot.knowledge.question import Context
from bot.knowledge.render import Renderer
from bot.nlu.questions import ASKED_BESIDE

# Below this confidence the best reading is not even worth offering (docs/decisions/0004).
OFFERED_FROM = 0.12
MOST_OFFERED = 3

Events = List[Dict[str, Any]]


def button(renderer: Renderer, topic: str, aspect: str) -> Dict[str, str]:
    payload = f"/{ASK}{aspect}{json.dumps({'topic': topic})}"
    return {"title": renderer.choice(topic, aspect), "payload": payload}


def say(dispatcher: CollectingDispatcher, answer: Answer, languages: Sequence[str]) -> None:
    """Utter one answer, in each language; its parts go along for clients that lay them out themselves."""
    base = knowledge()
    renderers = [Renderer(base, language) for language in languages]
    if answer.kind == "unknown":
        dispatcher.utter_message(response="utter_unknown", topic=base.topics[answer.topics[0]].name[languages[0]])
    elif answer.kind == "choose":
        buttons = [button(renderers[0], topic, answer.aspect) for topic in answer.choices]
        dispatcher.utter_message(response="utter_choose_topic", buttons=buttons)
    else:
        offered = [topic for fact in answer.facts for topic in fact.choices]
        for renderer in renderers:
            buttons = [button(renderer, topic, "definition") for topic in offered]
            dispatcher.utter_message(
                text=renderer.text(answer), buttons=buttons, parts=renderer.blocks(answer), facts=answer.ids
            )


def asks_of_the_whole(answer: Answer) -> bool:
    """Whether it asks of no topic if it still holds ("is your information up to date?"): of all that is known, then."""
    return answer.kind == "choose" and answer.aspect == UPDATE


def answers_to(readings: Sequence[Dict[str, Any]], context: Context) -> Tuple[List[Answer], Context]:
    """One answer a question, each read in the light of the one before, and the context after. Repeats are dropped."""
    answerer = Answerer(knowledge())
    answers: List[Answer] = []
    for reading in _asked_anew(readings, context):
        answer = answerer.answer(question_of(reading), context)
        context = answer.context(context)
        if answer not in answers:
            answers.append(answer)
    told = [answer for answer in answers if answer.kind in ("facts", "updates")]
    asked = tuple(dict.fromkeys(answer.aspect for answer in told)) if _of_the_same(told) else ()
    return told or answers[:1], dataclasses.replace(context, asked=asked)


def _of_the_same(answers: Sequence[Answer]) -> bool:
    return len({answer.topics for answer in answers}) == 1


def _asked_anew(readings: Sequence[Dict[str, Any]], context: Context) -> Sequence[Dict[str, Any]]:
    """Where two things were asked of one topic, both are asked of the next ("and the grappes?")."""
    if len(readings) != 1 or readings[0]["intent"] != SAME or len(context.asked) < 2:
        return readings
    return [{**readings[0], "intent": f"{ASK}{aspect}", "bare": False} for aspect in context.asked]


def decline(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Says that this is outside what the bot knows, or that a message of emoji or marks could not be read."""
    read = any(char.isalnum() for char in str(tracker.latest_message.get("text") or ""))
    utter(dispatcher, tracker, "utter_out_of_scope" if read else "utter_nothing_read")


class ActionAnswer(Action):
    """Says the facts every question of the message asks for."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        if explain_why_not(dispatcher, tracker):
            return []
        languages = languages_of(tracker)
        answers, context = answers_to(readings_of(tracker), context_of(tracker))
        if not answers:
            decline(dispatcher, tracker)
            return []
        if "greet" in (tracker.latest_message.get("besides") or []):
            dispatcher.utter_message(response="utter_hello")
        for answer in answers:
            if asks_of_the_whole(answer):
                dispatcher.utter_message(response="utter_provenance")
            else:
                say(dispatcher, answer, languages)
        for intent in tracker.latest_message.get("besides") or []:
            if intent in ASKED_BESIDE:
                dispatcher.utter_message(response=f"utter_{intent}")
        return slots_of(context)


class ActionDidYouMean(Action):
    """Between understanding and not: two or three readable choices, or CACIMA where there is nothing to offer."""

    def name(self) -> str:
        return "action_did_you_mean"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        language = language_of(tracker)
        renderer = Renderer(knowledge(), language)
        message = tracker.latest_message
        topics = [entity["value"] for entity in message.get("entities") or [] if entity["entity"] == "topic"]
        topics = topics or list(message.get("topic_cues") or [])[:1]
        buttons: List[Dict[str, str]] = []
        for guess in message.get("intent_ranking") or []:
            name = str(guess["name"])
            if not name.startswith(ASK) or guess["confidence"] < OFFERED_FROM:
                continue
            for topic in topics[:1]:
                aspect = name[len(ASK) :]
                if aspect in knowledge().aspects and knowledge().facts_of(topic, aspect):
                    buttons.append(button(renderer, topic, aspect))
        context = dataclasses.replace(context_of(tracker), topics=tuple(topics)) if topics else context_of(tracker)
        if not buttons or message.get("near_miss"):
            decline(dispatcher, tracker)
            return []
        other = {"title": knowledge().wording["something_else"][language], "payload": "/out_of_scope"}
        buttons = [*buttons[: MOST_OFFERED - 1], other]
        dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
        return slots_of(context)


class ActionLost(Action):
    """Out of scope, or no rule applies: says so and names CACIMA, without reverting the conversation."""

    def name(self) -> str:
        return "action_lost"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        decline(dispatcher, tracker)
        return []
