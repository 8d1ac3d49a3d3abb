"""Asked with yes or no: whether two things have to do with each other, and what a fact says without a typed value."""

from __future__ import annotations

import re
from typing import List, Optional, Sequence

from bot.knowledge import operators
from bot.knowledge.answer import DEFINITION, FACTS, Answer
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import YES_NO, Question
from bot.settings import LANGUAGES
from bot.words.folding import aligned
from bot.words.lexicon import any_of, lexicons

# Asked with yes or no of two topics, these do not ask whether the one has to do with the other.
_NO_RELATION = ("difference", "count", "cost", "existence", "contact", "date", "label", "level", "update", "year")
_SURELY = 0.6
_OF_CONTENTS = (DEFINITION, "summary", "existence")  # asked of a document, what it speaks of
_OF_BEING = (DEFINITION, "existence", "location", "sectors")
# Asked whether there is any, what is said of it means yes.
_YES_BY_BEING = (
    "services",
    "funding",
    "calls",
    "sectors",
    "link",
    "contact",
    "evaluations",
    "partners",
    "label",
    "publications",
)


ARCHIPELAGO = "saint_pierre_et_miquelon"


def related(base: KnowledgeBase, question: Question) -> Optional[Answer]:
    """Whether two things named have to do with each other ("did Bpifrance run the FUI?", "is he at CACIMA?")."""
    otherwise = question.attribute in _NO_RELATION and question.confidence >= _SURELY
    said_along = question.only or question.negated or question.wholly
    if question.form != YES_NO or question.inherited or said_along or otherwise:
        return None
    named = [topic for topic in question.topics if not base.topics[topic].is_general]
    here = [topic for topic in named if base.topics[topic].parent == ARCHIPELAGO]
    if (
        len(named) == 1
        and here
        and (ARCHIPELAGO in question.topics or "spm" in question.narrowed_by)
        and question.attribute in _OF_BEING
    ):
        there = base.facts_of(here[0], DEFINITION)[:1]
        return Answer(FACTS, DEFINITION, (here[0],), tuple(there), Verdict(operators.YES))
    if len(named) == 1:  # "is the craft network run by ISM?"
        named += [t for t in question.hinted if t not in named and base.topics[t].parent not in named][:1]
    if len(named) != 2:
        return None
    pairs = [(fact, other) for one, other in (named, named[::-1]) for fact in base.topics[one].facts]
    pairs = [(fact, other) for fact, other in pairs if fact.value.topics and not fact.absent]
    if question.attribute in (*_OF_BEING, "staff"):  # whose partner somebody wishes for is not whose staff he is
        pairs = [
            (fact, other) for fact, other in pairs if base.topics[fact.topic].kind != "person" or _is_of_being(fact)
        ]
    pairs.sort(key=lambda pair: (pair[0].attribute != question.attribute, not pair[0].value.closed))
    for fact, other in pairs:
        if other in fact.value.topics:
            return Answer(FACTS, fact.attribute, (fact.topic,), (fact,), Verdict(operators.YES))
    for fact, _ in pairs:
        person = base.topics[fact.topic].kind == "person"
        if fact.value.closed and (fact.attribute == question.attribute or person):
            return Answer(FACTS, fact.attribute, (fact.topic,), (fact,), Verdict(operators.NO))
    return None


def told_in(base: KnowledgeBase, question: Question) -> Optional[Answer]:
    """What a document says of something, asked whether it speaks of it ("does the bulletin mention tourism?")."""
    documents = [topic for topic in question.topics if base.topics[topic].kind == "document"]
    if question.form != YES_NO or not documents or question.attribute not in _OF_CONTENTS:
        return None
    others = [topic for topic in question.topics if topic not in documents]
    facts = [fact for other in others for fact in base.facts_of(other, DEFINITION)]
    if not others:
        facts = [fact for topic in base.topics.values() if topic.kind != "document" for fact in topic.facts]
        facts = [fact for fact in facts if operators.tells_of(fact, question.narrowed_by, base)]
    told = [fact for fact in facts if not fact.absent and _stands_in(fact, documents[0])]
    named = set(question.narrowed_by)
    told.sort(key=lambda f: (not named & {*f.value.values, *f.about}, base.topics[f.topic].is_general))
    return Answer(FACTS, told[0].attribute, (told[0].topic,), (told[0],), Verdict(operators.YES)) if told else None


def _stands_in(fact: Fact, document: str) -> bool:
    return any(source.partition(".")[0].partition("_")[0] == document for source in fact.source)


def _is_of_being(fact: Fact) -> bool:
    return fact.value.closed or fact.attribute in (*_OF_BEING, "staff", "author", "publications")


def holding_the_number(base: KnowledgeBase, question: Question, facts: Sequence[Fact]) -> List[Fact]:
    """Facts asked with a number that none of them has, as the one of the same part that has ("did it pick 23?")."""
    numbers = set(question.numbers)
    told = any(fact.value.all_numbers() or fact.absent for fact in facts)
    if question.form != YES_NO or not numbers or told:
        return list(facts)
    about = facts[0].about
    others = [fact for fact in base.topics[facts[0].topic].facts if fact.about == about and not fact.absent]
    return [fact for fact in others if numbers & set(fact.value.all_numbers())][:1] or list(facts)


def implied(question: Question, fact: Fact) -> Optional[Verdict]:
    """Yes, only where the fact says without a "not" all that is asked; a wrong yes is worse than none.

    Not said, where words limit the question that are in no list.
    """
    if fact.value.is_ is not None:
        return Verdict(operators.YES if fact.value.is_ else operators.NO)
    if question.unknown:
        return Verdict(operators.NOT_SAID, question.unknown[0])
    limits = [name for name in question.narrowed_by if name not in fact.about]
    asked_otherwise = question.negated or question.only or question.wholly or question.must or limits
    if asked_otherwise or question.numbers or question.years or _denies(fact):
        return None
    return Verdict(operators.YES) if fact.attribute in _YES_BY_BEING else None


def of_today(question: Question, fact: Fact, verdict: Optional[Verdict]) -> Optional[Verdict]:
    """A yes to what is asked of today, of what has ended since, becomes "not today"; a number or a year stays right."""
    ended = fact.since is not None and fact.since.value.is_ is False
    about_then = question.past or question.numbers or question.years
    holds = verdict is not None and verdict.says == operators.YES
    return Verdict(operators.ENDED) if ended and holds and not about_then else verdict


def _denies(fact: Fact) -> bool:
    """Whether a fact's words hold a "not", so that it may answer no."""
    return any(
        re.search(any_of(lexicons()[language].negations) + r"|n't(?!\w)", aligned(fact[language]))
        for language in LANGUAGES
    )
