"""Figures worked out from facts: sums, differences, averages, shares, and whether a number went up."""

from __future__ import annotations

import datetime
from typing import Any, Tuple

import pytest

from bot.knowledge import operators
from bot.knowledge.answer import RECKONED
from bot.knowledge.answering import Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.question import HOW_MANY, Question
from bot.knowledge.reckoning import AGE, DOWN, EACH, GAP, SUM, TOTAL, UP, reckoned
from bot.knowledge.rendering import Renderer

BASE = knowledge()
POLES, GRAPPES = "pole_competitivite", "grappe_entreprises"
BOTH_CALLS = ("ptce.second_funding", "ptce.first_funding")


def worked_out(heard: Tuple[str, ...] = (), **asked: Any) -> Any:
    answer = reckoned(BASE, Question(**asked), (), heard)
    return answer and answer.reckoning and (answer.reckoning.amount, answer.reckoning.unit)


@pytest.mark.parametrize(
    ("asked", "result"),
    [
        ({"attribute": "count", "topics": (POLES, GRAPPES), "reckon": SUM}, (197, "number")),
        ({"attribute": "count", "topics": (POLES, GRAPPES), "reckon": GAP}, (55, "number")),
        ({"attribute": "date", "topics": (POLES, GRAPPES), "reckon": GAP}, (5, "years")),
        ({"attribute": "amount", "topics": (GRAPPES,), "reckon": EACH}, (159000, "euros")),
        ({"attribute": "duration", "topics": (POLES, GRAPPES), "reckon": GAP}, (5, "years")),
        ({"attribute": "count", "topics": (POLES, GRAPPES, "ptce"), "reckon": TOTAL}, (220, "number")),
        ({"attribute": "size", "topics": ("france_clusters",), "reckon": EACH}, (400, "number")),
        (
            {"attribute": "funding", "topics": ("ptce",), "reckon": SUM, "narrowed_by": ("first_call", "second_call")},
            (5700000, "euros"),
        ),
        (
            {
                "attribute": "count",
                "topics": ("saint_pierre_et_miquelon",),
                "form": HOW_MANY,
                "narrowed_by": ("crafts",),
            },
            (179, "number"),
        ),
    ],
)
def test_a_figure_is_worked_out_of_the_topics_named(asked: Any, result: Any) -> None:
    assert worked_out(**asked) == result


@pytest.mark.parametrize(
    "asked",
    [
        {"attribute": "count", "topics": (POLES, GRAPPES)},
        {"attribute": "cooperation", "topics": (POLES, GRAPPES), "reckon": SUM},
        {"attribute": "size", "topics": (GRAPPES,), "reckon": EACH},
        {"attribute": "funding", "topics": (POLES,), "reckon": EACH},
        {"attribute": "count", "topics": (POLES,), "reckon": SUM, "words": ("how", "many", "are", "there", "together")},
    ],
)
def test_nothing_is_worked_out_where_it_is_not_asked_or_not_known(asked: Any) -> None:
    assert worked_out(**asked) is None


def test_what_was_said_last_is_reckoned_with_where_nothing_is_named() -> None:
    heard = (f"{GRAPPES}.count", f"{POLES}.count")
    assert worked_out(heard, attribute="count", topics=(GRAPPES,), inherited=True, reckon=GAP) == (55, "number")
    then_and_now = {"attribute": "count", "topics": (POLES,), "inherited": True, "reckon": GAP}
    assert worked_out((f"{POLES}.count",), **then_and_now) == (16, "number")  # 71, then 55
    assert worked_out(("ptce.aims",), attribute="count", topics=("ptce",), inherited=True, reckon=GAP) is None


def test_a_figure_held_against_the_result_is_confirmed_or_not() -> None:
    for number, says in ((197, operators.YES), (200, operators.NO)):
        asked = Question(attribute="count", topics=(POLES, GRAPPES), reckon=SUM, numbers=(number,))
        answer = reckoned(BASE, asked, (), ())
        assert answer
        assert answer.verdict == operators.Verdict(says)


@pytest.mark.parametrize(
    ("asked", "heard", "reckon", "says"),
    [
        ({"attribute": "funding", "topics": ("ptce",)}, BOTH_CALLS, UP, operators.NO),
        ({"attribute": "funding", "topics": ("ptce",)}, BOTH_CALLS, DOWN, operators.YES),
        ({"attribute": "count", "topics": (POLES,)}, (f"{POLES}.count",), UP, operators.NO),
        ({"attribute": "update", "topics": (POLES,)}, (), DOWN, operators.YES),
        ({"attribute": "count", "topics": ("ptce",)}, (f"{POLES}.count",), UP, operators.YES),
    ],
)
def test_whether_a_number_went_up_is_told_with_yes_or_no(
    asked: Any, heard: Tuple[str, ...], reckon: str, says: str
) -> None:
    answer = reckoned(BASE, Question(**asked, reckon=reckon), (), heard)
    assert answer
    assert answer.verdict == operators.Verdict(says)
    assert {fact.topic for fact in answer.facts} == set(asked["topics"])


