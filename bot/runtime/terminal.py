"""Terminals and services that are not UTF-8: what cannot be shown there is shown plainly, and stops nothing."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from typing import Tuple

PLAIN = "cacima.plain"
_SPELT = {
    **{"–": "-", "—": "-", "\u2011": "-", "…": "...", "→": "->", "€": "EUR", "\u202f": " ", "\u00a0": " "},
    **{"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"},
}


def plainly(error: UnicodeError) -> Tuple[str, int]:
    """An error handler of `codecs`: each character that cannot be written, spelt in ASCII; "?" for the rest."""
    if not isinstance(error, UnicodeEncodeError):
        return "?", error.end if isinstance(error, UnicodeDecodeError) else 0
    found = error.object[error.start : error.end]
    spelt = "".join(_SPELT.get(char) or unicodedata.normalize("NFKD", char) for char in found)
    told = "".join(char if char.isascii() else "" if unicodedata.combining(char) else "?" for char in spelt)
    return told, error.end


def accept_any() -> None:
    """Makes this process's own input and output fail on no character. They keep the terminal's encoding."""
    codecs.register_error(PLAIN, plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
