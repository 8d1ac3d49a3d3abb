"""Complete questions, and which facts answer them how."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.knowledge.answer import ABSENT, CHANGES, CHOOSE, COMPARISON, DATES, FACTS, SELECTION
from bot.knowledge.answering import Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.operators import NO, NOT_YET, YES
from bot.knowledge.question import COMPARE, HOW_MANY, WHICH, YES_NO, Question
from bot.knowledge.rendering import Renderer
from bot.settings import LANGUAGES

BASE = knowledge()
ANSWERER = Answerer(BASE)
TYPES = tuple(BASE.fact("cluster.types").value.topics)
SILENT = (
    "cost",
    "tax",
    "jobs",
    "turnover",
    "legal_form",
    "drawbacks",
    "events",
    "criteria",
    "deadline",
    "size",
    "hours",
)


@pytest.mark.parametrize("attribute", SILENT)
@pytest.mark.parametrize("topic", TYPES)
def test_every_silent_attribute_is_admitted_for_every_type(topic: str, attribute: str) -> None:
    answer = ANSWERER.answer(Question(attribute=attribute, topics=(topic,)))
    assert answer.kind == ABSENT or answer.facts[0].absent


@pytest.mark.parametrize(
    ("asked", "kind", "ids"),
    [
        ({"attribute": "count", "topics": ("ptce",)}, FACTS, ["ptce.count"]),
        ({"attribute": "cost", "topics": ("ptce",)}, ABSENT, ["ptce.cost.absent"]),
        ({"attribute": "count"}, CHOOSE, []),
        ({"attribute": "tax"}, ABSENT, ["none.tax.absent"]),
        (
            {
                "attribute": "count",
                "topics": ("pole_innovation_artisanat",),
                "narrowed_by": ("food",),
                "form": HOW_MANY,
            },
            FACTS,
            ["theme_alimentation.count"],
        ),
        (
            {"attribute": "date", "topics": ("grappe_entreprises", "ptce"), "form": COMPARE, "by": "date:first"},
            COMPARISON,
            ["grappe_entreprises.date", "ptce.date"],
        ),
        (
            {
                "attribute": "level",
                "topics": ("cluster",),
                "narrowed_by": ("national",),
                "form": WHICH,
                "negated": True,
            },
            SELECTION,
            ["cluster_regional.level", "cluster_prive.level"],
        ),
        ({"attribute": "deadline", "topics": ("fui",)}, FACTS, ["fui.existence"]),
        ({"attribute": "staff", "topics": ("philippe_clerc",)}, FACTS, ["philippe_clerc.staff"]),
        ({"attribute": "update"}, FACTS, ["cluster.update"]),
    ],
)
def test_answers(asked: dict, kind: str, ids: list) -> None:
    answer = ANSWERER.answer(Question(**asked))
    assert (answer.kind, answer.ids) == (kind, ids)


def test_a_narrower_question_is_not_answered_with_the_whole() -> None:
    asked = Question(attribute="count", topics=("pole_competitivite",), narrowed_by=("brittany",), form=HOW_MANY)
    answer = ANSWERER.answer(asked)
    assert answer.limit == "brittany"


def test_words_nobody_knows_limit_a_question_too() -> None:
    asked = Question(attribute="count", topics=("pole_competitivite",), unknown=("zorglub",), form=HOW_MANY)
    assert ANSWERER.answer(asked).limit == "zorglub"


def test_what_was_set_aside_is_left_out() -> None:
    asked = Question(attribute="funding", topics=("pole_competitivite",), besides=True, denies=("fui",))
    assert "fui" not in ANSWERER.answer(asked).topics
    assert "ademe" in ANSWERER.answer(asked).topics
    assert Renderer(BASE, "en").say(ANSWERER.answer(asked)).lead.startswith("The others: Bpifrance")


@pytest.mark.parametrize(
    "topics", [("grappe_entreprises", "ptce"), ("bpifrance", "ademe"), ("cluster", "grappe_entreprises")]
)
def test_two_topics_are_never_the_same(topics: tuple) -> None:
    asked = Question(attribute="difference", topics=topics, form=YES_NO, alike=True)
    verdict = ANSWERER.answer(asked).verdict
    assert verdict is not None
    assert verdict.says == "no"
    assert ANSWERER.answer(dataclasses.replace(asked, alike=False)).verdict is None


def test_the_date_and_the_change_are_those_of_the_fact_just_said() -> None:
    said = ("saint_pierre_et_miquelon.count_companies",)
    assert ANSWERER.answer(Question(attribute="year"), said).kind == DATES
    changed = ANSWERER.answer(Question(attribute="update"), said)
    assert (changed.kind, changed.facts[0].id) == (CHANGES, said[0])


def test_a_verdict_comes_with_a_yes_no_question_only() -> None:
    asked = Question(attribute="members", topics=("grappe_entreprises",), narrowed_by=("tourism",))
    assert ANSWERER.answer(asked).verdict is None
    with_form = Question(attribute="members", topics=("grappe_entreprises",), narrowed_by=("tourism",), form=YES_NO)
    verdict = ANSWERER.answer(with_form).verdict
    assert verdict is not None
    assert verdict.says == "yes"


@pytest.mark.parametrize(
    ("asked", "fact", "says"),
    [
        ({"attribute": "suits", "topics": ("ptce",), "narrowed_by": ("childcare",)}, "ptce.sectors", "yes"),
        (
            {"attribute": "foreign", "topics": ("grappe_entreprises",), "narrowed_by": ("large_company",)},
            "grappe_entreprises.members",
            "yes",
        ),
        (
            {
                "attribute": "members",
                "topics": ("grappe_entreprises",),
                "narrowed_by": ("large_company",),
                "denying": True,
            },
            "grappe_entreprises.members",
            "contrary",
        ),
    ],
)
def test_the_fact_that_holds_the_value_answers(asked: dict, fact: str, says: str) -> None:
    answer = ANSWERER.answer(Question(form=YES_NO, **asked))
    assert answer.facts[0].id == fact
    assert answer.verdict is not None
    assert answer.verdict.says == says


def test_whether_a_foreign_company_can_join_is_told_of_no_french_one() -> None:
    asked = Question(attribute="members", topics=("grappe_entreprises",), form=YES_NO, narrowed_by=("newfoundland",))
    answer = ANSWERER.answer(asked)
    assert (answer.kind, answer.attribute) == (ABSENT, "foreign")


def test_an_amount_of_a_fund_that_ended_is_not_told_first() -> None:
    answer = ANSWERER.answer(Question(attribute="amount", topics=("fui",)))
    assert answer.ids == ["fui.amount.absent", "fui.existence"]


def test_what_is_in_no_list_is_not_told_yes() -> None:
    asked = Question(attribute="sectors", topics=("ptce",), form=YES_NO, unknown=("nuclear plant",))
    verdict = ANSWERER.answer(asked).verdict
    assert verdict is not None
    assert (verdict.says, verdict.value) == ("not_said", "nuclear plant")


def test_a_trade_of_a_theme_is_shown_its_centres() -> None:
    asked = Question(attribute="suits", topics=("pole_innovation_artisanat",), form=YES_NO, narrowed_by=("food",))
    assert ANSWERER.answer(asked).ids == ["pole_innovation_artisanat.suits", "theme_alimentation.count"]


def test_the_largest_sector_is_no_other() -> None:
    narrowed = ("main", "fishing")
    asked = Question(attribute="sectors", topics=("saint_pierre_et_miquelon",), form=YES_NO, narrowed_by=narrowed)
    answer = ANSWERER.answer(asked)
    assert answer.ids == ["saint_pierre_et_miquelon.main_sector"]
    assert answer.verdict is not None
    assert answer.verdict.says == "no"


@pytest.mark.parametrize(("attribute", "says"), [("funding", "no"), ("count", "yes")])
def test_a_sum_paid_in_all_was_not_paid_each_year(attribute: str, says: str) -> None:
    numbers = (20000000,) if attribute == "funding" else (126,)
    asked = Question(attribute=attribute, topics=("grappe_entreprises",), form=YES_NO, numbers=numbers, yearly=True)
    verdict = ANSWERER.answer(asked).verdict
    assert verdict is not None
    assert verdict.says.startswith(says)


def test_types_without_a_label_are_those_said_to_have_none() -> None:
    asked = Question(attribute="label", topics=("cluster",), form=WHICH, negated=True)
    assert ANSWERER.answer(asked).topics == ("cluster_prive",)


@pytest.mark.parametrize(("body", "says"), [("apeca", NO), ("cacima", NO), ("cci_france", YES), ("aifie", YES)])
def test_a_partner_wished_for_is_no_employer(body: str, says: str) -> None:
    answer = ANSWERER.answer(Question(attribute="definition", topics=("philippe_clerc", body), form=YES_NO))
    assert answer.verdict is not None
    assert answer.verdict.says == says


@pytest.mark.parametrize("topic", sorted(BASE.topics))
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_changed_can_be_said_of_every_topic(topic: str, language: str) -> None:
    said = (f"{topic}.definition",)
    answer = ANSWERER.answer(Question(attribute="update", topics=(topic,)), said)
    assert Renderer(BASE, language).say(answer).text.strip()


def test_the_fact_about_the_narrowest_value_is_said() -> None:
    asked = Question(attribute="count", topics=("saint_pierre_et_miquelon",), narrowed_by=("craftsperson",))
    assert ANSWERER.answer(asked).ids == ["saint_pierre_et_miquelon.count_craft"]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"topics": ("bulletin",), "narrowed_by": ("tourism",)}, ["grappe_entreprises.members"]),
        ({"topics": ("bulletin", "fui")}, ["fui.definition"]),
    ],
)
def test_whether_the_bulletin_speaks_of_something(asked: dict, ids: list) -> None:
    answer = ANSWERER.answer(Question(attribute="definition", form=YES_NO, **asked))
    assert answer.ids == ids
    assert answer.verdict is not None
    assert answer.verdict.says == YES


def test_whether_the_bulletin_speaks_of_what_it_does_not_is_no_yes() -> None:
    answer = ANSWERER.answer(Question(attribute="definition", form=YES_NO, topics=("bulletin", "gie")))
    assert answer.verdict is None or answer.verdict.says != YES


def test_where_grappes_are_says_nothing_of_their_aims() -> None:
    asked = Question(attribute="aims", topics=("grappe_entreprises",), narrowed_by=("spm",), form=YES_NO)
    assert ANSWERER.answer(asked).ids == ["grappe_entreprises.aims"]


def test_what_has_changed_since_the_bulletin_is_everything() -> None:
    answer = ANSWERER.answer(Question(attribute="update", topics=("bulletin",)), ("bulletin.date",))
    assert answer.ids == ["cluster.update"]


def test_what_is_known_since_was_not_yet() -> None:
    asked = Question(attribute="results", topics=("ptce",), narrowed_by=("second_call",), form=YES_NO)
    verdict = ANSWERER.answer(asked).verdict
    assert verdict is not None
    assert verdict.says == NOT_YET


def test_whether_other_islands_did_it_is_answered_with_yes() -> None:
    answer = Answerer(BASE).answer(Question(attribute="definition", topics=("autres_iles",), form=YES_NO))
    assert [fact.attribute for fact in answer.facts] == ["existence"]
    assert answer.verdict is not None
    assert answer.verdict.says == "yes"


def test_whether_there_is_a_theme_for_something_is_answered_by_that_theme() -> None:
    question = Question(
        attribute="sectors",
        topics=("pole_innovation_artisanat",),
        hinted=("theme_alimentation",),
        narrowed_by=("food",),
        form=YES_NO,
    )
    answer = ANSWERER.answer(question)
    assert [fact.id for fact in answer.facts] == ["theme_alimentation.count"]
    assert answer.verdict is not None
    assert answer.verdict.says == "yes"


def test_a_yes_for_one_type_is_none_for_two() -> None:
    both = ("grappe_entreprises", "pole_competitivite")
    asked = Question(attribute="suits", topics=both, form=YES_NO, narrowed_by=("food",), inherited=True)
    assert ANSWERER.answer(asked).verdict is None
    labelled = Question(attribute="level", topics=both, form=YES_NO, narrowed_by=("national",), inherited=True)
    verdict = ANSWERER.answer(labelled).verdict
    assert verdict is not None
    assert verdict.says == "yes"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "ended"),
        ({"narrowed_by": ("national",)}, "ended"),
        ({"past": True}, "yes"),
        ({"numbers": (3000000,)}, "yes"),
    ],
)
def test_funding_that_has_ended_is_not_said_to_be_there_today(asked: Any, says: str) -> None:
    answer = Answerer(BASE).answer(Question(attribute="funding", topics=("ptce",), form=YES_NO, **asked))
    assert answer.verdict
    assert answer.verdict.says == says


@pytest.mark.parametrize(("attribute", "names_it"), [("guarantee", False), ("private_life", False), ("cost", True)])
def test_cacima_is_not_named_for_what_it_cannot_tell(attribute: str, names_it: bool) -> None:
    answer = Answerer(BASE).answer(Question(attribute=attribute, topics=("ptce",)))
    for language in LANGUAGES:
        assert ("CACIMA" in Renderer(BASE, language).say(answer).text) is names_it


@pytest.mark.parametrize(
    ("asked", "fact", "says"),
    [
        # "does CACIMA help Canadian companies?" asks what it does abroad, not who may join
        ({"attribute": "foreign", "topics": ("cacima",), "narrowed_by": ("foreign_company",)}, "cacima.abroad", YES),
        ({"attribute": "foreign", "topics": ("ptce",), "narrowed_by": ("foreign_company",)}, None, None),
        ({"attribute": "suits", "topics": ("fui",)}, "fui.existence", NO),  # "could we get FUI money?"
        ({"attribute": "suits", "topics": ("fui",), "past": True}, None, None),
        ({"attribute": "creation", "topics": ("ptce",), "narrowed_by": ("alone",)}, "ptce.creation", NO),
        ({"attribute": "creation", "topics": ("ptce",)}, "ptce.creation", None),
        (
            {"attribute": "existence", "topics": ("pole_competitivite",), "narrowed_by": ("sea",)},
            "pole_competitivite.example",
            YES,
        ),
    ],
)
def test_what_is_asked_of_one_is_not_asked_of_the_other(asked: dict, fact: Any, says: Any) -> None:
    answer = ANSWERER.answer(Question(form=YES_NO, **asked))
    assert (answer.facts[0].id if answer.kind == FACTS else None) == fact
    assert (answer.verdict.says if answer.verdict else None) == says


@pytest.mark.parametrize(("theme", "says"), [("theme_alimentation", YES), ("theme_arts", NO)])
def test_whether_a_theme_is_the_largest(theme: str, says: str) -> None:
    asked = Question(attribute="sectors", topics=(theme,), form=COMPARE, by=":last", whether=True)
    answer = ANSWERER.answer(asked)
    assert (answer.kind, answer.verdict and answer.verdict.says) == (COMPARISON, says)
    assert answer.facts[0].topic == "theme_alimentation"


def test_how_many_of_one_trade_are_not_all_that_a_year_tells_of() -> None:
    asked = Question(
        attribute="count",
        topics=("saint_pierre_et_miquelon",),
        form=HOW_MANY,
        narrowed_by=("tourism",),
        years=(2014,),
    )
    assert ANSWERER.answer(asked).limit == "tourism"
