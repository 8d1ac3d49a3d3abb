"""From a question to the right facts, said with their date."""

from __future__ import annotations

import re

import pytest

from bot.knowledge.answers import Answer, Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.model import LANGUAGES
from bot.knowledge.question import Context, Question
from bot.knowledge.render import Renderer

ANSWERER = Answerer(knowledge())
NOTHING = Context()


def ids(question: Question, context: Context = NOTHING) -> list:
    return ANSWERER.answer(question, context).ids


def test_a_topic_and_an_aspect() -> None:
    assert ids(Question("count", ("ptce",))) == ["ptce.count"]


def test_the_topic_may_be_left_to_the_conversation() -> None:
    assert ids(Question("count"), Context(("ptce",), "definition")) == ["ptce.count"]


def test_the_aspect_may_be_left_to_the_conversation() -> None:
    assert ids(Question(None, ("grappe_entreprises",)), Context(("ptce",), "count")) == ["grappe_entreprises.count"]


def test_a_contact_given_instead_is_no_change_of_subject() -> None:
    answer = ANSWERER.answer(Question("contact", ("ptce",)), NOTHING)
    assert answer.ids == ["cacima.contact"]
    assert ids(Question("count"), answer.context(NOTHING)) == ["ptce.count"]


def test_a_contact_of_nothing_is_cacima() -> None:
    assert ids(Question("contact")) == ["cacima.contact"]
    assert ANSWERER.answer(Question("funding"), NOTHING).kind == "choose"


def test_a_fund_is_never_left_without_what_became_of_it() -> None:
    for aspect in ("calls", "funding", "suits", "link"):
        answer = ANSWERER.answer(Question(aspect, ("fui",)), NOTHING)
        assert any(fact.topic == "fui" and fact.update for fact in answer.facts), aspect


def test_naming_another_topic_asks_the_same_of_it() -> None:
    counted = Context(("ptce",), "count")
    bare = Question("definition", ("grappe_entreprises",), bare=True)
    assert ids(bare, counted) == ["grappe_entreprises.count"]
    assert ids(bare, Context(("ptce",), "evaluations")) == ["grappe_entreprises.definition"]  # it has none
    assert ids(bare, NOTHING) == ["grappe_entreprises.definition"]
    assert ids(Question("definition", ("grappe_entreprises",)), counted) == ["grappe_entreprises.definition"]


def test_topics_spoken_of_in_turn_can_be_told_apart() -> None:
    first = ANSWERER.answer(Question("suits", ("cluster_prive",)), NOTHING).context(NOTHING)
    second = ANSWERER.answer(Question("suits", ("cluster_regional",)), first).context(first)
    assert second.compared == ("cluster_prive", "cluster_regional")
    assert ids(Question("members", ordinals=(0,)), second) == ["cluster_prive.members"]


def test_ordinals_point_at_what_was_compared_even_later() -> None:
    compared = Context(("ptce",), "count", ("ptce", "grappe_entreprises"))
    assert ids(Question("count", ordinals=(1,)), compared) == ["grappe_entreprises.count"]


def test_the_same_topic_twice_is_no_comparison() -> None:
    first = ANSWERER.answer(Question("count", ("ptce",)), NOTHING).context(NOTHING)
    assert ANSWERER.answer(Question("funding", ("ptce",)), first).context(first).compared == ()


def test_a_concept_is_the_same_everywhere() -> None:
    assert ids(Question("definition", ("saint_pierre_et_miquelon", "cluster"))) == ["cluster.definition"]
    assert ids(Question("aims", ("saint_pierre_et_miquelon", "cluster"))) == ["saint_pierre_et_miquelon.aims"]


def test_a_number_waits_for_its_word() -> None:
    inhabitants = Question("count", ("saint_pierre_et_miquelon",), words=frozenset({"combien", "habitant"}))
    assert ANSWERER.answer(inhabitants, NOTHING).kind == "unknown"
    companies = Question("count", ("saint_pierre_et_miquelon",), words=frozenset({"combien", "entreprise"}))
    assert ids(companies) == ["saint_pierre_et_miquelon.count_companies"]
    run_together = Question("count", ("saint_pierre_et_miquelon",), words=frozenset({"how", "manycompany"}))
    assert ids(run_together) == ["saint_pierre_et_miquelon.count_companies"]


def test_the_part_comes_before_the_whole() -> None:
    assert ids(Question("count", ("pole_innovation_artisanat", "theme_arts"))) == ["theme_arts.count"]


def test_no_topic_offers_some() -> None:
    answer = ANSWERER.answer(Question("funding"), NOTHING)
    assert answer.kind == "choose"
    assert 2 <= len(answer.choices) <= 3


def test_one_type_is_told_from_all_others() -> None:
    assert len(ids(Question("difference", ("ptce",)))) == 6


def test_updates_of_a_topic_without_any_say_so() -> None:
    answer = ANSWERER.answer(Question("update", ("cluster_prive",)), NOTHING)
    assert (answer.kind, answer.facts) == ("updates", ())
    for language in LANGUAGES:
        assert knowledge().wording["no_update"][language] in Renderer(knowledge(), language).text(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_is_said_with_its_date_and_source(language: str) -> None:
    renderer = Renderer(knowledge(), language)
    for topic in knowledge().topics.values():
        for fact in topic.facts:
            text = renderer.text(Answer("facts", fact.aspect, (topic.topic,), (fact,)))
            head = text.split("–")[0]
            assert re.search(r"(19|20)\d\d", head), fact.id
            assert "p. " in head or "Source" in text, fact.id
            if fact.update is not None:
                assert fact.update[language] in text
                assert text.index(fact[language]) < text.index(fact.update[language])


def test_a_theme_answers_through_what_it_is_a_theme_of() -> None:
    theme = Context(("theme_alimentation",), "count")
    assert ids(Question("contact"), theme) == ["pole_innovation_artisanat.contact"]
    assert ids(Question("update"), theme) == ["pole_innovation_artisanat.update"]
    assert ids(Question("count"), theme) == ["theme_alimentation.count"]
    assert ids(Question("definition", ("theme_alimentation",))) == ["theme_alimentation.count"]


def test_a_body_named_with_a_place_is_what_is_asked_about() -> None:
    assert ids(Question("aims", ("ifremer", "saint_pierre_et_miquelon"))) == ["ifremer.definition"]


def test_what_has_one_fact_is_said_beside_what_answers() -> None:
    said = ids(Question("partners", ("incubateurs", "pole_competitivite")))
    assert said[0] == "incubateurs.definition"
    assert "pole_competitivite.partners" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_says_what_a_type_is_says_so(language: str) -> None:
    renderer = Renderer(knowledge(), language)
    where = renderer.text(ANSWERER.answer(Question("location", ("pole_competitivite",)), NOTHING))
    assert where.startswith(knowledge().wording["roundabout"][language])
    assert ANSWERER.answer(Question("funding", ("theme_alimentation",)), NOTHING).roundabout
    # Of a body what it does is what it is; of the archipelago's fisheries nothing else is said.
    for question in (
        Question("aims", ("ifremer",)),
        Question("aims", ("peche_aquaculture",)),
        Question("members", ("ptce",)),
    ):
        assert not ANSWERER.answer(question, NOTHING).roundabout
