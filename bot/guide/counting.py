"""Reads how many a text speaks of: people are a size, companies a group."""

from __future__ import annotations

import re
from typing import Callable, FrozenSet, List, NamedTuple, Optional, Sequence

from bot.guide.model import GuideData
from bot.knowledge.model import Words
from bot.words.folding import aligned, fold, stem
from bot.words.lexicon import any_of, lexicons
from bot.words.tokens import Word

PEOPLE, COMPANIES = "people", "companies"
_YEARS = range(1900, 2100)
_REACH = 3  # words behind a number among which the noun is that it counts
_RANGE = 2  # words from one number of a range to the other ("between five and eight")
_ARTICLES = ("un", "une", "one")  # as often articles as numbers


class Counted(NamedTuple):
    """A number and what it counts, PEOPLE or COMPANIES."""

    number: int
    what: str


class _Value(NamedTuple):
    number: int
    at: int  # place of its word


class Counter:
    """Made once from the guide's words. is_denied: whether a denial stands before a place of a text."""

    def __init__(self, data: GuideData, is_denied: Callable[[str, int], bool]) -> None:
        self._is_denied = is_denied
        self._numbers = {stem(w): n for lexicon in lexicons().values() for w, n in lexicon.number_words.items()}
        self._numbers.update({stem(w): n for w, n in {**data.collective.fr, **data.collective.en}.items()})
        self._people, self._companies, self._measures = map(_stems, (data.people, data.companies, data.measures))
        self._counting = re.compile(any_of(map(fold, data.counting.all())))
        self._corrects = re.compile(any_of(map(fold, data.corrections.all())))

    def count(self, text: str, words: Sequence[Word], size_asked: bool) -> Optional[Counted]:
        """How many a text speaks of, None where it counts neither people nor companies.

        size_asked: a bare number is one of people.
        """
        values = self._meant(text, words)
        of_people = [value for value in values if self._counts(words, value, self._people)]
        if of_people:  # "two chairs, one person"
            values = of_people
        elif size_asked:  # "five hotels, but mine has fourteen"
            values = [value for value in values if not self._counts(words, value, self._companies)] or values
        if not values:
            return None
        first = values[0]
        if len(values) > 1 and values[1].at - first.at <= _RANGE:
            first = _Value(max(first.number, values[1].number), values[1].at)
        if first.number > 1 and self._counts(words, first, self._companies):
            return Counted(first.number, COMPANIES)
        counted = first.number > 1 and self._counting.search(aligned(text))
        return Counted(first.number, PEOPLE) if of_people or size_asked or counted else None

    def _meant(self, text: str, words: Sequence[Word]) -> List[_Value]:
        """The numbers of a text that are neither measures, nor denied, nor corrected by a later one."""
        values = self._values(words)
        corrections = [found.end() for found in self._corrects.finditer(aligned(text))]
        replaced = [end for end in corrections if any(words[value.at].start >= end for value in values)]
        begins = max(replaced, default=0)  # "three – no, two"
        return [
            value
            for value in values
            if words[value.at].start >= begins
            and not (value.number > 1 and self._is_denied(text[begins:], words[value.at].start - begins))
        ]

    def _values(self, words: Sequence[Word]) -> List[_Value]:
        values: List[_Value] = []
        for at, word in enumerate(words):
            if re.fullmatch(r"[0-9]{1,6}", word.typed) and int(word.typed) not in _YEARS:
                number = int(word.typed)
            elif word.stem in self._numbers and word.typed not in _ARTICLES:
                number = self._numbers[word.stem]
            else:
                continue
            if at + 1 < len(words) and words[at + 1].stem in self._measures:  # "in three or four years"
                values = [value for value in values if at - value.at > _RANGE]
            elif number > 0:
                values.append(_Value(number, at))
        return values

    @staticmethod
    def _counts(words: Sequence[Word], value: _Value, nouns: FrozenSet[str]) -> bool:
        """Whether a number stands before one of these nouns."""
        return any(word.stem in nouns for word in words[value.at + 1 : value.at + 1 + _REACH])


def _stems(nouns: Words) -> FrozenSet[str]:
    return frozenset(stem(fold(noun)) for noun in nouns.all())
