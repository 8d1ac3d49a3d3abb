"""Two hundred people who write at the same moment: each is answered soon or told to wait, and none gets an apology."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import aiohttp
import pytest

from tests.conftest import ServedBot
from tests.durability.people import POLITE_WITHIN, SETTINGS
from tests.website_client import Visitor

PEOPLE = 200


async def all_at_once(url: str, tokens: List[str]) -> List[Tuple[int, float, Dict[str, Any]]]:
    """Status, seconds and body of each answer."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def write(number: int, token: str) -> Tuple[int, float, Dict[str, Any]]:
            begun = time.monotonic()
            body = {"id": f"burst-{number:04}", "text": "What is a PTCE?", "language": "en"}
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(f"{url}/webhooks/website/messages", json=body, headers=headers) as answer:
                assert answer.status == 200 or answer.headers["Retry-After"].isdigit()
                return answer.status, time.monotonic() - begun, await answer.json()

        return await asyncio.gather(*(write(number, token) for number, token in enumerate(tokens)))


@pytest.mark.alone
def test_two_hundred_at_once(tmp_path: Path) -> None:
    # From this machine: no limit by address.
    bot = ServedBot(tmp_path, {**SETTINGS, "CACIMA_CONNECTIONS_PER_ADDRESS": "1000"}).start()
    try:
        tokens = [str(Visitor(bot.url).token) for _ in range(PEOPLE)]
        answers = asyncio.run(all_at_once(bot.url, tokens))
    finally:
        bot.stop()
    waits = sorted(seconds for status, seconds, _ in answers if status == 200)
    print(f"{len(waits)} answered, median {waits[len(waits) // 2]:.1f} s, longest {waits[-1]:.1f} s")
    assert {status for status, _, _ in answers} <= {200, 429}
    for status, _, body in answers:
        if status == 200:
            assert "PTCE" in body["messages"][0]["text"]
        else:
            assert "try again in" in body["message"]
    assert len(waits) >= PEOPLE / 4
    assert waits[-1] < POLITE_WITHIN
