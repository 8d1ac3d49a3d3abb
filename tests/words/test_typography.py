"""Typographic marks put in at rendering."""

from __future__ import annotations

from bot.words.typography import typeset


def test_french() -> None:
    assert typeset("Est-ce « l'un » ? 60 000 euros, p. 2 : oui.", "fr") == (
        "Est-ce «\u00a0l’un\u00a0»\u00a0? 60\u202f000\u00a0euros, p.\u00a02\u00a0: oui."
    )


def test_english_has_no_spaces_before_marks() -> None:
    assert typeset("CACIMA's list: p. 2?", "en") == "CACIMA’s list: p.\u00a02?"


def test_addresses_are_left_alone() -> None:
    text = "voir http://x.fr/l'a : ou j.c@cacima.fr ?"
    assert typeset(text, "fr") == "voir http://x.fr/l'a\u00a0: ou j.c@cacima.fr\u00a0?"
