"""Which words are mended, into which, and which are left alone."""

from __future__ import annotations

import pytest

from bot.nlu.spelling import Spelling

KNOWN = {
    "combien": 2.0,
    "comment": 3.0,
    "who": 2.0,
    "runs": 4.0,
    "runt": 9.0,
    "what": 2.0,
    "is": 2.0,
    "financement": 5.0,
}
SPELLING = Spelling({**KNOWN, "rare": 9.0, "words": 9.0})


@pytest.mark.parametrize(
    ("typed", "mended"),
    {
        "conbien": "combien",  # a letter for another
        "combine": "combien",  # two swapped
        "fiancemnet": "financement",  # two slips in a long word
        "rund": "runs",  # as near to a rarer word
        "whoruns": "who runs",
        "whatis": "what is",
        "rarewords": "rarewords",  # too rare together
        "runs": "runs",
        "ptc": "ptc",  # too short
        "2015": "2015",
        "kubernetes": "kubernetes",
        "conbien whatis": "combien what is",
    }.items(),
)
def test_words_are_mended(typed: str, mended: str) -> None:
    assert SPELLING.mend(typed) == mended
