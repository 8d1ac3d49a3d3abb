"""Answers in words: what leads, how long, which date, which sources."""

from __future__ import annotations

import datetime
import re
import statistics

import pytest

from bot.knowledge import operators
from bot.knowledge.answer import DATES, FACTS, Answer
from bot.knowledge.answering import Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.operators import Verdict
from bot.knowledge.question import YES_NO, Question
from bot.knowledge.rendering import Renderer
from bot.settings import LANGUAGES

BASE = knowledge()
FACTS_OF_ALL = [fact for topic in BASE.topics.values() for fact in topic.facts]


def said(language: str, **asked: object) -> str:
    answer = Answerer(BASE).answer(Question(**asked))  # type: ignore[arg-type]
    return Renderer(BASE, language).say(answer).text


@pytest.mark.parametrize(
    ("language", "asked", "lead"),
    [
        (
            "fr",
            {"attribute": "members", "topics": ("grappe_entreprises",), "narrowed_by": ("tourism",), "form": YES_NO},
            "Oui.",
        ),
        (
            "en",
            {"attribute": "count", "topics": ("pole_competitivite",), "numbers": (71,), "form": YES_NO},
            "Yes, when",
        ),
        (
            "fr",
            {"attribute": "cost", "topics": ("ptce",)},
            "Aucune de mes sources n’indique de prix ni de cotisation pour les PTCE.",
        ),
        ("en", {"attribute": "label", "topics": ("cluster_prive",), "form": YES_NO}, "No."),
        (
            "en",
            {"attribute": "members", "topics": ("ptce",), "narrowed_by": ("union",), "form": YES_NO},
            "My sources give no answer for a trade union.",
        ),
    ],
)
def test_what_leads(language: str, asked: dict, lead: str) -> None:
    assert said(language, **asked).startswith(lead)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lengths(language: str) -> None:
    """45 words at the median, none over 80, sources apart."""
    renderer = Renderer(BASE, language)
    lengths = {
        fact.id: len(renderer.say(Answer(FACTS, fact.attribute, (fact.topic,), (fact,))).body.split())
        for fact in FACTS_OF_ALL
    }
    assert statistics.median(lengths.values()) <= 45
    assert {name: n for name, n in lengths.items() if n > 80} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_rendered_is_typeset(language: str) -> None:
    renderer = Renderer(BASE, language)
    for fact in FACTS_OF_ALL:
        text = renderer.say(Answer(FACTS, fact.attribute, (fact.topic,), (fact,))).text
        assert not re.search(r"\w'\w", re.sub(r"\S+@\S+|https?://\S+", "", text)), fact.id
        assert not re.match(r"\d", text), fact.id
        assert language == "en" or not re.search(r"\w [?!;:»]", text), fact.id


def test_a_label_that_ends_is_told_otherwise_from_the_day_after() -> None:
    answer = Answer(FACTS, "count", ("pole_competitivite",), (BASE.fact("pole_competitivite.count"),))
    last, next_day = datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)
    assert "court jusqu’au" in Renderer(BASE, "fr", today=last).say(answer).text
    assert "prenait fin" in Renderer(BASE, "fr", today=next_day).say(answer).text


def test_the_bulletin_is_named_in_full_once() -> None:
    answer = Answer(FACTS, "count", ("ptce",), (BASE.fact("ptce.count"),))
    assert "« Collaboration »" in Renderer(BASE, "fr", introduced=False).say(answer).text.replace("\u00a0", " ")
    assert "Collaboration" not in Renderer(BASE, "fr", introduced=True).say(answer).text


def test_just_the_value() -> None:
    renderer = Renderer(BASE, "en")
    assert renderer.brief(BASE.fact("pole_competitivite.count")) == "71 (late 2015), then 55 (March 27, 2023)."
    assert renderer.brief(BASE.fact("ptce.first_funding")) == "3 million euros."


def test_sums_of_several_calls_are_not_one_sum() -> None:
    brief = Renderer(BASE, "en").brief(BASE.fact("ptce.funding"))
    assert "3 million" in brief
    assert "2.7 million" in brief


def test_what_changed_alone_is_dated_by_its_change() -> None:
    fact = next(fact for fact in BASE.topics["cacima"].facts if fact.attribute == "management")
    assert "April 6, 2023" in Renderer(BASE, "en").say(Answer(DATES, "year", ("cacima",), (fact,))).lead


def test_what_includes_a_value_names_an_activity_not_a_place() -> None:
    fact = next(fact for fact in BASE.topics["grappe_entreprises"].facts if fact.attribute == "suits")
    for value, named in (("tourism", True), ("overseas", False)):
        said = Renderer(BASE, "en").say(
            Answer(FACTS, "suits", ("grappe_entreprises",), (fact,), Verdict(operators.YES, value))
        )
        assert (" included, in all territories" in said.then) is named


def test_a_value_alone_has_its_own_date_and_answers_what_was_asked() -> None:
    english, french = Renderer(BASE, "en"), Renderer(BASE, "fr")
    companies = BASE.fact("saint_pierre_et_miquelon.count_companies")
    assert english.brief(companies) == "558 (2014), then about 550 (July 2024)."
    assert french.brief(companies).startswith("558 (2014), puis environ 550")
    assert english.brief(BASE.fact("cluster.types")) != "6."  # the number of types is not what they are
    assert english.brief(BASE.fact("cluster.count")) != "6."


def test_the_structured_answer_says_the_same() -> None:
    answer = Answer(FACTS, "count", ("pole_competitivite",), (BASE.fact("pole_competitivite.count"),))
    given = Renderer(BASE, "fr").say(answer)
    plain = given.as_dict()
    assert given.text.startswith(str(plain["then"]))
    assert str(plain["now"]) in given.text
    assert plain["until"] == "2026-12-31"
    assert plain["checked"]
    assert next(source["url"] for source in plain["sources"]) == "/fr/bulletin#p1"


def test_facts_of_several_topics_name_theirs() -> None:
    text = said("fr", attribute="funding", topics=("grappe_entreprises", "ptce"))
    assert "\nPTCE\xa0: Le premier appel" in text
    assert "Grappes d’entreprises\xa0:" not in text  # its words say so


def test_in_short_leaves_out_what_the_bulletin_does_not_say() -> None:
    fact = BASE.fact("grappe_entreprises.creation")
    assert not Renderer(BASE, "fr").shorter([fact]).then.startswith("Le bulletin ne décrit pas")


def test_ages_are_compared_by_their_dates() -> None:
    text = said("en", attribute="date", topics=("france_clusters", "pole_competitivite"), by="date:first")
    assert "France Clusters (2000)" in text


def test_a_comparison_names_two_behind_the_first() -> None:
    text = said("en", attribute="sectors", topics=("pole_innovation_artisanat",), by="count:last")
    assert text.count("centres (") == 3
