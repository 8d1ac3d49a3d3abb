"""Words that point at what was said before: "the former", "les seconds", "both", "the other one", "they", "she"."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Pattern, Tuple

from bot.words.folding import stem
from bot.words.lexicon import Lexicon, any_of, lexicons

MASK = "xordinal"  # what stands for an ordinal in the classifier's eyes
THEY, IT, HE, SHE, OTHER, BOTH, OF_THEM = "they", "it", "he", "she", "other", "both", "of_them"
_FEW = 5  # the most that "the first five" counts off
NEXT, PREVIOUS, THAN = "next", "previous", "than"


@functools.cache
def _patterns(language: str) -> Dict[str, Pattern[str]]:
    lexicon: Lexicon = lexicons()[language]
    counts = rf"(?!\s+{any_of(lexicon.counted)})"  # "the first call" points at nothing
    first = any_of(word for word, place in lexicon.ordinals.items() if place == 0)
    few = "|".join([*(word for word, number in lexicon.number_words.items() if 1 < number <= _FEW), f"[2-{_FEW}]"])
    return {
        "ordinal": re.compile(any_of(list(lexicon.ordinals)) + counts),
        "first_few": re.compile(rf"{first}\s+({few})(?!\w){counts}|(?<!\w)({few})\s+{first}{counts}"),
        OTHER: re.compile(any_of(lexicon.other) + counts),
        THAN: re.compile(any_of(lexicon.than)),
        BOTH: re.compile(any_of(lexicon.both)),
        IT: re.compile(any_of(lexicon.it)),
        SHE: re.compile(rf"{any_of(lexicon.she)}|(?<=\w)-(?:t-)?elle\b"),
        HE: re.compile(rf"{any_of(lexicon.he)}|(?<=\w){_behind([*lexicon.impersonal, 't'])}-(?:t-)?il\b"),
        OF_THEM: re.compile(any_of(lexicon.which_of_them)),
        NEXT: re.compile(any_of(lexicon.next)),
        PREVIOUS: re.compile(any_of(lexicon.previous)),
        THEY: re.compile(any_of(lexicon.pointers)),
        "describing": re.compile(any_of(lexicon.describing)),
        "attributed": re.compile(
            rf"{any_of([*lexicon.he, *lexicon.she])}\s+(?:\w+\s+)?{any_of(lexicon.attributed_after)}"
        ),
    }


def _behind(words: List[str]) -> str:
    """Lookbehinds that none of these words stands before a place."""
    return "".join(rf"(?<!\b{re.escape(word)})" for word in words)


def pointers_in(folded: str, language: str) -> Tuple[str, ...]:
    """What a folded text points at: "#0" is the first of what was named, "#-1" the last; else the names above."""
    patterns, places = _patterns(language), lexicons()[language].ordinals
    found: List[str] = [f"#{places[one.group()]}" for one in patterns["ordinal"].finditer(folded)]
    for one in patterns["first_few"].finditer(folded):  # "the first two"
        word = next(filter(None, one.groups()))
        found += [f"#{place}" for place in range(1, lexicons()[language].number_words.get(word, 0) or int(word))]
    folded = patterns["attributed"].sub(" ", folded)  # "does he think that ...?" asks about what he thinks of
    if patterns[THAN].search(folded):
        found.append(THAN)
        folded = patterns[THAN].sub(" ", folded)  # "more than that" points at what is compared, not at what is asked of
    for name in (BOTH, OTHER, OF_THEM, HE, SHE, IT, NEXT, PREVIOUS):
        if patterns[name].search(folded):
            found.append(name)
    if patterns[THEY].search(patterns["describing"].sub(" ", folded)):
        found.append(THEY)  # not "ceux de l'artisanat", which says whose
    return tuple(found)


def nouns_in(folded: str, language: str) -> Tuple[str, ...]:
    """Stems of the common nouns that point at something spoken of ("that fund")."""
    pointing = [one.group() for one in _patterns(language)[THEY].finditer(folded)]
    return tuple(stem(words.split()[-1]) for words in pointing if " " in words)


def masked_ordinals(folded: str, language: str) -> str:
    """The text with MASK for each ordinal, or "other", that stands for something."""
    patterns = _patterns(language)
    return patterns[OTHER].sub(MASK, patterns["ordinal"].sub(MASK, folded))
