"""How each language is typed: the tables of data/lexicon, read once."""

from __future__ import annotations

import functools
import re
from typing import Dict, FrozenSet, Iterable, List

import yaml
from pydantic import BaseModel, Extra, StrictStr

from bot.settings import DATA, LANGUAGES, YAML


class Lexicon(BaseModel):
    """One language's habits; every key and word is folded (bot.words.folding.fold). data/lexicon says what each is."""

    abbreviations: Dict[str, str]
    joiners: List[StrictStr]
    question_words: List[StrictStr]
    prepositions: List[StrictStr]
    openers: List[StrictStr]
    courtesies: List[StrictStr]
    ordinals: Dict[str, int]
    counted: List[StrictStr]
    both: List[StrictStr]
    than: List[StrictStr]
    alike: List[StrictStr]
    which_type: List[StrictStr]
    other: List[StrictStr]
    others: List[StrictStr]
    pointers: List[StrictStr]
    it: List[StrictStr]
    she: List[StrictStr]
    he: List[StrictStr]
    impersonal: List[StrictStr]
    which_of_them: List[StrictStr]
    next: List[StrictStr]
    previous: List[StrictStr]
    correcting: List[StrictStr]
    describing: List[StrictStr]
    not_meant: List[StrictStr]
    rather_than: List[StrictStr]
    attributed_before: List[StrictStr]
    attributed_after: List[StrictStr]
    besides: List[StrictStr]
    only: List[StrictStr]
    today: List[StrictStr]
    wholly: List[StrictStr]
    required: List[StrictStr]
    yearly: List[StrictStr]
    existing: List[StrictStr]
    alternatives: List[StrictStr]
    no_alternatives: List[StrictStr]
    bounds: Dict[str, str]
    yes_no_first: List[StrictStr]
    stated: List[StrictStr]
    yes_no_tags: List[StrictStr]
    inversion: List[StrictStr]
    verbs: List[StrictStr]
    knows: List[StrictStr]
    past: List[StrictStr]
    whether: List[StrictStr]
    reported: List[StrictStr]
    how_many: List[StrictStr]
    how_long: List[StrictStr]
    which: List[StrictStr]
    listing: List[StrictStr]
    comparatives: Dict[str, str]
    reckonings: Dict[str, str]
    number_words: Dict[str, int]
    negations: List[StrictStr]
    denying: List[StrictStr]
    undenied: List[StrictStr]
    oneself: List[StrictStr]
    speaker: List[StrictStr]
    languages: Dict[str, str]
    function_words: List[StrictStr]
    telling: List[StrictStr]
    spoken_marks: Dict[str, str]
    spoken_beside: Dict[str, str]
    fillers: List[StrictStr]

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


@functools.cache
def listed_words() -> FrozenSet[str]:
    """Every folded word in the lexicons: none of them is a slip of another one."""
    lists = [getattr(lexicon, name) for lexicon in lexicons().values() for name in Lexicon.__fields__]
    return frozenset(word for entries in lists for entry in entries for word in entry.split())


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these folded words, longest first, none of them as part of another word."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<![\w'-])(?:{listed})(?:(?<=')|(?![\w'-]))" if listed else r"(?!)"


@functools.cache
def function_words() -> frozenset:
    """The words of all languages that never name a topic by themselves."""
    return frozenset(word for lexicon in lexicons().values() for word in lexicon.function_words)
