"""How a clause asks."""

from __future__ import annotations

import pytest

from bot.knowledge.question import COMPARE, HOW_MANY, LIST, OPEN, WHICH, YES_NO
from bot.nlu.forms import (
    asks_which_type,
    compared_by,
    form_of,
    is_denying,
    numbers_in,
    says_alike,
    says_either,
    says_only,
    says_today,
    says_wholly,
)
from bot.words.folding import aligned


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("Un hôtel peut-il rejoindre une grappe ?", "fr", YES_NO),
        ("Est-ce un label ?", "fr", YES_NO),
        ("c'est-tu la même affaire", "fr", YES_NO),
        ("hmm, I thought it was eight hundred", "en", YES_NO),
        ("les pôles sont nationaux ?", "fr", YES_NO),
        ("ptce que pour les villes ?", "fr", YES_NO),
        ("je me demande si c'est gratuit", "fr", YES_NO),
        ("There are 71 of them, right?", "en", YES_NO),
        ("can one join alone", "en", YES_NO),
        ("Do you know how many there are?", "en", HOW_MANY),
        ("Combien de PTCE y a-t-il ?", "fr", HOW_MANY),
        ("Qu'est-ce qu'une région gagne à avoir son cluster ?", "fr", OPEN),
        ("De quelles autorités tient-elle son mandat ?", "fr", WHICH),
        ("which are national?", "en", WHICH),
        ("which one is older, a grappe or a pôle?", "en", COMPARE),
        ("lequel est le plus récent", "fr", COMPARE),
        ("la liste des pôles", "fr", LIST),
        ("what is a PTCE?", "en", OPEN),
        ("et les grappes ?", "fr", OPEN),
        ("l'evaluation de 2014 est-ce qu'elle etait finie", "fr", YES_NO),
        ("combien est-ce que ca coute", "fr", HOW_MANY),
        ("can you tell me all the themes", "en", LIST),
        ("Is un cluster prive labellise", "fr", YES_NO),
        ("possible en pleine campagne ?", "fr", YES_NO),
        ("how many are there, 22?", "en", YES_NO),
        ("combien de themes, dix ?", "fr", YES_NO),
        ("of the 126, how many are in logistics?", "en", HOW_MANY),
        ("pourriez-vous me confirmer que c'est Bpifrance", "fr", YES_NO),
    ],
)
def test_form(text: str, language: str, form: str) -> None:
    assert form_of(aligned(text), language) == form


def test_what_is_compared_by() -> None:
    assert compared_by("which is older", "en") == "date:first"
    assert compared_by("lesquels sont les plus nombreux", "fr") == "count:last"
    assert compared_by("how many", "en") is None


@pytest.mark.parametrize(
    ("text", "language", "either"),
    [
        ("is it national or regional?", "en", True),
        ("c'est public ou bien privé ?", "fr", True),
        ("is it a label or not?", "en", False),
        ("c'est un label, oui ou non ?", "fr", False),
        ("vingt ou plus ?", "fr", False),
        ("or is it a label?", "en", False),
    ],
)
def test_one_thing_or_another(text: str, language: str, either: bool) -> None:
    assert says_either(aligned(text), language) is either


def test_numbers_and_years() -> None:
    assert numbers_in("il y en a 71, ou cent vingt ?", "fr") == ([71, 120], [])
    assert numbers_in("cent vingt-six, soixante et onze, quatre-vingt-dix-sept", "fr")[0] == [126, 71, 97]
    assert numbers_in("a hundred and twenty-six of them, two or three of ours", "en")[0] == [126, 2, 3]
    assert numbers_in("vingt, trente firmes", "fr")[0] == [20, 30]
    assert numbers_in("60 000 entreprises en 2015", "fr") == ([60000], [2015])
    assert numbers_in("one or two", "en") == ([2], [])
    assert numbers_in("eight hundred, or two thousand", "en") == ([800, 2000], [])
    assert numbers_in("2.7 million euros, and 20 m€?", "en") == ([2700000, 20000000], [])
    assert numbers_in("3 millions en 2015", "fr") == ([3000000], [2015])
    assert numbers_in("un bateau de 12 m", "fr")[0] == [12]


def test_what_is_said_along() -> None:
    assert says_only("is it only for non-profits", "en")
    assert not says_only("is it for all", "en")
    assert says_today("combien aujourd'hui", "fr")
    assert not says_today("combien", "fr")
    assert says_wholly("does it pay for all of it", "en")
    assert not says_wholly("does it pay", "en")


def test_which_type_is_asked_at_the_end() -> None:
    assert asks_which_type("I'm a carpenter, alone, I want to sell in Canada, which cluster")
    assert asks_which_type("je suis charpentier, quel type de cluster ?")
    assert asks_which_type("je monte une start-up, dans quel réseau on rentre ?")
    assert not asks_which_type("which cluster is the oldest?")


def test_whether_two_are_one_is_asked() -> None:
    assert form_of("grappe = pole, same thing?", "en") == YES_NO
    assert says_alike("is that the same thing as a grappe", "en")
    assert says_alike("une grappe et un pole, c'est pareil", "fr")
    assert not says_alike("how do they differ", "en")


@pytest.mark.parametrize(
    ("text", "language", "denied"),
    [
        ("are they never evaluated?", "en", True),
        ("is a big firm excluded?", "en", True),
        ("never mind, is there one here?", "en", False),
        ("les grandes entreprises n'y sont jamais ?", "fr", True),
        ("si jamais on veut un label, c'est possible ?", "fr", False),
        ("can a big firm join?", "en", False),
    ],
)
def test_a_strong_denial(text: str, language: str, denied: bool) -> None:
    assert is_denying(text, language) is denied
