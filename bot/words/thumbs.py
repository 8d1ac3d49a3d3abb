"""A thumb sent instead of words."""

from __future__ import annotations

import unicodedata
from typing import Optional

_UP, _DOWN = "👍", "👎"
_AROUND = ("Sk", "Mn", "Cf")  # tones of skin, variation selectors, joiners


def thumb(text: str) -> Optional[bool]:
    """Whether a text that is nothing but thumbs points up; None for any other text, and for thumbs of both kinds."""
    thumbs = {char for char in text if not (char.isspace() or unicodedata.category(char) in _AROUND)}
    return thumbs == {_UP} if thumbs in ({_UP}, {_DOWN}) else None
