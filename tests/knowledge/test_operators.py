"""Operators over typed facts, each alone."""

from __future__ import annotations

from typing import Any, Dict, Optional

import pytest

from bot.knowledge import operators
from bot.knowledge.load import knowledge
from bot.knowledge.operators import (
    BOTH,
    NO,
    NO_LONGER,
    NOT_ALL,
    NOT_ONLY,
    NOT_SAID,
    NOT_YET,
    PARTLY,
    THEN,
    YES,
    between,
    check,
    compare,
    compare_parts,
    narrow,
    select,
    within,
)
from bot.knowledge.question import YES_NO, Question

BASE = knowledge()


def says(fact: str, **asked: object) -> object:
    verdict = check(BASE.fact(fact), Question(form=YES_NO, **asked), BASE)  # type: ignore[arg-type]
    return verdict and verdict.says


@pytest.mark.parametrize(
    ("fact", "asked", "verdict"),
    [
        ("pole_competitivite.count", {"numbers": (71,)}, THEN),
        ("pole_competitivite.count", {"numbers": (71,), "today": True}, NO_LONGER),
        ("pole_competitivite.count", {"numbers": (55,)}, YES),
        ("pole_competitivite.count", {"numbers": (80,)}, NO),
        ("grappe_entreprises.count", {"numbers": (2, 126)}, YES),
        ("france_clusters.count", {"numbers": (71, 126, 150)}, PARTLY),
        ("pole_competitivite.date", {"years": (2004,)}, YES),
        ("pole_competitivite.date", {"years": (2009,)}, NO),
        ("grappe_entreprises.label", {}, NO),
        ("grappe_entreprises.label", {"narrowed_by": ("labelled",)}, YES),
        ("grappe_entreprises.label", {"narrowed_by": ("labelled",), "must": True}, NO),
        ("grappe_entreprises.funding", {"yearly": True}, NO),
        ("grappe_entreprises.location", {"narrowed_by": ("spm",)}, NO),
        ("pole_competitivite.label", {}, YES),
        ("grappe_entreprises.members", {"narrowed_by": ("tourism",)}, YES),
        ("grappe_entreprises.members", {"narrowed_by": ("union",)}, NOT_SAID),
        ("ptce.members", {"narrowed_by": ("local_authority",)}, YES),
        ("ptce.members", {"narrowed_by": ("company",), "only": True}, NOT_ONLY),
        ("ptce.sectors", {"narrowed_by": ("childcare",)}, YES),
        ("pole_innovation_artisanat.members", {"narrowed_by": ("large_company",)}, NO),
        ("cluster_prive.level", {"narrowed_by": ("national",)}, NO),
        ("fui.management", {"topics": ("bpifrance",)}, YES),
        ("fui.management", {"topics": ("ademe",)}, NO),
        ("fui.definition", {"wholly": True}, PARTLY),
        ("cluster.level", {"wholly": True}, NOT_ALL),
        ("ptce.second_results", {}, NOT_YET),
        ("ptce.location", {"narrowed_by": ("urban",), "only": True}, NOT_ONLY),
        ("pole_innovation_artisanat.sectors", {"narrowed_by": ("craftsperson",)}, None),
        ("ptce.aims", {}, None),
    ],
)
def test_check(fact: str, asked: dict, verdict: object) -> None:
    assert says(fact, **asked) == verdict


def test_a_narrower_value_counts_as_its_broader_one() -> None:
    assert says("grappe_entreprises.sectors", narrowed_by=("robotics",)) == YES
    assert says("saint_pierre_et_miquelon.clusters", narrowed_by=("aquaculture",)) == YES


def test_select() -> None:
    types = BASE.fact("cluster.types").value.topics
    national = select(Question(narrowed_by=("national",)), types, "level", BASE)
    assert national == ["pole_competitivite", "grappe_entreprises", "pole_innovation_artisanat", "ptce"]
    assert select(Question(), ["ademe", "anr"], "level", BASE) is None


