"""Joins the readings of a message's clauses into the one Rasa routes on, and the questions the actions answer."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.nlu.clauses import CLAUSES, DIVIDED, TENTATIVE
from bot.nlu.component import Component
from bot.nlu.joining import (
    SURE,
    asks_of_its_own,
    asks_once,
    both_ask,
    courtesy_in,
    go_on,
    names_its_subject,
    names_topics,
    share_topics,
    stands_alone,
    surely_wished,
    tells_better,
    those_asked,
    under_heading,
    with_its_subject,
)
from bot.nlu.likeliest import ASK, OUT, described, weigh
from bot.nlu.names import words_of
from bot.nlu.readings import DEFINITION, GUESS, SAME, is_general, is_question, presented, read_clause
from bot.nlu.topics import CUES, GUESSES, NEAR_MISS, TOPIC, is_vague

QUESTIONS = "questions"  # on a message: what is asked, a dict a question (bot/nlu/readings.py)
BESIDES = "besides"  # on a message: intents said along with the questions (_GREETING, ASKED_BESIDE, LANGUAGE_WISH)
LANGUAGE_WISH = "choose_language"
_FRAGMENT = 4  # words
_OUTSIDE_FROM = 0.6  # what a whole message says that is out of scope so surely is no question of ours
_GREETING = ("greet", "thanks")
_REMARKS = ("feedback_positive", "feedback_negative", "describe_self")
_ASSENT = ("affirm", "deny")
ASKED_BESIDE = ("provenance", "human_handoff", "bot_challenge")  # answered after the question they come with
# Intents that say nothing of what is wanted when something else is said too.
_ALONGSIDE = (*_ASSENT, *_GREETING, "goodbye", "describe_self", OUT)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionReader(Component):
    """Sets QUESTIONS and BESIDES on the whole message, and gives it the intent that matters most."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {
            "clause_from": 0.3,
            "halves_from": 0.5,
            "language_from": 0.6,
            "guessed_from": 0.4,
            "sure_from": 0.7,
        }

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._clause_from = float(config["clause_from"])
        self._halves_from = float(config["halves_from"])
        self._language_from = float(config["language_from"])
        self._guessed_from = float(config["guessed_from"])
        self._sure_from = float(config["sure_from"])

    def process(self, messages: List[Message]) -> List[Message]:
        """Whole messages each followed by its clauses, in; whole messages out."""
        wholes: List[Message] = []
        index = 0
        while index < len(messages):
            whole = messages[index]
            count = whole.get(CLAUSES) or 0
            self._join(whole, messages[index + 1 : index + 1 + count])
            wholes.append(whole)
            index += 1 + count
        return wholes

    def _doubt_language(self, message: Message) -> None:
        """A wish for a language names no topic and is sure; else the next intent is meant ("the French fund")."""
        intent, ranking = message.get(INTENT) or {}, message.get(INTENT_RANKING_KEY) or []
        sure = intent.get("confidence", 0) >= self._language_from and not message.get(ENTITIES)
        if intent.get("name") == LANGUAGE_WISH and not sure and len(ranking) > 1:
            message.set(INTENT, dict(ranking[1]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[1:], add_to_output=True)

    def _weigh(self, message: Message) -> None:
        """Settles which topic is described, if one is, and what is asked of the topics then known."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        named = [e["value"] for e in message.get(ENTITIES, []) if e["entity"] == TOPIC]
        topics = [topic for topic in named if not is_vague(topic)]
        guess, chance = described(message.get(GUESSES) or [], ranking)
        sure = guess is not None and chance >= self._sure_from
        if not topics:
            if guess is not None and chance >= self._guessed_from and all(is_general(topic) for topic in named):
                message.set(CUES, list(dict.fromkeys([guess, *(message.get(CUES) or [])])))
            if sure:
                message.set(GUESS, guess)
            topics = (message.get(CUES) or named)[:1]
        elif sure and knowledge().topics[str(guess)].parent in named:
            message.set(GUESS, guess)
            topics = [str(guess)]
        weighed = weigh(ranking, topics)
        if topics and topics[0] in named and str(weighed[0]["name"]).startswith(ASK):
            # What is named is surely asked about, if only to be told what it is.
            total = sum(guess["confidence"] for guess in weighed)
            weighed = [{**guess, "confidence": guess["confidence"] / total} for guess in weighed]
        if weighed:
            message.set(INTENT, dict(weighed[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, weighed, add_to_output=True)

    def _is_beside(self, part: Dict[str, Any]) -> bool:
        """A courtesy, or something else surely said beside a question."""
        asked = part["intent"] in (LANGUAGE_WISH, *ASKED_BESIDE)
        return part["intent"] in _GREETING or (asked and part["confidence"] >= self._language_from)

    @staticmethod
    def _outside(whole: Message) -> bool:
        """Only a near miss was named ("pôle emploi"): whatever is asked, it is not about a topic of ours."""
        return bool(whole.get(NEAR_MISS)) and not any(e["entity"] == TOPIC for e in whole.get(ENTITIES, []))

    @staticmethod
    def _hear_follow_up(whole: Message) -> None:
        """Two or three words that hint at a topic ("health?") go on with the question before, unless surely else."""
        intent, text = whole.get(INTENT) or {}, whole.get(TEXT) or ""
        short = len(words_of(text)) <= _FRAGMENT and bool(whole.get(CUES)) and not whole.get(NEAR_MISS)
        misread = intent.get("name") == OUT or (intent.get("name") in _REMARKS and text.endswith("?"))
        if short and misread and intent["confidence"] < SURE:
            whole.set(INTENT, {"name": SAME, "confidence": intent["confidence"]}, add_to_output=True)

    def _join(self, whole: Message, clauses: List[Message]) -> None:
        for message in (whole, *clauses):
            self._doubt_language(message)
            self._weigh(message)
        if self._outside(whole):
            whole.set(INTENT, {"name": OUT, "confidence": 1.0}, add_to_output=True)
            clauses = []
        self._hear_follow_up(whole)
        reading = presented(read_clause(whole), whole)
        parts, questions = self._asking(whole, clauses, reading)
        telling = [part for part in parts if part["intent"] not in _ALONGSIDE]
        about_ours = names_topics(parts) or any(map(stands_alone, questions))
        if reading["intent"] == OUT and reading["confidence"] >= _OUTSIDE_FROM and not about_ours:
            questions, telling = [], []
        wished = max(map(surely_wished, telling), default=0.0)
        if wished > max((part["confidence"] for part in questions), default=0.0) and not names_topics(questions):
            questions = []  # "I am still in doubt. Could you help me choose?"
        if len(questions) == 1 and tells_better(reading, questions[0]):
            told = questions[0]
            if names_topics(questions):  # what it is about, the part tells: the rest sets the scene
                reading = {**reading, "topics": told["topics"], "cues": told["cues"] or reading["cues"]}
            elif asks_of_its_own({**told, "intent": reading["intent"]}):  # "who publishes this bulletin?"
                reading = {**reading, "topics": told["topics"], "cues": told["cues"]}
            questions, telling = [], []
        if questions:
            share_topics(questions, parts, reading)
        main = questions[0] if questions else self._main(reading, parts, telling)
        if not questions and is_question(main):
            questions = [main]
        if main is not reading:
            whole.set(INTENT, {"name": main["intent"], "confidence": main["confidence"]}, add_to_output=True)
            whole.set(INTENT_RANKING_KEY, main["ranking"], add_to_output=True)
        besides = [part["intent"] for part in parts if part is not main and self._is_beside(part)]
        for question in questions:
            question.pop("ranking", None)
        whole.set(QUESTIONS, questions, add_to_output=True)
        whole.set(BESIDES, besides, add_to_output=True)
        whole.set(CUES, reading["cues"], add_to_output=True)
        whole.set(NEAR_MISS, reading["near_miss"], add_to_output=True)

    def _asking(
        self, whole: Message, clauses: List[Message], reading: Dict[str, Any]
    ) -> Tuple[List[Dict[str, Any]], List[Dict[str, Any]]]:
        """The readings of the clauses, or of the halves of the last, and those of them that ask something."""
        parts = [read_clause(clause) for clause in clauses]
        halves = parts[len(parts) - (whole.get(TENTATIVE) or 0) :]
        parts = parts[: len(parts) - len(halves)]
        divided = bool(halves) and both_ask(halves, self._halves_from) and not asks_once(reading, halves)
        if divided:
            parts = [*(part for part, clause in zip(parts, clauses, strict=False) if not clause.get(DIVIDED)), *halves]
        questions = [part for part in parts if is_question(part) and part["confidence"] >= self._clause_from]
        questions = with_its_subject(under_heading(questions))
        go_on(questions)
        return parts, questions if divided else those_asked(questions)

    def _main(
        self, reading: Dict[str, Any], parts: List[Dict[str, Any]], telling: List[Dict[str, Any]]
    ) -> Dict[str, Any]:
        """What a message without several questions says most of all: a part of it, or the whole."""
        main = reading
        if telling:
            surest = max(telling, key=lambda part: part["confidence"])
            courtesy = reading["intent"] in _ASSENT and surest["confidence"] >= self._halves_from
            if surest["confidence"] >= reading["confidence"] or courtesy:
                main = surest
        elif reading["intent"] == OUT and reading["confidence"] < _OUTSIDE_FROM:
            main = courtesy_in(parts) or reading
        if main["intent"] in _ASSENT and names_its_subject(main):
            return {**main, "intent": SAME, "bare": True, "otherwise": DEFINITION}  # "right, incubators"
        return main
