"""The guide's dialogue: reads every message while it runs, answers questions in between, and ends with a result."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import privacy
from actions.answer import ActionAnswer
from actions.conversation import ASK, SAME, language_of
from actions.why_not import explain_why_not
from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.reading import Reader
from bot.guide.state import State
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from bot.nlu.clause_splitter import has_question_word, is_asked

Events = List[Dict[str, Any]]
START = ("guide", "describe_self")
ANSWER = "guide_answer"
CONTROL = "control"
SURE = 0.6  # from here on, the NLU's reading of a message that answers nothing is trusted
CERTAIN = 0.9  # from here on, a request without a question mark is a question to the bot
WORDED = 0.75  # the same of one with a question word
MISSES = 2


def is_running(tracker: Tracker) -> bool:
    return bool(tracker.get_slot("guide_active"))


def payload(criterion: str, value: str) -> str:
    return f"/{ANSWER}{json.dumps({'criterion': criterion, 'value': value})}"


class ActionGuide(Action):
    """Starts the guide, or takes the next step of it."""

    def name(self) -> str:
        return "action_guide"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        events = await self._step(dispatcher, tracker, domain)
        # The slot `guide_active` may just have changed, and with it the rule that led here: say what comes next.
        return [*events, FollowupAction("action_listen")]

    async def _step(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        turn = Turn(dispatcher, tracker)
        intent = turn.intent
        if not is_running(tracker):
            return turn.begin(turn.state if intent == "guide" and turn.is_half_done() else State())
        if intent == ANSWER:
            return turn.button()
        if intent in privacy.ANSWERS or (intent in privacy.INTENTS and turn.confidence >= SURE):
            said = privacy.answer(dispatcher, tracker)
            if said in ("told", "kept"):
                turn.remind()
            if said is not None:
                return []
        control = turn.reader.control(turn.text)
        if explain_why_not(dispatcher, tracker):
            turn.remind()
            return []
        if control is not None and control != "why_not":
            return turn.control(control)
        found = turn.found()
        if intent == "guide" and not found and turn.confidence >= SURE:
            return turn.go_on(turn.state)
        if not turn.asks() and found:
            return turn.take(found)
        if turn.asks() and turn.questions:
            events = await ActionAnswer().run(dispatcher, tracker, domain)
            turn.remind()
            return events
        if found:
            return turn.take(found)
        return turn.anything_else()


class Turn:
    """One message of a person in the guide."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        message = tracker.latest_message
        self.dispatcher = dispatcher
        self.text = str(message.get("text") or "")
        self.intent = str((message.get("intent") or {}).get("name"))
        self.confidence = float((message.get("intent") or {}).get("confidence") or 0.0)
        self.entities = {entity["entity"]: entity["value"] for entity in message.get("entities") or []}
        self.topics = [e["value"] for e in message.get("entities") or [] if e["entity"] == "topic"]
        self.questions = [q for q in message.get("questions") or [] if q.get("attribute") or not q.get("act")]
        self.data = guide_data()
        self.reader = Reader(self.data)
        self.speaker = Speaker(self.data, knowledge(), language_of(tracker))
        self.state = State.from_json(tracker.get_slot("guide"))
        self.language = language_of(tracker)
        before = [event["parse_data"]["intent"]["name"] for event in tracker.events if event["event"] == "user"][:-1]
        self.after_question = bool(before) and (before[-1].startswith(ASK) or before[-1] == SAME)
        self._several = {criterion.id: criterion.several for criterion in self.data.criteria}

    def is_half_done(self) -> bool:
        """Whether an earlier guide was left before its result."""
        return bool(self.state.answers) and Ranking(self.data, self.state.answers).next_question() is not None

    def asks(self) -> bool:
        """Whether the message is a question to the bot rather than an answer to it."""
        if self.intent == SAME:  # "and the private ones?"
            about = bool(self.topics) or any(question.get("hinted") for question in self.questions)
            return about and ("?" in self.text or self.after_question)
        named = bool(self.topics) and not self.found()
        has_form = is_asked(self.text)
        certain = self.confidence >= (WORDED if has_question_word(self.text) else CERTAIN)
        requested = bool(self.topics) and certain and has_form
        goes_on = self.after_question and any(q.get("points_at") for q in self.questions) and is_asked(self.text)
        asked = "?" in self.text or named or requested or goes_on
        return self.intent.startswith(ASK) and asked and self.confidence >= SURE / 2

    def found(self) -> Dict[str, Any]:
        """Answers in the message; yes and no answer the question just put."""
        found: Dict[str, Any] = dict(self.reader.answers(self.text, self.state.current))
        if not found and self.state.current and self.intent in ("affirm", "deny"):
            for answer in self.data.criterion(self.state.current).answers:
                if (answer.affirm and self.intent == "affirm") or (answer.deny and self.intent == "deny"):
                    found[self.state.current] = (answer.id,)
        return found

    def begin(self, state: State) -> Events:
        found = self.reader.answers(self.text)
        self.dispatcher.utter_message(text=self.speaker.say("start"))
        if found:
            return self.take(found, state)
        return self.go_on(state)

    def button(self) -> Events:
        criterion, value = str(self.entities.get("criterion")), str(self.entities.get("value"))
        if criterion == CONTROL:
            return self.control(value)
        return self.take({criterion: (value,)}, heard=False)

    def take(self, found: Dict[str, Any], state: Optional[State] = None, heard: bool = True) -> Events:
        """Keep what was answered; say back what was heard where it was more than a button."""
        state = (state or self.state).with_answers(found, self._several)
        said = self.speaker.said(found) if heard else ""
        return self.go_on(state, self.speaker.say("understood", said=said) if said else "")

    def go_on(self, state: State, first: str = "") -> Events:
        """The next question, or the result."""
        ranking = Ranking(self.data, state.answers)
        criterion = ranking.next_question()
        if criterion is None:
            return self.finish(state, ranking, first)
        state = state.asking(criterion.id)
        self.put(state, ranking, first)
        return [SlotSet("guide", state.as_json()), SlotSet("guide_active", True)]

    def put(self, state: State, ranking: Ranking, first: str = "") -> None:
        criterion = self.data.criterion(str(state.current))
        buttons = [
            {"title": answer.label[self.language], "payload": payload(criterion.id, answer.id)}
            for answer in criterion.answers
        ]
        buttons.append({"title": self.speaker.say("dont_know"), "payload": payload(CONTROL, "skip")})
        text = " ".join(part for part in (first, criterion.question[self.language]) if part)
        progress = self.speaker.progress(ranking, criterion.id, len(state.answers) + 1)
        self.dispatcher.utter_message(text=text, buttons=buttons, guide=progress)

    def finish(self, state: State, ranking: Ranking, first: str = "") -> Events:
        result = self.speaker.result(ranking, state.answers)
        text = "\n".join(part for part in (first, result.pop("text")) if part)
        self.dispatcher.utter_message(text=text, result=result, facts=["guide"])
        best = ranking.ranked[0].type if ranking.fits() else None
        events = [SlotSet("guide", state.as_json()), SlotSet("guide_active", False)]
        if best:
            events += [SlotSet("topics", [best])]
        return events

    def control(self, name: str) -> Events:
        if name == "restart":
            return self.go_on(State())
        if name == "stop":
            self.dispatcher.utter_message(text=self.speaker.say("stopped"))
            return [SlotSet("guide_active", False)]
        if name == "back":
            before = self.state.back()
            if before is None:
                return self.go_on(self.state, self.speaker.say("no_back"))
            return self.go_on(before)
        if name == "skip" and self.state.current:
            return self.go_on(self.state.with_answers({self.state.current: ()}, self._several))
        return self.go_on(self.state)

    def remind(self) -> None:
        """After an interruption: where we were, in other words than the prompt's own."""
        if self.state.current:
            question = self.speaker.question(self.state.current)
            buttons = [
                {"title": self.speaker.say("resume"), "payload": payload(CONTROL, "resume")},
                {"title": self.speaker.say("stop"), "payload": payload(CONTROL, "stop")},
            ]
            self.dispatcher.utter_message(text=self.speaker.say("reminder", question=question), buttons=buttons)

    def anything_else(self) -> Events:
        """Small talk is answered by its own response; what cannot be read is asked again, more plainly."""
        spoken = self.intent not in (*START, "affirm", "deny", "nlu_fallback", "same_question")
        if self.intent == "out_of_scope" and "?" not in self.text:
            spoken = False  # not a question: an answer that could not be read
        if spoken and not self.intent.startswith(ASK) and self.confidence >= SURE:
            self.dispatcher.utter_message(response=f"utter_{self.intent}")
            self.remind()
            return []
        state = self.state.missed()
        explain = self.speaker.explanation(str(state.current)) if state.current else ""
        if state.misses >= MISSES:
            buttons = [
                {"title": self.speaker.say("dont_know"), "payload": payload(CONTROL, "skip")},
                {"title": self.speaker.say("stop"), "payload": payload(CONTROL, "stop")},
            ]
            self.dispatcher.utter_message(text=self.speaker.say("offer_to_leave", explain=explain), buttons=buttons)
        else:
            text = self.speaker.say("not_understood", explain=explain)
            self.put(dataclasses.replace(state), Ranking(self.data, state.answers), text)
        return [SlotSet("guide", state.as_json())]
