"""Who floods a conversation waits in it: everybody else is answered about as soon as before."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

from tests.conftest import ServedBot
from tests.durability.flood import flooding
from tests.durability.people import SETTINGS, TEXTS, apology_of
from tests.website_client import Visitor

AT_ONCE = 40
ASKED = 10  # messages; as many as a person may send at once


@pytest.mark.alone
@pytest.mark.parametrize("limited", [True, False], ids=["as deployed", "without limits"])
def test_others_are_answered_beside_one_who_floods(tmp_path: Path, limited: bool) -> None:
    """Without limits, the worst there is: all of the flood is queued, and each of its turns is taken."""
    settings = {**SETTINGS, **({"CACIMA_WEBSITE_PER_TOKEN": "20"} if limited else {})}
    bot = ServedBot(tmp_path, settings).start()
    try:
        flooder, one, other = (Visitor(bot.url) for _ in range(3))
        assert flooder.token
        alone = [asked(one, number) for number in range(ASKED)]
        with flooding(bot.url, flooder.token, AT_ONCE):
            while sum(said["from"] == "you" for said in flooder.history()) < 5:
                time.sleep(0.1)
            beside = [asked(other, number) for number in range(ASKED)]
        assert statistics.median(beside) < 4 * statistics.median(alone) + 0.1, (alone, beside)
        assert max(beside) < 3
    finally:
        bot.stop()


def asked(visitor: Visitor, number: int) -> float:
    """Seconds from a message to its answer."""
    begun = time.monotonic()
    assert apology_of(visitor.send(text=TEXTS[number % len(TEXTS)], language="en")) is None
    return time.monotonic() - begun
