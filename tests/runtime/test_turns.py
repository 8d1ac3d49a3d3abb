"""Turns that would wait too long are not begun: the person is told to wait."""

from __future__ import annotations

import asyncio
from typing import Any, List, Tuple

import pytest
from rasa.core.channels.channel import UserMessage

from bot.runtime.turns import USUAL_PACE, WAITS_AT_MOST, Busy, Turns


class OneAtATime:
    """A handler that takes its time for each turn, and turns wait for each other."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._one = asyncio.Lock()

    async def __call__(self, message: UserMessage) -> str:
        async with self._one:
            await asyncio.sleep(self._seconds)
        return "answered"


async def at_once(turns: Turns, number: int) -> Tuple[int, List[Busy]]:
    """How many of so many turns at once were answered, and what the others were told."""
    given: List[Any] = await asyncio.gather(*(turns(UserMessage("x")) for _ in range(number)), return_exceptions=True)
    told = [each for each in given if isinstance(each, Busy)]
    assert len(told) + given.count("answered") == number, given
    return given.count("answered"), told


def test_a_few_are_answered_however_slow() -> None:
    async def play() -> Tuple[int, List[Busy]]:
        turns = Turns(OneAtATime(0.15), None)  # type: ignore[arg-type]
        for _ in range(3):
            await at_once(turns, 6)
        return await at_once(turns, 6)

    assert asyncio.run(play()) == (6, [])


def test_beyond_what_can_be_answered_soon_people_are_told_to_wait() -> None:
    async def play() -> Tuple[int, List[Busy], int]:
        turns = Turns(OneAtATime(0.002), None)  # type: ignore[arg-type]
        answered, told = await at_once(turns, 600)
        # They were quicker than was thought: more are let in now.
        return answered, told, (await at_once(turns, 600))[0]

    answered, told, later = asyncio.run(play())
    assert answered == WAITS_AT_MOST / USUAL_PACE + 1
    assert all(1 <= each.seconds <= 10 for each in told)
    assert later > answered


@pytest.mark.parametrize("fault", [RuntimeError, asyncio.CancelledError])
def test_turns_that_fail_are_under_way_no_longer(fault: Any) -> None:
    async def fails(message: UserMessage) -> None:
        raise fault

    async def play() -> int:
        turns = Turns(fails, None)  # type: ignore[arg-type]
        await asyncio.gather(*(turns(UserMessage("x")) for _ in range(50)), return_exceptions=True)
        return len(turns._under_way)

    assert asyncio.run(play()) == 0
