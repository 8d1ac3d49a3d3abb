"""Named values in a text."""

from __future__ import annotations

from bot.nlu.values import find_values


def names(text: str, taken: tuple = ()) -> list:
    return [name for name, _, _ in find_values(text, taken)]


def test_values_in_both_languages() -> None:
    assert names("Un hôtel à Halifax") == ["tourism", "nova_scotia"]
    assert names("bed and breakfast or oysters") == ["tourism", "aquaculture"]
    assert names("des collectivités territoriales et des universités") == ["local_authority", "university"]


def test_the_longest_wins() -> None:
    assert names("une petite entreprise") == ["micro_small"]


def test_names_of_topics_are_left_alone() -> None:
    text = "les pôles d'innovation pour l'artisanat"
    assert names(text) == ["innovation", "crafts"]
    assert names(text, ((4, len(text)),)) == []


def test_slips_name_what_they_stand_for() -> None:
    assert [name for name, _, _ in find_values("a nationl policy", (), {"nationl": "national"})] == ["national"]
    assert names("a nationl policy") == []
