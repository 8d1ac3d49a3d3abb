"""How a message is cut: sentences, questions joined, courtesies, and lists whose halves are but a guess."""

from __future__ import annotations

from typing import List

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.clauses import DIVIDED, TENTATIVE, ClauseSplitter


def cut(text: str) -> List[Message]:
    return ClauseSplitter({}).process([Message.build(text)])


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Tell me what a grappe is. Who is in it?", ["Tell me what a grappe is.", "Who is in it?"]),
        ("I live in St. Pierre", []),
        ("I live in St. John's. What is a PTCE?", ["I live in St. John's.", "What is a PTCE?"]),
        ("yep that's it. where do you find them?", ["yep that's it.", "where do you find them?"]),
        ("1) qu'est-ce que l'ISM 2) comment le joindre", ["1) qu'est-ce que l'ISM", "2) comment le joindre"]),
        ("combien de PTCE et qui les finance", ["combien de PTCE", "qui les finance"]),
        ("Un cluster régional, d'où vient-il", []),
        ("quel est le but d'un PTCE quand on débute", []),
    ],
)
def test_sentences_and_questions(text: str, clauses: List[str]) -> None:
    whole, *parts = cut(text)
    halves = whole.get(TENTATIVE)
    assert [part.get(TEXT) for part in parts[: len(parts) - halves]] == clauses


@pytest.mark.parametrize(
    ("text", "divided", "halves"),
    [
        ("PTCE: budget and sectors please", "budget and sectors", ["budget", "sectors"]),
        ("Bonjour, le budget et les secteurs des PTCE", "le budget et les secteurs des PTCE", None),
        ("I run a joinery, and I want the budget and the sectors", None, None),
        ("le budget et les secteurs", None, ["le budget", "les secteurs"]),
        ("le but des PTCE ainsi qu'une adresse", None, ["le but des PTCE", "une adresse"]),
        ("en plus des missions de l'ISM, j'aimerais son site", None, ["missions de l'ISM", "j'aimerais son site"]),
        ("Besides its aims, I'd like the budget and more", None, ["its aims", "I'd like the budget and more"]),
    ],
)
def test_a_list_is_divided(text: str, divided: str, halves: List[str]) -> None:
    whole, *parts = cut(text)
    assert whole.get(TENTATIVE) == 2
    marked = [part.get(TEXT) for part in parts if part.get(DIVIDED)]
    assert marked == ([divided] if divided else [])
    if halves:
        assert [part.get(TEXT) for part in parts[-2:]] == halves


def test_a_list_of_three_is_cut_at_each() -> None:
    whole, *parts = cut("PTCE: budget, sectors and website please")
    assert whole.get(TENTATIVE) == 3
    assert [part.get(TEXT) for part in parts[-3:]] == ["budget", "sectors", "website"]


def test_a_list_is_looked_for_where_something_is_asked() -> None:
    *_, first, second = cut("je tiens une menuiserie et un magasin, je voudrais le budget et les secteurs")
    assert second.get(TEXT) == "les secteurs"
    assert first.get(TEXT).endswith("le budget")
