"""How a turn says that the conversation is to be erased: a mark on what the bot uttered.

The action only says so; the conversation is deleted where it would have been saved (bot/runtime/adaptations/
every_turn.py), so that the words that asked for it are never kept.
"""

from __future__ import annotations

from typing import Any

MARK = "erasure"  # a field of an utterance: ASKED or DONE
ASKED = "asked"
DONE = "done"

_able = False


def enable() -> None:
    """Called by whoever deletes what is marked DONE; before, nothing may be promised."""
    global _able
    _able = True


def can_erase() -> bool:
    return _able


def is_to_be_erased(tracker: Any) -> bool:
    """Whether the last turn of a tracker (Rasa's DialogueStateTracker) erased the conversation."""
    from rasa.shared.core.events import BotUttered, UserUttered

    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered) and (event.metadata or {}).get(MARK) == DONE:
            return True
    return False
