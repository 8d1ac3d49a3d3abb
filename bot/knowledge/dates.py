"""When something was, and what has changed since."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

from bot.knowledge import operators
from bot.knowledge.answer import CHANGES, DATES, DEFINITION, FACTS, UPDATE, YEAR, Answer
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.question import Question

# Said of a call, whose date is that of the calls.
_OF_A_CALL = ("funding", "results", "amount", "open_calls", "deadline")
_OF_THE_START = ("management", DEFINITION, "aims", "label", "calls", "date")


def facts_by_id(base: KnowledgeBase, said: Sequence[str]) -> List[Fact]:
    facts: Dict[str, Fact] = {fact.id: fact for topic in base.topics.values() for fact in topic.facts}
    return [facts[name] for name in said if name in facts]


def dated(base: KnowledgeBase, question: Question, said: Sequence[str]) -> Optional[Answer]:
    """The date of what was said last; None where nothing was."""
    facts = facts_by_id(base, said)
    began = [f for fact in facts[:1] for f in base.facts_of(fact.topic, "date") if not f.absent]
    if began and facts[0].attribute in _OF_THE_START:
        return Answer(FACTS, "date", (began[0].topic,), tuple(began[:1]))
    called = [f for fact in facts[:1] for f in base.facts_of(fact.topic, "calls") if f.value.all_dates()]
    called, _ = operators.narrow(called, question, base) if called else (called, None)
    if called and facts[0].attribute in _OF_A_CALL:  # "and when was that?" of a call's money or results
        return Answer(FACTS, "calls", (called[0].topic,), tuple(called[:1]))
    if facts:
        return Answer(DATES, YEAR, tuple(dict.fromkeys(fact.topic for fact in facts)), tuple(facts[:1]))
    return None


def changed(base: KnowledgeBase, question: Question, said: Sequence[str]) -> Answer:
    """What has changed of the facts said last, of the topics asked about, or of everything."""
    if question.topics and all(base.topics[topic].kind == "document" for topic in question.topics):
        return Answer(FACTS, UPDATE, ("cluster",), tuple(base.facts_of("cluster", UPDATE)))
    facts = facts_by_id(base, said)
    known = [fact for topic in question.topics for fact in base.topics[topic].facts]
    facts = [f for f in known if set(f.value.all_numbers()) & set(question.numbers)] or facts
    about = [fact for fact in facts if not question.topics or fact.topic in question.topics]
    if all(fact.attribute == DEFINITION and fact.since is None for fact in about):
        about = []  # "does it still exist?" of what was only defined: what has changed of it otherwise
    existing = [f for fact in about[:1] for f in base.facts_of(fact.topic, "existence") if f.value.is_ is False]
    if about and question.attribute == UPDATE:
        about = [*existing, *(fact for fact in about if fact not in existing)]  # that it has ended comes first
        return Answer(CHANGES, UPDATE, tuple(dict.fromkeys(fact.topic for fact in about)), tuple(about[:2]))
    topics = [topic for topic in question.topics if not base.facts_of(topic, UPDATE)]
    changed: List[Fact] = []
    for topic in topics:
        existing = base.facts_of(topic, "existence")
        with_since = [fact for fact in base.topics[topic].facts if fact.since is not None]
        changed += [fact for fact in existing if not fact.about] or _once(with_since)
    if topics:
        known = sorted(known, key=lambda fact: fact.attribute != DEFINITION)
        return Answer(CHANGES, UPDATE, tuple(topics), tuple(changed[:3] or known[:1]))
    return Answer(FACTS, UPDATE, ("cluster",), tuple(base.facts_of("cluster", UPDATE)))


def _once(facts: Sequence[Fact]) -> List[Fact]:
    """Facts whose later state is told once; those that changed in value first."""
    ordered = sorted(facts, key=lambda fact: not (fact.since and fact.since.value.all_numbers()))
    kept: Dict[str, Fact] = {}
    for fact in ordered:
        if fact.since is not None:
            kept.setdefault(fact.since.fr, fact)
    return list(kept.values())
