"""What a message leaves open is taken from what was spoken of, in one pass."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Tuple

import pytest

from bot.dialogue.exchange import answer_all
from bot.dialogue.resolution import Resolver
from bot.dialogue.state import State
from bot.knowledge.answer import CHOOSE
from bot.knowledge.load import knowledge
from bot.knowledge.question import COMPARE, HOW_MANY, OUT_OF_SCOPE, WHICH, YES_NO, Question

BASE = knowledge()
RESOLVER = Resolver(BASE)
AFTER_PTCE = State(topics=("ptce",), attribute="count", form="how_many", said=("ptce.count",))
AFTER_TWO = State(
    topics=("grappe_entreprises",), attribute="count", before=("ptce",), listed=("ptce", "grappe_entreprises")
)


@pytest.mark.parametrize(
    ("asked", "state", "topics", "attribute"),
    [
        ({"attribute": "funding", "topics": ("ptce",)}, State(), ("ptce",), "funding"),
        ({"attribute": "funding"}, AFTER_PTCE, ("ptce",), "funding"),
        ({"topics": ("grappe_entreprises",)}, AFTER_PTCE, ("grappe_entreprises",), "count"),
        ({"attribute": "funding", "points_at": ("#0",)}, AFTER_TWO, ("ptce",), "funding"),
        ({"attribute": "funding", "points_at": ("#-1",)}, AFTER_TWO, ("grappe_entreprises",), "funding"),
        ({"attribute": "funding", "points_at": ("other",)}, AFTER_TWO, ("ptce",), "funding"),
        ({"attribute": "date", "points_at": ("both",)}, AFTER_TWO, ("ptce", "grappe_entreprises"), "date"),
    ],
)
def test_what_is_left_open(asked: Dict[str, Any], state: State, topics: Tuple[str, ...], attribute: str) -> None:
    whole = RESOLVER.resolve(Question(**asked), state)
    assert set(whole.topics) == set(topics)
    assert whole.attribute == attribute


def test_a_topic_offered_is_taken_for_what_was_asked() -> None:
    whole = RESOLVER.resolve(Question(topics=("ptce",)), State(awaits="funding"))
    assert (whole.topics, whole.attribute) == (("ptce",), "funding")


def test_an_exchange_answers_each_question_in_the_light_of_the_one_before() -> None:
    answers, state = answer_all(
        [Question(attribute="count", topics=("ptce",)), Question(attribute="funding", points_at=("it",))], State(), BASE
    )
    assert [answer.topics for answer in answers] == [("ptce",), ("ptce",)]
    assert [answer.attribute for answer in answers] == ["count", "funding"]
    assert state.topics == ("ptce",)
    assert set(state.asked) == {"count", "funding"}


def test_two_things_asked_of_one_topic_are_asked_of_the_next() -> None:
    asked = State(topics=("ptce",), attribute="funding", asked=("count", "funding"))
    answers, _ = answer_all([Question(topics=("grappe_entreprises",))], asked, BASE)
    assert [answer.attribute for answer in answers] == ["count", "funding"]


def test_what_is_out_of_scope_is_not_answered() -> None:
    answers, state = answer_all([Question(attribute="count", topics=("ptce",), act=OUT_OF_SCOPE)], AFTER_PTCE, BASE)
    assert not answers
    assert state.topics == AFTER_PTCE.topics


def test_what_is_denied_is_not_what_is_meant() -> None:
    question = Question(attribute="count", topics=("ptce", "grappe_entreprises"), denies=("ptce",))
    answers, _ = answer_all([question], State(), BASE)
    assert [answer.topics for answer in answers] == [("grappe_entreprises",)]


def test_without_any_topic_a_choice_is_offered() -> None:
    answers, state = answer_all([Question(attribute="calls")], State(), BASE)
    assert [answer.kind for answer in answers] == [CHOOSE]
    assert state.awaits == "calls"


def test_a_number_is_checked_against_what_was_said() -> None:
    answers, _ = answer_all([Question(form=YES_NO, numbers=(23,))], AFTER_PTCE, BASE)
    assert answers[0].ids == ["ptce.count"]
    assert answers[0].verdict is not None


@pytest.mark.parametrize("attribute", ["update", "year"])
def test_whether_it_still_holds_is_asked_of_what_was_said(attribute: str) -> None:
    assert RESOLVER.resolve(Question(attribute=attribute), AFTER_PTCE).topics == ("ptce",)


def test_a_number_of_them_is_checked_against_what_was_spoken_of() -> None:
    """Though 126 is the number of something else."""
    asked = Question(attribute="count", form=YES_NO, numbers=(126,), points_at=("they",))
    assert RESOLVER.resolve(asked, AFTER_PTCE).topics == ("ptce",)


def test_a_bound_asks_of_the_number_just_said() -> None:
    whole = RESOLVER.resolve(Question(attribute="amount", numbers=(100,), bound="more"), AFTER_PTCE)
    assert (whole.topics, whole.attribute, whole.form) == (("ptce",), "count", YES_NO)


def test_more_than_something_named_compares_the_two() -> None:
    asked = Question(attribute="services", topics=("grappe_entreprises",), bound="more")
    whole = RESOLVER.resolve(asked, AFTER_PTCE)
    assert (whole.topics, whole.by) == (("ptce", "grappe_entreprises"), "count:last")


def test_a_fragment_with_only_asks_whom_it_is_for() -> None:
    asked = Question(attribute="foreign", described="france_clusters", narrowed_by=("association",), only=True)
    whole = RESOLVER.resolve(asked, AFTER_PTCE)
    assert (whole.topics, whole.attribute, whole.form) == (("ptce",), "members", YES_NO)


AFTER_DEFINITION = State(topics=("ptce",), attribute="definition", said=("ptce.definition",))


def test_a_value_alone_asks_whether_what_was_spoken_of_tells_of_it() -> None:
    whole = RESOLVER.resolve(Question(narrowed_by=("childcare",), bare=True), AFTER_DEFINITION)
    assert (whole.topics, whole.attribute, whole.form) == (("ptce",), "sectors", YES_NO)


def test_a_value_alone_limits_a_number_that_was_asked() -> None:
    counted = State(topics=("saint_pierre_et_miquelon",), attribute="count")
    assert RESOLVER.resolve(Question(narrowed_by=("crafts",), bare=True), counted).attribute == "count"


def test_by_whom_asks_of_what_nobody_wrote_who_runs_it() -> None:
    assert RESOLVER.resolve(Question(attribute="author"), AFTER_DEFINITION).attribute == "management"
    bulletin = State(topics=("bulletin",), attribute="date")
    assert RESOLVER.resolve(Question(attribute="author"), bulletin).attribute == "author"


def test_what_a_theme_does_not_have_is_asked_of_its_whole() -> None:
    theme = State(topics=("theme_sante",), attribute="count")
    assert RESOLVER.resolve(Question(attribute="contact"), theme).topics == ("pole_innovation_artisanat",)


def test_a_definition_is_of_what_is_named_though_it_points() -> None:
    asked = Question(attribute="definition", topics=("cluster",), points_at=("it",))
    assert RESOLVER.resolve(asked, State(topics=("cacima",), attribute="services")).topics == ("cluster",)


def test_two_levels_are_two_types() -> None:
    asked = Question(
        attribute="difference", topics=("cluster_prive",), hinted=("cluster_regional",), narrowed_by=("regional",)
    )
    assert RESOLVER.resolve(asked, State()).topics == ("cluster_regional", "cluster_prive")


def test_topics_asked_about_in_turn_are_compared() -> None:
    state = State()
    for topic in ("pole_competitivite", "grappe_entreprises", "ptce"):
        _, state = answer_all([Question(attribute="count", topics=(topic,))], state, BASE)
    assert state.listed == ("pole_competitivite", "grappe_entreprises", "ptce")


AFTER_FUNDING = State(topics=("ptce",), attribute="funding", said=("ptce.first_funding",), part="first_call")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"points_at": ("next",)}, ["ptce.second_funding"]),
        ({"narrowed_by": ("second_call",), "bare": True}, ["ptce.second_funding"]),
        ({"attribute": "results"}, ["ptce.first_results"]),
        ({"attribute": "year"}, ["ptce.first_call"]),
        ({"attribute": "funding", "topics": ("grappe_entreprises",)}, ["grappe_entreprises.funding"]),
    ],
)
def test_the_part_spoken_of_stays_until_another_is_named(asked: Dict[str, Any], said: list) -> None:
    answers, _ = answer_all([Question(**asked)], AFTER_FUNDING, BASE)
    assert [fact.id for answer in answers for fact in answer.facts] == said


def test_parts_are_counted_off_and_compared() -> None:
    asked = Question(attribute="funding", topics=("ptce",), form="compare", points_at=("#0", "#1"), by="funding:last")
    answers, _ = answer_all([asked], State(), BASE)
    assert [fact.id for fact in answers[0].facts] == ["ptce.first_funding", "ptce.second_funding"]


def test_themes_are_chosen_by_their_number_and_the_whole_stays_the_topic() -> None:
    spoken = State(topics=("pole_innovation_artisanat",), attribute="sectors")
    answers, state = answer_all([Question(numbers=(4,), only=True)], spoken, BASE)
    assert set(answers[0].topics) == {"theme_habitat", "theme_arts"}
    assert state.topics == ("pole_innovation_artisanat",)
    answers, _ = answer_all([Question(numbers=(3,))], state, BASE)
    assert len(answers[0].topics) == 3


@pytest.mark.parametrize(
    ("topics", "attribute", "says", "fact"),
    [
        (("fui", "bpifrance"), "management", "yes", "fui.management"),
        (("philippe_clerc", "cacima"), "staff", "no", "philippe_clerc.staff"),
        (("philippe_clerc", "cci_france"), "staff", "yes", "philippe_clerc.staff"),
        (("philippe_clerc", "cacima"), "president", "no", "philippe_clerc.staff"),
    ],
)
def test_two_named_are_related_or_not(topics: Tuple[str, ...], attribute: str, says: str, fact: str) -> None:
    answers, _ = answer_all([Question(attribute=attribute, topics=topics, form=YES_NO)], State(), BASE)
    assert (answers[0].verdict and answers[0].verdict.says, answers[0].facts[0].id) == (says, fact)


def test_a_fact_is_said_once_to_one_message() -> None:
    asked = [
        Question(attribute="location", topics=("ptce",), form=YES_NO, narrowed_by=("rural",), only=True),
        Question(attribute="location", topics=("ptce",)),
    ]
    answers, _ = answer_all(asked, State(), BASE)
    assert len(answers) == 1


def test_a_year_asked_of_nothing_lets_choose() -> None:
    answers, _ = answer_all([Question(attribute="year", points_at=("they",))], State(), BASE)
    assert answers[0].kind == CHOOSE


def test_what_nothing_tells_of_a_topic_is_told_of_the_one_before() -> None:
    after = State(topics=("philippe_clerc",), before=("cci_france",), attribute="definition")
    assert RESOLVER.resolve(Question(attribute="count"), after).topics == ("cci_france",)
    assert RESOLVER.resolve(Question(attribute="cost"), after).topics == ("philippe_clerc",)  # told of neither
    assert RESOLVER.resolve(Question(attribute="count", points_at=("they",)), after).topics == ("philippe_clerc",)


@pytest.mark.parametrize(("spoken_of", "meant"), [("ism", "ism"), ("grappe_entreprises", "cacima")])
def test_an_address_is_that_of_the_body_spoken_of(spoken_of: str, meant: str) -> None:
    after = State(topics=(spoken_of,), attribute="definition", said=(f"{spoken_of}.definition",))
    assert RESOLVER.resolve(Question(attribute="address"), after).topics == (meant,)


def test_a_number_held_against_the_one_just_said_is_of_what_was_asked() -> None:
    after = State(topics=("saint_pierre_et_miquelon",), attribute="count", form="how_many")
    doubted = RESOLVER.resolve(Question(numbers=(60000,), form=YES_NO), after)
    assert (doubted.topics, doubted.attribute) == (("saint_pierre_et_miquelon",), "count")
    asked = RESOLVER.resolve(Question(attribute="update", numbers=(60000,), form=YES_NO), after)
    assert asked.topics == ("france_clusters",)  # whose number that is, where nothing was said of one


@pytest.mark.parametrize(
    ("asked", "topics"),
    [
        ({"attribute": "author", "topics": ("grappe_entreprises",)}, ("bulletin",)),
        ({"attribute": "author", "topics": ("ptce", "saint_pierre_et_miquelon")}, ("bulletin",)),
        ({"attribute": "definition", "topics": ("philippe_clerc", "cluster")}, ("cluster",)),
        ({"attribute": "staff", "topics": ("philippe_clerc", "cluster")}, ("philippe_clerc",)),
    ],
)
def test_what_is_asked_of_the_one_who_tells_it(asked: Dict[str, Any], topics: Tuple[str, ...]) -> None:
    assert RESOLVER.resolve(Question(**asked), State()).topics == topics


def test_other_islands_are_asked_of_themselves() -> None:
    named = ("autres_iles", "grappe_entreprises", "saint_pierre_et_miquelon")
    whole = RESOLVER.resolve(Question(attribute="existence", topics=named, form=YES_NO), State())
    assert whole.topics == ("autres_iles",)


@pytest.mark.parametrize("topics", [("cluster", "saint_pierre_et_miquelon"), ("ptce", "saint_pierre_et_miquelon")])
def test_how_many_clusters_a_place_has_is_which_there_are(topics: Tuple[str, ...]) -> None:
    answers, _ = answer_all([Question(attribute="count", topics=topics, form=HOW_MANY)], State(), BASE)
    assert answers[0].ids == ["saint_pierre_et_miquelon.clusters"]
    assert answers[0].verdict is None


def test_how_many_companies_a_place_has_is_counted() -> None:
    asked = Question(attribute="count", topics=("saint_pierre_et_miquelon",), narrowed_by=("company",), form=HOW_MANY)
    answers, _ = answer_all([asked], State(), BASE)
    assert answers[0].ids == ["saint_pierre_et_miquelon.count_companies"]


def test_it_means_what_was_said_to_exist() -> None:
    there = Question(attribute="existence", topics=("saint_pierre_et_miquelon",), form=YES_NO)
    _, state = answer_all([there], State(), BASE)
    whole = RESOLVER.resolve(Question(attribute="management", points_at=("it",)), state)
    assert whole.topics == ("cluster_maritime",)
    answers, _ = answer_all([Question(attribute="services", points_at=("it",))], state, BASE)
    assert answers[0].ids == ["cluster.services"]
    assert answers[0].limit == "cluster_maritime"  # it is not told of that one


def test_the_biggest_kind_is_the_most_numerous() -> None:
    asked = Question(attribute="best", by=":last", form=COMPARE, words=("kind", "biggest"))
    answers, _ = answer_all([asked], State(), BASE)
    assert answers[0].ids[0] == "grappe_entreprises.count"


def test_what_tells_nothing_of_fisheries_is_asked_of_what_came_before() -> None:
    after = State(topics=("peche_aquaculture",), before=("grappe_entreprises",), attribute="definition")
    assert RESOLVER.resolve(Question(attribute="funding"), after).topics == ("grappe_entreprises",)


def test_one_for_the_sea_is_one_of_the_type_spoken_of() -> None:
    asked = Question(attribute="existence", narrowed_by=("sea",), form=YES_NO)
    assert RESOLVER.resolve(asked, State(topics=("pole_competitivite",))).topics == ("pole_competitivite",)


def test_which_ones_asked_of_a_theme_are_of_its_whole() -> None:
    after = State(topics=("theme_habitat",), attribute="count", form="how_many")
    asked = Question(attribute="names", points_at=("of_them",), form=WHICH)
    assert RESOLVER.resolve(asked, after).topics == ("pole_innovation_artisanat",)


@pytest.mark.parametrize("attribute", ["count", "definition"])
def test_here_alone_asks_whether_there_is_one(attribute: str) -> None:
    after = State(topics=("pole_competitivite",), attribute=attribute)
    whole = RESOLVER.resolve(Question(topics=("saint_pierre_et_miquelon",), bare=True), after)
    assert (whole.attribute, whole.topics) == ("existence", ("saint_pierre_et_miquelon", "pole_competitivite"))


def test_just_those_of_a_type_is_no_question_of_all() -> None:
    after = State(topics=("cluster",), attribute="count")
    assert RESOLVER.resolve(Question(attribute="count", hinted=("pole_competitivite",)), after).topics == (
        "pole_competitivite",
    )


def test_what_is_described_is_asked_the_same_again() -> None:
    after = State(topics=("grappe_entreprises",), attribute="date")
    whole = RESOLVER.resolve(Question(described="cacima", words=("a", "b", "c", "d")), after)
    assert (whole.topics, whole.attribute) == (("cacima",), "date")


@pytest.mark.parametrize(
    "asked",
    [
        {"topics": ("saint_pierre_et_miquelon",)},
        {"hinted": ("saint_pierre_et_miquelon",), "attribute": "existence", "form": YES_NO},
    ],
)
def test_here_asks_whether_there_is_one_of_the_type_spoken_of(asked: Dict[str, Any]) -> None:
    defined = State(topics=("ptce",), attribute="definition", said=("ptce.definition",))
    answers, _ = answer_all([Question(**asked)], defined, BASE)
    assert [(answer.verdict.says if answer.verdict else None) for answer in answers] == ["no"]


def test_which_of_the_two_takes_what_is_named() -> None:
    listed = State(topics=("ptce", "grappe_entreprises"), listed=("ptce", "grappe_entreprises"), attribute="difference")
    question = Question(attribute="definition", form=WHICH, topics=("collectivite",), points_at=("of_them",))
    whole = RESOLVER.resolve(question, listed)
    assert (whole.topics, whole.attribute) == (("ptce", "grappe_entreprises"), "members")
    assert "local_authority" in whole.narrowed_by


def test_what_comes_near_is_not_said_twice() -> None:
    asked = Question(attribute="phone", topics=("cacima",))
    first, state = answer_all([asked], State(), BASE)
    again, _ = answer_all([Question(attribute="address", topics=("cacima",))], state, BASE)
    assert [fact.id for fact in first[0].facts] == ["cacima.contact"]
    assert again[0].facts == ()


def test_whether_a_body_still_exists_is_asked_of_the_next() -> None:
    _, state = answer_all([Question(attribute="update", topics=("apcma",), form=YES_NO)], State(), BASE)
    answers, _ = answer_all([Question(topics=("cget",), bare=True)], state, BASE)
    assert answers[0].ids[0] == "cget.update"


def test_whom_to_write_to_is_no_longer_spoken_of() -> None:
    written = State(topics=("cacima",), attribute="contact", said=("cacima.contact",))
    answers, _ = answer_all([Question(attribute="jobs", topics=("cluster",))], written, BASE)
    assert answers[0].topics == ("cluster",)
    answers, _ = answer_all([Question(attribute="calls")], written, BASE)
    assert "cacima" not in answers[0].topics


def test_what_is_asked_of_it_compares_it_first() -> None:
    spoken = State(topics=("france_clusters",), attribute="definition")
    question = Question(
        attribute="date",
        topics=("pole_competitivite",),
        points_at=("it",),
        by="date:first",
        whether=True,
        words=("is", "it", "older", "than", "pole"),
    )
    answers, _ = answer_all([question], spoken, BASE)
    assert [fact.topic for fact in answers[0].facts] == ["france_clusters", "pole_competitivite"]
    assert answers[0].verdict is not None
    assert answers[0].verdict.says == "yes"


def test_and_fishing_asks_whether_it_is_among_the_sectors() -> None:
    listed = State(topics=("ptce",), attribute="sectors", said=("ptce.sectors",))
    answers, _ = answer_all([Question(topics=("peche_aquaculture",), bare=True, words=("peche",))], listed, BASE)
    assert answers[0].topics == ("ptce",)
    assert answers[0].verdict is not None
    assert answers[0].verdict.says == "not_said"


def test_the_chamber_is_the_one_here() -> None:
    spoken = State(topics=("cluster_maritime",), attribute="existence")
    question = Question(attribute="contact", hinted=("cci_france", "cacima"))
    assert RESOLVER.resolve(question, spoken).topics == ("cacima",)


def test_the_second_one_is_a_part_where_parts_are_spoken_of() -> None:
    spoken = State(
        topics=("ptce",), attribute="funding", listed=("ptce", "grappe_entreprises"), part="first_call", form="how_many"
    )
    answers, _ = answer_all([Question(points_at=("#1",), words=("second", "one"))], spoken, BASE)
    assert answers[0].topics == ("ptce",)


def test_a_place_alone_after_a_yes_asks_whether_that_holds_there_too() -> None:
    told = State(topics=("grappe_entreprises",), attribute="members", form=YES_NO, said=("grappe_entreprises.members",))
    question = Question(attribute="location", hinted=("autres_iles",), narrowed_by=("overseas",), words=("oversea",))
    answers, _ = answer_all([question], told, BASE)
    assert answers[0].topics == ("grappe_entreprises",)
    assert answers[0].verdict is not None
    assert answers[0].verdict.says == "yes"


def test_whether_somebody_is_still_with_a_body_is_asked_of_the_person() -> None:
    spoken = State(topics=("philippe_clerc",), attribute="definition")
    question = Question(attribute="update", topics=("cci_france",), form=YES_NO, today=True)
    assert RESOLVER.resolve(question, spoken).topics == ("philippe_clerc",)
    assert RESOLVER.resolve(question, State(topics=("ptce",))).topics == ("cci_france",)


def test_a_cluster_is_told_apart_from_the_type_spoken_of() -> None:
    spoken = State(topics=("ptce",), attribute="definition")
    question = Question(attribute="difference", topics=("cluster",), points_at=("it",), form=YES_NO, alike=True)
    answers, _ = answer_all([question], spoken, BASE)
    assert answers[0].topics == ("cluster", "ptce")


def test_whether_the_bulletin_mentions_a_body_is_answered_with_yes() -> None:
    answers, _ = answer_all(
        [Question(attribute="definition", topics=("bulletin", "apeca"), form=YES_NO)], State(), BASE
    )
    assert answers[0].topics == ("apeca",)
    assert answers[0].verdict is not None
    assert answers[0].verdict.says == "yes"


def test_a_number_of_what_is_spoken_of_is_not_another_s() -> None:
    told = State(topics=("saint_pierre_et_miquelon",), attribute="count", said=("saint_pierre_et_miquelon.count",))
    question = Question(attribute="update", numbers=(558,), words=("chiffre", "558"))
    assert RESOLVER.resolve(question, told).topics == ("saint_pierre_et_miquelon",)


def test_a_common_noun_points_at_what_was_just_named_so() -> None:
    told = State(topics=("pole_competitivite",), attribute="funding", said=("pole_competitivite.funding",))
    question = Question(attribute="management", points_at=("they",), nouns=("fond",))
    assert RESOLVER.resolve(question, told).topics == ("fui",)
    other = Question(attribute="management", points_at=("they",), words=("fond",))
    assert RESOLVER.resolve(other, told).topics == ("pole_competitivite",)


def test_the_rest_is_what_was_not_chosen() -> None:
    which = Question(attribute="level", topics=("cluster",), form=WHICH, narrowed_by=("national",))
    _, state = answer_all([which], State(), BASE)
    answers, _ = answer_all([Question(points_at=("other",), words=("rest",))], state, BASE)
    assert answers[0].topics == ("cluster_regional", "cluster_prive")


def test_after_whom_to_write_to_what_they_know_nothing_of_is_asked_of_the_type() -> None:
    written = State(topics=("mathilde_jacquemet",), attribute="contact", before=("pole_innovation_artisanat",))
    answers, _ = answer_all([Question(attribute="count", form=HOW_MANY)], written, BASE)
    assert answers[0].topics == ("pole_innovation_artisanat",)


def test_what_a_person_is_not_known_for_is_asked_of_what_is_hinted_at() -> None:
    spoken = State(topics=("philippe_clerc",), people=("philippe_clerc",), attribute="definition")
    question = Question(attribute="example", hinted=("autres_iles",), points_at=("he",))
    assert RESOLVER.resolve(question, spoken).topics == ("autres_iles",)


def test_what_is_asked_of_two_spoken_of_asks_no_relation_between_them() -> None:
    spoken = State(topics=("pole_competitivite", "grappe_entreprises"), attribute="funding")
    asked = Question(attribute="members", form=YES_NO, narrowed_by=("food",))
    answers, _ = answer_all([asked], spoken, BASE)
    assert "pole_competitivite.partners" not in answers[0].ids
    answers, _ = answer_all([Question(attribute="evaluations", form=YES_NO, points_at=("they",))], spoken, BASE)
    assert answers[0].ids == ["pole_competitivite.evaluations"]


def test_a_person_pointed_at_is_asked_of_with_the_body_named() -> None:
    state = State(topics=("philippe_clerc",), attribute="author", people=("philippe_clerc",))
    for pointed, attribute in ((("he",), "definition"), (("it",), "president")):
        question = Question(attribute=attribute, topics=("cacima",), form=YES_NO, points_at=pointed)
        answers, _ = answer_all([question], state, BASE)
        assert [answer.verdict and answer.verdict.says for answer in answers] == ["no"]


def test_a_list_is_counted_off_after_two_of_it_were_compared() -> None:
    types = tuple(BASE.facts_of("cluster", "types")[0].value.topics)
    compared = State(topics=types[:2], attribute="difference", listed=types[:2], enumerated=types)
    found = RESOLVER.resolve(Question(points_at=("#3",)), compared)
    assert (found.topics, found.attribute) == ((types[3],), "definition")
    assert RESOLVER.resolve(Question(attribute="count", points_at=("#1",)), compared).topics == (types[1],)


def test_a_described_answer_is_asked_of_its_type() -> None:
    question = Question(attribute="funding", hinted=("fui", "pole_competitivite"), described="fui")
    assert RESOLVER.resolve(question, State()).topics == ("pole_competitivite",)


def test_a_type_hinted_at_is_meant_after_something_that_is_no_type() -> None:
    question = Question(attribute="outcome", hinted=("pole_competitivite",), words=("evaluation", "pole"))
    state = State(topics=("fui",), attribute="funding")
    assert RESOLVER.resolve(question, state).topics == ("pole_competitivite",)


def test_a_part_is_compared_with_the_one_spoken_of() -> None:
    second = State(topics=("ptce",), attribute="funding", part="second_call", said=("ptce.second_funding",))
    less = Question(attribute="funding", bound="less", points_at=("#0",), words=("less", "than", "first"))
    more = Question(attribute="funding", bound="more", points_at=("#0",), words=("more", "than", "first"))
    for question, says in ((less, "yes"), (more, "no")):
        answers, _ = answer_all([question], second, BASE)
        assert [answer.verdict and answer.verdict.says for answer in answers] == [says]


def test_per_cluster_is_of_the_type_spoken_of() -> None:
    question = Question(attribute="amount", topics=("cluster",), reckon="each")
    state = State(topics=("grappe_entreprises",), attribute="funding")
    assert RESOLVER.resolve(question, state).topics == ("grappe_entreprises",)


def test_a_sum_a_year_is_of_the_sum_just_said() -> None:
    question = Question(attribute="cost", numbers=(20000000,), yearly=True)
    state = State(topics=("grappe_entreprises",), attribute="management")
    answers, _ = answer_all([question], state, BASE)
    assert answers[0].ids == ["grappe_entreprises.funding"]
    assert answers[0].verdict
    assert answers[0].verdict.says == "no"


def test_what_is_named_is_compared_with_what_was_spoken_of_or_against_it() -> None:
    state = State(topics=("pole_competitivite",), attribute="date", said=("pole_competitivite.date",))
    asked = Question(attribute="date", topics=("grappe_entreprises",), form=COMPARE, by="date:first", whether=True)
    named = dataclasses.replace(asked, points_at=("it",), words=("grappe", "est", "plu", "ancien"))
    against = dataclasses.replace(asked, points_at=("it",), words=("is", "it", "older", "than", "grappe"))
    for question, says in ((named, "no"), (against, "yes")):
        answers, _ = answer_all([question], state, BASE)
        assert [answer.verdict and answer.verdict.says for answer in answers] == [says]


def test_which_came_first_chooses_none_by_its_place() -> None:
    two = ("pole_competitivite", "grappe_entreprises")
    state = State(topics=two, attribute="difference", listed=two)
    question = Question(attribute="results", form=COMPARE, by="date:first", points_at=("#0",), words=("which", "came"))
    answers, _ = answer_all([question], state, BASE)
    assert answers[0].ids == ["pole_competitivite.date", "grappe_entreprises.date"]


def test_how_many_types_asks_for_the_types() -> None:
    question = Question(attribute="count", form=HOW_MANY, words=("how", "many", "type"))
    assert RESOLVER.resolve(question, State(topics=("pole_competitivite",), attribute="date")).attribute == "types"


def test_a_sum_after_one_of_two_parts_is_of_both() -> None:
    state = State(topics=("ptce",), attribute="funding", part="second_call", said=("ptce.second_funding",))
    question = Question(attribute="funding", form=HOW_MANY, reckon="total", numbers=(5700000,), words=("in", "all"))
    answers, _ = answer_all([question], state, BASE)
    assert answers[0].verdict
    assert answers[0].verdict.says == "yes"


def test_who_wrote_is_asked_of_the_article_hinted_at() -> None:
    question = Question(attribute="author", hinted=("philippe_clerc", "bulletin"), points_at=("it",))
    found = RESOLVER.resolve(question, State(topics=("fui",), attribute="existence"))
    assert found.topics == ("philippe_clerc",)


def test_after_a_no_what_was_asked_of_stays_the_subject() -> None:
    here = Question(attribute="existence", topics=("saint_pierre_et_miquelon", "ptce"), form=YES_NO)
    answers, state = answer_all([here], State(topics=("ptce",), attribute="count"), BASE)
    assert [answer.verdict and answer.verdict.says for answer in answers] == ["no"]
    assert state.topics == ("ptce",)
    any_here = Question(attribute="existence", topics=("saint_pierre_et_miquelon",), form=YES_NO)
    assert answer_all([any_here], State(), BASE)[1].topics == ("cluster_maritime",)


def test_one_of_several_compared_is_meant_by_its_common_name() -> None:
    types = tuple(BASE.facts_of("cluster", "types")[0].value.topics)
    state = State(topics=types[:3], attribute="count", listed=types[:3])
    question = Question(attribute="count", hinted=(types[0],), points_at=("they",), words=("combien", "pole"))
    assert RESOLVER.resolve(question, state).topics == (types[0],)


def test_a_comparison_that_leaves_open_what_is_asked_asks_by_what_it_compares() -> None:
    state = State(topics=("pole_competitivite", "grappe_entreprises"), attribute="cost")
    question = Question(form=COMPARE, by="date:first", words=("which", "came", "first"))
    assert RESOLVER.resolve(question, state).attribute == "date"


def test_total_after_one_of_two_parts_is_of_what_was_asked_of_it() -> None:
    state = State(topics=("ptce",), attribute="funding", part="second_call", said=("ptce.second_funding",))
    question = Question(attribute="count", form=HOW_MANY, reckon="total", words=("total",))
    answers, _ = answer_all([question], state, BASE)
    assert answers[0].ids == ["ptce.first_funding", "ptce.second_funding"]


OF_CLUSTERS = State(topics=("cluster",), attribute="definition", said=("cluster.definition",))
OF_SECTORS = State(topics=("grappe_entreprises",), attribute="sectors", said=("grappe_entreprises.sectors",))
LISTED = State(topics=("grappe_entreprises",), attribute="definition", listed=("ptce", "grappe_entreprises"))
FISHING = ("peche_aquaculture",)


@pytest.mark.parametrize(
    ("asked", "state", "topics", "limits"),
    [
        # "does it take fishing too?"
        ({"attribute": "sectors", "topics": FISHING, "form": YES_NO}, OF_CLUSTERS, ("cluster",), ("fishing",)),
        # "and fishing?", after the sectors
        ({"topics": FISHING, "bare": True}, OF_SECTORS, ("grappe_entreprises",), ("fishing",)),
        # "which of the two takes local authorities?"
        (
            {"attribute": "definition", "topics": ("collectivite",), "form": WHICH, "points_at": ("of_them",)},
            LISTED,
            ("ptce", "grappe_entreprises"),
            ("local_authority",),
        ),
        # "is fishing a larger sector than services?"
        (
            {"attribute": "sectors", "topics": FISHING, "form": COMPARE, "by": ":last"},
            State(),
            ("saint_pierre_et_miquelon",),
            ("fishing", "main"),
        ),
        # what is told of fishing itself
        ({"attribute": "definition", "topics": FISHING}, OF_CLUSTERS, FISHING, ()),
        ({"attribute": "count", "topics": FISHING, "form": HOW_MANY}, OF_CLUSTERS, FISHING, ()),
    ],
)
def test_a_field_named_limits_what_is_asked_of_something_else(
    asked: Dict[str, Any], state: State, topics: Tuple[str, ...], limits: Tuple[str, ...]
) -> None:
    whole = RESOLVER.resolve(Question(**asked), state)
    assert (set(whole.topics), whole.narrowed_by) == (set(topics), limits)


@pytest.mark.parametrize(
    ("asked", "state", "topics", "attribute"),
    [
        # "what other funders?", of the FUI
        ({"attribute": "funding", "besides": True}, State(topics=("fui",)), ("pole_competitivite",), "funding"),
        # "can you list them?", of the types
        (
            {"attribute": "names", "points_at": ("they",)},
            State(topics=("cluster",), attribute="types"),
            ("cluster",),
            "types",
        ),
        # "could I join one?", of what nobody says how to join
        (
            {"attribute": "joining", "form": YES_NO},
            State(topics=("pole_innovation_artisanat",), attribute="definition"),
            ("pole_innovation_artisanat",),
            "suits",
        ),
        # "which of those are private?"
        (
            {"attribute": "existence", "topics": ("cluster_prive",), "form": WHICH, "points_at": ("of_them",)},
            State(topics=("cluster",), attribute="types"),
            ("cluster_prive",),
            "definition",
        ),
    ],
)
def test_what_is_asked_of_what_was_listed(
    asked: Dict[str, Any], state: State, topics: Tuple[str, ...], attribute: str
) -> None:
    whole = RESOLVER.resolve(Question(**asked), state)
    assert (whole.topics, whole.attribute) == (topics, attribute)


def test_companies_there_are_no_clusters_there() -> None:
    asked = Question(
        attribute="existence",
        topics=("saint_pierre_et_miquelon",),
        form=YES_NO,
        narrowed_by=("services",),
        words=("doe", "archipelago", "have", "lot", "service", "company"),
    )
    assert RESOLVER.resolve(asked, State()).attribute == "sectors"


@pytest.mark.parametrize(
    ("limits", "topics"),
    [((), ("pole_innovation_artisanat",)), (("national",), tuple(BASE.fact("cluster.types").value.topics))],
)
def test_which_themes_asks_of_the_one_type_spoken_of(limits: Tuple[str, ...], topics: Tuple[str, ...]) -> None:
    asked = Question(attribute="sectors", form=WHICH, points_at=("of_them",), narrowed_by=limits)
    state = State(topics=("pole_innovation_artisanat",), attribute="count")
    assert RESOLVER.resolve(asked, state).topics == topics


def test_the_total_of_both_calls_is_a_total_of_what_was_said_of_one() -> None:
    state = State(topics=("ptce",), attribute="funding", part="second_call", said=("ptce.second_funding",))
    asked = Question(attribute="count", reckon="sum", points_at=("both",), words=("total", "both"))
    whole = RESOLVER.resolve(asked, state)
    assert (whole.attribute, set(whole.narrowed_by)) == ("funding", {"first_call", "second_call"})
