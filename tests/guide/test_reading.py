"""What a person writes is noted as it was said: several things at once, and denials as denials."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

import pytest

from bot.guide.model import NOT, guide_data
from bot.guide.reading import Reader, guide_reader

READER = Reader(guide_data())


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("je cherche des clients", "need", {"need": ("customers",)}),
        ("je ne cherche pas de clients", "need", {"need": (NOT + "customers",)}),
        ("we don't need customers, we need workers", "need", {"need": ("people", NOT + "customers")}),
        ("pas de recherche mais des clients", "need", {"need": ("customers", NOT + "technology")}),
        ("no research", "need", {"need": (NOT + "technology",)}),
        ("nobody yet", "with", {"with": ("with_nobody",)}),
        ("alone", "with", {"with": ("with_nobody",)}),
        ("we are twelve", "need", {"size": ("size_medium",)}),
        ("3", "size", {"size": ("size_small",)}),
        ("3", "need", {}),
        ("bonjour", "need", {}),
        ("seule", "need", {"with": ("with_nobody",), "size": ("size_one",)}),
        ("on n'est pas une entreprise on est la puissance publique", "need", {"need": ("territory",)}),
        ("on ne veut pas attendre un appel à projets", "need", {"label": ("label_no",)}),
        ("we'd be ready to answer a call", "need", {"label": ("label_yes",)}),
        ("nothing scientific", "need", {"need": (NOT + "technology",)}),
        ("with our own money", "need", {"label": ("label_no",)}),
        ("avec deux autres bateaux", "with", {"with": ("with_companies",), "activity": ("sea",)}),
        ("moderniser la production, petit à petit", "need", {"need": ("know_how",)}),
        ("non", "need", {}),  # none of these, and no word on labels
        ("non, surtout pas", "label", {"label": ("label_no",)}),
        ("no, public money takes too long", "label", {"label": ("label_no",)}),
        ("une subvention, pas forcément", "label", {}),  # left open
        ("and if I wanted to avoid any label?", "label", {"label": ("label_no",)}),
        ("un label je m'en fiche", "label", {"label": ("label_no",)}),
        ("I sell to tourists, what I'd like is to learn new skills", "need", {"need": ("know_how",)}),
        ("je vends aux touristes, j'aimerais de nouvelles recettes", "need", {"need": ("know_how",)}),
        ("just me and my workshop", "with", {"with": ("with_nobody",)}),
        ("juste moi et mon atelier", "with", {"with": ("with_nobody",)}),
        ("new skills for my trade", "need", {"need": ("know_how",)}),
        ("on our own, the other hotel isn't interested", "with", {"with": ("with_nobody",)}),
        ("we are an association", "with", {"activity": ("social_services",)}),  # what they are, not with whom they work
        ("notre mairie", "with", {"with": ("with_authority",)}),
        ("we want to sell together", "need", {"need": ("customers",)}),
        ("de nouvelles recettes", "need", {"need": ("know_how",)}),
        ("what for? no", "label", {"label": ("label_no",)}),
        ("a label, no", "label", {"label": ("label_no",)}),
        ("we'd never manage without public money", "label", {"label": ("label_yes",), "need": ("money",)}),
        ("Trois. Ah non, deux.", "size", {"size": ("size_small",)}),
        ("we are 12, no sorry 4", "size", {"size": ("size_small",)}),
        ("non, on n'est pas douze", "size", {}),
        ("no, we are not twelve", "size", {}),
        ("non, pas douze, quatre", "size", {"size": ("size_small",)}),
        ("on n'est pas trois entreprises", "with", {}),
        ("entre cinq et douze", "size", {"size": ("size_medium",)}),
        ("oui, enfin non", "label", {"label": ("label_no",)}),
        ("on a un peu d'argent, jamais assez", "label", {"need": ("money",)}),
        ("2 chairs, 1 person", "size", {"size": ("size_one",)}),
        ("cinq hôteliers, mais chez moi c'est quatorze", "size", {"size": ("size_medium",), "activity": ("tourism",)}),
        ("une crêperie", "activity", {"activity": ("tourism",)}),
        ("une crêperie", "need", {}),  # a word of another question says nothing here
        ("pas avec les autres garages", "with", {}),  # nor does it deny a trade
        ("I used to work with a wholesaler, these days with nobody", "with", {"with": ("with_nobody",)}),
        ("les deux autres boulangers", "with", {"with": ("with_companies",), "activity": ("craft",)}),
        ("a ceramist's shop and my bakery next door", "with", {"with": ("with_companies",)}),
        ("Just me and five other owners", "with", {"with": ("with_companies",)}),  # not nobody
        (
            "Non, erreur de ma part, nous sommes quatre",
            "label",
            {"size": ("size_small",)},
        ),  # a correction is no refusal
        (
            "comprendre les règles sans embaucher, je ne cherche rien d'autre",
            "need",
            {"need": (NOT + "people", "know_how")},
        ),
        ("I make leather bags by hand", "need", {"activity": ("craft",)}),
        ("une collectivité d'outre-mer", "with", {"with": ("with_authority",)}),
        ("not now", "label", {}),  # what is denied of a word that answers only here is not noted
    ],
)
def test_what_is_noted(text: str, asked: Optional[str], found: Dict[str, Tuple[str, ...]]) -> None:
    noted = {criterion: tuple(sorted(given)) for criterion, given in READER.answers(text, asked).items()}
    assert noted == {criterion: tuple(sorted(given)) for criterion, given in found.items()}


@pytest.mark.parametrize(
    ("text", "control"),
    {
        "retour": "back",
        "résultat ?": "result",
        "so?": "result",
        "the results of the second call": None,
        "laissez tomber le questionnaire, votre avis suffit": "result",
        "go back": "back",
        "stop": "stop",
        "on arrête": "stop",
        "recommencer": "restart",
        "pourquoi pas un PTCE ?": "why_not",
        "nous pêchons": None,
        "je veux juste savoir, sans questions": "stop",
        "stop, assez de conseils, dites-moi seulement combien il y en a en France": "stop",
        "arrêtez, dites-moi seulement combien il y a de grappes aujourd'hui en France": "stop",
    }.items(),
)
def test_what_a_message_wishes(text: str, control: Optional[str]) -> None:
    assert READER.control(text) == control


def test_it_is_made_once() -> None:
    # Made anew for each message it cost as much as the rest of a turn ten times over.
    assert guide_reader() is guide_reader()


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        ("I never said we had the town with us", ("I never said we had the town with us", "")),
        ("je n'ai pas dit que je cherchais de l'argent", ("je n'ai pas dit que je cherchais de l'argent", "")),
        ("I never talked about buying, it is research", ("I never talked about buying", ", it is research")),
        ("we have the town with us", None),
    ],
)
def test_what_was_never_said(text: str, unsaid: Optional[Tuple[str, str]]) -> None:
    assert READER.unsaid(text) == unsaid


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("The butcher next door would come in as well, so would that change your advice?", "reconsider"),
        ("et si on était cinq, ça changerait quoi ?", "reconsider"),
        ("très bien, et concrètement, par quoi on commence ?", "first_step"),
        ("where do we start", "first_step"),
        ("we start in May", None),
        ("and what about plan B?", "second_choice"),
        ("Et le second choix, ce serait quoi ?", "second_choice"),
    ],
)
def test_wishes_after_a_result(text: str, wish: Optional[str]) -> None:
    assert READER.control(text, advised=True) == wish


@pytest.mark.parametrize(("text", "wish"), [("et si je ne sais pas ?", "skip"), ("what if I don't know", "skip")])
def test_before_a_result_nothing_is_asked_of_it(text: str, wish: str) -> None:
    assert READER.control(text) == wish


@pytest.mark.parametrize(
    ("text", "asked", "left_open"),
    [
        ("un label, pas forcément, mais je ne dis pas non", "label", True),
        ("a label? not necessarily", "label", True),
        ("a label, yes", "label", False),
        ("not necessarily", "label", False),
    ],
)
def test_what_is_left_open(text: str, asked: str, left_open: bool) -> None:
    assert READER.leaves_open(text, asked) is left_open


def test_a_partner_who_may_not_come_along_is_left_open() -> None:
    reader = guide_reader()
    assert reader.answers("what if the town hall isn't on board?") == {}
    assert reader.answers("et si la mairie n'est pas d'accord ?") == {}
    assert "with" not in reader.answers("what would be in it for us?")
    assert reader.answers("a bakery wants to join us")["with"] == ("with_companies",)
    assert "size" not in reader.answers("je suis menuisier à mon compte")
    assert reader.answers("me and my son")["size"] == ("size_small",)


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("the school and a firm that does training", "with", {"with": ("with_authority", "with_companies")}),
        ("nobody, we just want customers", "with", {"need": ("customers",), "with": ("with_nobody",)}),
        ("j'ai plus de chercheur", None, {"with": (NOT + "with_research",)}),
        ("the scientist has left us", None, {"with": (NOT + "with_research",)}),
        ("plus de clients", "need", {"need": ("customers",)}),
        ("je sais pas dans quel réseau aller", None, {"need": ("network",)}),
        ("un label, peu importe", "label", {}),
    ],
)
def test_partners_who_go_and_their_trades(text: str, asked: Optional[str], found: Dict[str, Tuple[str, ...]]) -> None:
    assert READER.answers(text, asked) == found


def test_what_was_needed_is_taken_back() -> None:
    assert READER.takes_back("scrap that, what we really want is new techniques")
    assert not READER.takes_back("we want new techniques")
