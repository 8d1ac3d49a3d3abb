"""Several topics side by side: how they differ, which is older, which are national, which have four."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from bot.knowledge import operators
from bot.knowledge.answer import COMPARISON, DEFINITION, DIFFERENCE, FACTS, SELECTION, Answer
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import HOW_MANY, YES_NO, Question

# Asked of a topic with themes, its themes may be what is counted or compared.
_OF_THEMES = ("sectors", "count", "types", "names")
_MEASURED = ("funding", "count", "date")
# Asked of several, these let a comparison be made by number, money or age.
_COMPARABLE = (*_MEASURED, *_OF_THEMES, DEFINITION, DIFFERENCE, "results", "calls", "best", "members", "size", "year")


def types(base: KnowledgeBase) -> Tuple[str, ...]:
    return tuple(base.facts_of("cluster", "types")[0].value.topics)


def themes_of(base: KnowledgeBase, topics: Sequence[str]) -> List[str]:
    return [t.topic for t in base.topics.values() if t.kind == "theme" and [t.parent] == list(topics)]


def difference(base: KnowledgeBase, topics: Sequence[str], alike: bool = False) -> Answer:
    """Each type named, side by side; a single one against all the others.

    alike: whether they are the same is asked; no two topics are.
    """
    verdict = Verdict(operators.NO) if alike else None
    named = [topic for topic in topics if base.facts_of(topic, DIFFERENCE)]
    special = [topic for topic in named if topic != "cluster"]
    if not named:
        facts = [fact for topic in topics for fact in base.facts_of(topic, DEFINITION)[:1]]
        return Answer(FACTS, DIFFERENCE, tuple(topics), tuple(facts), verdict)
    said = special if len(special) > 1 or len(named) > 1 else [*named, *(t for t in types(base) if t not in named)]
    if "cluster" in named and len(special) == 1:
        said = ["cluster"] if special == ["grappe_entreprises"] else ["cluster", *special]
    if named == ["cluster"]:
        said = list(types(base))
    facts = [fact for topic in said for fact in base.facts_of(topic, DIFFERENCE)]
    return Answer(FACTS, DIFFERENCE, tuple(said), tuple(facts), verdict)


def compared(base: KnowledgeBase, question: Question) -> Optional[Answer]:
    """Topics sorted by a value: the oldest, the most numerous, the best funded."""
    question = _more_than_the_other(base, question)
    if question.by is None:
        return None
    attribute, _, end = question.by.partition(":")
    parts = [name for name in question.narrowed_by if base.values[name].kind == "part"]
    if [base.topics[topic].kind for topic in question.topics] == ["theme"] and question.attribute in _OF_THEMES:
        return _theme_among_its_like(base, question, end)
    if not attribute and question.attribute not in _MEASURED and not parts:
        return None  # "the biggest cluster?" asks for no number of clusters
    attribute = attribute or str(question.attribute)
    if question.attribute is not None and question.attribute not in (attribute, *_COMPARABLE):
        return None  # "which creates the most jobs?": no number of clusters is an answer
    by = f"{attribute}:{end}"
    if len(parts) == 1 and len(question.topics) == 1:
        attribute, parts = _with_its_like(base, question, attribute, parts[0])
    if len(parts) > 1 and len(question.topics) == 1:
        facts = operators.compare_parts(question.topics[0], attribute, parts, end == "last", base)
        if not facts:
            return None
        verdict = _verdict(question, parts[0] in facts[0].about)
        by = f"{attribute}:{end}"
        return Answer(COMPARISON, attribute, question.topics, tuple(facts), verdict, among=tuple(parts), by=by)
    topics = [topic for topic in question.topics if base.topics[topic].kind != "concept"]
    themes = themes_of(base, topics)
    if themes and question.attribute in _OF_THEMES:
        topics = themes
    elif len(topics) == 1 or question.attribute == "sectors":
        return None
    if not topics and question.topics and question.topics != ("cluster",):
        return None  # "is it fishing that has the most firms?" compares no types
    topics = topics or list(types(base))
    facts, missing = operators.compare(topics, attribute, end == "last", base)
    if not facts:
        return None
    verdict = _verdict(question, facts[0].topic == topics[0])
    of = question.topics if themes and topics == themes else ()
    return Answer(COMPARISON, attribute, tuple(topics), tuple(facts), verdict, missing=tuple(missing), by=by, of=of)


def _theme_among_its_like(base: KnowledgeBase, question: Question, end: str) -> Answer:
    """One theme against all those of its whole ("is that the biggest theme?", of food)."""
    theme = question.topics[0]
    whole = str(base.topics[theme].parent)
    themes = themes_of(base, [whole])
    facts, _ = operators.compare(themes, "count", end == "last", base)
    best = [fact.topic for fact in facts if operators.measure(fact) == operators.measure(facts[0])]
    verdict = _verdict(question, theme in best)
    return Answer(COMPARISON, "count", tuple(themes), tuple(facts), verdict, by=f"count:{end}", of=(whole,))


def _with_its_like(base: KnowledgeBase, question: Question, attribute: str, part: str) -> Tuple[str, List[str]]:
    """A part and the one before it, else after it, with what both are measured by ("was the second call bigger?")."""
    known = base.parts_of(question.topics[0])
    for name in (attribute, *_MEASURED):
        facts = [f for f in base.facts_of(question.topics[0], name) if operators.measure(f)]
        measured = [one for one in known if any(one in fact.about for fact in facts)]
        if part in measured and len(measured) > 1:
            at = measured.index(part)
            return name, [part, measured[at - 1 if at else 1]]
    return attribute, [part]


def _more_than_the_other(base: KnowledgeBase, question: Question) -> Question:
    """“Are there more grappes than PTCEs?” compares the two, whichever words ask it."""
    parts = [name for name in question.narrowed_by if base.values[name].kind == "part"]
    two = len(question.topics) == 2 or len(parts) == 2
    two = two and not question.numbers and question.attribute in ("count", "funding")
    if question.by is None and question.bound in ("more", "less") and two:
        end = "last" if question.bound == "more" else "first"
        whether = question.form == YES_NO or len(parts) == 2
        return dataclasses.replace(question, by=f"{question.attribute}:{end}", whether=whether)
    return question


def _verdict(question: Question, holds: bool) -> Optional[Verdict]:
    """Yes or no, where a comparison asks whether the one named first comes first."""
    wanted = question.whether and not question.either  # "before or after?" wants no yes
    return Verdict(operators.YES if holds else operators.NO) if wanted else None


def counted_parts(base: KnowledgeBase, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
    """The themes of a topic whose number is the one asked for ("only those with four", "which have three?")."""
    themes = themes_of(base, topics)
    asked = question.numbers and question.form not in (YES_NO, HOW_MANY) and attribute in _OF_THEMES
    if not asked or not themes:
        return None
    counts = {theme: base.facts_of(theme, "count")[0].value.number or 0 for theme in themes}
    held = [theme for theme in themes if operators.within(counts[theme], question)]
    return Answer(SELECTION, "count", tuple(held), among=tuple(themes), of=tuple(topics)) if held else None


def selected(base: KnowledgeBase, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
    """Which of several topics what limits the question holds of."""
    for name in (attribute, *base.attributes[attribute].same):
        held = operators.select(question, topics, name, base)
        if held is not None and question.negated:
            others = [topic for topic in topics if topic not in held]
            held = operators.ruled_out(question, topics, name, base) or others
        if held is not None:
            return Answer(SELECTION, name, tuple(held), among=tuple(topics))
    return None
