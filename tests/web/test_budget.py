"""Small and fast enough for a slow phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.conftest import ServedBot
from tests.web.measure_widget import ANSWERED_WITHIN, BUDGET, READY_WITHIN, sizes, speeds


def test_it_keeps_to_its_budget(stand_in: ServedBot) -> None:
    found = sizes(stand_in.url)
    assert found["gzip"] <= BUDGET
    assert found["br"] < found["gzip"] < found["identity"]


@pytest.mark.alone
def test_it_is_ready_and_answers_in_time_on_a_slow_phone(browser: Browser, stand_in: ServedBot) -> None:
    # The best of three: the machine may have been busy with something else.
    runs = [speeds(browser, stand_in.url) for _ in range(3)]
    assert min(run["ready"] for run in runs) <= READY_WITHIN, runs
    assert min(run["answered"] for run in runs) <= ANSWERED_WITHIN, runs
