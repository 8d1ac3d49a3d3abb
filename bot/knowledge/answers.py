"""From a question to the facts that answer it. Knows nothing of Rasa, nor of wording.

A question is an aspect (what is asked) of topics (about what: bot/knowledge/meant.py).
"""

from __future__ import annotations

import dataclasses
from typing import Dict, FrozenSet, List, Sequence, Tuple

from bot.knowledge.meant import DIFFERENCE, UPDATE, Meant, fits
from bot.knowledge.model import Fact, KnowledgeBase
from bot.knowledge.question import Context, Question

MOST_CHOICES = 3
MOST_TOPICS = 3
_NOT_REPEATED = ("definition", DIFFERENCE, UPDATE)  # aspects that naming another topic does not ask again
_NOT_TOLD_BY_A_NUMBER = ("funding", "date", "calls", "evaluations")  # of a theme, of which only its number is known
_BODIES = ("body", "person", "programme")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What to say to one question.

    kind: `facts` (say them), `updates` (what has changed since, for these facts; none: say so), `choose` (which of
    these topics?), `unknown` (the bulletin does not say this of that topic), `unclear` (nothing to hold on to).
    roundabout: the facts do not answer what was asked, they only say what the topic is.
    """

    kind: str
    aspect: str
    topics: Tuple[str, ...] = ()
    facts: Tuple[Fact, ...] = ()
    choices: Tuple[str, ...] = ()
    roundabout: bool = False

    @property
    def ids(self) -> List[str]:
        """The ids of the facts said; `<topic>.update` for updates."""
        if self.kind == "updates":
            return [f"{topic}.{UPDATE}" for topic in self.topics]
        return [fact.id for fact in self.facts]

    def context(self, before: Context) -> Context:
        """What the conversation speaks of once this has been said."""
        if self.kind not in ("facts", "updates", "unknown") or not self.topics:
            return before
        return Context(self.topics, self.aspect, self._compared(before))

    def _compared(self, before: Context) -> Tuple[str, ...]:
        """What "the former" and "both" are: what was named together last, or one after the other."""
        if len(self.topics) > 1:
            return self.topics
        if not before.topics or self.topics[0] in (*before.compared, before.topics[-1]):
            return before.compared
        return (before.topics[-1], self.topics[0])


class Answerer:
    """Answers questions from a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._meant = Meant(base)

    def answer(self, question: Question, context: Context) -> Answer:
        question = self._asked_again(question, context)
        aspect = question.aspect or context.aspect or question.otherwise or "definition"
        topics = self._meant.topics(question, context, aspect)
        if not topics:
            return self._of_nothing(aspect)
        if aspect == UPDATE:
            return self._updates(topics)
        if aspect == DIFFERENCE:
            return self._difference(topics)
        if "." not in aspect and self._base.aspects[aspect].place_first:
            topics = self._place_first(topics, aspect)
        levels = self._levels(topics, aspect)
        if aspect != "definition":  # what a theme is, its number tells
            levels += self._wholes(topics)
        instead = self._base.aspects[aspect].instead
        if all(self._base.topics[topic].kind in _BODIES for topic in levels[0]):
            if "definition" in instead:  # what a body does is what it is
                instead = ["definition", *(other for other in instead if other != "definition")]
            if all(self._base.topics[topic].kind == "programme" for topic in levels[0]):
                instead = [*instead, "definition"]  # never a fund without saying what became of it
            if len(levels) > 1:  # "Why does Ifremer matter to the archipelago?": what is said of Ifremer.
                levels, instead = levels[:1], [*instead, "definition"]
        tries = [(level, aspect) for level in levels] + [(level, other) for level in levels for other in instead]
        for level, wanted in tries:
            facts = self._facts(wanted, level, question.words)
            if facts and level is levels[0]:
                facts = self._and_of_the_others(level, facts)
            if facts:
                # A fact of another topic said instead (CACIMA's contacts) is no change of subject.
                said_of = level if "." in wanted else dict.fromkeys(fact.topic for fact in facts)
                roundabout = wanted == "definition" != aspect and self._are_types(level)
                return Answer("facts", aspect, tuple(said_of), tuple(facts), roundabout=roundabout)
        if self._meant.are_general(topics):
            return self._choose(aspect)
        only = self._all_there_is(levels[0])
        if only:
            roundabout = aspect in _NOT_TOLD_BY_A_NUMBER and self._are_themes(levels[0])
            said_of = dict.fromkeys(fact.topic for fact in only)
            return Answer("facts", aspect, tuple(said_of), tuple(only), roundabout=roundabout)
        return Answer("unknown", aspect, topics)

    def _are_types(self, topics: Sequence[str]) -> bool:
        """Types of clusters, or clusters as such: what they are says nothing of where or who they are."""
        types = all(self._base.topics[topic].kind == "cluster_type" for topic in topics)
        return types or self._meant.are_general(topics)

    def _are_themes(self, topics: Sequence[str]) -> bool:
        return all(self._base.topics[topic].kind == "theme" for topic in topics)

    def _asked_again(self, question: Question, context: Context) -> Question:
        """The question before, where another topic is merely named after it ("and the grappes?", then "PTCEs?")."""
        topics = question.topics or question.cues[:1]
        says = context.aspect not in (None, *_NOT_REPEATED) and any(
            self._base.facts_of(topic, str(context.aspect)) for topic in topics
        )
        again = question.bare and question.aspect == "definition" and says and topics != context.topics
        return dataclasses.replace(question, aspect=None) if again else question

    def _of_nothing(self, aspect: str) -> Answer:
        """What is said whatever it is asked of ("how can I write to you?"), else a choice of topics."""
        known = self._base.aspects.get(aspect)
        facts = [self._base.fact(other) for other in known.instead if "." in other] if known else []
        return Answer("facts", aspect, (facts[0].topic,), tuple(facts)) if facts else self._choose(aspect)

    def _place_first(self, topics: Tuple[str, ...], aspect: str) -> Tuple[str, ...]:
        """The place alone, where it is named along with types of clusters only and has such a fact."""
        kinds = {topic: self._base.topics[topic].kind for topic in topics}
        places = [topic for topic, kind in kinds.items() if kind == "place" and self._base.facts_of(topic, aspect)]
        return tuple(places) if set(kinds.values()) <= {"place", "cluster_type", "concept"} and places else topics

    def _facts(self, aspect: str, topics: Sequence[str], words: FrozenSet[str]) -> List[Fact]:
        if "." in aspect:
            return [self._base.fact(aspect)]
        found = [[fact for fact in self._base.facts_of(topic, aspect) if fits(fact, words)] for topic in topics]
        return [fact for facts in [facts for facts in found if facts][:MOST_TOPICS] for fact in facts]

    def _and_of_the_others(self, topics: Sequence[str], facts: List[Fact]) -> List[Fact]:
        """With what there is to say of the others named, where that is one thing ("do incubators work with ...?")."""
        silent = [topic for topic in topics if topic not in {fact.topic for fact in facts}]
        return [*(fact for topic in silent for fact in self._all_there_is([topic])), *facts]

    def _all_there_is(self, topics: Sequence[str]) -> List[Fact]:
        """The one fact of topics that have no other: whatever is asked, that is what the bulletin says of them."""
        facts = [fact for topic in topics for fact in self._base.topics[topic].facts]
        return facts if len(facts) == len(topics) and all(fact.when is None for fact in facts) else []

    def _levels(self, topics: Sequence[str], aspect: str) -> List[List[str]]:
        """The topics, most precise first: those with no part of theirs named too, then their wholes, then places,
        then general concepts, whose definition comes before a place's ("I live in Miquelon, what is a cluster?")."""
        named = [self._base.topics[topic] for topic in topics]
        parents = {topic.parent for topic in named}
        levels: List[List[str]] = [[], [], [], []]
        for topic in named:
            general = topic.parent is None
            vague = ("concept", "place") if aspect == "definition" else ("place", "concept")
            rank = 2 + vague.index(topic.kind) if topic.kind in vague and general else 0
            levels[max(rank, int(topic.topic in parents))].append(topic.topic)
        return [level for level in levels if level]

    def _wholes(self, topics: Sequence[str]) -> List[List[str]]:
        """What themes are themes of, which answers for them ("whom do I write to?", of the food centres)."""
        themes = [self._base.topics[topic] for topic in topics if self._base.topics[topic].kind == "theme"]
        return [[theme.parent] for theme in themes[:1] if theme.parent and theme.parent not in topics]

    def _choose(self, aspect: str) -> Answer:
        types = [t.topic for t in self._base.topics.values() if t.kind == "cluster_type"]
        holders = [topic for topic in types if self._base.facts_of(topic, aspect)] or types
        order = list(self._base.facts_of("cluster", "types")[0].choices)
        holders.sort(key=lambda topic: order.index(topic) if topic in order else len(order))
        return Answer("choose", aspect, choices=tuple(holders[:MOST_CHOICES]))

    def _updates(self, topics: Sequence[str]) -> Answer:
        levels = self._levels(topics, UPDATE)[:1] + self._wholes(topics)
        for level in levels:
            changed: Dict[str, Fact] = {}
            for topic in level:
                for fact in self._base.topics[topic].facts:
                    if fact.update is not None:
                        changed.setdefault(fact.update.fr, fact)
            if changed:
                return Answer("updates", UPDATE, tuple(level), tuple(changed.values()))
        return Answer("updates", UPDATE, tuple(levels[0]), ())

    def _difference(self, topics: Sequence[str]) -> Answer:
        """Each type named, side by side; a single one against all the others."""
        named = [topic for topic in topics if self._base.facts_of(topic, DIFFERENCE)]
        if not named:
            definitions = self._facts("definition", topics, frozenset())
            if definitions:
                return Answer("facts", DIFFERENCE, tuple(topics), tuple(definitions))
            return self._choose(DIFFERENCE)
        said = named
        if len(named) == 1:
            said = list(dict.fromkeys([*named, *self._base.facts_of("cluster", "types")[0].choices]))
        facts = [fact for topic in said for fact in self._base.facts_of(topic, DIFFERENCE)]
        return Answer("facts", DIFFERENCE, tuple(named), tuple(facts))
