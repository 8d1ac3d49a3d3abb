"""Small operators over typed facts: check, select, compare, narrow, and what has changed since. No wording here."""

from __future__ import annotations

import dataclasses
from typing import Iterable, List, Optional, Sequence, Tuple

from bot.knowledge.model import Fact, KnowledgeBase, Value
from bot.knowledge.question import Question

YES, NO, THEN, NO_LONGER, NOT_SAID, NOT_ONLY = "yes", "no", "yes_then", "no_longer", "not_said", "only_not"
PARTLY, NOT_ALL, CONTRARY, NOT_YET, BOTH, ENDED = "partly", "not_all", "contrary", "not_yet", "both", "ended"
_OF_EQUALS = ("suits", "sectors", "location", "services", "aims")  # attributes whose values all hold alike
SMALL = 6  # types of clusters there are
GENERIC = ("company", "institution", "micro_small")  # values that nearly every question names
_NO_LIMIT = ("company", "micro_small", "institution", "state")  # said of nearly everything here


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a fact says to a yes/no question, and the named value that was asked about, if one was."""

    says: str
    value: Optional[str] = None


def check(fact: Fact, question: Question, base: KnowledgeBase) -> Optional[Verdict]:
    """Whether what is asked holds; None where the question tests nothing the fact has a value for."""
    if fact.value.partly and question.wholly:
        return Verdict(PARTLY)
    if question.must and fact.attribute == "label" and fact.value.is_ is False:
        return Verdict(NO)  # "do we need a label for that?"
    if question.must and fact.attribute == "alone" and fact.value.is_ is True and "alone" not in question.narrowed_by:
        return Verdict(NO)  # "do we have to be several?"
    if question.wholly and fact.attribute == "level" and len(fact.value.values) > 1:
        return Verdict(NOT_ALL)
    said = _check_numbers(fact, question) or _check_values(fact, question, base)
    if (said is None or said.says == NOT_SAID) and fact.value.is_ is not None:
        elsewhere = [name for name in question.narrowed_by if base.values[name].kind == "place"] or question.unknown
        if elsewhere and fact.value.is_:  # that 23 are labelled does not say that one of them is here
            return Verdict(NOT_SAID, elsewhere[0])
        since = fact.since is not None and fact.since.value.is_ is True
        said = Verdict(YES if fact.value.is_ else NOT_YET if since else NO)
    return said


def _check_numbers(fact: Fact, question: Question) -> Optional[Verdict]:
    years = [str(year) for year in question.years]
    then, now = fact.value, fact.since.value if fact.since else Value()
    if question.bound and question.numbers and then.all_numbers():  # "more than a hundred?"
        return Verdict(YES if within(then.all_numbers()[0], question) else NO)
    if question.yearly and then.euros is not None:
        return Verdict(NO)  # what was paid in all was not paid each year
    for asked, before, after in (
        (list(question.numbers), then.all_numbers(), now.all_numbers()),
        (years, [d[:4] for d in then.all_dates()], [d[:4] for d in now.all_dates()]),
    ):
        if not asked or not (before or after):
            continue
        missing = [number for number in asked if number not in (*before, *after) and _tells(number)]
        if missing and len(missing) < len(asked):
            return Verdict(PARTLY)  # "do 71 and 126 make 150?"
        if any(number in before for number in asked):  # type: ignore[comparison-overlap]
            changed = bool(after) and not any(number in after for number in asked)  # type: ignore[comparison-overlap]
            return Verdict((NO_LONGER if question.today else THEN) if changed else YES)
        if any(number in after for number in asked):  # type: ignore[comparison-overlap]
            return Verdict(YES)
        return Verdict(NO)
    return None


def _tells(number: object) -> bool:
    """Whether a number is more than a small one that words around it count with ("the two calls")."""
    return not isinstance(number, int) or number > SMALL


def between(fact: Fact, question: Question, verdict: Optional[Verdict], base: KnowledgeBase) -> Optional[Verdict]:
    """The verdict where one thing is put against another: both, where two are named and hold.

    None where only some of them do ("national or regional?"): the fact answers, not yes or no.
    """
    alone = dataclasses.replace(question, narrowed_by=(), topics=(), numbers=(), years=())
    others = [topic for topic in question.topics if topic != fact.topic]
    each = [dataclasses.replace(alone, narrowed_by=(name,)) for name in question.narrowed_by]
    each += [dataclasses.replace(alone, topics=(topic,)) for topic in others]
    each += [dataclasses.replace(alone, numbers=(number,)) for number in question.numbers]
    each += [dataclasses.replace(alone, years=(year,)) for year in question.years]
    verdicts = [check(fact, one, base) for one in each]
    said = {one.says if one else None for one in verdicts}
    if said == {YES} and len(each) == 2:
        return Verdict(BOTH) if fact.attribute in _OF_EQUALS else None
    return None if len(said) > 1 or (len(each) == 1 and said == {NO}) else verdict


def within(number: int, question: Question) -> bool:
    """Whether a number is what a question asks for: the same as one it names, or on the asked side of its bound."""
    if question.bound is None:
        return number in question.numbers
    asked = question.numbers[0]
    return {
        "more": number > asked,
        "less": number < asked,
        "at_least": number >= asked,
        "at_most": number <= asked,
    }[question.bound]


def _check_values(fact: Fact, question: Question, base: KnowledgeBase) -> Optional[Verdict]:
    value = fact.value
    later = fact.since.value if fact.since else Value()
    listed = bool(value.values or value.covers or value.excludes or value.topics or later.values or later.topics)
    if not listed:
        return None
    others = [topic for topic in question.topics if topic != fact.topic]
    meant = {value.topic: name for name, value in base.values.items() if value.topic}
    for topic in others:
        if meant.get(topic) in value.values:  # the territorial government is a local authority
            return Verdict(YES, meant[topic])
        if meant.get(topic) and value.values and value.closed:
            return Verdict(NO, meant[topic])
        if topic in value.topics or topic in later.topics:
            return Verdict(NOT_ONLY if question.only and len(value.topics) > 1 else YES)
        if value.topics:
            return Verdict(NO if value.closed else NOT_SAID)
    own = _own([fact.topic], base)
    told = [
        name for name in question.narrowed_by if base.values[name].kind not in ("aim", "part") or name in value.values
    ]
    told = [name for name in told if base.values[name].topic != fact.topic]  # what is asked of, not a value of it
    told = [name for name in told if name in value.values or not set(base.with_broader(name)) & set(own)]
    verdicts = [_one(name, value, later, base) for name in sorted(told, key=_generic)]
    for name, says in verdicts:
        if says == NO:
            return Verdict(NO, name)
    for name, says in verdicts:
        if says == YES and question.must and name not in value.values:
            return Verdict(NOT_SAID, name)  # that companies are in it does not say that one must be a large one
        if says == YES:
            several = len(value.values) > 1 or bool(value.covers)
            return Verdict(NOT_ONLY if (question.only or question.must) and several else YES, name)
    if verdicts and question.only and value.values:  # "only for charities?" of what lists others and not them
        return Verdict(NO)
    if verdicts:
        return Verdict(verdicts[0][1], verdicts[0][0])
    return None


def _generic(name: str) -> bool:
    """Words that stand in nearly every question come last."""
    return name in GENERIC


def _one(name: str, value: Value, later: Value, base: KnowledgeBase) -> Tuple[str, str]:
    chain = base.with_broader(name)
    if any(one in value.excludes for one in chain):
        return name, NO
    if any(one in (*value.values, *later.values) for one in chain) or base.values[name].kind in value.covers:
        return name, YES
    kinds = {base.values[other].kind for other in value.values}
    return name, NO if value.closed and base.values[name].kind in kinds else NOT_SAID


def denied(verdict: Optional[Verdict]) -> Optional[Verdict]:
    """The verdict on what is asked with a strong denial: that it holds contradicts the question."""
    if verdict is None:
        return None
    says = {YES: CONTRARY, NOT_ONLY: CONTRARY, THEN: CONTRARY, NO: YES}.get(verdict.says, verdict.says)
    return dataclasses.replace(verdict, says=says)


def tells_of(fact: Fact, names: Iterable[str], base: KnowledgeBase) -> bool:
    """Whether a fact lists one of these values, covers their kind, or rules one out."""
    told = {*fact.value.values, *fact.value.excludes, *fact.about}
    return any(name in told or base.values[name].kind in fact.value.covers for name in names)


def ruled_out(question: Question, topics: Sequence[str], attribute: str, base: KnowledgeBase) -> List[str]:
    """The topics of which a fact says that what limits the question does not hold, and of nothing that it does."""
    found = []
    for topic in topics:
        told = [fact for fact in base.facts_of(topic, attribute) if not fact.absent]
        facts = [fact for fact in told if fact.value.is_ is None or not fact.value.values]
        verdicts = [check(fact, question, base) for fact in narrow(facts, question, base)[0]] if facts else []
        if any(verdict is not None and verdict.says == NO for verdict in verdicts):
            found.append(topic)
    return found


def select(question: Question, topics: Sequence[str], attribute: str, base: KnowledgeBase) -> Optional[List[str]]:
    """The topics of which what limits the question holds; None where no fact can tell."""
    held, named, told = [], [], False
    for topic in topics:
        for fact in narrow(base.facts_of(topic, attribute), question, base)[0]:
            verdict = check(fact, question, base)
            told |= verdict is not None
            if verdict is not None and verdict.says in (YES, THEN, NOT_ONLY):
                held.append(topic)
                if verdict.value in fact.value.values:
                    named.append(topic)
    # A type that names the social economy is for it before one that is for all activities.
    return list(dict.fromkeys(named or held)) if told else None


def measure(fact: Fact) -> Optional[Tuple[float, str]]:
    """What a comparison sorts by, and the kind of value it is."""
    if fact.absent:
        return None
    if fact.attribute == "date" and fact.value.date:
        year, month, day = ([*fact.value.date.split("-"), "00", "00"])[:3]
        return int(year) * 10000 + int(month) * 100 + int(day), "date"
    if fact.value.euros is not None:
        return fact.value.euros, "euros"
    return (fact.value.number, "number") if fact.value.number is not None else None


def compare(topics: Sequence[str], attribute: str, last: bool, base: KnowledgeBase) -> Tuple[List[Fact], List[str]]:
    """Facts of these topics sorted by their value, largest first where `last`; and the topics that have none."""
    facts = [fact for topic in topics for fact in base.facts_of(topic, attribute)[:1] if measure(fact)]
    facts.sort(key=lambda fact: measure(fact) or (0.0, ""), reverse=last)
    return facts, [topic for topic in topics if topic not in {fact.topic for fact in facts}]


def compare_parts(topic: str, attribute: str, parts: Sequence[str], last: bool, base: KnowledgeBase) -> List[Fact]:
    """The facts about these parts of a topic sorted by their value, largest first where `last`."""
    facts = [fact for fact in base.facts_of(topic, attribute) if set(fact.about) & set(parts) and measure(fact)]
    return sorted(facts, key=lambda fact: measure(fact) or (0.0, ""), reverse=last)


def narrow(facts: Sequence[Fact], question: Question, base: KnowledgeBase) -> Tuple[List[Fact], Optional[str]]:
    """The facts about just what limits the question; else the general ones and the value that no fact is about."""
    for name in sorted(question.narrowed_by, key=lambda name: name == "share"):  # what share is asked of comes first
        abouts = ([fact for fact in facts if one in fact.about] for one in base.with_broader(name))
        about = next(filter(None, abouts), [])
        if about and not (name == "company" and len(question.narrowed_by) > 1):
            return about, None
    dated = [f for f in facts if f.about and {int(date[:4]) for date in f.value.all_dates()} & set(question.years)]
    whole = dated or [fact for fact in facts if not fact.about] or list(facts[:1])  # "how much in 2015?", of two calls
    kinds = ("activity", "place", "member")
    limits = [name for name in question.narrowed_by if base.values[name].kind in kinds or name == "share"]
    topics = {fact.topic for fact in whole}
    own = [*_own(topics, base), *(value for fact in whole for value in fact.value.values)]
    named = [name for name in limits if not set(base.with_broader(name)) & set(own) and name not in _NO_LIMIT]
    return whole, named[0] if named else None


def _own(topics: Iterable[str], base: KnowledgeBase) -> List[str]:
    """Values that a topic's own name says: an innovation centre for crafts is not limited by "crafts"."""
    return [value for topic in topics for fact in base.facts_of(topic, "definition") for value in fact.value.values]
