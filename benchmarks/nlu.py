"""Median milliseconds a trained model takes to read a message: `python -m benchmarks.nlu MODEL [stock]`."""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from typing import List

import structlog
import yaml

from benchmarks.machine import ROOT
from bot.knowledge.model import LANGUAGES
from bot.runtime import adaptations


def unseen_messages() -> List[str]:
    """Those of tests/nlu: of every style, in both languages, each read once."""
    paths = [ROOT / "tests" / "nlu" / f"{language}.yml" for language in LANGUAGES]
    return [message["text"] for path in paths for message in yaml.safe_load(path.read_text(encoding="utf-8"))]


async def median(model: str) -> float:
    """Milliseconds a message."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(model).processor
    assert processor is not None
    taken = []
    for text in unseen_messages():
        begun = time.perf_counter()
        await processor.parse_message(UserMessage(text))
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if sys.argv[2:] != ["stock"]:
        adaptations.apply()
    print(asyncio.run(median(sys.argv[1])))


if __name__ == "__main__":
    main()
