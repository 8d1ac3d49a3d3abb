"""Whole dialogues through the served bot, comparing the words said. Both languages hold the same scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import pytest
import yaml

from tests.conftest import ServedBot

HERE = Path(__file__).parent
SCENARIOS = sorted(HERE.glob("??/*.yml"))


def test_both_languages_hold_the_same_scenarios() -> None:
    assert [p.name for p in sorted((HERE / "fr").glob("*.yml"))] == [
        p.name for p in sorted((HERE / "en").glob("*.yml"))
    ]
    for path in (HERE / "fr").glob("*.yml"):
        other = HERE / "en" / path.name
        assert len(load(path)["turns"]) == len(load(other)["turns"]), path.name


def load(path: Path) -> Dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_conversation(bot: ServedBot, path: Path) -> None:
    sender = f"conversation-{path.parent.name}-{path.stem}"
    for number, turn in enumerate(load(path)["turns"]):
        messages = bot.say(sender, turn["say"])
        reply = "\n".join(message.get("text", "") for message in messages).replace("\u00a0", " ").replace("\u202f", " ")
        for words in turn.get("says", []):
            assert words in reply, f"turn {number}: {turn['say']!r} was answered {reply!r}"
        for words in turn.get("never", []):
            assert words not in reply, f"turn {number}: {turn['say']!r} was answered {reply!r}"
        titles = [button["title"] for message in messages for button in message.get("buttons", [])]
        for title in turn.get("buttons", []):
            assert title in [shown.replace("\u00a0", " ") for shown in titles], f"turn {number}: buttons {titles}"
