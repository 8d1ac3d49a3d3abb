"""Joins the clauses of a message, each read by itself, and gives Rasa the intent to route on."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.knowledge.question import COMPARE, OPEN, WHICH, Question
from bot.nlu.clause_reader import Reading, read
from bot.nlu.clause_splitter import CLAUSES, PARTS, is_courtesy
from bot.nlu.component import Component
from bot.nlu.forms import asks_which_type
from bot.nlu.intent_classifier import OUT
from bot.nlu.intent_settling import (
    BRIEF,
    COURTESIES,
    DEFINITION,
    DESCRIBES,
    DIFFERENCE,
    GUIDE,
    PROVENANCE,
    SAME,
    SURE,
)
from bot.nlu.naming import ASK
from bot.nlu.topic_extractor import is_vague
from bot.words.lexicon import lexicons
from bot.words.tokens import words_of

QUESTIONS = "questions"  # on a message: what is asked, bot.knowledge.question.Question as dicts
BESIDES = "besides"  # on a message: intents said along with the questions
SAID_BESIDE = (*COURTESIES, "choose_language", PROVENANCE, "human_handoff", "bot_challenge")
# Intents that say nothing of what is wanted when something else is said too.
_ALONGSIDE = ("affirm", "deny", *COURTESIES, DESCRIBES, OUT)
_WHOLE = 0.7  # what the reading of a whole message counts beside that of its asking clause
_BACKGROUND = ("concept", "place")  # kinds of topic that somebody's trade and place may be
_WHO = ("suits", "members", "alone", "existence", "sectors", "joining", "foreign")  # asked for oneself


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionParser(Component):
    """Sets QUESTIONS and BESIDES on the whole message, its entities, and the intent that matters most."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"clause_from": 0.3, "parts_from": 0.5, "beside_from": 0.6, "guessed_from": 0.4, "sure_from": 0.7}

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

    def _read(self, message: Message) -> Reading:
        return read(message, self._config["sure_from"], self._config["guessed_from"])

    def _join(self, whole: Message, others: List[Message]) -> None:
        reading = self._read(whole)
        rest = [self._read(other) for other in others]
        count = whole.get(PARTS) or 0
        clauses, parts = rest[: len(rest) - count], rest[len(rest) - count :]
        clauses = clauses or [reading]
        if _asks_several(reading if len(clauses) == 1 else clauses[-1], parts, self._config["parts_from"]):
            last = max(i for i, clause in enumerate(clauses) if not is_courtesy(clause.text))
            clauses = [*clauses[:last], *parts, *clauses[last + 1 :]]
        if reading.near_miss and not reading.question.topics:
            reading = dataclasses.replace(reading, intent=OUT, confidence=1.0)
            clauses = [reading]
        asked = _asking([c for c in clauses if c.is_question and c.confidence >= self._config["clause_from"]])
        telling = [clause for clause in clauses if clause.intent not in _ALONGSIDE and not clause.is_question]
        outside = reading.intent == OUT and reading.confidence >= self._config["beside_from"]
        if outside and not any(c.names or (len(clauses) == 1 and c.confidence >= SURE) for c in asked):
            asked, telling = [], []
        wish = max((t for t in telling if t.asks and t.confidence >= 0.8), key=lambda t: t.confidence, default=None)
        if wish is not None and _outweighs(wish, asked):
            asked = []
        if len(asked) == 1 and len(clauses) > 1:
            asked = [_with_the_whole(asked[0], reading)]
        elif not asked and reading.is_question and not telling:
            asked = [reading]
        _share(asked, clauses, reading)
        main = asked[0] if asked else _main(reading, clauses, telling, self._config["parts_from"])
        questions = [clause.question for clause in asked] or [_with_numbers(main.question, clauses)]
        unanswered = [
            c
            for c in clauses
            if asked and c.intent == OUT and c.asks and c.confidence >= self._config["beside_from"] and c not in asked
        ]
        questions += [dataclasses.replace(clause.question, act=OUT, attribute=None) for clause in unanswered[:1]]
        besides = [
            clause.intent
            for clause in clauses
            if clause is not main
            and clause.intent in SAID_BESIDE
            and clause.confidence >= self._config["beside_from"]
            and (clause.intent != "goodbye" or clause is clauses[-1])
        ]
        if _wants_guidance(main):
            main = dataclasses.replace(main, intent=GUIDE)
        self._write(whole, main, questions, besides)

    @staticmethod
    def _write(whole: Message, main: Reading, questions: List[Question], besides: List[str]) -> None:
        """What Rasa, its stories and the actions see of the message."""
        ranking = main.ranking or [{"name": main.intent, "confidence": main.confidence}]
        whole.set(INTENT, {"name": main.intent, "confidence": main.confidence}, add_to_output=True)
        whole.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        first = questions[0]
        told = [("form", first.form)] if first.attribute else []
        told += [("value", name) for name in first.narrowed_by]
        told += [("denied", name) for name in first.denies] + [("points_at", name) for name in first.points_at]
        entities = [{"entity": name, "value": value, "extractor": "QuestionParser"} for name, value in told]
        whole.set(ENTITIES, [*whole.get(ENTITIES, []), *entities], add_to_output=True)
        whole.set(QUESTIONS, [question.as_dict() for question in questions], add_to_output=True)
        whole.set(BESIDES, besides, add_to_output=True)


