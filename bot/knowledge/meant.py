"""Which topics a question means: those it names, points at or hints at, or those spoken of before."""

from __future__ import annotations

from typing import FrozenSet, List, Sequence, Tuple

from rapidfuzz.distance import OSA

from bot.knowledge.model import Fact, KnowledgeBase, Topic
from bot.knowledge.question import Context, Question
from bot.nlu.lexicon import function_words
from bot.text import fold, stem

UPDATE = "update"
DIFFERENCE = "difference"
MOST_THEMES = 3
_SHORT = 7  # words of a question that says little more than "they"
_RUN_TOGETHER = 6  # letters; shorter words are found in others by chance ("howmanycompanies" holds "companies")
_TELLING = 3  # letters; shorter words of a name tell nothing

Topics = Sequence[str]


class Meant:
    """Settles which topics of a knowledge base a question means."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    def topics(self, question: Question, context: Context, aspect: str) -> Tuple[str, ...]:
        """Named, pointed at, hinted at, spoken of last, or the only one with such an aspect; empty: no telling."""
        named = self._without_the_bulletin(question, context, aspect)
        if question.guess and named and not self.are_general(named):
            hinted_parts = self._parts((question.guess,), question, aspect)
            return tuple(dict.fromkeys([*hinted_parts, question.guess, *named]))
        pointed_at, spoken_of = self._pointed_at(question, aspect), self._spoken_of(context, question)
        return (
            (named and self._named(named, pointed_at, spoken_of, question, aspect))
            or self._same_name(named or pointed_at[:1], spoken_of, question)
            or (() if named else self._of_a_part(spoken_of, question, aspect))
            or self._told_apart(context.compared, spoken_of, question)
            or self._hinted(named, pointed_at, spoken_of, question, aspect)
            or self._only_holder(aspect)
            or spoken_of
            or (("cluster",) if aspect == DIFFERENCE else ())
        )

    def _named(
        self, named: Topics, pointed_at: Topics, spoken_of: Topics, question: Question, aspect: str
    ) -> Tuple[str, ...]:
        """What a question means that names something; empty where that is too general."""
        if self.are_general(named) and self._sounds_alike(aspect, pointed_at, named):
            return tuple(named)  # "are clusters national or regional?"
        hinted = bool(pointed_at) and not question.points_back
        if spoken_of and self._means_what_was_spoken_of(named, hinted, spoken_of, question, aspect):
            return tuple(spoken_of)
        if aspect == "definition" and self._are_places(named) and self._are_people(pointed_at):
            return tuple(pointed_at)  # "who wrote the article on the archipelago?"
        again = self._same_name(named, spoken_of, question)
        if again:
            return again
        in_full = any(self._in_full(topic, question) for topic in named)
        if question.aspect and self._sounds_alike(aspect, named, spoken_of) and not in_full:
            return tuple(spoken_of)  # "are they national or regional?"
        holder = self._only_holder(aspect)
        if self.are_general(named) and holder and (not hinted or holder[0] in pointed_at):
            return holder  # "any clusters there?": only of the archipelago is it known
        if aspect == DIFFERENCE and len(named) == 1:
            return self._compared(named[0], spoken_of, question)
        if self.are_general(named) and self._makes_precise(pointed_at, named, aspect):
            return ()
        return (*named, *self._parts(named, question, aspect))

    def _means_what_was_spoken_of(
        self, named: Topics, hinted: bool, spoken_of: Topics, question: Question, aspect: str
    ) -> bool:
        """Whether what is named only sets the scene for what was spoken of last."""
        if not hinted and self._beside(named, spoken_of, aspect):
            return True  # "can a company of the archipelago apply?", of the fund just spoken of
        points = question.says_it or question.points_back
        if points and self._is_where(named, aspect) and self._can_say(spoken_of, aspect):
            return True  # "why does it matter to the archipelago?", "pourquoi elle compte pour l'archipel ?"
        people = self._are_people(spoken_of) and not self._are_people(named)
        return aspect == UPDATE and people and self._stands_for(spoken_of[0], question)  # "does he still work for ...?"

    def _of_a_part(self, spoken_of: Topics, question: Question, aspect: str) -> Tuple[str, ...]:
        """The person or the fund of what was just spoken of, where a word stands for it ("who is she?", after the ISM;
        "who runs that fund?", after the competitiveness clusters)."""
        parts = [topic for topic in self._base.topics.values() if topic.parent in spoken_of and topic.pronouns.all()]
        meant = [topic for topic in parts if self._stands_for(topic.topic, question)]
        return tuple(topic.topic for topic in meant if self._is_asked_of(topic, question, aspect))

    def _is_asked_of(self, part: Topic, question: Question, aspect: str) -> bool:
        if part.kind == "person":
            return aspect in ("definition", "contact", UPDATE)  # not "could she join?": the wife of who asks
        return question.points_back and self._can_say((part.topic,), aspect)

    def _stands_for(self, part: str, question: Question) -> bool:
        return any(stem(fold(word)) in question.words for word in self._base.topics[part].pronouns.all())

    @staticmethod
    def _told_apart(compared: Topics, spoken_of: Topics, question: Question) -> Tuple[str, ...]:
        """What "the other one" or "the second" is, of those compared before."""
        if question.other:
            others = tuple(topic for topic in compared if topic not in spoken_of)
            if len(others) == 1:
                return others
        return tuple(compared[i] for i in question.ordinals if -len(compared) <= i < len(compared))

    def _hinted(
        self, named: Topics, pointed_at: Topics, spoken_of: Topics, question: Question, aspect: str
    ) -> Tuple[str, ...]:
        """What a question hints at, be it a part of what was spoken of, or that itself."""
        parts = () if named or question.in_all else tuple(self._parts(spoken_of, question, aspect))
        if parts:
            return parts  # "how many of them are about food?", of the craft centres
        if spoken_of and not named and self._goes_on(question, spoken_of, pointed_at, aspect):
            return tuple(spoken_of)
        return tuple(pointed_at)

    def _only_holder(self, aspect: str) -> Tuple[str, ...]:
        """The one topic of which such a thing is known, if there is one."""
        holders = self._base.holders_of(aspect)
        return tuple(holders) if len(holders) == 1 else ()

    def _pointed_at(self, question: Question, aspect: str) -> Tuple[str, ...]:
        """The best hint; two where they are compared, and all themes where the best is one ("and health, food?")."""
        themes = tuple(cue for cue in question.cues if self._base.topics[cue].kind == "theme")
        if themes and themes[0] == question.cues[0]:
            return themes[:MOST_THEMES]
        if themes and self._base.topics[themes[0]].parent == question.cues[0] and self._can_say(themes, aspect):
            return themes[:1]  # "how many of the craftsmen's centres are for bakers?"
        return question.cues[: 2 if aspect == DIFFERENCE else 1]

    def _makes_precise(self, hinted: Sequence[str], named: Sequence[str], aspect: str) -> bool:
        """Whether a hint says which clusters are meant ("the clusters of the regions"), and can answer no worse."""
        if not hinted:
            return False
        if all(self._base.topics[topic].kind in ("place", "document") for topic in hinted):
            known = self._base.aspects.get(aspect)
            return known is not None and known.place_first
        return self._can_say(hinted, aspect) or not self._can_say(named, aspect)

    def _compared(self, named: str, spoken_of: Sequence[str], question: Question) -> Tuple[str, ...]:
        """What is named, and what it is compared with: hinted at beside it, or spoken of before ("is it the same as
        a grappe?")."""
        types = ("cluster_type", "concept")
        beside = [cue for cue in question.cues if self._base.topics[cue].kind == "cluster_type" and cue != named][:1]
        before = spoken_of if question.says_it or question.points_back or question.against else ()
        others = beside or [topic for topic in before[:1] if topic != named and self._base.topics[topic].kind in types]
        return (*others, named)

    def are_general(self, topics: Sequence[str]) -> bool:
        """Only "clusters", which a hint makes precise ("the clusters of the regions")."""
        return all(
            self._base.topics[topic].kind == "concept" and not self._base.topics[topic].parent for topic in topics
        )

    def _without_the_bulletin(self, question: Question, context: Context, aspect: str) -> Tuple[str, ...]:
        """The bulletin is asked about only where nothing else is: "what does your bulletin say of the EEZ?"."""
        bulletin = tuple(topic for topic in question.topics if self._base.topics[topic].kind == "document")
        others = tuple(topic for topic in question.topics if topic not in bulletin)
        if not bulletin:
            return others
        if others:  # "when was your bulletin on clusters printed?"
            only_it = self._can_say(bulletin, aspect) and not self._can_say(others, aspect)
            return bulletin if only_it else others
        if question.guess:
            return (question.guess,)
        return () if aspect == UPDATE and context.topics else bulletin  # "what has changed since the bulletin?"

    def _spoken_of(self, context: Context, question: Question) -> Tuple[str, ...]:
        """What was spoken of last; its whole, where all of it is asked for ("how many altogether?")."""
        if not question.in_all:
            return context.topics
        wholes = [self._base.topics[topic].parent or topic for topic in context.topics]
        return tuple(dict.fromkeys(wholes))

    def _same_name(self, named: Sequence[str], spoken_of: Sequence[str], question: Question) -> Tuple[str, ...]:
        """What was spoken of (or its whole), where what is typed is its name as well ("these pôles")."""
        if len(named) != 1 or named[0] in spoken_of or question.aspect in (None, "definition"):
            return ()  # asked the same or what it is, it is another one
        if self.are_general(named) and not question.points_back:
            return ()
        typed = question.words & self._alias_words(named[0])
        wholes = [topic for topic in (self._base.topics[t].parent for t in spoken_of) if topic]
        for topic in (*spoken_of, *wholes):
            if typed and typed <= self._name_words(topic) and self._base.topics[topic].kind == "cluster_type":
                return (topic,)
        return ()

    def _goes_on(self, question: Question, spoken_of: Sequence[str], hinted: Sequence[str], aspect: str) -> bool:
        """Whether a hint weighs less than what was spoken of last."""
        if question.aspect is None and hinted:
            return False  # "and the private ones?"
        if self._awaited(spoken_of, aspect, question.words) or self._sounds_alike(aspect, hinted, spoken_of):
            return True
        if question.points_back and (not question.guess or len(question.words) <= _SHORT):
            return True
        return not question.guess and self._can_say(spoken_of, aspect) and not self._can_say(hinted, aspect)

    def _are_people(self, topics: Sequence[str]) -> bool:
        return bool(topics) and all(self._base.topics[topic].kind == "person" for topic in topics)

    def _sounds_alike(self, aspect: str, topics: Sequence[str], spoken_of: Sequence[str]) -> bool:
        """Whether the usual words of a question only sound like these topics, and what was spoken of answers it."""
        known = self._base.aspects.get(aspect)
        return known is not None and set(topics) <= set(known.sounds_like) and self._can_say(spoken_of, aspect)

    def _in_full(self, topic: str, question: Question) -> bool:
        """Whether more than a word of a topic's name is typed."""
        return len(question.words & self._name_words(topic)) > 1

    def _can_say(self, topics: Sequence[str], aspect: str) -> bool:
        return any(self._base.facts_of(topic, aspect) for topic in topics)

    def _parts(self, named: Sequence[str], question: Question, aspect: str) -> List[str]:
        """Hinted parts of what is named that can answer ("the lady at the ISM"), or themes beside one named."""
        wholes = {*named, *(self._base.topics[topic].parent for topic in named if self._is_theme(topic))}
        return [
            cue
            for cue in question.cues
            if self._base.topics[cue].parent in wholes and cue not in named and self._base.facts_of(cue, aspect)
        ]

    def _is_theme(self, topic: str) -> bool:
        return self._base.topics[topic].kind == "theme"

    def _beside(self, topics: Sequence[str], spoken_of: Sequence[str], aspect: str) -> bool:
        """Only a place or clusters in general are named, which have no such fact, and what was spoken of last has."""
        kinds = {self._base.topics[t].kind for t in topics if not self._base.topics[t].parent}
        vague = kinds <= {"place", "concept"} and not any(self._base.topics[t].parent for t in topics)
        return vague and self._can_say(spoken_of, aspect) and not self._can_say(topics, aspect)

    def _is_where(self, topics: Sequence[str], aspect: str) -> bool:
        """Only places are named, in a question whose answer a place may be the scene of."""
        known = self._base.aspects.get(aspect)
        return self._are_places(topics) and known is not None and known.place_first

    def _are_places(self, topics: Sequence[str]) -> bool:
        return all(self._base.topics[topic].kind == "place" for topic in topics)

    def _awaited(self, spoken_of: Sequence[str], aspect: str, words: FrozenSet[str]) -> bool:
        """Whether what was spoken of has a fact that waits for just these words ("and what share is crafts?")."""
        facts = [fact for topic in spoken_of for fact in self._base.facts_of(topic, aspect)]
        return any(fact.when is not None and fits(fact, words) for fact in facts)

    def _alias_words(self, topic: str) -> FrozenSet[str]:
        return _stems(self._base.topics[topic].aliases.all())

    def _name_words(self, topic: str) -> FrozenSet[str]:
        name = self._base.topics[topic].name
        return _stems([name.fr, name.en])


def fits(fact: Fact, words: FrozenSet[str]) -> bool:
    """Whether a fact that waits for certain words may be said; slips of the finger do not matter."""
    if fact.when is None:
        return True
    wanted = [stem(fold(word)) for word in fact.when.all()]
    return any(
        (len(want) >= _RUN_TOGETHER and want in word)
        or OSA.distance(word, want, score_cutoff=len(want) // 4) <= len(want) // 4
        for word in words
        for want in wanted
    )


def _stems(phrases: Sequence[str]) -> FrozenSet[str]:
    words = fold(" ".join(phrases)).replace("'", " ").replace("-", " ").split()
    return frozenset(stem(word) for word in words if len(word) >= _TELLING) - function_words()
