"""What is kept of a conversation survives as JSON and drops what it does not know."""

from __future__ import annotations

import json

from bot.dialogue.state import State


def test_a_state_survives_json() -> None:
    state = State(
        topics=("ptce", "cluster"),
        attribute="count",
        offered=(("PTCE", '/ask_count{"topic": "ptce"}'),),
        misses=1,
        introduced=True,
    )
    assert State.from_dict(json.loads(json.dumps(state.as_dict()))) == state


def test_what_is_empty_is_not_kept() -> None:
    assert set(State().as_dict()) <= {"form"}
    assert State.from_dict(State().as_dict()) == State()


def test_what_an_older_version_kept_is_left_out() -> None:
    assert State.from_dict({"topics": ["ptce"], "gone": 1}) == State(topics=("ptce",))
    assert State.from_dict(None) == State()
