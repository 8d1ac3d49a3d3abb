"""Work in a second process: its result, and its failure."""

from __future__ import annotations

import os

import pytest

from bot.nlu.beside import beside


def test_the_result_comes_from_another_process() -> None:
    asked = beside(os.getpid)
    assert asked() != os.getpid()


def test_a_failure_is_no_endless_wait() -> None:
    failing = beside(lambda: 1 / 0)
    with pytest.raises(EOFError):
        failing()
