"""From a complete question to what answers it: which facts, said how. No wording here."""

from __future__ import annotations

import dataclasses
import re
from typing import Dict, List, Optional, Sequence, Tuple

from bot.knowledge import operators
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import COMPARE, HOW_MANY, WHICH, YES_NO, Question
from bot.settings import LANGUAGES
from bot.words.folding import aligned
from bot.words.lexicon import any_of, lexicons

FACTS, CHANGES, DATES, ABSENT, COMPARISON, SELECTION, CHOOSE = (
    "facts",
    "changes",
    "dates",
    "absent",
    "comparison",
    "selection",
    "choose",
)
UPDATE, YEAR, DIFFERENCE, DEFINITION = "update", "year", "difference", "definition"
MOST_TOPICS = 3
# Asked of what no longer exists, its end is the answer.
_OF_WHAT_EXISTS = (
    "deadline",
    "joining",
    "open_calls",
    "criteria",
    "amount",
    "cost",
    "duration",
    "phone",
    "address",
    "hours",
)
# Attributes whose answer for the whole is no answer for a part: a number of companies is none of fishing companies.
_SELECTABLE = ("level", "label", "sectors", "suits", "members", "funding", "evaluations")
# Asked of a topic with themes, its themes may be what is counted or compared.
_OF_THEMES = ("sectors", "count", "types", "names")
# Asked with yes or no of two topics, these do not ask whether the one has to do with the other.
_NO_RELATION = ("difference", "count", "cost", "existence", "contact", "date", "label", "level", "update", "year")
_SURELY = 0.6
_MEASURED = ("funding", "count", "date")
# Asked of several, these let a comparison be made by number, money or age.
_COMPARABLE = (
    *_MEASURED,
    *_OF_THEMES,
    "definition",
    "difference",
    "results",
    "calls",
    "best",
    "members",
    "size",
    "year",
)
# Said of a call, whose date is that of the calls.
_OF_A_CALL = ("funding", "results", "amount", "open_calls", "deadline")
# Asked with yes or no of a part, its number answers.
_OF_PARTS = ("count", "existence", "names", "example", "sectors", "types")
# Asked whether there is any, what is said of it means yes.
_YES_BY_BEING = ("services", "funding", "calls", "sectors", "link", "contact", "evaluations", "partners", "label")
# Asked of a person, answered by who that is.
_OF_A_PERSON = (
    "staff",
    "president",
    "management",
    "members",
    "partners",
    "jobs",
    "aims",
    "services",
    "author",
    "types",
)
LIMITED = ("count", "funding", "names", "example", "results", "date", "evaluations", "existence", "size", "jobs")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What to say to one question.

    kind: FACTS (say them), CHANGES (what has changed of these facts), DATES (which date they have), ABSENT (no source
    says it; `facts` are near ones), COMPARISON (`facts` sorted; `missing` have no value), SELECTION (`topics` of
    `among`), CHOOSE (which of `choices` is meant?). verdict: yes, no ... of a yes/no question. limit: the value, or the
    person's own words, that no fact is about. of: the topic whose parts `topics` are, or are compared.
    """

    kind: str
    attribute: str = DEFINITION
    topics: Tuple[str, ...] = ()
    facts: Tuple[Fact, ...] = ()
    verdict: Optional[Verdict] = None
    limit: Optional[str] = None
    choices: Tuple[str, ...] = ()
    among: Tuple[str, ...] = ()
    missing: Tuple[str, ...] = ()
    by: Optional[str] = None
    of: Tuple[str, ...] = ()

    @property
    def ids(self) -> List[str]:
        """Ids of the facts said; `<topic>.<attribute>.absent` where none is, `<topic>.update` for what has changed."""
        if self.kind == ABSENT:
            return [f"{(self.topics or ('none',))[0]}.{self.attribute}.absent", *(fact.id for fact in self.facts)]
        if self.kind == CHANGES:
            return [*(f"{topic}.update" for topic in self.topics), *(fact.id for fact in self.facts)]
        if self.kind == SELECTION:
            return [f"{topic}.{self.attribute}" for topic in self.topics]
        return [fact.id for fact in self.facts]


class Answerer:
    """Answers complete questions from a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    def answer(self, question: Question, said: Sequence[str] = ()) -> Answer:
        """What answers a question whose topics and attribute are settled; `said`: ids of the facts said last."""
        attribute = question.attribute or DEFINITION
        related = self._related(question)
        if related is not None:
            return related
        if attribute == YEAR:
            return self._dates(question, said)
        if attribute == UPDATE:
            return self._changes(question, said)
        topics = question.topics
        if not topics:
            return self._of_nothing(attribute, question)
        if attribute == "types" and any(self._base.values[name].kind == "level" for name in question.narrowed_by):
            attribute, question = "level", dataclasses.replace(question, form=WHICH)
        if question.form == WHICH and topics == ("cluster",) and attribute in _SELECTABLE:
            topics = self._types()
        counted = self._counted_parts(question, topics, attribute)
        if counted is not None:
            return counted
        if question.by is not None:
            compared = self._compare(question)
            if compared is not None:
                return compared
        if attribute == DIFFERENCE or (question.form == COMPARE and len(topics) > 1 and attribute == DEFINITION):
            return self._difference(topics)
        types = [topic for topic in topics if self._base.topics[topic].kind == "cluster_type"]
        if question.form == WHICH and len(types) > 2:
            selected = self._select(question, types, attribute)
            if selected is not None:
                return selected
        return self._say(question, topics, attribute)

    def _related(self, question: Question) -> Optional[Answer]:
        """Whether two things named have to do with each other ("did Bpifrance run the FUI?", "is he at CACIMA?")."""
        otherwise = question.attribute in _NO_RELATION and question.confidence >= _SURELY
        if question.form != YES_NO or question.only or question.negated or otherwise:
            return None
        named = [topic for topic in question.topics if not self._base.topics[topic].is_general]
        if len(named) != 2:
            return None
        facts = [(fact, other) for one, other in (named, named[::-1]) for fact in self._base.topics[one].facts]
        facts = [(fact, other) for fact, other in facts if fact.value.topics and not fact.absent]
        facts.sort(key=lambda pair: (pair[0].attribute != question.attribute, not pair[0].value.closed))
        for fact, other in facts:
            if other in fact.value.topics:
                return Answer(FACTS, fact.attribute, (fact.topic,), (fact,), Verdict(operators.YES))
        for fact, _ in facts:
            person = self._base.topics[fact.topic].kind == "person"
            if fact.value.closed and (fact.attribute == question.attribute or person):
                return Answer(FACTS, fact.attribute, (fact.topic,), (fact,), Verdict(operators.NO))
        return None

    # What is asked of topics, and found or not.

    def _say(self, question: Question, topics: Sequence[str], attribute: str) -> Answer:
        if attribute == "existence" and topics[0] == "saint_pierre_et_miquelon":
            topics = topics[:1]  # the others named are what is looked for there
        known = self._base.attributes[attribute]
        if attribute in _OF_WHAT_EXISTS:
            gone = [f for t in topics for f in self._base.facts_of(t, "existence") if f.value.is_ is False]
            if gone:  # nobody applies to a fund that has ended
                return Answer(FACTS, attribute, tuple(topics), tuple(gone[:1]), Verdict(operators.NO))
        asked_of_parts = question.form == YES_NO and attribute in _OF_PARTS
        parts = self._part(topics[0], "count", question) if asked_of_parts else []
        if parts:  # "anything about food in the craft centres?"
            return Answer(FACTS, attribute, tuple(topics), tuple(parts), Verdict(operators.YES))
        for name in (attribute, *known.same):
            facts, limit, limited = self._found(name, topics, question)
            if facts:
                return self._judged(question, attribute, topics, facts, limit, limited)
        about = self._about_what_limits(question, topics)
        if about:
            return Answer(FACTS, about[0].attribute, tuple(topics), tuple(about))
        if attribute in _OF_A_PERSON and self._base.topics[topics[0]].kind == "person":
            return Answer(FACTS, attribute, tuple(topics), tuple(self._base.facts_of(topics[0], DEFINITION)))
        whole = self._of_the_whole(question, topics, attribute)
        if whole is not None:
            return whole
        only = [fact for topic in topics[:1] for fact in self._base.topics[topic].facts if not fact.absent]
        near = self._near(topics, attribute)
        if len(only) == 1 and not near:
            near = only
        return Answer(ABSENT, attribute, tuple(topics), tuple(near), limit=self._limit_of(question))

    def _found(
        self, attribute: str, topics: Sequence[str], question: Question
    ) -> Tuple[List[Fact], Optional[str], bool]:
        """Facts of an attribute, one a topic or more, with what limits the question and no fact is about."""
        found: List[Fact] = []
        limit: Optional[str] = None
        for topic in topics:
            part = self._part(topic, attribute, question)
            facts = part or self._base.facts_of(topic, attribute)
            if not facts:
                continue
            said, left = operators.narrow(facts, question, self._base)
            limit = None if part else (left or limit)
            found += [fact for fact in said if fact not in found]
        return found[: MOST_TOPICS + 3], limit, bool(question.unknown)

    def _part(self, topic: str, attribute: str, question: Question) -> List[Fact]:
        """The facts of a part of the topic that the question is limited to ("and in food?")."""
        if attribute not in ("count", "existence", "names", "example"):
            return []
        wanted = {one for name in question.narrowed_by for one in self._base.with_broader(name)}
        known = self._base.topics[topic]
        whole = known.parent if known.kind == "theme" else topic  # "not housing, health"
        for part in self._base.topics.values():
            if part.parent == whole and part.kind == "theme":
                facts = [fact for fact in part.facts if set(fact.value.values) & wanted]
                if facts:
                    return facts
        return []

    def _judged(
        self,
        question: Question,
        attribute: str,
        topics: Sequence[str],
        facts: List[Fact],
        limit: Optional[str],
        limited: bool,
    ) -> Answer:
        """The facts with yes or no where it is asked, and with what they do not say."""
        verdict: Optional[Verdict] = None
        first = facts[0]
        rest = self._besides(question, first)
        if rest:
            return Answer(SELECTION, first.attribute, rest, among=(*rest, *question.denies))
        if question.form == YES_NO or (attribute == "existence" and first.attribute == "existence"):
            verdict = operators.check(first, question, self._base)
            if verdict is None and not first.absent:
                verdict = self._implied(question, first)
        if first.absent:
            limit = None
            verdict = verdict if verdict is not None and verdict.says == operators.PARTLY else None
        narrowing = limit if attribute in LIMITED and verdict is None else None
        if narrowing is None and question.unknown and attribute in LIMITED and verdict is None and not first.absent:
            narrowing = question.unknown[0]
        return Answer(FACTS, attribute, tuple(topics), tuple(facts), verdict, narrowing)

    @staticmethod
    def _besides(question: Question, fact: Fact) -> Tuple[str, ...]:
        """The topics a fact names, without those that were set aside ("besides the FUI, who else?")."""
        if not question.besides or not set(question.denies) & set(fact.value.topics):
            return ()
        return tuple(topic for topic in fact.value.topics if topic not in question.denies)

    def _implied(self, question: Question, fact: Fact) -> Optional[Verdict]:
        """Yes, only where the fact says without a "not" all that is asked; a wrong yes is worse than none.

        Not said, where words limit the question that are in no list.
        """
        if fact.value.is_ is not None:
            return Verdict(operators.YES if fact.value.is_ else operators.NO)
        if question.unknown:
            return Verdict(operators.NOT_SAID)
        asked_otherwise = question.negated or question.only or question.wholly or question.narrowed_by
        if asked_otherwise or question.numbers or question.years or _denies(fact):
            return None
        return Verdict(operators.YES) if fact.attribute in _YES_BY_BEING else None

    def _of_the_whole(self, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
        """Of a part without such a fact: that it is not told for the part, and what is said of its whole."""
        for topic in topics:
            parent = self._base.topics[topic].parent
            kind = self._base.topics[topic].kind
            if parent is None or not (kind == "theme" or (kind == "concept" and question.narrowed_by)):
                continue
            facts = [fact for fact in self._base.facts_of(parent, attribute) if not fact.about] or list(
                self._base.facts_of(parent, attribute)[:1]
            )
            if facts:
                return Answer(FACTS, attribute, (topic,), tuple(facts), limit=topic)
        return None

    def _about_what_limits(self, question: Question, topics: Sequence[str]) -> List[Fact]:
        """Facts about just what limits the question, whatever they answer ("examples of personal services?")."""
        facts = [fact for topic in topics for fact in self._base.topics[topic].facts if not fact.absent]
        return [fact for fact in facts if set(fact.about) & set(question.narrowed_by)][:1]

    def _near(self, topics: Sequence[str], attribute: str) -> List[Fact]:
        """At most one fact that comes near what no source says."""
        for name in self._base.attributes[attribute].near:
            if "." in name:
                return [self._base.fact(name)]
            for topic in topics:
                facts = [fact for fact in self._base.facts_of(topic, name) if not fact.absent]
                if facts:
                    return facts[:1]
        return []

    def _limit_of(self, question: Question) -> Optional[str]:
        return None

    def _of_nothing(self, attribute: str, question: Question) -> Answer:
        """Asked of no topic: what no source says of any, else which topic is meant."""
        holders = [topic for topic in self._types() if self._base.has(topic, attribute)]
        told = [t for t in holders if any(not fact.absent for fact in self._base.facts_of(t, attribute))]
        if not told:
            return Answer(ABSENT, attribute, (), tuple(self._near((), attribute)))
        return Answer(CHOOSE, attribute, choices=tuple(told))

    def _types(self) -> Tuple[str, ...]:
        return tuple(self._base.facts_of("cluster", "types")[0].value.topics)

    # Several topics side by side.

    def _difference(self, topics: Sequence[str]) -> Answer:
        """Each type named, side by side; a single one against all the others."""
        named = [topic for topic in topics if self._base.facts_of(topic, DIFFERENCE)]
        special = [topic for topic in named if topic != "cluster"]
        if not named:
            facts = [fact for topic in topics for fact in self._base.facts_of(topic, DEFINITION)[:1]]
            return Answer(FACTS, DIFFERENCE, tuple(topics), tuple(facts))
        said = (
            special if len(special) > 1 or len(named) > 1 else [*named, *(t for t in self._types() if t not in named)]
        )
        if "cluster" in named and len(special) == 1:
            said = ["cluster"] if special == ["grappe_entreprises"] else ["cluster", *special]
        if named == ["cluster"]:
            said = list(self._types())
        facts = [fact for topic in said for fact in self._base.facts_of(topic, DIFFERENCE)]
        return Answer(FACTS, DIFFERENCE, tuple(said), tuple(facts))

    def _compare(self, question: Question) -> Optional[Answer]:
        """Topics sorted by a value: the oldest, the most numerous, the best funded."""
        attribute, _, end = str(question.by).partition(":")
        if not attribute and question.attribute not in _MEASURED:
            return None  # "the biggest cluster?" asks for no number of clusters
        attribute = attribute or str(question.attribute)
        if question.attribute is not None and question.attribute not in (attribute, *_COMPARABLE):
            return None  # "which creates the most jobs?": no number of clusters is an answer
        by = f"{attribute}:{end}"
        parts = [name for name in question.narrowed_by if self._base.values[name].kind == "part"]
        if len(parts) > 1 and len(question.topics) == 1:
            facts = operators.compare_parts(question.topics[0], attribute, parts, end == "last", self._base)
            return (
                Answer(COMPARISON, attribute, question.topics, tuple(facts), among=tuple(parts), by=by)
                if facts
                else None
            )
        topics = [topic for topic in question.topics if self._base.topics[topic].kind != "concept"]
        themes = self._themes_of(topics)
        if themes and question.attribute in _OF_THEMES:
            topics = themes
        elif len(topics) == 1 or question.attribute == "sectors":
            return None
        topics = topics or list(self._types())
        facts, missing = operators.compare(topics, attribute, end == "last", self._base)
        if not facts:
            return None
        return Answer(COMPARISON, attribute, tuple(topics), tuple(facts), missing=tuple(missing), by=by)

    def _themes_of(self, topics: Sequence[str]) -> List[str]:
        return [t.topic for t in self._base.topics.values() if t.kind == "theme" and [t.parent] == list(topics)]

    def _counted_parts(self, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
        """The themes of a topic whose number is the one asked for ("only those with four", "which have three?")."""
        themes = self._themes_of(topics)
        asked = question.numbers and question.form not in (YES_NO, HOW_MANY) and attribute in _OF_THEMES
        if not asked or not themes:
            return None
        counts = {theme: self._base.facts_of(theme, "count")[0].value.number or 0 for theme in themes}
        held = [theme for theme in themes if operators.within(counts[theme], question)]
        return Answer(SELECTION, "count", tuple(held), among=tuple(themes), of=tuple(topics)) if held else None

    def _select(self, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
        """Which of several topics what limits the question holds of."""
        for name in (attribute, *self._base.attributes[attribute].same):
            held = operators.select(question, topics, name, self._base)
            if held is not None and question.negated:
                held = [topic for topic in topics if topic not in held]
            if held is not None:
                return Answer(SELECTION, name, tuple(held), among=tuple(topics))
        return None

    # Time.

    def _facts_by_id(self, said: Sequence[str]) -> List[Fact]:
        facts: Dict[str, Fact] = {fact.id: fact for topic in self._base.topics.values() for fact in topic.facts}
        return [facts[name] for name in said if name in facts]

    def _dates(self, question: Question, said: Sequence[str]) -> Answer:
        """The date of what was said last; without it, when the topic began."""
        facts = self._facts_by_id(said)
        began = [f for fact in facts[:1] for f in self._base.facts_of(fact.topic, "date") if not f.absent]
        if began and facts[0].attribute in ("management", "definition", "aims", "label", "calls", "date"):
            return Answer(FACTS, "date", (began[0].topic,), tuple(began[:1]))
        called = [f for fact in facts[:1] for f in self._base.facts_of(fact.topic, "calls") if f.value.all_dates()]
        called, _ = operators.narrow(called, question, self._base) if called else (called, None)
        if called and facts[0].attribute in _OF_A_CALL:  # "and when was that?" of a call's money or results
            return Answer(FACTS, "calls", (called[0].topic,), tuple(called[:1]))
        if facts:
            return Answer(DATES, YEAR, tuple(dict.fromkeys(fact.topic for fact in facts)), tuple(facts[:1]))
        return self._say(dataclasses.replace(question, attribute="date"), question.topics, "date")

    def _changes(self, question: Question, said: Sequence[str]) -> Answer:
        """What has changed of the facts said last, of the topics asked about, or of everything."""
        facts = self._facts_by_id(said)
        known = [fact for topic in question.topics for fact in self._base.topics[topic].facts]
        facts = [f for f in known if set(f.value.all_numbers()) & set(question.numbers)] or facts
        about = [fact for fact in facts if not question.topics or fact.topic in question.topics]
        if all(fact.attribute == DEFINITION and fact.since is None for fact in about):
            about = []  # "does it still exist?" of what was only defined: what has changed of it otherwise
        if about and question.attribute == UPDATE:
            return Answer(CHANGES, UPDATE, tuple(dict.fromkeys(fact.topic for fact in about)), tuple(about[:2]))
        topics = [topic for topic in question.topics if not self._base.facts_of(topic, UPDATE)]
        changed: List[Fact] = []
        for topic in topics:
            existing = self._base.facts_of(topic, "existence")
            with_since = [fact for fact in self._base.topics[topic].facts if fact.since is not None]
            changed += [fact for fact in existing if not fact.about] or _once(with_since)
        if topics:
            return Answer(CHANGES, UPDATE, tuple(topics), tuple(changed[:3]))
        return Answer(FACTS, UPDATE, ("cluster",), tuple(self._base.facts_of("cluster", UPDATE)))


def _once(facts: Sequence[Fact]) -> List[Fact]:
    """Facts whose later state is told once; those that changed in value first."""
    ordered = sorted(facts, key=lambda fact: not (fact.since and fact.since.value.all_numbers()))
    kept: Dict[str, Fact] = {}
    for fact in ordered:
        if fact.since is not None:
            kept.setdefault(fact.since.fr, fact)
    return list(kept.values())


def _denies(fact: Fact) -> bool:
    """Whether a fact's words hold a "not", so that it may answer no."""
    return any(
        re.search(any_of(lexicons()[language].negations) + r"|n't(?!\w)", aligned(fact[language]))
        for language in LANGUAGES
    )
