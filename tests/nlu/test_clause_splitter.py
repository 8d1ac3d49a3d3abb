"""How a message is cut: lines, sentences, questions joined, courtesies, and lists whose parts are but a guess."""

from __future__ import annotations

from typing import List

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.clause_splitter import PARTS, ClauseSplitter, is_asked, is_courtesy


def cut(text: str) -> List[Message]:
    return ClauseSplitter({}).process([Message.build(text)])


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Tell me what a grappe is. Who is in it?", ["Tell me what a grappe is.", "Who is in it?"]),
        ("I live in St. Pierre", []),
        ("I live in St. John's. What is a PTCE?", ["I live in St. John's.", "What is a PTCE?"]),
        ("1) qu'est-ce que l'ISM 2) comment le joindre", ["1) qu'est-ce que l'ISM", "2) comment le joindre"]),
        ("combien de PTCE et qui les finance", ["combien de PTCE", "qui les finance"]),
        ("Un cluster régional, d'où vient-il", []),
        ("qui les finance et pour combien de temps", ["qui les finance", "pour combien de temps"]),
        ("what are they for and in which sectors", ["what are they for", "in which sectors"]),
        ("wats a ptce n how many r there", ["wats a ptce", "how many r there"]),
        ("c'est quoi un ptce\ncombien de grappes", ["c'est quoi un ptce", "combien de grappes"]),
        ("what is a PTCE\n- how many are there\n- who pays", ["what is a PTCE", "how many are there", "who pays"]),
        ("je voudrais savoir combien\nde grappes existent", []),
    ],
)
def test_sentences_and_questions(text: str, clauses: List[str]) -> None:
    whole, *others = cut(text)
    several = others[: len(others) - whole.get(PARTS)]
    assert [part.get(TEXT) for part in several] == clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("PTCE: budget and sectors please", ["budget", "sectors"]),
        ("le budget et les secteurs", ["le budget", "les secteurs"]),
        ("PTCE: budget, sectors and website please", ["budget", "sectors", "website"]),
        ("combien de grappes", []),
    ],
)
def test_a_list_is_divided(text: str, parts: List[str]) -> None:
    whole, *others = cut(text)
    count = whole.get(PARTS)
    assert [part.get(TEXT) for part in others[len(others) - count :]] == parts


def test_a_payload_is_left_alone() -> None:
    (whole,) = cut('/ask_count{"topic": "ptce"}')
    assert whole.get(TEXT) == '/ask_count{"topic": "ptce"}'


def test_what_asks_and_what_is_courtesy() -> None:
    assert is_asked("combien")
    assert is_asked("I'd like the budget")
    assert not is_asked("nous sommes douze")
    assert is_courtesy("Bonjour madame,")
    assert not is_courtesy("bonjour les grappes")
