"""Reads answers to the guide's questions out of what a person writes: several at once, in any order."""

from __future__ import annotations

import functools
from typing import Dict, List, Optional, Sequence, Set, Tuple

from bot.guide.model import Criterion, GuideData
from bot.knowledge.model import LANGUAGES
from bot.words.tokens import words_of
from bot.words.folding import fold, stem

Found = Dict[str, Tuple[str, ...]]
TOO_SHORT = 2  # letters of a word that answers only alone
LONGEST_CONTROL = 7  # words of a message that is but a wish to go back or stop


class Reader:
    """Finds the words of guide.yml in a text; the longest wins, and a word
    once used is not used again within a criterion."""

    def __init__(self, data: GuideData) -> None:
        self._data = data
        self._phrases: List[Tuple[Tuple[str, ...], str, str]] = sorted(
            (
                (_stems(phrase), criterion.id, answer.id)
                for criterion in data.criteria
                for answer in criterion.answers
                for phrase in answer.words.all()
            ),
            key=lambda entry: -len(entry[0]),
        )

    def answers(self, text: str, asked: Optional[str] = None) -> Found:
        """Answers found, by criterion. `asked`: the question just put, to which a bare number or label is an answer."""
        stems = _stems(text)
        found: Dict[str, List[str]] = {}
        taken: Dict[str, Set[int]] = {}
        for phrase, criterion, answer in self._phrases:
            if phrase != stems and len("".join(phrase)) <= TOO_SHORT:
                continue  # "IT" is an answer, the "it" of a sentence is none
            for start in _places(phrase, stems):
                places = set(range(start, start + len(phrase)))
                if not places & taken.setdefault(criterion, set()):
                    taken[criterion] |= places
                    found.setdefault(criterion, []).append(answer)
        size = self._size(text, stems, bare=asked == "size")
        if size is not None:
            found["size"] = [size]
        if asked is not None:
            self._by_label(text, self._data.criterion(asked), found)
        return {criterion: self._kept(criterion, answers) for criterion, answers in found.items()}

    def _kept(self, criterion: str, answers: List[str]) -> Tuple[str, ...]:
        unique = list(dict.fromkeys(answers))
        return tuple(unique) if self._data.criterion(criterion).several else tuple(unique[:1])

    def _by_label(self, text: str, criterion: Criterion, found: Dict[str, List[str]]) -> None:
        for answer in criterion.answers:
            if fold(text).strip(" .!") in {fold(answer.label[language]) for language in LANGUAGES}:
                found[criterion.id] = [answer.id]

    def _size(self, text: str, stems: Sequence[str], bare: bool) -> Optional[str]:
        """The size a number of people stands for; a number alone counts only where it was asked for."""
        counts = {
            stem(fold(word)): n for words in (self._data.numbers.fr, self._data.numbers.en) for word, n in words.items()
        }
        number = None
        for word in stems:
            if word.isdigit() and len(word) < 7:
                number = int(word)
            elif word in counts and not (counts[word] == 1 and not bare):
                number = counts[word]
            if number is not None:
                break
        about_people = any(_places(_stems(phrase), stems) for phrase in self._data.people.all())
        if number is None or number < 1 or not (about_people or (bare and len(stems) <= LONGEST_CONTROL)):
            return None
        for answer in self._data.criterion("size").answers:
            if answer.up_to is None or number <= answer.up_to:
                return answer.id
        return None

    def control(self, text: str) -> Optional[str]:
        """back, restart, stop or skip, if a short message says so; why_not in a message of any length."""
        stems = _stems(text)
        for name, words in self._data.controls.items():
            if name != "why_not" and len(stems) > LONGEST_CONTROL:
                continue
            if any(_places(_stems(phrase), stems) for phrase in words.all()):
                return name
        return None


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> Tuple[str, ...]:
    return tuple(word.stem for word in words_of(text))


def _places(phrase: Sequence[str], stems: Sequence[str]) -> List[int]:
    size = len(phrase)
    return [start for start in range(len(stems) - size + 1) if tuple(stems[start : start + size]) == tuple(phrase)]
