"""A wish for a language, said in either."""

from __future__ import annotations

from typing import Optional

import pytest

from bot.dialogue.language import named_language


@pytest.mark.parametrize(
    ("text", "language"),
    {
        "in English please": "en",
        "en français svp": "fr",
        "I don't speak French": "en",
        "je ne parle pas anglais": "fr",
        "parle français": "fr",
        "combien de PTCE ?": None,
    }.items(),
)
def test_the_language_asked_for(text: str, language: Optional[str]) -> None:
    assert named_language(text) == language
