"""What points back at something named before, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.nlu.pointing import MASK, masked_ordinals, names_the_other, ordinals_in, points_back


@pytest.mark.parametrize(
    ("text", "language", "pointed"),
    [
        ("et le premier ?", "fr", [0]),
        ("les seconds, c'est pour qui", "fr", [1]),
        ("le premier appel a projets", "fr", []),
        ("quelle difference entre les deux ?", "fr", [0, 1]),
        ("and of the latter?", "en", [1]),
        ("when was the first call?", "en", []),
        ("do both have a label", "en", [0, 1]),
        ("how many ptces", "en", []),
    ],
)
def test_ordinals(text: str, language: str, pointed: list) -> None:
    assert ordinals_in(text, language) == pointed
    single = len(pointed) == 1
    assert (MASK in masked_ordinals(text, language)) is single


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("et l'autre ?", "fr", True),
        ("l'autre jour", "fr", False),
        ("the other one?", "en", True),
        ("others", "en", False),
    ],
)
def test_the_other(text: str, language: str, other: bool) -> None:
    assert names_the_other(text, language) is other


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("et leurs partenaires", "fr", True),
        ("et ceux de l'artisanat", "fr", False),
        ("ceux d'outre-mer", "fr", False),
        ("qui compose ce genre de cluster", "fr", True),
        ("how many of them", "en", True),
        ("what about those for crafts", "en", False),
        ("whom does this kind suit", "en", True),
    ],
)
def test_pointers(text: str, language: str, back: bool) -> None:
    assert points_back(text, language) is back
