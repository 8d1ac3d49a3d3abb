"""Figures worked out from those of facts: a sum, a difference, an average, whether a number went up."""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Optional, Sequence, Tuple

from bot.knowledge import operators
from bot.knowledge.answer import FACTS, RECKONED, Answer
from bot.knowledge.dates import facts_by_id
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import HOW_MANY, Question

SUM, TOTAL, GAP, EACH, UP, DOWN, SHARE, AGE = "sum", "total", "gap", "each", "up", "down", "share", "age"
_MEASURED = ("count", "funding", "date")
_OF_MONEY = ("amount", "funding", "cost")  # attributes that "how much per cluster?" is read as
_LATELY = 4  # facts heard last among which the two to reckon with are
_DIGITS = 3  # of an average, so that it does not look exact
_SHORT = 8  # words of a question that is about the parts it names and no more
_ALONE = 4  # words of a question that leaves what is reckoned to what was said


@dataclasses.dataclass(frozen=True)
class Reckoning:
    """A figure worked out: how, and how much. unit: as bot.knowledge.operators.measure has it, or "years"."""

    by: str
    amount: int
    unit: str


def reckoned(base: KnowledgeBase, question: Question, said: Sequence[str], heard: Sequence[str]) -> Optional[Answer]:
    """The figure that a question wants worked out; None where it wants none, or the facts do not have it.

    said, heard: ids of the facts said last, and of those said lately, latest first.
    """
    by = question.reckon or (SHARE if _asks_for_a_number(question) else None)
    if by is None:
        return None
    lately = facts_by_id(base, list(dict.fromkeys([*said, *heard]))[:_LATELY])
    if by == SHARE:
        facts = _share_and_whole(base, question, lately)
    elif by == EACH:
        facts = _total_and_number(base, question)
    elif by == AGE:
        return _aged(base, question, datetime.date.today().year)
    elif by in (UP, DOWN):
        return _changed(base, question, lately)
    else:
        facts = _measured(base, question, lately)
    parts = any(base.values[name].kind == "part" for name in question.narrowed_by)
    if len(facts) < 2 or (by in (SUM, TOTAL) and question.attribute not in _MEASURED and not parts):
        return None  # "do they work together?" wants no sum
    amount, unit = _worked_out(by, facts)
    if not amount:
        return None
    topics = tuple(dict.fromkeys(fact.topic for fact in facts))
    verdict = None
    if any(number > operators.SMALL for number in question.numbers):
        verdict = Verdict(operators.YES if amount in question.numbers else operators.NO)
    result = Reckoning(SUM if by == TOTAL else by, amount, unit)
    return Answer(RECKONED, facts[0].attribute, topics, tuple(facts), verdict, reckoning=result)


