"""What points at something said before, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.nlu.reference import MASK, masked_ordinals, nouns_in, pointers_in


@pytest.mark.parametrize(
    ("text", "language", "pointed"),
    [
        ("et le premier ?", "fr", ["#0"]),
        ("les seconds", "fr", ["#1"]),
        ("le premier appel a projets", "fr", []),
        ("and of the last?", "en", ["#-1"]),
        ("when was the first call?", "en", []),
        ("do both have a label", "en", ["both"]),
        ("how many ptces", "en", []),
        ("et l'autre ?", "fr", ["other"]),
        ("l'autre jour", "fr", []),
        ("et leurs partenaires", "fr", ["they"]),
        ("et ceux de l'artisanat", "fr", []),
        ("how many of them", "en", ["they"]),
        ("what about those for crafts", "en", []),
        ("which of them are national?", "en", ["of_them", "they"]),
        ("et la fois suivante ?", "fr", ["next"]),
        ("and the one before?", "en", ["previous"]),
        ("does he think the islands can have a cluster", "en", []),
        ("what does he do", "en", ["he", "they"]),
        ("quelles fonctions y exerce-t-il ?", "fr", ["he"]),
        ("travaille-t-elle a la cacima ?", "fr", ["she"]),
        ("existe-t-il un label ?", "fr", []),
        ("et qui gere ce fonds ?", "fr", ["they"]),
        ("y a-t-il un label ?", "fr", []),
        ("parle-moi de la cinquieme", "fr", ["#4"]),
        ("the difference between the first two", "en", ["#0", "#1"]),
        ("et les trois premiers ?", "fr", ["#0", "#1", "#2"]),
    ],
)
def test_pointers(text: str, language: str, pointed: list) -> None:
    assert list(pointers_in(text, language)) == pointed


def test_common_nouns_point_behind_a_word_that_does() -> None:
    assert nouns_in("et qui gere ce fonds ?", "fr") == ("fond",)
    assert nouns_in("who runs that network?", "en") == ("network",)
    assert nouns_in("what are they for?", "en") == ()


def test_ordinals_are_masked_where_they_stand_for_something() -> None:
    assert MASK in masked_ordinals("et le premier ?", "fr")
    assert MASK not in masked_ordinals("le premier appel", "fr")