def test_compare() -> None:
    facts, missing = compare(["grappe_entreprises", "pole_competitivite", "cluster_prive"], "date", False, BASE)
    assert [fact.topic for fact in facts] == ["pole_competitivite", "grappe_entreprises"]
    assert missing == ["cluster_prive"]
    richest, _ = compare(["ptce", "grappe_entreprises"], "funding", True, BASE)
    assert richest[0].topic == "grappe_entreprises"


def test_narrow() -> None:
    facts = BASE.facts_of("saint_pierre_et_miquelon", "count")
    craft, left = narrow(facts, Question(narrowed_by=("crafts",)), BASE)
    assert [fact.id for fact in craft] == ["saint_pierre_et_miquelon.count_craft"]
    assert left is None
    whole, left = narrow(facts, Question(narrowed_by=("fishing",)), BASE)
    assert left == "fishing"
    assert whole
    assert operators.narrow(BASE.facts_of("theme_sante", "count"), Question(narrowed_by=("health",)), BASE)[1] is None


@pytest.mark.parametrize(
    ("number", "bound", "holds"),
    [
        (4, None, True),
        (3, None, False),
        (5, "more", True),
        (4, "more", False),
        (4, "at_least", True),
        (3, "less", True),
        (4, "less", False),
        (4, "at_most", True),
        (5, "at_most", False),
    ],
)
def test_within_a_bound(number: int, bound: object, holds: bool) -> None:
    assert within(number, Question(numbers=(4,), bound=bound)) is holds  # type: ignore[arg-type]


def test_parts_are_told_apart() -> None:
    facts = BASE.facts_of("ptce", "funding")
    assert narrow(facts, Question(narrowed_by=("second_call",)), BASE)[0][0].id == "ptce.second_funding"
    assert narrow(facts, Question(years=(2015,)), BASE)[0][0].id == "ptce.second_funding"
    assert narrow(facts, Question(), BASE)[0][0].id == "ptce.funding"


def test_parts_are_compared() -> None:
    parts = ("first_call", "second_call")
    first, second = "ptce.first_funding", "ptce.second_funding"
    assert [f.id for f in compare_parts("ptce", "funding", parts, True, BASE)] == [first, second]
    assert [f.id for f in compare_parts("ptce", "funding", parts, False, BASE)] == [second, first]


def test_a_type_that_names_a_value_comes_before_one_that_covers_it() -> None:
    types = ["grappe_entreprises", "ptce", "pole_competitivite"]
    assert select(Question(narrowed_by=("social",)), types, "suits", BASE) == ["ptce"]


@pytest.mark.parametrize(
    ("fact", "asked", "verdict"),
    [
        ("grappe_entreprises.level", {"narrowed_by": ("national", "regional")}, None),
        ("grappe_entreprises.suits", {"narrowed_by": ("micro_small", "large_company")}, BOTH),
        ("grappe_entreprises.members", {"narrowed_by": ("micro_small", "large_company")}, None),  # but not alike
        ("fui.management", {"topics": ("fui", "bpifrance", "caisse_des_depots")}, None),
        ("pole_competitivite.date", {"years": (2004, 2009)}, None),
        ("grappe_entreprises.label", {}, NO),  # "is it a label or not really?": nothing is put against anything
    ],
)
def test_one_thing_or_another(fact: str, asked: Dict[str, Any], verdict: Optional[str]) -> None:
    question = Question(form=YES_NO, either=True, **asked)
    said = between(BASE.fact(fact), question, check(BASE.fact(fact), question, BASE), BASE)
    assert (said and said.says) == verdict


def test_a_share_is_that_of_what_is_named() -> None:
    facts = BASE.facts_of("saint_pierre_et_miquelon", "count")
    said, _ = narrow(facts, Question(narrowed_by=("share", "services")), BASE)
    assert [fact.id for fact in said] == ["saint_pierre_et_miquelon.count_services"]


def test_what_one_may_do_alone_need_not_be_done_by_several() -> None:
    assert says("pole_innovation_artisanat.alone", must=True) == NO
    assert says("pole_innovation_artisanat.alone") == YES


def test_what_is_asked_of_is_no_value_of_it() -> None:
    assert says("peche_aquaculture.definition", narrowed_by=("fishing",)) is None
