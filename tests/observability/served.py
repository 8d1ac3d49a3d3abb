"""A served bot's log and counters, read."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from typing import Any, Dict, List

from tests.conftest import ServedBot


def lines(bot: ServedBot) -> List[Dict[str, Any]]:
    """The log's JSON lines; anything else in it but the line that says the bot is ready is a fault."""
    found = []
    for text in bot.log.read_text(encoding="utf-8").splitlines():
        if not text.startswith("Ready on "):
            found.append(json.loads(text))
    return found


def turns(bot: ServedBot, count: int) -> List[Dict[str, Any]]:
    """The last `count` turns logged, once they are."""
    begun = time.monotonic()
    while True:
        found = [line for line in lines(bot) if line["event"] == "turn"]
        if len(found) >= count or time.monotonic() - begun > 10:
            return found[-count:]
        time.sleep(0.05)


def exposition(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        return str(response.read().decode())


def samples(port: int) -> Dict[str, float]:
    """{"name{labels}": value} of our own counters."""
    found = re.findall(r"^(cacima_\S+?(?:\{.*\})?) (\S+)$", exposition(port), re.MULTILINE)
    return {name: float(value) for name, value in found}