def _worked_out(by: str, facts: Sequence[Fact]) -> Tuple[int, str]:
    measures = [operators.measure(fact) or (0.0, "") for fact in facts]
    values, unit = [int(value) for value, _ in measures], measures[0][1]
    if unit == "date":
        values, unit = [value // 10000 for value in values], "years"
    if by in (SUM, TOTAL):
        return sum(values), unit
    if by == GAP:
        return max(values) - min(values), unit
    if by == SHARE:
        return round(values[0] * values[1] / 100), unit
    average = round(values[0] / values[1])
    return round(average, _DIGITS - len(str(average))) if len(str(average)) > _DIGITS else average, unit


def _asks_for_a_number(question: Question) -> bool:
    """Whether "how many?" is asked, and no share."""
    return question.form == HOW_MANY and question.attribute == "count" and "share" not in question.narrowed_by


def _share_and_whole(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """A share of a topic that is asked of as a number, and the number that it is a share of.

    The share just said where a question points at it ("how many is that?").
    """
    if len(question.topics) != 1:
        return []
    said = [fact for fact in lately[:1] if fact.topic in question.topics and "it" in question.points_at]
    if said and said[0].value.unit == "%":
        asked, limit = said, None
    elif question.narrowed_by:
        asked, limit = operators.narrow(base.facts_of(question.topics[0], "count"), question, base)
    else:
        return []
    whole = [fact for fact in base.facts_of(question.topics[0], "count") if fact.about == ["company"]]
    return [asked[0], whole[0]] if asked and limit is None and asked[0].value.unit == "%" and whole else []


def _measured(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> List[Fact]:
    """The facts to add up or to subtract: of the topics named, of the parts named, else the last two said alike."""
    first = "date" if question.attribute == "duration" else str(question.attribute)  # "how many years before?"
    for attribute in dict.fromkeys((first, *_MEASURED[:2])):
        parts = [name for name in question.narrowed_by if base.values[name].kind == "part"]
        if len(parts) > 1 and len(question.topics) == 1 and len(question.words) <= _SHORT:
            facts = operators.compare_parts(question.topics[0], attribute, parts, True, base)
            if len(facts) > 1:
                return facts
            continue
        facts, missing = operators.compare(question.topics, attribute, True, base)
        if len(facts) > 1 and not missing and len({(operators.measure(fact) or ("", ""))[1] for fact in facts}) == 1:
            return facts
    # "how many in all?" asks of what is named, not of what was said before.
    brief = question.inherited and len(question.words) <= _ALONE and question.reckon != TOTAL
    if not (brief or "both" in question.points_at or (question.reckon == GAP and len(question.topics) == 1)):
        return []
    return sorted(_alike(lately), key=lambda fact: operators.measure(fact) or (0.0, ""), reverse=True)


def _alike(lately: Sequence[Fact]) -> List[Fact]:
    """The two facts said last that measure the same, latest first."""
    measured = [fact for fact in lately if fact.attribute in _MEASURED and operators.measure(fact)]
    for other in measured[1:]:
        first = measured[0]
        if other.attribute == first.attribute and operators.measure(other)[1] == operators.measure(first)[1]:  # type: ignore[index]
            return [first, other]
    return []


def _total_and_number(base: KnowledgeBase, question: Question) -> List[Fact]:
    """A topic's money and how many shared it; else what it counts in all and how many count it."""
    for topic in question.topics[:1]:
        numbers = [f for name in ("count", "results") for f in base.facts_of(topic, name) if f.value.number]
        totals = [fact for fact in base.facts_of(topic, "funding") if fact.value.euros]
        if question.attribute in _OF_MONEY or not totals:
            for total in totals:
                shared = [fact for fact in numbers if fact.about == total.about]
                if shared:
                    return [total, shared[0]]
        among = [fact for fact in numbers if fact.about == ["company"]]
        if len(numbers) > 1 and among and not totals:
            return [among[0], numbers[0]]
    return []


def _aged(base: KnowledgeBase, question: Question, year: int) -> Optional[Answer]:
    """How many years ago a topic began."""
    began = [fact for topic in question.topics for fact in base.facts_of(topic, "date") if fact.value.date]
    if not began:
        return None
    result = Reckoning(AGE, year - int(str(began[0].value.date)[:4]), "years")
    return Answer(RECKONED, "date", (began[0].topic,), (began[0],), reckoning=result)


def _changed(base: KnowledgeBase, question: Question, lately: Sequence[Fact]) -> Optional[Answer]:
    """Whether a number went up or down: from one part to the next that were just spoken of, or since the document."""
    then_now = [fact for fact in lately[:1] if operators.measure(fact) and fact.since and fact.since.value.number]
    alike = _alike(lately) if lately and lately[0].about else []
    if alike and alike[0].topic == alike[1].topic:
        parts = base.parts_of(alike[0].topic)
        facts = sorted(alike, key=lambda fact: min((parts.index(n) for n in fact.about if n in parts), default=0))
        before, after = ((operators.measure(fact) or (0.0, ""))[0] for fact in facts)
    elif then_now and then_now[0].since:
        facts = then_now
        before, after = float(facts[0].value.number or 0), float(facts[0].since.value.number or 0)  # type: ignore[union-attr]
    else:
        return None
    holds = after > before if question.reckon == UP else after < before
    verdict = Verdict(operators.YES if holds else operators.NO)
    return Answer(FACTS, facts[0].attribute, (facts[0].topic,), tuple(facts), verdict)
