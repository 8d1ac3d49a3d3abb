"""Leaves out what a person says is not meant: "not the grappes, the PTCEs", "les PTCE plutôt que les grappes"."""

from __future__ import annotations

import functools
import re
from typing import FrozenSet, List, Optional, Pattern, Tuple

from bot.knowledge.load import knowledge
from bot.nlu.lexicon import any_of, lexicons
from bot.nlu.names import name_words, words_of
from bot.text import aligned

_MOST_WORDS = 4  # of what is not meant


@functools.cache
def _bounds() -> Pattern[str]:
    contrasting = any_of(word for lexicon in lexicons().values() for word in lexicon.contrasting)
    return re.compile(rf"[,;:!?()–—]|\.(?=\s|$)|{contrasting}")


@functools.cache
def _rejections() -> Tuple[Pattern[str], ...]:
    patterns: List[Pattern[str]] = []
    for lexicon in lexicons().values():
        leading = rf"(?P<leading>(?:\s*{any_of(lexicon.leading)})*)"
        phrase = rf"{leading}\s*(?P<phrase>\S+(?:\s+\S+){{0,{_MOST_WORDS - 1}}})\s*$"
        denial = rf"(?:{any_of(lexicon.denying)}\s+)?"
        patterns.append(re.compile(rf"^\s*{denial}{any_of(lexicon.rejecting_first)}{phrase}"))
        patterns.append(re.compile(rf"{any_of(lexicon.rejecting)}{phrase}"))
    return tuple(patterns)


@functools.cache
def _asking() -> Pattern[str]:
    return re.compile(any_of(word for lexicon in lexicons().values() for word in lexicon.question_words))


@functools.cache
def _topic_words() -> FrozenSet[str]:
    names = [name for topic in knowledge().topics.values() for name in (*topic.aliases.all(), *topic.cues.all())]
    return frozenset(word.stem for name in names for word in name_words(name))


def without_what_is_not_meant(text: str) -> str:
    """The text without it, where something else is left; else the text."""
    folded, kept, at = aligned(text), [], 0
    for bound in [*_bounds().finditer(folded), None]:
        start, end = (bound.start(), bound.end()) if bound else (len(text), len(text))
        cut = _meant_until(folded[at:start])
        if cut is None:
            kept.append(text[at:end])
        else:
            kept.append(text[at : at + cut])
        at = end
    left = " ".join("".join(kept).split())
    return left if len(left) < len(text) and _says_something(left) else text


def _says_something(text: str) -> bool:
    denials = {word for lexicon in lexicons().values() for word in lexicon.denying}
    return any(len(word.typed) > 2 and word.typed not in denials for word in words_of(text))


def _meant_until(part: str) -> Optional[int]:
    """Where what is not meant begins in a folded part of a sentence; None where all of it is meant."""
    for pattern in _rejections():
        found = pattern.search(part)
        if found and not _asking().search(found["phrase"]) and _is_a_thing(found["leading"], found["phrase"]):
            return found.start()
    return None


def _is_a_thing(leading: str, phrase: str) -> bool:
    """Whether it is a thing that is not meant ("not the budget"), rather than a remark ("not bad, thanks")."""
    return bool(leading.strip()) or any(word.stem in _topic_words() for word in words_of(phrase))
