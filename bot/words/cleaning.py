"""Makes what a person typed, pasted or dictated fit to be read, without changing what it says."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import List, Pattern, Tuple

from bot.words.folding import aligned
from bot.words.lexicon import any_of, lexicons

LONGEST = 1000  # characters read of a message; a question needs far fewer

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_TAG = re.compile(
    r"</?(?:a|b|body|br|code|div|em|font|form|h[1-6]|head|html|i|iframe|img|input|li|link|meta|object|ol|p|pre|script|"
    r"span|strong|style|svg|table|td|th|tr|u|ul|video)(?:[\s/][^<>]{0,300})?>",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"(?<=[a-zà-ÿ])-\s*\n\s*(?=[a-zà-ÿ])")
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w)")
_SPACED = re.compile(r"(?<!\w)(?:[A-Z] ){2,}[A-Z](?!\w)")
_SLIPPED_APOSTROPHE = re.compile(r"(?<!\w)([cdjlmnst]|qu)[;?\",′](?=[a-zà-ÿœ])", re.IGNORECASE)


def clean(text: str) -> str:
    """Text without control characters, markup, entities or spoken marks; lines kept; at most LONGEST characters."""
    return _cleaned(text)[:LONGEST].strip().lstrip("/ ")


def is_cut(text: str) -> bool:
    """Whether `clean` leaves out the end of a text."""
    return len(text) > 4 * LONGEST or len(_cleaned(text)) > LONGEST


def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFC", html.unescape(text[: 4 * LONGEST]))
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = _HYPHENATED.sub("", _TAG.sub(" ", text))
    text = _SLIPPED_APOSTROPHE.sub(r"\1'", text.replace("<", " ").replace(">", " ").replace("_", " "))
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    text = _SPACED.sub(lambda found: found.group().replace(" ", ""), text)
    text = _spoken(text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


@functools.cache
def _spoken_marks() -> Tuple[List[Tuple[Pattern[str], str]], List[Tuple[Pattern[str], str]], Pattern[str]]:
    """Marks that are always dictation ("question mark"), those that are only beside one ("period"), and fillers."""
    sure = {words: mark for lexicon in lexicons().values() for words, mark in lexicon.spoken_marks.items()}
    beside = {words: mark for lexicon in lexicons().values() for words, mark in lexicon.spoken_beside.items()}
    fillers = any_of(word for lexicon in lexicons().values() for word in lexicon.fillers)

    def patterns(marks: dict) -> List[Tuple[Pattern[str], str]]:
        ordered = sorted(marks.items(), key=lambda pair: -len(pair[0]))
        return [(re.compile(rf"[\s,]*{any_of([words])}"), mark) for words, mark in ordered]

    return patterns(sure), patterns(beside), re.compile(rf"{fillers}[\s,.]*")


def _spoken(text: str) -> str:
    sure, beside, fillers = _spoken_marks()
    dictated = any(pattern.search(aligned(text)) for pattern, _ in sure) or bool(fillers.search(aligned(text)))
    for pattern, mark in [*sure, *(beside if dictated else [])]:
        text = _replaced(text, pattern, mark)
    return _replaced(text, fillers, "")


def _replaced(text: str, pattern: Pattern[str], mark: str) -> str:
    pieces, at = [], 0
    for found in pattern.finditer(aligned(text)):
        pieces += [text[at : found.start()], mark]
        at = found.end()
    return "".join([*pieces, text[at:]])
