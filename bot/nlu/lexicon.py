"""How each language is typed: the tables of data/lexicon, read once."""

from __future__ import annotations

import functools
import re
from typing import Dict, Iterable, List

import yaml
from pydantic import BaseModel, Extra

from bot.knowledge.load import DATA
from bot.knowledge.model import LANGUAGES


class Lexicon(BaseModel):
    """One language's spelling habits; every key and word is folded (bot.text.fold)."""

    abbreviations: Dict[str, str]
    joiners: List[str]
    besides: List[str]
    linkers: List[str]  # that join two questions, and much else
    openers: List[str]
    question_words: List[str]
    last_words: List[str]  # that ask where they come last
    courtesies: List[str]
    ordinals: Dict[str, int]
    counted: List[str]  # before which an ordinal counts, and points at nothing
    both: List[str]
    other: List[str]
    pointers: List[str]
    it: List[str]  # pointers that often point at nothing ("it is said that")
    describing: List[str]  # phrases of pointers that point at what follows
    rejecting: List[str]  # that say the few words after them are not meant
    rejecting_first: List[str]  # that say so where a part of a sentence begins with them
    oneself: List[str]  # that a sentence about oneself begins with
    against: List[str]  # before what something is compared with
    rest: List[str]  # all others, with which it is compared else
    denying: List[str]  # that may stand before these
    leading: List[str]  # that may stand before what is not meant
    contrasting: List[str]  # that end it
    in_all: List[str]
    languages: Dict[str, str]
    function_words: List[str]
    telling: List[str]

    class Config:
        extra = Extra.forbid


@functools.cache
def lexicons() -> Dict[str, Lexicon]:
    """The lexicon of each language, by its code."""
    tables = {}
    for language in LANGUAGES:
        text = (DATA / "lexicon" / f"{language}.yml").read_text(encoding="utf-8")
        tables[language] = Lexicon.parse_obj(yaml.safe_load(text))
    return tables


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these folded words, longest first, none of them as part of another word."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<![\w'-])(?:{listed})(?:(?<=')|(?![\w'-]))"


@functools.cache
def function_words() -> frozenset:
    """The words of all languages that never name a topic by themselves."""
    return frozenset(word for lexicon in lexicons().values() for word in lexicon.function_words)
