"""What must hold of the ranking whatever is answered."""

from __future__ import annotations

from typing import Dict, List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guide.model import NOT, guide_data
from bot.guide.ranking import Ranking
from bot.guide.state import State

DATA = guide_data()
ONE = [(criterion.id, answer.id) for criterion in DATA.criteria for answer in criterion.answers]
DENIED = [(criterion, NOT + answer) for criterion, answer in ONE]


def to_answers(pairs: List[Tuple[str, str]]) -> Dict[str, Tuple[str, ...]]:
    """One answer a criterion, the last one given; several where several are right."""
    state = State()
    for criterion, answer in pairs:
        state = state.with_answers({criterion: (answer,)}, DATA)
    return dict(state.answers)


single = st.lists(st.sampled_from([*ONE, *DENIED]), max_size=7, unique_by=lambda pair: pair[0])


@given(single, st.randoms())
def test_order_changes_nothing(pairs: List[Tuple[str, str]], chance: object) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Ranking(DATA, to_answers(pairs)).ranked == Ranking(DATA, to_answers(shuffled)).ranked


@given(single, st.sampled_from(ONE))
def test_an_answer_adds_its_weight(pairs: List[Tuple[str, str]], extra: Tuple[str, str]) -> None:
    before = to_answers([pair for pair in pairs if pair[0] != extra[0]])
    after = {**before, extra[0]: (extra[1],)}
    weights = DATA.criterion(extra[0]).answer(extra[1]).weights
    for name in DATA.paths:
        change = Ranking(DATA, after).of(name).score - Ranking(DATA, before).of(name).score
        assert change == weights.get(name, 0)


@given(single, st.sampled_from(ONE))
def test_a_denial_never_raises(pairs: List[Tuple[str, str]], denied: Tuple[str, str]) -> None:
    before = to_answers([pair for pair in pairs if pair[0] != denied[0]])
    after = {**before, denied[0]: (NOT + denied[1],)}
    for name in DATA.paths:
        assert Ranking(DATA, after).of(name).score <= Ranking(DATA, before).of(name).score


@given(st.data())
@settings(max_examples=60)
def test_it_ends_within_seven_questions(data: st.DataObject) -> None:
    state = State()
    for _ in range(DATA.most_questions):
        criterion = Ranking(DATA, state.answers).next_question()
        if criterion is None:
            return
        known = [(answer.id,) for answer in criterion.answers]
        state = state.with_answers({criterion.id: data.draw(st.sampled_from([*known, ()]))}, DATA)
    assert Ranking(DATA, state.answers).next_question() is None


@given(single)
def test_explanations_follow_from_the_scores(pairs: List[Tuple[str, str]]) -> None:
    answers = to_answers(pairs)
    for ranked in Ranking(DATA, answers).ranked:
        assert all(reason.weight > 0 for reason in ranked.reasons)
        assert all(reason.weight < 0 for reason in ranked.against)
        for reason in (*ranked.reasons, *ranked.against):
            assert reason.answer in answers[reason.criterion]


def test_a_path_that_fell_cannot_come_first_any_more() -> None:
    ranking = Ranking(DATA, {"need": ("takeover",), "with": ("with_nobody",)})
    assert ranking.ranked[0].path == "cacima"
    assert "cacima" in ranking.remaining()


def test_needs_come_first() -> None:
    assert Ranking(DATA, {}).next_question() == DATA.criteria[0]
    assert DATA.criteria[0].id == "need"


def test_going_back_and_correcting() -> None:
    state = State().with_answers({"size": ("size_small",)}, DATA).with_answers({"size": ("size_medium",)}, DATA)
    assert state.answers["size"] == ("size_medium",)
    before = state.back()
    assert before is not None
    assert before.answers["size"] == ("size_small",)
    assert State.from_json(state.as_json()) == state


def test_a_denial_takes_the_place_of_what_was_said() -> None:
    state = State().with_answers({"need": ("customers", "money")}, DATA)
    state = state.with_answers({"need": (NOT + "money",)}, DATA)
    assert state.answers["need"] == ("customers", NOT + "money")


@pytest.mark.parametrize(
    ("before", "then", "kept"),
    [
        (("with_nobody",), ("with_companies",), ("with_companies",)),
        (("with_companies", "with_authority"), ("with_nobody",), ("with_nobody",)),
        (("with_nobody",), (NOT + "with_companies",), ("with_nobody", NOT + "with_companies")),
    ],
)
def test_nobody_and_somebody_exclude_each_other(
    before: Tuple[str, ...], then: Tuple[str, ...], kept: Tuple[str, ...]
) -> None:
    state = State().with_answers({"with": before}, DATA).with_answers({"with": then}, DATA)
    assert state.answers["with"] == kept


def test_something_else_stands_beside_no_trade() -> None:
    state = State().with_answers({"activity": ("other",)}, DATA).with_answers({"activity": ("social_services",)}, DATA)
    assert state.answers["activity"] == ("social_services",)
