"""The guide's dialogue: reads every message while it runs, answers questions in between, and ends with a result."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import privacy
from actions.acts import SAID_AGAIN, ActionChooseLanguage, ActionSayAgain
from actions.answer import ActionAnswer
from actions.answer import Turn as Answering
from actions.conversation import ASK, SAME, intent_of, kept, language_of, questions_of, state_of
from actions.desk import can_hand_on, hand_on, offer
from actions.guide_reasons import explain_why_not
from actions.telling import corrects_the_result, speaks_of_oneself
from bot.dialogue.choices import chosen
from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.reading import ACTIVITY, OF_THE_ADVICE, guide_reader
from bot.guide.state import State
from bot.guide.wording import Speaker
from bot.knowledge.answering import ASKED_TO_JOIN
from bot.knowledge.load import knowledge
from bot.knowledge.question import YES_NO
from bot.nlu.clause_splitter import has_question_word, is_asked
from bot.nlu.topic_extractor import is_vague
from bot.words.thumbs import thumb

Events = List[Dict[str, Any]]
ANSWER = "guide_answer"
ANSWERING = ("result", "resume", *OF_THE_ADVICE)  # wishes that an answer or a question may hold the words of
CONTROL, CHANGE = "control", "change"
SURE = 0.6  # from here on, the NLU's reading of a message that answers nothing is trusted
CERTAIN = 0.9  # from here on, a request without a question mark is a question to the bot
WORDED = 0.75  # the same of one with a question word
MOST_PUTS = 2  # how often a question is put before the guide goes on without an answer
OPENING = 3  # words in which a question without a mark asks; later "who" and "which" join clauses
BRIEF = 6  # words of a message that names a type and no more
REMINDERS = 3


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
        if turn.intent == ANSWER:
            return turn.button()
        if not is_running(tracker):
            return turn.whether_it_suits() or turn.begin()
        typed = chosen(turn.text, turn.offered)
        if typed is not None and typed.startswith(f"/{ANSWER}"):
            return turn.pressed(typed)
        about_data = turn.about_data()
        if about_data is not None:
            return about_data
        if turn.intent == "human_handoff" and turn.confidence >= SURE and can_hand_on():
            events, over = await hand_on(dispatcher, tracker)
            return [*events, *(turn.remind() if over else [])]
        control = turn.wish()
        if explain_why_not(dispatcher, tracker):
            return turn.remind()
        found = turn.found()
        other = control == "why_not" or (control in ANSWERING and bool(found or turn.asks_of_a_topic()))
        if control == "stop" and turn.asks():
            events = await ActionAnswer().run(dispatcher, tracker, domain)
            return [*events, SlotSet("guide_active", False)]
        if control is not None and not other:
            return turn.control(control)
        if turn.intent == "guide" and not found and turn.confidence >= SURE:
            return turn.control("result")  # "so which one is it, then?"
        if turn.asks() and not (found and turn.only_tells()):
            events = await ActionAnswer().run(dispatcher, tracker, domain)
            return [*events, *turn.remind()]
        if found:
            return turn.take(found)
        if turn.names_a_path():  # "so the grappe, then"
            return turn.control("result")
        if turn.intent in SAID_AGAIN and turn.confidence >= SURE:
            of_the_guide = turn.intent in ("repeat", "simpler") or (turn.intent == "why" and not turn.dialogue.reply)
            return turn.again() if of_the_guide else await self._again(turn, domain)
        if turn.intent == "choose_language":
            await ActionChooseLanguage().run(dispatcher, tracker, domain)
            return turn.again()
        return turn.anything_else()

    @staticmethod
    async def _again(turn: Turn, domain: Dict[str, Any]) -> Events:
        events = await ActionSayAgain().run(turn.dispatcher, turn.tracker, domain)
        return [*events, *turn.remind()]


class Turn:
    """One message of a person in the guide."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        message = tracker.latest_message
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.text = str(message.get("text") or "")
        self.intent = intent_of(tracker)
        self.confidence = float((message.get("intent") or {}).get("confidence") or 0.0)
        self.entities = {entity["entity"]: entity["value"] for entity in message.get("entities") or []}
        self.topics = [e["value"] for e in message.get("entities") or [] if e["entity"] == "topic"]
        self.questions = list(message.get("questions") or [])
        self.data = guide_data()
        self.reader = guide_reader()
        self.language = language_of(tracker)
        self.speaker = Speaker(self.data, knowledge(), self.language)
        self.state = State.from_json(tracker.get_slot("guide"))
        self.dialogue = state_of(tracker)
        self.offered = self.dialogue.offered

    # What the message is.

    def about_data(self) -> Optional[Events]:
        """Deals with a message about one's data; None where it is about something else."""
        sure = self.intent in privacy.INTENTS and self.confidence >= SURE
        said = privacy.answer(self.dispatcher, self.tracker) if sure or self.intent in privacy.ANSWERS else None
        if said is None:
            return None
        return self.remind() if said in ("told", "kept") else []

    def asks(self) -> bool:
        """Whether the message is a question to the bot rather than an answer to it."""
        if str(self.text).startswith("/"):
            return self.intent.startswith(ASK)
        named = "?" in self.text and any(not is_vague(topic) for topic in self.topics)
        unsure = self.confidence < SURE / 2 and not named
        if not (self.intent.startswith(ASK) or self.intent == SAME) or unsure:
            return False
        if self.intent == SAME:  # "and the private ones?"
            hinted = any(question.get("hinted") for question in self.questions)
            return is_asked(self.text) and (bool(self.topics) or hinted or not self.found())
        if is_asked(self.text) and not self.found():
            return True
        certain = self.confidence >= (WORDED if has_question_word(self.text) else CERTAIN)
        put = any(question.get("form") not in (None, "open") for question in self.questions)
        return (
            "?" in self.text
            or (certain and put)
            or (certain and is_asked(self.text))
            or (bool(self.topics) and not self.found())
        )

    def only_tells(self) -> bool:
        """Whether the message tells something without asking ("we are three firms who want a private network")."""
        return "?" not in self.text and not has_question_word(" ".join(self.text.split()[:OPENING]))

    def asks_of_a_topic(self) -> bool:
        """Whether the message asks something of what it names ("and in the end, are the grappes national?")."""
        return bool(self.topics) and self.asks()

    def wish(self) -> Optional[str]:
        """The wish a message says; one that leaves the answer open goes on without it ("a label, not necessarily")."""
        open_left = bool(self.state.current) and self.reader.leaves_open(self.text, str(self.state.current))
        said = self.reader.control(self.text, advised=self.state.told is not None)
        return said or ("skip" if open_left and not self.found() else None)

    def names_a_path(self) -> bool:
        """Whether the message names a type that can be advised and says hardly more."""
        return any(topic in self.data.paths for topic in self.topics) and len(self.text.split()) <= BRIEF

    def found(self) -> Dict[str, Any]:
        """Answers in the message; yes and no answer the question just put, where it can be answered so."""
        if self.reader.control(self.text) == "resume" and not self.reader.answers(self.text):
            return {}  # "sure, go on" agrees to go on
        asked = self.state.current if is_running(self.tracker) else None
        opening = " ".join(self.text.split()[: OPENING + 1])
        puts = self.text.rstrip().endswith("?") and has_question_word(opening)
        if asked and puts and not self.intent.startswith(ASK):
            return {}  # "wait, what's R&D?" is no answer
        found: Dict[str, Any] = dict(self.reader.answers(self.text, asked))
        known = set(self.state.answers.get(ACTIVITY, ()))
        others = known and asked != ACTIVITY and not self.reader.tells_of_oneself(self.text)
        if others and not set(found.get(ACTIVITY, ())) <= known:
            found.pop(ACTIVITY, None)  # "somebody who knows about seaweed", of a bakery
        up = thumb(self.text)
        affirms, denies = self.intent == "affirm" or up is True, self.intent == "deny" or up is False
        if not found and asked and (affirms or denies):
            for answer in self.data.criterion(asked).answers:
                if (answer.affirm and affirms) or (answer.deny and denies):
                    found[asked] = (answer.id,)
            if not found and self.intent == "deny":
                found[asked] = ()  # none of these
        return found

    # What is done with it.

    def whether_it_suits(self) -> Optional[Events]:
        """Answers "can I join with my garage, yes or no?", of a type just spoken of, which is no wish for the guide."""
        topics, questions = self.dialogue.topics, questions_of(self.tracker)
        spoken_of = len(topics) == 1 and topics[0] in self.data.paths and self.dialogue.reply
        if not spoken_of or self.intent != "guide" or self.confidence >= CERTAIN or not questions:
            return None
        likely = questions[0].likely[0][0] if questions[0].likely else None
        if questions[0].form != YES_NO or likely not in ASKED_TO_JOIN:
            return None
        answering = Answering(self.dispatcher, self.tracker)
        answering.answer_all([dataclasses.replace(questions[0], attribute=likely, topics=topics, act=None)])
        return answering.events()

    def begin(self) -> Events:
        """Starts, goes on where it was left, or takes up what is said after a result."""
        half_done = bool(self.state.answers) and Ranking(self.data, self.state.answers).next_question() is not None
        if corrects_the_result(self.tracker) or (self.state.answers and not half_done):
            found = self.found()
            wish = self.reader.control(self.text, advised=self.state.told is not None)
            asks = wish in ("why_this", "noted", "second_choice") or (not found and wish in OF_THE_ADVICE)
            if wish is not None and asks:
                return self.control(wish)
            wished = wish == "result" or self.intent == "guide"  # "so which one is it for us?"
            return self.take(found) if found else self.go_on(self.state, brief=not wished)
        state = self.state if half_done else State()
        self.dispatcher.utter_message(text=self.speaker.say("start"))
        said = "" if self.text.startswith("/") else self.text
        if state.current:  # it was offered with its first question
            told = self.reader.answers(said, state.current)
        else:
            told = self.reader.answers(" ".join([self._told_before(), said]))
        return self.take(told, state) if told else self.go_on(state)

    def _told_before(self) -> str:
        """What the person told of a business just before the guide was asked for, or offered and accepted."""
        said = [event for event in self.tracker.events if event["event"] == "user"][-2:-1]
        texts = [str(event.get("text") or "") for event in said]
        return texts[0] if texts and speaks_of_oneself(texts[0]) else ""

    def button(self) -> Events:
        return self._pressed(str(self.entities.get("criterion")), str(self.entities.get("value")))

    def pressed(self, typed: str) -> Events:
        """A choice that was typed instead of pressed."""
        entities = json.loads(typed[len(ANSWER) + 1 :])
        return self._pressed(entities["criterion"], entities["value"])

    def _pressed(self, criterion: str, value: str) -> Events:
        if criterion == CONTROL:
            return self.control(value)
        if criterion == CHANGE:
            return self.go_on(self.state.without(value))
        return self.take({criterion: (value,)}, heard=False)

    def take(self, found: Dict[str, Any], state: Optional[State] = None, heard: bool = True) -> Events:
        """Keeps what was answered; says back what was heard where it was more than a button.

        A question answered twice with something else is not put a third time.
        """
        unsaid = self.reader.unsaid(self.text) if heard else None
        if unsaid is not None:
            return self.retract(*map(self.reader.answers, unsaid))
        state = state or self.state
        if heard and "need" in found and self.reader.takes_back(self.text):
            state = state.without_answers({"need": state.answers.get("need", ())})
        state = state.with_answers(found, self.data)
        if state.current and state.current not in state.answers and state.puts >= MOST_PUTS:
            state = state.with_answers({state.current: ()}, self.data)
        said = self.speaker.said(found) if heard else ""
        return self.go_on(state, self.speaker.say("understood", said=said) if said else "", brief=heard)

    def retract(self, never: Dict[str, Any], found: Dict[str, Any]) -> Events:
        """Takes back what was noted and never said, and notes what is said instead ("I never said we had the town with
        us, it's the school")."""
        said = self.speaker.said({name: self.state.given(name, answers) for name, answers in never.items()})
        first = self.speaker.say("retracted", said=said) if said else self.speaker.say("never_noted")
        instead = self.speaker.said(found)
        first = f"{first} {self.speaker.say('understood', said=instead)}" if instead else first
        return self.go_on(self.state.without_answers(never).with_answers(found, self.data), first)

    def go_on(self, state: State, first: str = "", brief: bool = False) -> Events:
        """The next question, or the result; `brief`: or only that what was advised before stays."""
        ranking = Ranking(self.data, state.answers)
        criterion = ranking.next_question()
        if criterion is None:
            return self.finish(state, ranking, first, brief)
        return self.put(state.asking(criterion.id), ranking, first)

    def put(self, state: State, ranking: Ranking, first: str = "", leave: bool = False) -> Events:
        """Puts the open question, with its answers as buttons."""
        criterion = self.data.criterion(str(state.current))
        buttons = [
            {"title": self.speaker.set(answer.label), "payload": payload(criterion.id, answer.id)}
            for answer in criterion.answers
        ]
        buttons.append({"title": self.speaker.say("dont_know"), "payload": payload(CONTROL, "skip")})
        if leave:
            buttons.append({"title": self.speaker.say("stop"), "payload": payload(CONTROL, "stop")})
        text = " ".join(part for part in (first, self.speaker.question(criterion.id)) if part)
        progress = self.speaker.progress(ranking, criterion.id, len(state.answers) + 1)
        self.dispatcher.utter_message(text=text, buttons=buttons, guide=progress)
        return [*self._keep(state, buttons), SlotSet("guide_active", True)]

    def _keep(self, state: State, buttons: List[Dict[str, str]]) -> Events:
        offered = tuple((button["title"], button["payload"]) for button in buttons)
        dialogue = dataclasses.replace(self.dialogue, offered=offered, reply="", misses=0)
        return [SlotSet("guide", state.as_json()), *kept(dialogue)]

    def finish(self, state: State, ranking: Ranking, first: str = "", brief: bool = False) -> Events:
        """Says the result, or where it was told already that it stays; any answer can be changed after it."""
        result = self.speaker.result(ranking, state.answers)
        path, text = result.pop("path"), result.pop("text")
        result["change"] = self._changes(state)
        buttons = [
            {"title": self.speaker.say("change"), "payload": payload(CONTROL, "change")},
            {"title": self.speaker.say("restart"), "payload": payload(CONTROL, "restart")},
        ]
        if (first or brief) and path is not None and path == state.told:
            self.dispatcher.utter_message(text=f"{first} {self.speaker.same_advice(path)}".strip(), buttons=buttons)
            return [*self._keep(state, buttons), SlotSet("guide_active", False)]
        if path is not None and state.told not in (None, path):  # else it looks like a slip
            first = "\n".join(part for part in (first, self.speaker.say("new_advice")) if part)
        state = dataclasses.replace(state, told=path)
        self.dialogue = dataclasses.replace(self.dialogue, said=())  # "why?" asks of the result
        text = "\n".join(part for part in (first, text) if part)
        buttons += offer(self.language) if path in (None, "cacima") else []
        self.dispatcher.utter_message(text=text, buttons=buttons, result=result, facts=["guide"])
        if path is not None and path != "cacima":
            self.dialogue = dataclasses.replace(self.dialogue, topics=(path,), attribute="definition")
        return [*self._keep(state, buttons), SlotSet("guide_active", False)]

    def _changes(self, state: State) -> List[Dict[str, str]]:
        """A button for each question answered, to answer it anew."""
        return [
            {"title": self.speaker.question(criterion), "payload": payload(CHANGE, criterion)}
            for criterion in state.answers
        ]

    def control(self, name: str) -> Events:
        """back, restart, stop, skip, resume, change, and the result at once."""
        if name == "restart":
            return self.go_on(State())
        if name == "stop":
            self.dispatcher.utter_message(text=self.speaker.say("stopped"))
            return [*self._keep(self.state, []), SlotSet("guide_active", False)]
        if name == "back":
            before = self.state.back()
            if before is None:
                return self.go_on(self.state, self.speaker.say("no_back"))
            return self.go_on(before)
        if name == "first_step" and self.state.told is not None:
            text = self.speaker.say("week", step=self.speaker.step(self.state.answers, self.state.told))
            self.dispatcher.utter_message(text=text)
            return [*self._keep(self.state, []), SlotSet("guide_active", False)]
        if name == "why_this" and self.state.told is not None:
            best = Ranking(self.data, self.state.answers).of(self.state.told)
            self.dispatcher.utter_message(text="\n".join(self.speaker.why(best)))
            return [*self._keep(self.state, []), SlotSet("guide_active", False)]
        if name == "second_choice" and self.state.told is not None:
            self.dispatcher.utter_message(text=self.speaker.second_choice(Ranking(self.data, self.state.answers)))
            return [*self._keep(self.state, []), SlotSet("guide_active", False)]
        if name in ("result", *OF_THE_ADVICE):
            if any(self.state.answers.values()):
                brief = name == "reconsider"
                return self.finish(self.state, Ranking(self.data, self.state.answers), brief=brief)
            return self.go_on(self.state)
        if name in ("summary", "noted"):
            said = self.speaker.said(self.state.answers)
            text = self.speaker.say("so_far", said=said) if said else self.speaker.say("nothing_to_change")
            self.dispatcher.utter_message(text=text)
            return self.remind() if is_running(self.tracker) else [SlotSet("guide_active", False)]
        if name == "change":
            buttons = self._changes(self.state)
            said = "change_which" if buttons else "nothing_to_change"
            self.dispatcher.utter_message(text=self.speaker.say(said), buttons=buttons)
            return [*self._keep(self.state, buttons), SlotSet("guide_active", True)]
        if name == "skip" and self.state.current:
            return self.go_on(self.state.with_answers({self.state.current: ()}, self.data))
        return self.go_on(self.state)

    def again(self) -> Events:
        """The open question once more, explained; the next one where that was of no help."""
        if not self.state.current:
            return self.go_on(self.state)
        if self.state.puts > MOST_PUTS:
            return self.go_on(self.state.with_answers({self.state.current: ()}, self.data))
        state = self.state.asking(self.state.current)
        return self.put(state, Ranking(self.data, state.answers), self.speaker.explanation(self.state.current))

    def remind(self) -> Events:
        """After an interruption: where we were, in one short line, never twice in the same words.

        Somebody who only asks has left the guide: it steps aside until it is asked for again.
        """
        if not self.state.current:
            return []
        if self.state.reminders >= REMINDERS:
            self.dispatcher.utter_message(text=self.speaker.say("put_aside"))
            return [SlotSet("guide_active", False), SlotSet("guide", self.state.resumable().as_json())]
        question = self.speaker.question(self.state.current)
        buttons = [
            {"title": self.speaker.say("resume"), "payload": payload(CONTROL, "resume")},
            {"title": self.speaker.say("stop"), "payload": payload(CONTROL, "stop")},
        ]
        key = f"reminder_{self.state.reminders % REMINDERS + 1}"
        self.dispatcher.utter_message(text=self.speaker.say(key, question=question), buttons=buttons)
        options = self.data.criterion(self.state.current).answers
        offered = [*((o.label[self.language], payload(self.state.current, o.id)) for o in options)]
        offered += [(button["title"], button["payload"]) for button in buttons]
        self.dialogue = dataclasses.replace(self.dialogue, offered=tuple(offered))
        return [SlotSet("guide", self.state.reminded().as_json())]

    def anything_else(self) -> Events:
        """Small talk is answered by its own response; what cannot be read is asked again, more plainly."""
        spoken = self.intent not in ("describe_self", "affirm", "deny", "nlu_fallback", SAME, "guide")
        if self.intent == "out_of_scope" and "?" not in self.text:
            spoken = False  # not a question: an answer that could not be read
        if spoken and not self.intent.startswith(ASK) and self.confidence >= SURE:
            self.dispatcher.utter_message(response=f"utter_{self.intent}")
            if self.intent in ("goodbye", "stop", "never_mind"):
                return [*self._keep(self.state, []), SlotSet("guide_active", False)]
            return self.remind()
        if is_asked(self.text):  # a question that could not be read is no answer that could not be read
            self.dispatcher.utter_message(response="utter_out_of_scope")
            return self.remind()
        if not self.state.current:
            return self.go_on(self.state)
        return self._not_read(self.state.missed(), self.state.current)

    def _not_read(self, state: State, asked: str) -> Events:
        """Explains a question whose answer could not be read; the second time, goes on to the next one."""
        if state.misses < MOST_PUTS:
            first = self.speaker.say("not_understood", explain=self.speaker.explanation(asked))
            return self.put(state.asking(asked), Ranking(self.data, state.answers), first)
        state = state.with_answers({asked: ()}, self.data)
        ranking = Ranking(self.data, state.answers)
        criterion = ranking.next_question()
        if criterion is None:
            return self.finish(state, ranking, self.speaker.say("still_not_understood"))
        return self.put(state.asking(criterion.id), ranking, self.speaker.say("offer_to_leave"), leave=True)
