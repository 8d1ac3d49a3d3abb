"""Cuts a text into pieces Messenger takes, where a reader would pause."""

from __future__ import annotations

import re
from typing import List, Optional, Pattern

LONGEST_TEXT = 1999  # "under 2,000 characters"

# Best first: between paragraphs, lines, sentences, words. Links and e-mails hold no blank, so they stay whole; a
# no-break space is no place to cut. A sentence's end follows three letters, lest "p. 2" be taken for one.
_PLACES: List[Pattern[str]] = [
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n+"),
    re.compile(r"(?:(?<=\w{3}[.])|(?<=[!?…])|(?<=[.!?][»”)]))[ \t]+"),
    re.compile(r"[ \t]+"),
]


def length(text: str) -> int:
    """As Meta may count: a character beyond the basic plane (an emoji) is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def split(text: str, longest: int = LONGEST_TEXT) -> List[str]:
    """The text in order, in as few pieces as good cuts allow; [] where it is blank."""
    pieces = []
    rest = text.strip()
    while length(rest) > longest:
        end, start = _cut(rest, longest)
        pieces.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _cut(text: str, longest: int) -> tuple[int, int]:
    """Where the first piece ends and the next begins."""
    reach = _reach(text, longest)
    for least, pattern in zip((reach // 3, reach // 3, reach // 3, 1), _PLACES, strict=True):
        found: Optional[re.Match[str]] = None
        for match in pattern.finditer(text, 0, reach + 1):
            if match.start() <= reach:
                found = match
        if found is not None and found.start() >= least:
            return found.start(), found.end()
    return reach, reach  # one unbroken run of characters: no reader would write it


def _reach(text: str, longest: int) -> int:
    """How many characters of the text fit."""
    reach = min(len(text), longest)
    while length(text[:reach]) > longest:
        reach -= max(1, (length(text[:reach]) - longest) // 2)
    return reach
