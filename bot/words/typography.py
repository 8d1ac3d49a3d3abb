"""Typography put in at rendering, so that data can be typed on any keyboard."""

from __future__ import annotations

import re

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+|\S+@\S+")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«|“|\s|$|[.,;:!?])")
_BEFORE_SIGN = re.compile(r"(?:(?<=\S)|^) (?=[:;!?»])")
_AFTER_QUOTE = re.compile(r"(?<=«) ")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNIT = re.compile(r"(?<=\d) (?=%|€|euros|ans\b|pôles\b|millions?\b)")
_PAGE = re.compile(r"\b(p\.|art\.) (?=\d)")


def typeset(text: str, language: str) -> str:
    """A text with typographic apostrophes and, in French, no-break spaces; addresses are left as they are."""
    pieces, at = [], 0
    for address in _ADDRESS.finditer(text):
        pieces += [_typeset(text[at : address.start()], language), address.group()]
        at = address.end()
    return "".join([*pieces, _typeset(text[at:], language)])


def _typeset(text: str, language: str) -> str:
    text = _APOSTROPHE.sub("’", text)
    text = _PAGE.sub(rf"\1{_NO_BREAK}", text)
    if language != "fr":
        return text
    text = _BEFORE_SIGN.sub(_NO_BREAK, text)
    text = _AFTER_QUOTE.sub(_NO_BREAK, text)
    text = _THOUSANDS.sub(_NARROW, text)
    text = text.replace("n° ", f"n°{_NO_BREAK}")
    return _UNIT.sub(_NO_BREAK, text)
