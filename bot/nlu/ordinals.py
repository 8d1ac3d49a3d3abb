"""Ordinals that stand for what was named before: "the former", "les seconds", "both"; not those of "the first call"."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Pattern, Tuple

from bot.nlu.lexicon import lexicons

MASK = "xordinal"  # what stands for an ordinal in the classifier's eyes


@functools.cache
def _patterns(language: str) -> Tuple[Pattern[str], Pattern[str], Dict[str, int]]:
    lexicon = lexicons()[language]

    def any_of(words: List[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    alone = rf"(?<![\w'-])({any_of(list(lexicon.ordinals))})(?![\w'-])(?!\s+(?:{any_of(lexicon.counted)})(?!\w))"
    return re.compile(alone), re.compile(rf"(?<![\w'-])(?:{any_of(lexicon.both)})(?![\w'-])"), lexicon.ordinals


def ordinals_in(folded: str, language: str) -> List[int]:
    """Which of the things named before a folded text points at: 0 is the first, -1 the last."""
    alone, both, places = _patterns(language)
    pointed = [places[found.group(1)] for found in alone.finditer(folded)]
    return pointed or ([0, 1] if both.search(folded) else [])


def masked_ordinals(folded: str, language: str) -> str:
    """The text with MASK for each ordinal that stands for something."""
    return _patterns(language)[0].sub(MASK, folded)
