"""Whoever is quoted is not what is asked about."""

from __future__ import annotations

import pytest

from bot.nlu.naming import _is_attributed, _sized
from bot.words.folding import aligned


@pytest.mark.parametrize(
    ("text", "name", "topic", "language", "quoted"),
    [
        ("que dit le bulletin des grappes", "bulletin", "bulletin", "fr", True),
        ("selon Philippe Clerc, un cluster, c'est quoi", "Philippe Clerc", "philippe_clerc", "fr", True),
        ("what a cluster is according to Philippe Clerc", "Philippe Clerc", "philippe_clerc", "en", True),
        ("Clerc thinks the islands can have one", "Clerc", "philippe_clerc", "en", True),
        ("who is Philippe Clerc", "Philippe Clerc", "philippe_clerc", "en", False),
        ("qui a écrit le bulletin", "bulletin", "bulletin", "fr", False),
        ("according to the DATAR", "DATAR", "datar", "en", False),
    ],
)
def test_whoever_is_quoted(text: str, name: str, topic: str, language: str, quoted: bool) -> None:
    start = text.index(name)
    entity = {"value": topic, "start": start, "end": start + len(name)}
    assert _is_attributed(aligned(text), entity, language) is quoted


@pytest.mark.parametrize(
    ("value", "before", "language", "size"),
    [
        ("employees", "meme si je n'ai que 4 ", "fr", "micro_small"),
        ("employees", "even with twelve ", "en", "micro_small"),
        ("employees", "a company of 400 ", "en", "large_company"),
        ("employees", "are the ", "en", "employees"),
        ("fishing", "we are 4 ", "en", "fishing"),
    ],
)
def test_a_number_of_employees_is_a_size(value: str, before: str, language: str, size: str) -> None:
    assert _sized(value, before, language) == size