def _outweighs(wish: Reading, asked: List[Reading]) -> bool:
    """Whether a wish is what a message wants. Beside a wish for guidance, what is named and not asked of sets the scene
    ("I have a fishing boat. What would suit me?")."""
    named = [clause for clause in asked if clause.names and (clause.asks or wish.intent != GUIDE)]
    return not named and all(clause.confidence < wish.confidence for clause in asked)


def _with_numbers(question: Question, clauses: List[Reading]) -> Question:
    """An act with the numbers that other clauses of its message hold against it ("Are you sure? I had read 150.")."""
    numbers = [number for clause in clauses for number in clause.question.numbers]
    return dataclasses.replace(question, numbers=tuple(dict.fromkeys([*question.numbers, *numbers])))


def _wants_guidance(reading: Reading) -> bool:
    """Whether somebody asks which type is for him ("what kind of grouping would suit us?"), naming none.

    His trade and his place are no types.
    """
    question = reading.question
    typed = {word.typed for word in words_of(reading.text)}
    oneself = any(set(lexicon.speaker) & typed for lexicon in lexicons().values())
    asked = question.attribute == "suits" and question.form in (WHICH, OPEN)
    asked = asked or (question.attribute == "types" and question.form == WHICH) or asks_which_type(reading.text)
    meant = [*question.topics, *([question.described] if question.described else [])]
    named = any(not is_vague(topic) and knowledge().topics[topic].kind not in _BACKGROUND for topic in meant)
    return asked and reading.asks and oneself and not named and not question.points_at


def _asks_several(whole: Reading, parts: List[Reading], sure_from: float) -> bool:
    """Whether the parts of "the budget and the sectors of PTCEs" surely ask different things."""
    attributes = {part.intent for part in parts}
    sure = all(part.is_question and part.confidence >= sure_from for part in parts)
    names = [p for p in parts if p.question.bare or (p.intent == f"{ASK}{DEFINITION}" and not p.asks)]
    if whole.question.form == COMPARE or whole.intent == f"{ASK}{DIFFERENCE}":
        return False
    return bool(parts) and sure and len(attributes) == len(parts) and not names and SAME not in attributes


def _asking(asked: List[Reading]) -> List[Reading]:
    """Without what only sets the scene ("I run a bakery of six. How many ...?")."""
    if not any(clause.asks for clause in asked):
        return asked
    others = [clause for clause in asked[1:] if not clause.question.bare]
    heading = asked[0].question.bare or not asked[0].asks or asked[0].intent == SAME
    if heading and others and others[0] is not asked[0] and others[0].asks and not others[0].names:
        asked = asked[1:]  # "business clusters: who leads them?"
    surest = max((clause.confidence for clause in asked if clause.asks), default=0.0)
    kept: List[Reading] = []
    for clause in asked:
        if kept and _is_an_alternative(clause):
            continue
        brief = len(words_of(clause.text)) <= BRIEF
        if kept and brief and clause.question.reckon and not clause.worded and not clause.names:  # "..., on average?"
            kept[-1].question = dataclasses.replace(kept[-1].question, reckon=clause.question.reckon)
            continue
        afterthought = bool(kept) and brief and (bool(clause.question.topics) or clause.goes_on)
        sure = clause.confidence >= SURE and clause.names and not clause.of_oneself and _asks_a_figure(clause)
        surer = clause.confidence > surest and not clause.of_oneself
        if clause.asks or afterthought or sure or surer:
            kept.append(clause)
    return kept


def _is_an_alternative(clause: Reading) -> bool:
    """Whether a clause only names what another one asks to choose from ("who runs it, the ISM or the DGE?")."""
    brief = len(words_of(clause.text)) <= BRIEF
    return clause.question.either and not clause.worded and (brief or clause.question.attribute in (None, DEFINITION))


