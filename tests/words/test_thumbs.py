"""Thumbs instead of words."""

from __future__ import annotations

from typing import Optional

import pytest

from bot.words.thumbs import thumb


@pytest.mark.parametrize(
    ("text", "up"),
    [
        ("👍", True),
        ("👎", False),
        (" 👍🏽 ", True),
        ("👎🏿👎🏿", False),
        ("👍\ufe0f", True),
        ("👍👎", None),
        ("👍 merci", None),
        ("🎉", None),
        ("\ufe0f", None),
        ("", None),
        ("oui", None),
    ],
)
def test_thumb(text: str, up: Optional[bool]) -> None:
    assert thumb(text) is up
