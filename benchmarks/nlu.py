"""Median milliseconds a trained model takes to read a message: `python -m benchmarks.nlu MODEL [stock]`."""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time

import structlog

from benchmarks.questions import QUESTIONS, STORY
from bot.runtime import adaptations


async def median(model: str, times: int = 100) -> float:
    """Milliseconds; one message in five is a story of two sentences."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(model).processor
    assert processor is not None
    texts = [*QUESTIONS, STORY]
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        await processor.parse_message(UserMessage(texts[number % len(texts)]))
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[len(texts) :])


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if sys.argv[2:] != ["stock"]:
        adaptations.apply_before_import()
        adaptations.apply()
    print(asyncio.run(median(sys.argv[1])))


if __name__ == "__main__":
    main()
