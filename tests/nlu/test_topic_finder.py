"""The names of topics, found as people really type them."""

from __future__ import annotations

from typing import List

import pytest

from bot.nlu.topic_finder import NameFinder
from bot.words.tokens import words_of

FINDER = NameFinder(frozenset({"raisin"}))


def named(text: str) -> List[str]:
    names, _ = FINDER.find(words_of(text))
    return [f"{topic}: {text[start:end]}" for topic, start, end in names]


@pytest.mark.parametrize(
    ("text", "found"),
    {
        "un PTCE ?": "ptce: PTCE",
        "lism": "ism: lism",
        "what is a PCTE?": "ptce: PCTE",
        "les grapes d'entreprise": "grappe_entreprises: grapes d'entreprise",
        "Un clusterprivé, c'est quoi": "cluster_prive: clusterprivé",
        "the privateclusters": "cluster_prive: privateclusters",
        "les pôles decompétitivité": "pole_competitivite: pôles decompétitivité",
    }.items(),
)
def test_a_name_is_found_past_how_it_is_typed(text: str, found: str) -> None:
    assert named(text) == [found]


def test_two_words_run_together_stay_in_their_place() -> None:
    assert named("le PTCE, clusterrégional et PTCE") == [
        "ptce: PTCE",
        "cluster_regional: clusterrégional",
        "ptce: PTCE",
    ]


def test_what_is_no_name_is_left_alone() -> None:
    assert named("je privatise mon école, mon entrepôt et mes comptes") == []