def _asks_a_figure(clause: Reading) -> bool:
    """Whether a clause without the form of a question asks all the same, not only sets the scene with what is named."""
    return clause.question.attribute not in (None, DEFINITION)


def _with_the_whole(asked: Reading, whole: Reading) -> Reading:
    """The one asking clause of a message, in the light of the whole message, which counts less."""
    if not whole.is_question or asked.question.bare:
        return asked
    together: Dict[str, float] = {}
    for reading, weight in ((whole, _WHOLE), (asked, 1.0)):
        for guess in reading.ranking:
            together[guess["name"]] = together.get(guess["name"], 0.0) + weight * guess["confidence"]
    best = max(together, key=lambda name: together[name])
    if best == asked.intent or not best.startswith(ASK):
        return asked
    question = dataclasses.replace(asked.question, attribute=best[len(ASK) :], act=None)
    return dataclasses.replace(asked, intent=best, question=question)


def _share(asked: List[Reading], clauses: List[Reading], whole: Reading) -> None:
    """A question that names no topic takes the nearest one named before it in the message, else after.

    What a person says of himself limits it.
    """
    for reading in asked:
        question = reading.question
        at = next((i for i, clause in enumerate(clauses) if clause is reading or clause.text == reading.text), 0)
        points = bool({"they", "it", "he", "she"} & set(question.points_at))
        if all(is_vague(topic) for topic in question.topics) and (points or not question.described):
            others = [*clauses[:at][::-1], *(c for c in clauses[at + 1 :] if not _is_an_alternative(c))]
            near = [clause.question.topics for clause in others]
            named = [topics for topics in near if any(not is_vague(topic) for topic in topics)]
            named = named or [topics for topics in near if topics and not question.topics]
            own = question.topics if named and not _stands_alone(question) else ()
            if named and not _stands_alone(question):
                question = dataclasses.replace(question, topics=tuple(dict.fromkeys([*own, *named[0]])))
            elif not question.hinted:
                question = dataclasses.replace(question, hinted=whole.question.hinted)
        if question.attribute in ("update", "year", "count") and not question.numbers:
            told_numbers = [number for clause in clauses for number in clause.question.numbers]
            question = dataclasses.replace(question, numbers=tuple(told_numbers))
        if question.attribute in _WHO and not question.narrowed_by:
            told = [v for clause in clauses if clause is not reading for v in clause.question.narrowed_by]
            question = dataclasses.replace(question, narrowed_by=tuple(dict.fromkeys(told)))
        limited = any(_is_activity(name) for name in question.narrowed_by) or any(map(_is_theme, question.topics))
        if question.attribute == "count" and not limited:
            fields = [v for c in clauses if c not in asked for v in c.question.narrowed_by if _is_activity(v)]
            question = dataclasses.replace(question, narrowed_by=(*question.narrowed_by, *dict.fromkeys(fields)))
        parts = [v for c in clauses if c is not reading for v in c.question.narrowed_by if _is_part(v)]
        if parts and not any(_is_part(name) for name in question.narrowed_by):  # "and the 2nd call? how much?"
            question = dataclasses.replace(question, narrowed_by=(*question.narrowed_by, *dict.fromkeys(parts)))
        reading.question = question


def _is_theme(topic: str) -> bool:
    return knowledge().topics[topic].kind == "theme"


def _is_activity(value: str) -> bool:
    return knowledge().values[value].kind == "activity"


def _is_part(value: str) -> bool:
    return knowledge().values[value].kind == "part"


def _stands_alone(question: Question) -> bool:
    """Whether a question names something general that has just such a fact ("what is a cluster?")."""
    pointed = {"they", "it"} & set(question.points_at)
    base = knowledge()
    return any(base.facts_of(topic, str(question.attribute)) for topic in question.topics) and not pointed


def _main(reading: Reading, clauses: List[Reading], telling: List[Reading], sure_from: float) -> Reading:
    """What a message without a question says most of all: a clause of it, or the whole."""
    if telling:
        surest = max(telling, key=lambda clause: clause.confidence)
        courtesy = reading.intent in ("affirm", "deny") and surest.confidence >= sure_from
        return surest if surest.confidence >= reading.confidence or courtesy else reading
    if reading.intent == OUT and reading.confidence < 0.6:
        said = [clause for clause in clauses if clause.intent in COURTESIES and clause.confidence >= SURE]
        return said[0] if said else reading
    return reading
