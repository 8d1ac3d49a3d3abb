"""What a process has one of."""

from __future__ import annotations

import functools

from bot.desk.database import engine
from bot.desk.overlay import Overlay


@functools.cache
def overlay() -> Overlay:
    """Raises what SQLAlchemy raises."""
    return Overlay(engine())
