"""Denials behind an answer, trades of customers, and numbers that count no people."""

from __future__ import annotations

import pytest

from bot.guide.model import guide_data
from bot.guide.reading import Reader

READER = Reader(guide_data())


@pytest.mark.parametrize(
    ("text", "criterion", "answer"),
    [
        ("La recherche n'est pas notre priorité", "need", "!technology"),
        ("research is not the point", "need", "!technology"),
        ("les ventes peuvent attendre", "need", "!customers"),
        ("exports can wait", "need", "!customers"),
        ("un label ne m'est pas utile", "label", "label_no"),
        ("rien de social là-dedans", "need", "!social"),
        ("la recherche n'est pas prévue", "need", "!technology"),
        ("personne chez nous veut un label", "label", "label_no"),
    ],
)
def test_a_denial_behind_an_answer_counts(text: str, criterion: str, answer: str) -> None:
    assert answer in READER.answers(text)[criterion]


@pytest.mark.parametrize("text", ["we deliver to hotels in Fortune", "nous livrons nos légumes aux restaurants"])
def test_a_customers_trade_is_not_ones_own(text: str) -> None:
    assert "tourism" not in READER.answers(text).get("activity", ())


@pytest.mark.parametrize("text", ["we run a hotel and sell our jam", "we sell fish and run a restaurant"])
def test_ones_own_trade_is_heard_beside_a_sale(text: str) -> None:
    assert "tourism" in READER.answers(text)["activity"]


@pytest.mark.parametrize(
    "text",
    ["mon bateau fait douze mètres", "we have three patents", "j'ai vingt ans de métier", "in three or four years"],
)
def test_a_measure_is_no_number_of_people(text: str) -> None:
    assert "size" not in READER.answers(text)


@pytest.mark.parametrize("text", ["nous sommes douze", "on est douze sur un bateau de onze mètres"])
def test_a_number_of_people_is_heard(text: str) -> None:
    assert READER.answers(text)["size"] == ("size_medium",)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("seul avec mon apprentie", "need"),
        ("un centre de formation nous soutient", "need"),
        ("a training organization is with us", "need"),
        ("with private money only", "need"),
    ],
)
def test_what_is_said_in_passing_answers_nothing(text: str, criterion: str) -> None:
    assert criterion not in READER.answers(text)


@pytest.mark.parametrize("text", ["je n'ai pas de partenaires", "sans partenaires"])
def test_a_phrase_holds_its_own_denial(text: str) -> None:
    assert READER.answers(text)["with"] == ("with_nobody",)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        # not to be alone any more is a wish, and what one would not refuse too
        ("je voudrais surtout ne plus être isolé", "network"),
        ("I'd like to no longer be alone", "network"),
        ("wouldn't say no to a grant", "money"),
        ("une subvention, je ne dirais pas non", "money"),
        ("l'argent public j'y crois pas trop", "!money"),
    ],
)
def test_a_wish_in_the_words_of_a_denial(text: str, need: str) -> None:
    assert READER.answers(text, "need")["need"] == (need,)
