"""Figures worked out from those of facts: a sum, a difference, an average, whether a number went up."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from bot.knowledge import operators
from bot.knowledge.answer import FACTS, RECKONED, Answer
from bot.knowledge.dates import facts_by_id
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import HOW_MANY, Question

SUM, TOTAL, GAP, EACH, UP, DOWN, SHARE, AGE = "sum", "total", "gap", "each", "up", "down", "share", "age"
NUMBER, EUROS, DATE, YEARS, SINCE = "number", "euros", "date", "years", "since"
_COUNTED = ("count", "funding")  # attributes whose values can be added up
_MEASURED = (*_COUNTED, "date")
_OF_MONEY = ("amount", "funding", "cost")  # attributes that "how much per cluster?" is read as
_OF_SIZE = ("size", "count", "members")  # attributes that "how many companies per member?" is read as
_OF_AGE = ("date", "year", "definition", None)
_CHANGING = (*_COUNTED, "update", None)  # attributes asked with "has it gone up?"
_EXACT = (SUM, GAP)  # what a figure held against the result is compared with
_COMPANIES = ["company"]
_LATELY = 4  # facts heard last among which the two to reckon with are
_DIGITS = 3  # of an average, so that it does not look exact
_SHORT = 8  # words of a question that is about the parts it names and no more
_ALONE = 4  # words of a question that leaves what is reckoned to what was said


@dataclasses.dataclass(frozen=True)
class Reckoning:
    """A figure worked out: how, and how much. unit: NUMBER, EUROS, YEARS, or SINCE: amount is the year it began."""

    by: str
    amount: int
    unit: str


def reckoned(base: KnowledgeBase, question: Question, said: Sequence[str], heard: Sequence[str]) -> Optional[Answer]:
    """The figure that a question wants worked out; None where it wants none, or no facts go together for it.

    said, heard: ids of the facts said last, and of those said lately, latest first.
    """
    by = question.reckon or (SHARE if _asks_for_a_number(question) else None)
    if by is None or question.yearly:
        return None
    lately = facts_by_id(base, list(dict.fromkeys([*said, *heard]))[:_LATELY])
    if by in (UP, DOWN):
        return _changed(base, question, lately)
    if by == SHARE:
        facts = _share_and_whole(base, question, lately)
    elif by == EACH:
        facts = _total_and_number(base, question)
    elif by == AGE:
        facts = _begun(base, question)
    else:
        facts = _pair(base, question, lately) or (_then_and_now(base, question, lately) if by == GAP else [])
    return _answer(SUM if by == TOTAL else by, facts, question) if facts else None


def _answer(by: str, facts: Sequence[Fact], question: Question) -> Optional[Answer]:
    amount, unit = _worked_out(by, facts)
    if not amount:
        return None
    values = [number for fact in facts for number in fact.value.all_numbers()]
    against = [number for number in question.numbers if number > operators.SMALL and number not in values]
    holds = Verdict(operators.YES if amount in against else operators.NO)
    topics = tuple(dict.fromkeys(fact.topic for fact in facts))
    return Answer(
        RECKONED,
        facts[0].attribute,
        topics,
        tuple(facts),
        holds if against and by in _EXACT else None,
        reckoning=Reckoning(by, amount, unit),
    )


def _worked_out(by: str, facts: Sequence[Fact]) -> Tuple[int, str]:
    values, unit = [_amount(fact) for fact in facts], _kind(facts[0])
    if by == SUM:
        return sum(values), unit
    if by == GAP and len(facts) == 1 and facts[0].since is not None:
        return abs(values[0] - (facts[0].since.value.number or 0)), unit
    if by == GAP:
        return max(values) - min(values), YEARS if unit == DATE else unit
    if by == SHARE:
        return round(values[0] * values[1] / 100), unit
    if by == AGE:
        return values[0], SINCE
    average = round(values[0] / values[1])
    return round(average, min(0, _DIGITS - len(str(average)))), unit


def _kind(fact: Fact) -> str:
    measured = operators.measure(fact)
    return measured[1] if measured else ""


def _amount(fact: Fact) -> int:
    """A fact's number, euros, or the year of its date."""
    measured = operators.measure(fact)
    value = int(measured[0]) if measured else 0
    return value // 10000 if _kind(fact) == DATE else value


# What goes together.


def _go_together(base: KnowledgeBase, facts: Sequence[Fact]) -> bool:
    """Whether facts measure the same of things of one kind: of two types, or of two calls; not 558 and 32 %."""
    first = facts[0]
    same = all(f.attribute == first.attribute and f.value.unit == first.value.unit for f in facts)
    if len(facts) < 2 or not same or len({_kind(fact) for fact in facts}) > 1 or not _kind(first):
        return False
    if len({fact.topic for fact in facts}) == 1:
        return all(any(base.values[name].kind == "part" for name in fact.about) for fact in facts)
    kinds = {base.topics[fact.topic].kind for fact in facts}
    return len(kinds) == 1 and not any(fact.about for fact in facts)


