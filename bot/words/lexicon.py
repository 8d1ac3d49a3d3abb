"""How each language is typed: the tables of data/lexicon, read once."""

from __future__ import annotations

import functools
import re
from typing import Dict, Iterable, List

import yaml
from pydantic import BaseModel, Extra

from bot.settings import DATA, LANGUAGES, YAML


class Lexicon(BaseModel):
    """One language's habits; every key and word is folded (bot.words.folding.fold). data/lexicon says what each is."""

    abbreviations: Dict[str, str]
    joiners: List[str]
    question_words: List[str]
    openers: List[str]
    courtesies: List[str]
    ordinals: Dict[str, int]
    counted: List[str]
    both: List[str]
    other: List[str]
    pointers: List[str]
    it: List[str]
    she: List[str]
    he: List[str]
    which_of_them: List[str]
    next: List[str]
    previous: List[str]
    correcting: List[str]
    describing: List[str]
    not_meant: List[str]
    rather_than: List[str]
    besides: List[str]
    only: List[str]
    today: List[str]
    wholly: List[str]
    required: List[str]
    bounds: Dict[str, str]
    yes_no_first: List[str]
    yes_no_tags: List[str]
    inversion: List[str]
    verbs: List[str]
    knows: List[str]
    whether: List[str]
    how_many: List[str]
    which: List[str]
    listing: List[str]
    comparatives: Dict[str, str]
    number_words: Dict[str, int]
    negations: List[str]
    oneself: List[str]
    speaker: List[str]
    languages: Dict[str, str]
    function_words: List[str]
    telling: List[str]
    spoken_marks: Dict[str, str]
    spoken_beside: Dict[str, str]
    fillers: List[str]

    class Config:
        extra = Extra.forbid


@functools.cache
def lexicons() -> Dict[str, Lexicon]:
    """The lexicon of each language, by its code."""
    tables = {}
    for language in LANGUAGES:
        text = (DATA / "lexicon" / f"{language}.yml").read_text(encoding="utf-8")
        tables[language] = Lexicon.parse_obj(yaml.load(text, Loader=YAML))
    return tables


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these folded words, longest first, none of them as part of another word."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<![\w'-])(?:{listed})(?:(?<=')|(?![\w'-]))" if listed else r"(?!)"


@functools.cache
def function_words() -> frozenset:
    """The words of all languages that never name a topic by themselves."""
    return frozenset(word for lexicon in lexicons().values() for word in lexicon.function_words)
