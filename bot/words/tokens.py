"""How topics are named: words normalised so that number, accents and spelling habits do not matter."""

from __future__ import annotations

import re
from typing import List, NamedTuple

from bot.words.folding import fold, stem
from bot.words.lexicon import function_words

_WORD = re.compile(r"[\w%]+(?:&[\w]+)?")


class Word(NamedTuple):
    """A word of a text: where it stands, as it is typed (folded), and its stem."""

    start: int
    end: int
    typed: str
    stem: str


def words_of(text: str) -> List[Word]:
    """Every word of a text, cut at hyphens and apostrophes as well as at spaces."""
    words = []
    for match in _WORD.finditer(text):
        typed = fold(match.group())
        words.append(Word(match.start(), match.end(), typed, stem(typed)))
    return words


def is_function_word(word: Word) -> bool:
    return word.stem in function_words() or len(word.stem) == 1


def name_words(phrase: str) -> List[Word]:
    """The words that must be found, in order, for a name to be meant.

    Function words are optional in speech ("pôle compétitivité"); a name made of nothing else keeps them.
    """
    words = words_of(phrase)
    kept = [word for word in words if not is_function_word(word)]
    return kept or words
