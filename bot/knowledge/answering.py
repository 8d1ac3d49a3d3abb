"""From a complete question to what answers it: which facts, said how. No wording here."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from bot.knowledge import dates, operators, reckoning, several, whether
from bot.knowledge.answer import ABSENT, CHOOSE, DEFINITION, DIFFERENCE, FACTS, SELECTION, UPDATE, YEAR, Answer
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.operators import Verdict
from bot.knowledge.question import COMPARE, OPEN, WHICH, YES_NO, Question

MOST_TOPICS = 3
_SPEAKING = "cacima"  # whose assistant this is: who that is comes near nothing
# Asked of what no longer exists, its end is the answer.
_OF_WHAT_EXISTS = ("deadline", "joining", "suits", "open_calls", "criteria", "phone", "address", "hours")
# Asked of clusters in general with "which", each type answers.
_SELECTABLE = ("level", "label", "sectors", "suits", "members", "funding", "evaluations")
# Asked with yes or no of a part, its number answers.
_OF_PARTS = ("count", "existence", "names", "example", "sectors", "types", "suits", "members", "services")
# Asked with "all of it?", what holds in part answers.
_HELD_IN_PART = ("funding", "amount", "cost", "aims", "services", DEFINITION, "partners")
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
# Asked with yes or no of a value, any of these may hold it.
HOLDING = ("sectors", "members", "suits", "partners", "services", "aims", "location", DEFINITION)
# These are not answered by a fact on where a topic exists.
_NOT_ABOUT_PLACES = ("aims", "services")
_SHOWN_BY_A_PART = ("example", "names")
ASKED_TO_JOIN = ("members", "suits", "joining", "alone")
_TELLING_KINDS = ("activity", "member", "aim")
LIMITED = ("count", "funding", "names", "example", "results", "date", "evaluations", "existence", "size", "jobs")


# Asked of a body, "foreign" asks what it does abroad; asked of a person, these ask for another thing.
_OF_A_BODY_INSTEAD = {"foreign": "abroad"}
_OF_A_PERSON_INSTEAD = {
    "location": "staff",
    "foreign": "partners",
    "abroad": "partners",
    "cooperation": "partners",
    "management": "staff",
    "outcome": "aims",
    "results": "aims",
    "summary": "aims",
}


class Answerer:
    """Answers complete questions from a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    def answer(self, question: Question, said: Sequence[str] = (), heard: Sequence[str] = ()) -> Answer:
        """What answers a question whose topics and attribute are settled.

        said, heard: ids of the facts said last, and of those said lately, which are not said again as what comes near.
        """
        answer = reckoning.reckoned(self._base, question, said, heard) or self._answer(question, said)
        if answer.kind == ABSENT:
            return dataclasses.replace(answer, facts=tuple(fact for fact in answer.facts if fact.id not in heard))
        return answer

    def _answer(self, question: Question, said: Sequence[str]) -> Answer:
        attribute = self._of_a_place(question) or question.attribute or DEFINITION
        topics = question.topics
        related = whether.told_in(self._base, question) or whether.related(self._base, question)
        if related is not None:
            return related
        if attribute == YEAR:
            dated = dates.dated(self._base, question, said)
            if dated is not None:
                return dated
            attribute, question = "date", dataclasses.replace(question, attribute="date")
        if attribute == UPDATE:
            return dates.changed(self._base, question, said)
        if not topics:
            return self._of_nothing(attribute, question)
        return self._of_several(question, attribute) or self._say(
            question, self._held_by(question, attribute), attribute
        )

    def _of_a_place(self, question: Question) -> Optional[str]:
        """“Did other islands try it?” asks whether there was such a thing, not what they are."""
        places = [topic for topic in question.topics if self._base.topics[topic].kind == "place"]
        alone = len(places) == len(question.topics) == 1 and not question.narrowed_by
        asked = question.form == YES_NO and question.attribute == DEFINITION and alone
        told = any(fact.attribute == "existence" for topic in places for fact in self._base.topics[topic].facts)
        return "existence" if asked and told else None

    def _held_by(self, question: Question, attribute: str) -> Tuple[str, ...]:
        """The topics asked of: each type, where clusters in general are asked "which?"."""
        general = question.form == WHICH and question.topics == ("cluster",) and attribute in _SELECTABLE
        return several.types(self._base) if general else question.topics

    def _of_several(self, question: Question, attribute: str) -> Optional[Answer]:
        """What is chosen from several topics, compared or told apart; None where it is not that which is asked."""
        base = self._base
        if attribute == "types" and any(base.values[name].kind == "level" for name in question.narrowed_by):
            attribute, question = "level", dataclasses.replace(question, form=WHICH)
        topics = self._held_by(question, attribute)
        chosen = several.counted_parts(base, question, topics, attribute) or several.compared(base, question)
        if chosen is not None:
            return chosen
        if attribute == DIFFERENCE or (question.form == COMPARE and len(topics) > 1 and attribute == DEFINITION):
            alike = question.form == YES_NO and len(topics) == 2 and question.alike
            return several.difference(base, topics, alike)
        types = [t for t in topics if base.topics[t].kind == "cluster_type" and t not in question.denies]
        if question.form == WHICH and len(types) > 2:
            return several.selected(base, question, types, attribute)
        return None

    # What is asked of topics, and found or not.

    def _say(self, question: Question, topics: Sequence[str], attribute: str) -> Answer:
        topics = self._asked_of(question, topics, attribute)
        attribute = self._from_abroad(question, self._instead(topics[0], attribute))
        known = self._base.attributes[attribute]
        if attribute in _OF_WHAT_EXISTS and not question.past:
            gone = [f for t in topics for f in self._base.facts_of(t, "existence") if f.value.is_ is False]
            if gone:  # nobody applies to a fund that has ended
                verdict = Verdict(operators.NO) if question.form == YES_NO else None
                return Answer(FACTS, attribute, tuple(topics), tuple(gone[:1]), verdict)
        in_part = [f for t in topics for f in self._base.topics[t].facts if f.value.partly]
        if in_part and question.form == YES_NO and question.wholly and attribute in _HELD_IN_PART:
            return Answer(FACTS, attribute, tuple(topics), tuple(in_part[:1]), Verdict(operators.PARTLY))
        asked_of_parts = question.form == YES_NO and attribute in _OF_PARTS
        parts = self._part(topics[0], "count", question) if asked_of_parts else []
        if parts:  # "anything about food in the craft centres?", "could a baker use one?"
            also = self._facts(topics[:1], attribute)[:1] if attribute in HOLDING and attribute != "sectors" else []
            return Answer(FACTS, attribute, tuple(topics), (*also, *parts), Verdict(operators.YES))
        holding = self._holding_the_value(question, topics, attribute)
        if holding is not None:
            return self._judged(question, holding.attribute, topics, [holding], None, False)
        about = self._about_what_limits(question, topics) if attribute in _SHOWN_BY_A_PART else []
        if about:  # "examples of personal services?"
            return Answer(FACTS, about[0].attribute, tuple(topics), tuple(about))
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
        kinds = ("body", "person") if question.inherited else ("cluster_type", "body", "person")
        named = [topic for topic in topics if self._base.topics[topic].kind in kinds]
        if near and near[0].attribute == attribute and not named:  # help to start a business, asked of the archipelago
            return Answer(FACTS, attribute, (near[0].topic,), tuple(near))
        if len(only) == 1 and not near:
            near = only
        return Answer(ABSENT, attribute, tuple(topics), tuple(near))

    @staticmethod
    def _asked_of(question: Question, topics: Sequence[str], attribute: str) -> Sequence[str]:
        """Without the topics that only say what is looked for, or by whom the first one is run."""
        looked_for = attribute == "existence" and topics[0] == "saint_pierre_et_miquelon"
        # "Is the ISM run by CACIMA?", "who runs it, the ISM or the DGE?"
        run_by = attribute == "management" and (question.form == YES_NO or question.either)
        return topics[:1] if looked_for or run_by else topics

    def _instead(self, topic: str, attribute: str) -> str:
        """What is asked of a person or a body, where of clusters it would be another thing."""
        kind = self._base.topics[topic].kind
        if kind == "person":
            return _OF_A_PERSON_INSTEAD.get(attribute, attribute)
        other = _OF_A_BODY_INSTEAD.get(attribute) if kind == "body" else None
        return other if other and self._base.facts_of(topic, other) else attribute

    def _from_abroad(self, question: Question, attribute: str) -> str:
        """Whether a company of another country can join is asked of no French member ("can a Halifax firm join?")."""
        return "foreign" if attribute in ASKED_TO_JOIN and self._is_abroad(question) else attribute

    def _is_abroad(self, question: Question) -> bool:
        return any("abroad" in self._base.with_broader(name) for name in question.narrowed_by)

    def _holding_the_value(self, question: Question, topics: Sequence[str], attribute: str) -> Optional[Fact]:
        """The fact that holds the value asked about with yes or no, where those of the attribute do not tell of it
        ("are nurseries something a PTCE works on?")."""
        wanted = {name for name in question.narrowed_by if self._base.values[name].kind in _TELLING_KINDS}
        if attribute not in _NOT_ABOUT_PLACES:
            wanted |= {name for name in question.narrowed_by if "france" in self._base.with_broader(name)}
        wanted -= set(operators.GENERIC)
        if question.form != YES_NO or not wanted or len(topics) != 1 or attribute not in (*HOLDING, "foreign"):
            return None
        if attribute == "foreign" and self._is_abroad(question):
            return None
        asked = [f for name in (attribute, *self._base.attributes[attribute].same) for f in self._facts(topics, name)]
        # With a partner of the state, "is it of the state?" is not told yes.
        elsewhere = [name for name in HOLDING if name != "partners" or attribute != DEFINITION]
        others = [fact for name in elsewhere for fact in self._facts(topics, name)]
        for names in (wanted, {one for name in wanted for one in self._base.with_broader(name)}):
            if any(operators.tells_of(fact, names, self._base) for fact in asked):
                return None
            holding = next((fact for fact in others if operators.tells_of(fact, names, self._base)), None)
            if holding is not None:
                return holding
        return None

    def _facts(self, topics: Sequence[str], attribute: str) -> List[Fact]:
        return [fact for topic in topics for fact in self._base.facts_of(topic, attribute)]

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
        facts = whether.holding_the_number(self._base, question, facts)
        first = facts[0]
        rest = self._besides(question, first)
        if rest:
            return Answer(SELECTION, first.attribute, rest, (first,), besides=True)
        exists = attribute == first.attribute == "existence" and question.form == OPEN and not question.negated
        if question.form == YES_NO or exists or (question.form == COMPARE and question.whether):
            verdict = self._verdict(question, first)
            others = [fact for fact in facts if fact.topic != first.topic]
            if any(self._verdict(question, fact) != verdict for fact in others):
                verdict = None  # a yes for one type would be read as one for the other
            if question.form == COMPARE and verdict is not None and verdict.says == operators.NOT_SAID:
                verdict = None  # of what is compared, a fact without the value says neither
            verdict = operators.denied(verdict) if question.denying else verdict
            if question.either and not (first.absent or question.only):
                verdict = operators.between(first, question, verdict, self._base)
        if first.absent:  # it may rule something out all the same ("can I start one alone?")
            ruled_out = verdict is not None and verdict.value in first.value.excludes
            verdict, limit = verdict if ruled_out else None, None
        narrowing = limit if attribute in LIMITED and verdict is None else None
        if narrowing is None and question.unknown and attribute in LIMITED and verdict is None and not first.absent:
            narrowing = question.unknown[0]
        return Answer(FACTS, attribute, tuple(topics), tuple(facts), verdict, narrowing)

    def _verdict(self, question: Question, fact: Fact) -> Optional[Verdict]:
        """What one fact says to a question of yes or no, from its values or by being there."""
        verdict = operators.check(fact, question, self._base)
        if verdict is None and not fact.absent:
            verdict = whether.implied(question, fact)
        return whether.of_today(question, fact, verdict)

    @staticmethod
    def _besides(question: Question, fact: Fact) -> Tuple[str, ...]:
        """The topics a fact names, without those that were set aside ("besides the FUI, who else?")."""
        if not question.besides or not set(question.denies) & set(fact.value.topics):
            return ()
        return tuple(topic for topic in fact.value.topics if topic not in question.denies)

    def _of_the_whole(self, question: Question, topics: Sequence[str], attribute: str) -> Optional[Answer]:
        """Of a part, or of one cluster, without such a fact: that it is not told, and what is said of its whole."""
        for topic in topics:
            parent = self._base.topics[topic].parent
            kind = self._base.topics[topic].kind
            if parent is None:
                continue
            one_cluster = kind == "body" and self._base.topics[parent].is_general
            if not (kind == "theme" or one_cluster or (kind == "concept" and question.narrowed_by)):
                continue
            told = [] if any(fact.absent for fact in self._base.facts_of(parent, attribute)[:1]) else [parent]
            facts, _ = operators.narrow(self._facts(told, attribute), question, self._base)
            limits = {one for name in question.narrowed_by for one in self._base.with_broader(name)}
            if facts and set(facts[0].about) & (limits - set(operators.GENERIC)):  # "is fishing the main sector?"
                return self._judged(question, attribute, (topic, parent), facts, None, False)
            if facts:
                return Answer(FACTS, attribute, (topic,), tuple(facts), limit=topic)
        return None

    def _about_what_limits(self, question: Question, topics: Sequence[str]) -> List[Fact]:
        """Facts about just what limits the question, whatever they answer ("examples of personal services?")."""
        facts = [fact for topic in topics for fact in self._base.topics[topic].facts if not fact.absent]
        limits = {name for name in question.narrowed_by if self._base.values[name].kind in ("activity", "part")}
        return [fact for fact in facts if set(fact.about) & limits][:1]

    def _near(self, topics: Sequence[str], attribute: str) -> List[Fact]:
        """At most one fact that comes near what no source says."""
        gone = [f for topic in topics for f in self._base.facts_of(topic, "existence") if f.value.is_ is False]
        if gone:
            return gone[:1]
        for name in self._base.attributes[attribute].near:
            if "." in name:
                return [self._base.fact(name)]
            for topic in topics:
                facts = [fact for fact in self._base.facts_of(topic, name) if not fact.absent]
                if facts:
                    return facts[:1]
        known = [self._base.topics[topic] for topic in topics if topic != _SPEAKING]
        single = [
            topic.topic for topic in known if not topic.is_general and topic.kind not in ("cluster_type", "theme")
        ]
        return [fact for topic in single for fact in self._base.facts_of(topic, DEFINITION)][:1]

    def _of_nothing(self, attribute: str, question: Question) -> Answer:
        """Asked of no topic: what no source says of any, else which topic is meant."""
        holders = [topic for topic in several.types(self._base) if self._base.has(topic, attribute)]
        told = [t for t in holders if any(not fact.absent for fact in self._base.facts_of(t, attribute))]
        if not told:
            return Answer(ABSENT, attribute, (), tuple(self._near((), attribute)))
        return Answer(CHOOSE, attribute, choices=tuple(told))
