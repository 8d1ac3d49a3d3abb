"""A wish for a language, said in either."""

from __future__ import annotations

from typing import Optional

import pytest

from bot.dialogue.language import decide, named_language


@pytest.mark.parametrize(
    ("text", "language"),
    {
        "in English please": "en",
        "en français svp": "fr",
        "I don't speak French": "en",
        "je ne parle pas anglais": "fr",
        "parle français": "fr",
        "do you speak Portuguese?": "",
        "je ne parle pas espagnol": "",
        "combien de PTCE ?": None,
    }.items(),
)
def test_the_language_asked_for(text: str, language: Optional[str]) -> None:
    assert named_language(text) == language


@pytest.mark.parametrize(("confidence", "language"), [(0.9, "fr"), (0.2, "en")])
def test_a_wish_for_a_language_must_be_meant(confidence: float, language: str) -> None:
    intent = {"name": "choose_language", "confidence": confidence}
    message = {"text": "don't see how French money would come to me", "intent": intent, "language": {"name": "en"}}
    assert decide(message, "en", "detected")[0] == language