@pytest.mark.parametrize(
    "asked",
    [
        {"attribute": "jobs", "topics": (POLES,)},
        {"attribute": "funding", "topics": (GRAPPES,)},
        {"attribute": "count", "topics": (GRAPPES,)},
    ],
)
def test_what_has_no_later_number_neither_went_up_nor_down(asked: Any) -> None:
    assert reckoned(BASE, Question(**asked, reckon=UP), (), (f"{POLES}.count",)) is None


SHARE_AND_NUMBER = ("saint_pierre_et_miquelon.count_craft", "saint_pierre_et_miquelon.count_companies")


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        (SHARE_AND_NUMBER, {"attribute": "count", "topics": ("saint_pierre_et_miquelon",), "reckon": SUM}),
        (SHARE_AND_NUMBER, {"attribute": "count", "topics": ("saint_pierre_et_miquelon",), "reckon": GAP}),
        (
            ("france_clusters.companies", "france_clusters.count"),
            {"attribute": "count", "topics": ("france_clusters",), "reckon": SUM},
        ),
        ((), {"attribute": "date", "topics": (POLES, GRAPPES), "reckon": SUM}),
        ((), {"attribute": "amount", "topics": ("france_clusters",), "reckon": EACH}),
        ((), {"attribute": "size", "topics": ("saint_pierre_et_miquelon",), "reckon": EACH}),
        ((), {"attribute": "funding", "topics": ("ptce",), "reckon": EACH, "narrowed_by": ("second_call",)}),
        ((), {"attribute": "amount", "topics": (GRAPPES,), "reckon": EACH, "yearly": True}),
        ((), {"attribute": "evaluations", "topics": (POLES,), "reckon": AGE}),
    ],
)
def test_figures_that_do_not_go_together_are_left_alone(heard: Tuple[str, ...], asked: Any) -> None:
    assert worked_out(heard, **asked, inherited=True, points_at=("both",)) is None


def test_the_figures_themselves_are_not_held_against_the_result() -> None:
    for numbers, says in (((71, 126), None), ((71, 126, 200), operators.NO)):
        asked = Question(attribute="count", topics=(POLES, GRAPPES), reckon=SUM, numbers=numbers)
        answer = reckoned(BASE, asked, (), ())
        assert answer
        assert (answer.verdict and answer.verdict.says) == says


@pytest.mark.parametrize(("language", "words"), [("fr", "197 en tout"), ("en", "197 in all")])
def test_the_words_give_the_result_what_it_is_made_of_and_whose_work_it_is(language: str, words: str) -> None:
    asked = Question(attribute="count", topics=(POLES, GRAPPES), reckon=SUM)
    answer = Answerer(BASE).answer(asked)
    said = Renderer(BASE, language).say(answer)
    assert answer.kind == RECKONED
    assert said.lead.startswith(words)
    assert all(number in said.lead for number in ("126", "71"))
    assert said.sources
    assert ("calcul" if language == "fr" else "arithmetic") in said.then


def test_a_share_is_no_figure_of_its_own_where_the_share_is_asked() -> None:
    asked = {"attribute": "count", "topics": ("saint_pierre_et_miquelon",), "form": HOW_MANY}
    assert worked_out(**asked, narrowed_by=("crafts", "share")) is None


def test_how_many_in_all_does_not_add_what_was_said_before() -> None:
    heard = (f"{GRAPPES}.count", f"{POLES}.count")
    assert worked_out(heard, attribute="count", topics=("ptce",), inherited=True, reckon=TOTAL) is None


def test_a_share_just_said_is_counted_where_it_is_pointed_at() -> None:
    asked = {"attribute": "count", "topics": ("saint_pierre_et_miquelon",), "form": HOW_MANY}
    heard = ("saint_pierre_et_miquelon.count_craft",)
    assert worked_out(heard, **asked, points_at=("it",), narrowed_by=("company",)) == (179, "number")
    assert worked_out(heard, **asked, narrowed_by=("company",)) is None


def test_an_age_is_counted_from_the_year_it_began_to_the_day_it_is_told() -> None:
    answer = reckoned(BASE, Question(attribute="date", topics=(POLES,), reckon=AGE), (), ())
    assert answer
    assert "22 years" in Renderer(BASE, "en", today=datetime.date(2026, 11, 29)).say(answer).lead
    assert "24 ans" in Renderer(BASE, "fr", today=datetime.date(2028, 1, 1)).say(answer).lead.replace("\u00a0", " ")
    assert worked_out(attribute="date", topics=("philippe_clerc",), reckon=AGE) is None


def test_what_has_become_of_the_figures_is_told_and_a_later_source_is_not_called_the_bulletin() -> None:
    both = reckoned(BASE, Question(attribute="count", topics=(POLES, GRAPPES), reckon=SUM), (), ())
    assert both
    said = Renderer(BASE, "en").say(both)
    assert ("2015" in said.then, "55 (March 27, 2023)" in said.now) == (True, True)
    assert any(source["name"].startswith("entreprises.gouv.fr") for source in said.sources if source["name"])
    later = reckoned(BASE, Question(attribute="date", topics=("cluster_maritime",), reckon=AGE), (), ())
    assert later
    assert "bulletin" not in Renderer(BASE, "en").say(later).text
