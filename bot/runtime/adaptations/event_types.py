"""Event classes looked up in a table.

Replaces: rasa.shared.core.events.Event.resolve_by_type, which walks all subclasses for every event of every
conversation loaded (a long conversation spent half its time there).
"""

from __future__ import annotations

import functools


def apply() -> None:
    from rasa.shared.core.events import Event

    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=256)(Event.resolve_by_type))
