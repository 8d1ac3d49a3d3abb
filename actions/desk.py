"""Passes a question on to a person at CACIMA; without a mail server, says where to write."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any, Dict, List, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.conversation import kept, language_of, state_of
from bot.desk import handing
from bot.desk.capture import FORM_CHANNEL, KEPT_AS, can_capture
from bot.desk.conversation import chat, guide_said, last_question
from bot.desk.settings import smtp
from bot.desk.texts import say

logger = logging.getLogger(__name__)
Events = List[Dict[str, Any]]
HANDOFF = "/human_handoff"


def can_hand_on() -> bool:
    """Whether there is a mail server to pass questions on by, and what is given stays out of the conversation."""
    return smtp() is not None and can_capture()


def offer(language: str) -> List[Dict[str, str]]:
    """The button that passes a question on; none where that is impossible."""
    return [{"title": say(language, "exchange", "pass_on"), "payload": HANDOFF}] if can_hand_on() else []


async def hand_on(dispatcher: CollectingDispatcher, tracker: Tracker) -> Tuple[Events, bool]:
    """Takes a step towards a person; the events, and whether nothing more is asked."""
    try:
        told = await _next(tracker)
    except SQLAlchemyError as error:  # its own words may quote the person
        logger.error("A request could not be kept (%s).", type(error).__name__)
        told = handing.Told(say(language_of(tracker), "exchange", "unavailable"), over=True)
    more: Dict[str, Any] = {"request": told.form} if told.form else {}
    more.update({KEPT_AS: told.kept} if told.kept else {})
    dispatcher.utter_message(text=told.text, buttons=list(told.buttons), **more)
    return kept(dataclasses.replace(state_of(tracker), offered=(), misses=0, reply="")), told.over


async def _next(tracker: Tracker) -> handing.Told:
    language, channel = language_of(tracker), str(tracker.get_latest_input_channel() or "none")
    entities = tracker.latest_message.get("entities") or []
    value = next((str(each["value"]) for each in entities if each["entity"] == "value"), "")
    exchange = handing.Exchange(str(tracker.sender_id), channel, language)
    if value in handing.STEPS:
        return await exchange.step(value, chat(tracker.events, language))
    question, guide = last_question(tracker.events), guide_said(tracker.get_slot("guide"), language)
    if channel == FORM_CHANNEL:
        return handing.form(language, question, guide)
    return await exchange.begin(question, guide)


class ActionHandOn(Action):
    """To someone who wants a person."""

    def name(self) -> str:
        return "action_hand_on"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        if not can_hand_on():
            dispatcher.utter_message(response="utter_human_handoff")
            return []
        events, _ = await hand_on(dispatcher, tracker)
        return events
