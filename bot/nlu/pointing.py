"""Words that point back at what was named before: "the former", "les seconds", "both", "the other one", "they"."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Pattern

from bot.nlu.lexicon import Lexicon, any_of, lexicons

MASK = "xordinal"  # what stands for an ordinal in the classifier's eyes


@functools.cache
def _patterns(language: str) -> Dict[str, Pattern[str]]:
    lexicon: Lexicon = lexicons()[language]
    counts = rf"(?!\s+{any_of(lexicon.counted)})"  # "the first call" points at nothing
    return {
        "ordinal": re.compile(any_of(list(lexicon.ordinals)) + counts),
        "other": re.compile(any_of(lexicon.other) + counts),
        "both": re.compile(any_of(lexicon.both)),
        "it": re.compile(any_of(lexicon.it)),
        "against": re.compile(any_of(lexicon.against)),
        "rest": re.compile(any_of(lexicon.rest)),
        "pointer": re.compile(any_of(lexicon.pointers)),
        "describing": re.compile(any_of(lexicon.describing)),
    }


def ordinals_in(folded: str, language: str) -> List[int]:
    """Which of the things named before a folded text points at: 0 is the first, -1 the last."""
    patterns, places = _patterns(language), lexicons()[language].ordinals
    pointed = [places[found.group()] for found in patterns["ordinal"].finditer(folded)]
    return pointed or ([0, 1] if patterns["both"].search(folded) else [])


def names_the_other(folded: str, language: str) -> bool:
    return bool(_patterns(language)["other"].search(folded))


def points_back(folded: str, language: str) -> bool:
    """Whether a folded text says "they", "ces"; not "ceux de l'artisanat", which says whose."""
    patterns = _patterns(language)
    return bool(patterns["pointer"].search(patterns["describing"].sub(" ", folded)))


def says_it(folded: str, language: str) -> bool:
    """Whether a folded text says "it" or "that", which may point at anything, or nothing."""
    return bool(_patterns(language)["it"].search(folded))


def sets_against(folded: str, language: str) -> bool:
    """Whether a folded text compares with what it names ("different from a grappe"), and not with all the rest."""
    patterns = _patterns(language)
    return bool(patterns["against"].search(folded)) and not patterns["rest"].search(folded)


def masked_ordinals(folded: str, language: str) -> str:
    """The text with MASK for each ordinal, or "other", that stands for something."""
    patterns = _patterns(language)
    return patterns["other"].sub(MASK, patterns["ordinal"].sub(MASK, folded))
