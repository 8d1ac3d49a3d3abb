"""From a question to the facts that answer it. Knows nothing of Rasa, nor of wording.

A question is an aspect (what is asked) of topics (about what); either may be left to the conversation so far.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

from rapidfuzz.distance import OSA

from bot.knowledge.model import Fact, KnowledgeBase
from bot.text import fold, stem

UPDATE = "update"
DIFFERENCE = "difference"
MOST_CHOICES = 3
MOST_TOPICS = 3


@dataclasses.dataclass(frozen=True)
class Question:
    """What is asked.

    aspect: None for that of the question before, or `otherwise` where there was none. topics: named. cues: hinted at,
    best first. guess: surely described, beside nothing named but a vague topic. ordinals: "the former" is 0. words:
    stems typed, for facts that wait for one of them.
    """

    aspect: Optional[str]
    topics: Tuple[str, ...] = ()
    cues: Tuple[str, ...] = ()
    guess: Optional[str] = None
    otherwise: Optional[str] = None
    ordinals: Tuple[int, ...] = ()
    words: FrozenSet[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Context:
    """What the conversation spoke of last."""

    topics: Tuple[str, ...] = ()
    aspect: Optional[str] = None
    compared: Tuple[str, ...] = ()  # the last topics named together: "the former", "the latter"

    def after(self, answer: Answer) -> Context:
        """The context once an answer has been given."""
        if answer.kind not in ("facts", "updates", "unknown") or not answer.topics:
            return self
        compared = answer.topics if len(answer.topics) > 1 else self.compared
        return Context(answer.topics, answer.aspect, compared)


@dataclasses.dataclass(frozen=True)
class Answer:
    """What to say to one question.

    kind: `facts` (say them), `updates` (what has changed since, for these facts; none: say so), `choose` (which of
    these topics?), `unknown` (the bulletin does not say this of that topic), `unclear` (nothing to hold on to).
    """

    kind: str
    aspect: str
    topics: Tuple[str, ...] = ()
    facts: Tuple[Fact, ...] = ()
    choices: Tuple[str, ...] = ()

    @property
    def ids(self) -> List[str]:
        """The ids of the facts said; `<topic>.update` for updates."""
        if self.kind == "updates":
            return [f"{topic}.{UPDATE}" for topic in self.topics]
        return [fact.id for fact in self.facts]


class Answerer:
    """Answers questions from a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    def answer(self, question: Question, context: Context) -> Answer:
        aspect = question.aspect or context.aspect or question.otherwise or "definition"
        topics = self._topics(question, context, aspect)
        if not topics:
            return self._choose(aspect)
        if aspect == UPDATE:
            return self._updates(topics)
        if aspect == DIFFERENCE:
            return self._difference(topics)
        if "." not in aspect and self._base.aspects[aspect].place_first:
            topics = self._place_first(topics, aspect)
        levels, instead = self._levels(topics), self._base.aspects[aspect].instead
        tries = [(level, aspect) for level in levels] + [(level, other) for level in levels for other in instead]
        for level, wanted in tries:
            facts = self._facts(wanted, level, question.words)
            if facts:
                return Answer("facts", aspect, tuple(dict.fromkeys(fact.topic for fact in facts)), tuple(facts))
        if self._general(topics):
            return self._choose(aspect)
        only = self._all_there_is(levels[0])
        if only:
            return Answer("facts", aspect, tuple(dict.fromkeys(fact.topic for fact in only)), tuple(only))
        return Answer("unknown", aspect, topics)

    def _topics(self, question: Question, context: Context, aspect: str) -> Tuple[str, ...]:
        """The topics meant: named, pointed at, hinted at, spoken of last, or the only one with such an aspect."""
        if question.guess and question.topics and not self._general(question.topics):
            return (question.guess, *question.topics)
        pointed_at = question.cues[: 2 if aspect == DIFFERENCE else 1]
        if context.topics and question.topics and not pointed_at and self._beside(question.topics, context, aspect):
            return context.topics  # "can a company of the archipelago apply?", of the fund just spoken of
        if question.topics and not (pointed_at and self._general(question.topics)):
            return (*question.topics, *self._parts(question, aspect))
        compared = context.compared
        pointed = [compared[i] for i in question.ordinals if -len(compared) <= i < len(compared)]
        if pointed:
            return tuple(pointed)
        if pointed_at and not self._awaited(context, aspect, question.words):
            return pointed_at
        holders = self._base.holders_of(aspect)
        if len(holders) == 1:
            return tuple(holders)
        if context.topics:
            return context.topics
        return ("cluster",) if aspect == DIFFERENCE else ()

    def _parts(self, question: Question, aspect: str) -> List[str]:
        """Hinted parts of what is named that can answer ("the lady at the ISM")."""
        return [
            cue
            for cue in question.cues
            if self._base.topics[cue].parent in question.topics and self._base.facts_of(cue, aspect)
        ]

    def _beside(self, topics: Sequence[str], context: Context, aspect: str) -> bool:
        """Only a place is named, which has no such fact, and what was spoken of last has."""
        places = all(self._base.topics[t].kind == "place" and not self._base.topics[t].parent for t in topics)
        said = any(self._base.facts_of(topic, aspect) for topic in context.topics)
        return places and said and not any(self._base.facts_of(topic, aspect) for topic in topics)

    def _general(self, topics: Sequence[str]) -> bool:
        """Only "clusters", which a hint makes precise ("the clusters of the regions")."""
        return all(
            self._base.topics[topic].kind == "concept" and not self._base.topics[topic].parent for topic in topics
        )

    def _place_first(self, topics: Tuple[str, ...], aspect: str) -> Tuple[str, ...]:
        """The place alone, where it is named along with types of clusters only and has such a fact."""
        kinds = {topic: self._base.topics[topic].kind for topic in topics}
        places = [topic for topic, kind in kinds.items() if kind == "place" and self._base.facts_of(topic, aspect)]
        return tuple(places) if set(kinds.values()) <= {"place", "cluster_type", "concept"} and places else topics

    def _awaited(self, context: Context, aspect: str, words: FrozenSet[str]) -> bool:
        """Whether what was spoken of has a fact that waits for just these words ("and what share is crafts?")."""
        facts = [fact for topic in context.topics for fact in self._base.facts_of(topic, aspect)]
        return any(fact.when is not None and _fits(fact, words) for fact in facts)

    def _facts(self, aspect: str, topics: Sequence[str], words: FrozenSet[str]) -> List[Fact]:
        if "." in aspect:
            return [self._base.fact(aspect)]
        found = [[fact for fact in self._base.facts_of(topic, aspect) if _fits(fact, words)] for topic in topics]
        return [fact for facts in [facts for facts in found if facts][:MOST_TOPICS] for fact in facts]

    def _all_there_is(self, topics: Sequence[str]) -> List[Fact]:
        """The one fact of topics that have no other: whatever is asked, that is what the bulletin says of them."""
        facts = [fact for topic in topics for fact in self._base.topics[topic].facts]
        return facts if len(facts) == len(topics) and all(fact.when is None for fact in facts) else []

    def _levels(self, topics: Sequence[str]) -> List[List[str]]:
        """The topics, most precise first: those with no part of theirs named too, then their wholes, then places,
        then general concepts."""
        named = [self._base.topics[topic] for topic in topics]
        parents = {topic.parent for topic in named}
        levels: List[List[str]] = [[], [], [], []]
        for topic in named:
            general = topic.parent is None
            rank = 3 if topic.kind == "concept" and general else 2 if topic.kind == "place" and general else 0
            levels[max(rank, int(topic.topic in parents))].append(topic.topic)
        return [level for level in levels if level]

    def _choose(self, aspect: str) -> Answer:
        types = [t.topic for t in self._base.topics.values() if t.kind == "cluster_type"]
        holders = [topic for topic in types if self._base.facts_of(topic, aspect)] or types
        order = list(self._base.facts_of("cluster", "types")[0].choices)
        holders.sort(key=lambda topic: order.index(topic) if topic in order else len(order))
        return Answer("choose", aspect, choices=tuple(holders[:MOST_CHOICES]))

    def _updates(self, topics: Sequence[str]) -> Answer:
        precise = self._levels(topics)[0]
        changed: Dict[str, Fact] = {}
        for topic in precise:
            for fact in self._base.topics[topic].facts:
                if fact.update is not None:
                    changed.setdefault(fact.update.fr, fact)
        return Answer("updates", UPDATE, tuple(precise), tuple(changed.values()))

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


def _fits(fact: Fact, words: FrozenSet[str]) -> bool:
    """Whether a fact that waits for certain words may be said; a slip of the finger does not matter."""
    if fact.when is None:
        return True
    wanted = [stem(fold(word)) for word in fact.when.all()]
    return any(
        OSA.distance(word, want, score_cutoff=len(want) // 4) <= len(want) // 4 for word in words for want in wanted
    )
