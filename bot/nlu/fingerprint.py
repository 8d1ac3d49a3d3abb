"""What a trained component depends on beyond its own class, so that Rasa's cache never keeps a stale one."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from bot.knowledge.load import digest


@functools.cache
def data_and_code() -> str:
    """A fingerprint of the knowledge, the lexicons and the code that reads messages."""
    total = hashlib.sha256(digest().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()
