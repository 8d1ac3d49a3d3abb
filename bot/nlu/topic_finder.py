"""Names of topics in words: the knowledge base's aliases, by spaCy's phrase matcher, then past slips of the finger.

Language plays no part here: people use French names in English and the other way round.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

import spacy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.knowledge.load import knowledge
from bot.knowledge.model import LANGUAGES
from bot.words.folding import stem
from bot.words.lexicon import lexicons
from bot.words.tokens import Word, is_function_word, name_words, words_of
from bot.words.wordlists import known_words

OTHER_SENSE = "other_sense"  # what stands for a topic where a near miss is named ("pôle emploi")
_SHORTEST_TYPO = 4
_ACRONYM = 3  # letters, of which only two neighbours may be swapped ("IMS")
_RUN_IN = ("l", "d", "la", "le", "les", "un", "une", "des", "du", "the")  # articles typed as part of the word
_LONG_CUE = 6
_AT_ONCE = 20_000  # words compared with all names in one go
OF_TRAINING = 100_000  # words remembered where every example is read


def _allowed_distance(word: str) -> int:
    """How many slips of the finger a word of this length may hold."""
    return 1 if len(word) < 7 else 2


class NameFinder:
    """Finds names in words; `real_words` are spelt like a slip of a name but are words of their own.

    `remembered`: how many words' mending is kept; people repeat themselves.
    """

    def __init__(self, real_words: FrozenSet[str] = frozenset(), remembered: int = 4096) -> None:
        base = knowledge()
        self.real_words = real_words
        self._vocab = spacy.blank("xx").vocab
        self._names = PhraseMatcher(self._vocab)
        self._cues = PhraseMatcher(self._vocab)
        # Names that differ only in number ("chambre de commerce", "chambres de commerce"): what is typed decides.
        self._typed: Dict[Tuple[str, ...], Dict[Tuple[str, ...], str]] = {}
        self._words: Set[str] = set()
        self._run_together: Dict[str, int] = {}  # "clusterprive": where its second word begins
        self._languages: Dict[Tuple[str, ...], Set[str]] = {}
        alias_words = {w for t in base.topics.values() for a in t.aliases.all() for x in name_words(a) for w in x[2:]}
        cue_words = {w for t in base.topics.values() for c in t.cues.all() for x in name_words(c) for w in x[2:]}
        cue_words -= alias_words
        for topic in base.topics.values():
            self._add(self._names, topic.topic, topic.aliases.all())
            for language in LANGUAGES:
                for alias in getattr(topic.aliases, language):
                    stems = tuple(word.stem for word in name_words(alias))
                    self._languages.setdefault(stems, set()).add(language)
            self._add(self._cues, topic.topic, topic.cues.all())
        # What a slip may be mended into: words of our names, never those of near misses.
        self._targets = [word for word in self._words if word not in cue_words or len(word) >= _LONG_CUE]
        self._add(self._names, OTHER_SENSE, base.near_misses.all())
        self._mended: Dict[str, str] = {}
        self._remembered = remembered
        self._known = self._words | real_words
        self._targets = sorted(word for word in self._targets if len(word) >= _SHORTEST_TYPO)
        self._swapped = {
            swapped: word
            for word in sorted(self._words)
            if len(word) == _ACRONYM
            for swapped in (word[1] + word[0] + word[2], word[0] + word[2] + word[1])
            if swapped not in self._words
        }
        self._short = {
            short: stem(long)
            for lexicon in lexicons().values()
            for short, long in lexicon.abbreviations.items()
            if stem(long) in self._words
        }

    def _add(self, matcher: PhraseMatcher, key: str, names: Iterable[str]) -> None:
        for name in names:
            words = name_words(name)
            self._words |= {word.stem for word in words} | {word.typed for word in words}
            stems = tuple(word.stem for word in words)
            matcher.add(key, [Doc(self._vocab, words=list(stems))])
            for first, second in itertools.pairwise(words):
                self._run_together.setdefault(first.typed + second.typed, len(first.typed))
            if matcher is self._names:
                self._typed.setdefault(stems, {})[tuple(word.typed for word in words)] = key

    def mend(self, word: Word) -> str:
        """The stem of the name's word this is a slip or a short form of, or its own stem."""
        if word.typed not in self._mended:
            if len(self._mended) >= self._remembered:
                self._mended.clear()
            self._mended[word.typed] = self._mend(word)
        return self._mended[word.typed]

    def near_names(self, typed: Sequence[str]) -> List[str]:
        """Those of many words that are within a typo's distance of a name's word, found all at once."""
        most = _allowed_distance("a long word")
        near: List[str] = []
        for start in range(0, len(typed), _AT_ONCE):
            some = typed[start : start + _AT_ONCE]
            distances = process.cdist(some, self._targets, scorer=OSA.distance, score_cutoff=most, workers=-1)
            near += [word for word, row in zip(some, (distances <= most).any(axis=1), strict=True) if row]
        return near

    def is_swapped(self, typed: str) -> bool:
        """Whether a word is a name of three letters with two swapped."""
        return typed in self._swapped

    def is_elided(self, typed: str) -> bool:
        """Whether a word is a name's with an article run into it ("lism", "unegrappe")."""
        return bool(self._without_article(typed))

    def _without_article(self, typed: str) -> str:
        for article in _RUN_IN:
            rest = typed[len(article) :]
            shortest = _SHORTEST_TYPO if len(article) > 1 else _ACRONYM
            if typed.startswith(article) and len(rest) >= shortest and rest in self._words:
                return rest
        return ""

    def _mend(self, word: Word) -> str:
        if word.typed in self._short:
            return self._short[word.typed]
        if word.typed.isdigit() or is_function_word(word) or word.stem in self._known or word.typed in self._known:
            return word.stem
        if len(word.typed) < _SHORTEST_TYPO:
            return self._swapped.get(word.typed, word.stem)
        if self.is_elided(word.typed):
            return stem(self._without_article(word.typed))
        allowed = _allowed_distance(word.typed)
        near = process.extract(word.typed, self._targets, scorer=OSA.distance, score_cutoff=allowed, limit=5)
        if not near:
            return word.stem
        fewest = near[0][1]
        letters = sorted(word.typed)  # only swapped, they are the likelier word

        def likeness(name: str) -> Tuple[bool, float]:
            return sorted(name) == letters, fuzz.ratio(word.typed, name)

        best = max((name for name, slips, _ in near if slips == fewest), key=likeness)
        if len(word.typed) == _SHORTEST_TYPO and sorted(best) != sorted(word.typed):
            return word.stem
        return stem(str(best))

    def find(self, words: Sequence[Word]) -> Tuple[List[Tuple[str, int, int]], List[str]]:
        """Names as (topic, start, end) in their order, longest first where they overlap; then ids of cues."""
        words = [part for word in words for part in self._parted(word)]
        content = [word for word in words if not is_function_word(word)] or words
        if not content:
            return [], []
        doc = Doc(self._vocab, words=[self.mend(word) for word in content])
        spans = filter_spans([span for span in self._names(doc, as_spans=True) if not _is_list(span, content, words)])
        names = [(self._owner(span, content), content[span.start].start, content[span.end - 1].end) for span in spans]
        taken = {index for span in spans for index in range(span.start, span.end)}
        hits: Counter[str] = Counter()
        for span in self._cues(doc, as_spans=True):
            if span.start not in taken:
                hits[span.label_] += len(span.text)  # longer words say more
        return names, [topic for topic, _ in hits.most_common()]

    def _parted(self, word: Word) -> List[Word]:
        """A word as the two of a name that were run together in it, or as it is."""
        at = self._run_together.get(word.typed)
        if at is None or word.typed in self._known or word.end - word.start != len(word.typed):
            return [word]
        first, second = word.typed[:at], word.typed[at:]
        middle = word.start + at
        return [Word(word.start, middle, first, stem(first)), Word(middle, word.end, second, stem(second))]

    def language(self, text: str, names: Sequence[Tuple[str, int, int]]) -> Optional[str]:
        """The one language all names found in a text belong to, if there is one."""
        spoken = [
            self._languages.get(tuple(self.mend(word) for word in name_words(text[start:end])), set())
            for _, start, end in names
        ]
        common = set.intersection(*spoken) if spoken else set()
        return next(iter(common)) if len(common) == 1 else None

    def _owner(self, span: Span, content: Sequence[Word]) -> str:
        """The topic a found name means; where two share its stems, the one spelt as typed."""
        owners = self._typed[tuple(token.text for token in span)]
        typed = tuple(word.typed for word in content[span.start : span.end])
        return owners.get(typed) or next(iter(owners.values()))


def _is_list(span: Span, content: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether a near miss is read across an "and" ("difference between cluster and grape")."""
    if span.label_ != OTHER_SENSE:
        return False
    start, end = content[span.start].start, content[span.end - 1].end
    joiners = {joiner for lexicon in lexicons().values() for joiner in lexicon.joiners}
    return any(word.typed in joiners for word in words if start <= word.start < end)


def look_alikes(finder: NameFinder) -> Set[str]:
    """Real French and English words (folded) that would be mistaken for a slip of a topic's name.

    Reads spaCy's word lists, which only training needs.
    """
    # One text of them all: 260,000 small ones took five seconds more.
    words = {word.typed: word for language in LANGUAGES for word in words_of("\n".join(sorted(known_words(language))))}
    doubtful = [
        *finder.near_names(list(words)),
        *(typed for typed in words if finder.is_elided(typed) or finder.is_swapped(typed)),
    ]
    return {typed for typed in doubtful if finder.mend(words[typed]) != words[typed].stem}
