"""Answers all that one message asks: each question resolved in the light of the one before, and what is known after."""

from __future__ import annotations

import dataclasses
from typing import List, Sequence, Tuple

from bot.dialogue.resolution import Resolver
from bot.dialogue.state import State
from bot.knowledge.answer import CHOOSE, FACTS, Answer
from bot.knowledge.answering import Answerer
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.question import OUT_OF_SCOPE, Question


def answer_all(questions: Sequence[Question], state: State, base: KnowledgeBase) -> Tuple[List[Answer], State]:
    """The answers to say, in order, and the state after them; none where nothing in the message can be answered."""
    resolver, answerer = Resolver(base), Answerer(base)
    told: List[Answer] = []
    for question in _asked_anew(questions, state):
        if question.act == OUT_OF_SCOPE:
            continue
        whole = resolver.resolve(question, state)
        if whole.attribute is None:
            continue
        answer = answerer.answer(_without_denied(whole), state.said, state.heard)
        if answer not in told and not _is_said_by(told, answer):
            told.append(answer)
        state = state.after(whole, answer, _persons((*question.topics, *whole.topics), answer, base))
    certain = [answer for answer in told if answer.kind != CHOOSE] or told[:1]
    same = len({answer.topics for answer in certain}) == 1
    asked = tuple(dict.fromkeys(answer.attribute for answer in certain)) if len(certain) > 1 and same else ()
    return certain, dataclasses.replace(state, asked=asked)


def _is_said_by(told: Sequence[Answer], answer: Answer) -> bool:
    """Whether all that an answer says is said already by those before it."""
    said = {fact.id for one in told if one.kind == FACTS for fact in one.facts}
    adds = answer.kind != FACTS or answer.verdict is not None or answer.limit is not None
    return bool(answer.facts) and not adds and said >= {fact.id for fact in answer.facts}


def _asked_anew(questions: Sequence[Question], state: State) -> Sequence[Question]:
    """Where two things were asked of one topic, both are asked of the next ("and the grappes?")."""
    if len(questions) != 1 or questions[0].attribute is not None or len(state.asked) < 2:
        return questions
    return [dataclasses.replace(questions[0], attribute=attribute) for attribute in state.asked]


def _without_denied(question: Question) -> Question:
    """Topics without those said not to be meant; asked "besides the FUI", the others are asked for."""
    if not question.denies:
        return question
    topics = tuple(topic for topic in question.topics if topic not in question.denies)
    return dataclasses.replace(question, topics=topics or question.topics)


def _persons(asked: Sequence[str], answer: Answer, base: KnowledgeBase) -> Tuple[str, ...]:
    """The persons named in a question or in its answer. asked: topics named in it and those it is of."""
    named = [*asked, *answer.topics, *(topic for fact in answer.facts for topic in fact.value.topics)]
    return tuple(topic for topic in named if base.topics[topic].kind == "person")
