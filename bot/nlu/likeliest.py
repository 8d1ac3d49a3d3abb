"""Weighs what a message may ask by what the knowledge base can answer.

"How they are organised" asked of a body that has no such fact is likelier another question; and a description that
fits two topics means the one of which the question makes sense.
"""

from __future__ import annotations

import functools
from typing import Any, Dict, List, Optional, Sequence, Tuple

from bot.knowledge.load import knowledge
from bot.knowledge.meant import UPDATE

ASK = "ask_"
OUT = "out_of_scope"
NOTHING = "nothing"
_NEARLY, _ONLY_FACT, _NO_FACT = 0.5, 0.4, 0.15  # how plausible a question is that no fact answers as asked

Ranking = List[Dict[str, Any]]  # [{"name": intent, "confidence": 0..1}], best first
Guesses = Sequence[Tuple[str, float]]  # topics described, with their chances; NOTHING among them


@functools.cache
def plausibility(topic: str, aspect: str) -> float:
    """How much sense it makes to ask this aspect of this topic, 0..1."""
    base = knowledge()
    facts = base.topics[topic].facts
    if aspect == UPDATE:
        return 1.0 if any(fact.update for fact in facts) else _NEARLY
    if aspect not in base.aspects or base.facts_of(topic, aspect):
        return 1.0
    if any("." not in other and base.facts_of(topic, other) for other in base.aspects[aspect].instead):
        return _NEARLY
    return _ONLY_FACT if len(facts) == 1 else _NO_FACT


def weigh(ranking: Ranking, topics: Sequence[str]) -> Ranking:
    """The ranking of intents once it is known which topics are meant; confidences still add up as before."""
    if not topics or not any(_asks(guess) for guess in ranking):
        return ranking
    weights = [
        max(plausibility(topic, _aspect(guess)) for topic in topics) if _asks(guess) else 1.0 for guess in ranking
    ]
    weighed = [guess["confidence"] * weight for guess, weight in zip(ranking, weights, strict=True)]
    scale = sum(guess["confidence"] for guess in ranking) / (sum(weighed) or 1.0)
    again = [
        {"name": guess["name"], "confidence": confidence * scale}
        for guess, confidence in zip(ranking, weighed, strict=True)
    ]
    return sorted(again, key=lambda guess: -guess["confidence"])


def described(guesses: Guesses, ranking: Ranking) -> Tuple[Optional[str], float]:
    """The topic a message likeliest describes, given what it may ask, and its chance; None where nothing is."""
    asked = [guess for guess in ranking if _asks(guess)]
    total = sum(guess["confidence"] for guess in asked)
    if not guesses or not total:
        return None, 0.0

    def sense(topic: str) -> float:
        if topic == NOTHING:
            return 0.5
        return sum(guess["confidence"] * plausibility(topic, _aspect(guess)) for guess in asked) / total

    chances = [(topic, chance * sense(topic)) for topic, chance in guesses]
    best, chance = max(chances, key=lambda pair: pair[1])
    return (None if best == NOTHING else best), chance / sum(chance for _, chance in chances)


def _asks(guess: Dict[str, Any]) -> bool:
    return str(guess["name"]).startswith(ASK)


def _aspect(guess: Dict[str, Any]) -> str:
    return str(guess["name"])[len(ASK) :]
