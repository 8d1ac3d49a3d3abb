"""Folding of spelling: what makes two ways of typing a word the same."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "‛": "'",
        "ʼ": "'",
        "ʹ": "'",
        "′": "'",
        "＇": "'",
        "`": "'",
        "´": "'",
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
    }
)


def fold(text: str) -> str:
    """Lower case, without accents, with plain apostrophes and single spaces."""
    if text.isascii() and "`" not in text:  # most words are: a third of the time
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.lower().split())


def aligned(text: str) -> str:
    """Folded, each character where it was, so that what is found here can be cut there."""
    return "".join(fold(char)[:1] or " " for char in text)


def stem(word: str) -> str:
    """A folded word without its plural ending. The same in both languages, as people mix them."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("sses"):
        return word[:-2]
    if len(word) > 3 and word.endswith(("s", "x")) and not word.endswith("ss"):
        return word[:-1]
    return word