def _pair(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """The facts to add up or to subtract, largest first: of the topics or parts named, else the last two said."""
    known = _MEASURED if question.reckon == GAP else _COUNTED
    first = "date" if question.attribute == "duration" else question.attribute  # "how many years before?"
    parts = [name for name in question.narrowed_by if base.values[name].kind == "part"]
    if question.reckon != GAP and first not in known and not parts:
        return []  # "do they work together?" wants no sum
    of_parts = len(parts) > 1 and len(question.topics) == 1 and len(question.words) <= _SHORT
    for attribute in dict.fromkeys(str(name) for name in (first, *_COUNTED) if name in known):
        if of_parts:
            facts = operators.compare_parts(question.topics[0], attribute, parts, True, base)
        else:
            facts, missing = operators.compare(question.topics, attribute, True, base)
            facts = [] if missing else facts
        if facts and _go_together(base, facts):
            return facts
    # "how many in all?" asks of what is named, not of what was said before.
    brief = question.inherited and len(question.words) <= _ALONE and question.reckon != TOTAL
    named_one = question.reckon == GAP and len(question.topics) == 1
    if not (brief or "both" in question.points_at or named_one):
        return []
    return sorted(_last_two(base, lately, known), key=_amount, reverse=True)


def _then_and_now(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """The number just said that was another one later ("how many fewer is that?", of 71 and then 55)."""
    asked = question.attribute in ("count", "update", None) and len(question.topics) == 1
    if not asked or question.narrowed_by or "both" in question.points_at:
        return []
    facts = [fact for fact in base.facts_of(question.topics[0], "count")[:1] if fact in lately]
    return [fact for fact in facts if fact.value.number and fact.since and fact.since.value.number]


def _last_two(base: KnowledgeBase, lately: Sequence[Fact], known: Sequence[str]) -> List[Fact]:
    """The two facts said last that go together, latest first."""
    measured = [fact for fact in lately if fact.attribute in known and _kind(fact)]
    pairs = ([measured[0], other] for other in measured[1:])
    return next((pair for pair in pairs if _go_together(base, pair)), [])


def _asks_for_a_number(question: Question) -> bool:
    """Whether "how many?" is asked, and no share."""
    return question.form == HOW_MANY and question.attribute == "count" and "share" not in question.narrowed_by


def _share_and_whole(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """A share of the companies of a topic that is asked of as a number, and their number.

    The share just said, where a question points at it ("how many is that?").
    """
    if len(question.topics) != 1:
        return []
    counted = base.facts_of(question.topics[0], "count")
    said = [fact for fact in lately[:1] if fact in counted and "it" in question.points_at]
    asked, limit = operators.narrow(counted, question, base) if question.narrowed_by and counted else ([], None)
    share = next((fact for fact in (*said, *asked[:1]) if fact.value.unit == "%"), None)
    whole = [fact for fact in counted if fact.about == _COMPANIES]
    return [share, whole[0]] if share is not None and whole and (limit is None or share in said) else []


def _total_and_number(base: KnowledgeBase, question: Question) -> List[Fact]:
    """A topic's money and how many shared it, or the companies it counts in all and how many members count them."""
    if len(question.topics) != 1:
        return []
    topic = question.topics[0]
    parts = [name for name in question.narrowed_by if base.values[name].kind == "part"]
    if question.attribute in _OF_MONEY:
        numbers = [f for name in ("count", "results") for f in base.facts_of(topic, name) if f.value.number]
        paid = [fact for fact in base.facts_of(topic, "funding") if fact.value.euros]
        totals = [fact for fact in paid if not parts or set(fact.about) & set(parts)]
        pairs = ([total, number] for total in totals for number in numbers if number.about == total.about)
        return next(pairs, [])
    counted = [fact for fact in base.facts_of(topic, "count") if fact.value.number and not fact.value.unit]
    companies = [fact for fact in counted if fact.about == _COMPANIES]
    members = [fact for fact in counted if not fact.about]
    return [companies[0], members[0]] if question.attribute in _OF_SIZE and companies and members else []


def _begun(base: KnowledgeBase, question: Question) -> List[Fact]:
    """When a topic began."""
    if question.attribute not in _OF_AGE or len(question.topics) != 1:
        return []
    return [fact for fact in base.facts_of(question.topics[0], "date") if _kind(fact) == DATE][:1]


def _changed(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> Optional[Answer]:
    """Whether a number went up or down: from one part to the next that were just spoken of, or since the document."""
    if question.attribute not in _CHANGING or len(question.topics) != 1:
        return None
    topic = question.topics[0]
    facts = _parts_in_order(base, question, lately)
    if facts:
        before, after = _amount(facts[0]), _amount(facts[-1])
    elif question.attribute == "funding":
        return None
    else:
        facts = [fact for fact in base.facts_of(topic, "count") if fact.value.number and fact.since][:1]
        since = facts[0].since if facts else None
        if since is None or since.value.number is None:
            return None
        before, after = _amount(facts[0]), since.value.number
    holds = after > before if question.reckon == UP else after < before
    verdict = None if question.either else Verdict(operators.YES if holds else operators.NO)
    return Answer(FACTS, facts[0].attribute, (topic,), tuple(facts), verdict)


def _parts_in_order(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """The facts of two parts of a topic, the earlier part first: of those named, else of those just spoken of."""
    topic = question.topics[0]
    parts = base.parts_of(topic)
    named = [name for name in question.narrowed_by if name in parts]
    if len(named) > 1:
        facts = operators.compare_parts(topic, str(question.attribute), named, True, base)
    else:
        own = [fact for fact in lately if fact.topic == topic]
        facts = _last_two(base, own, _COUNTED) if own and own[0].about else []
    return sorted(facts, key=lambda fact: min(parts.index(name) for name in fact.about if name in parts))
