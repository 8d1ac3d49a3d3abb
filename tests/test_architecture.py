"""docs/architecture.md names modules that exist, and the path it draws is the one a message takes."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, Set

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATH = PAGE.split("## The path of a message")[1].split("```")[1]
NAMED = sorted(set(re.findall(r"\b(?:bot|actions)(?:\.[a-z_]+)+\b", PATH)))
# What a served bot adds around a turn: the website's tests go through these.
AROUND = {"bot.channels", "bot.runtime.http_head", "bot.runtime.connections", "bot.runtime.turns", "bot.store.locks"}


@pytest.mark.parametrize("module", NAMED)
def test_a_module_named_exists(module: str) -> None:
    name = module.removesuffix(".Question")
    assert importlib.util.find_spec(name) is not None


def test_every_room_is_named() -> None:
    rooms = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert {room for room in rooms if f"bot/{room}/" not in PAGE} == set()


def passed_through(tmp_path: Path) -> Set[str]:
    """The modules that a turn calls, from what is given to Rasa's agent to what is kept."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.lock_store import InMemoryLockStore
    from sqlalchemy.engine.url import URL

    from bot.runtime.actions import InProcessActions
    from bot.runtime.adaptations import every_turn
    from bot.runtime.responses import TypesetResponses
    from bot.store.conversations import ConversationStore

    seen: Set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.add(str(frame.f_globals.get("__name__", "")))

    store = ConversationStore(url=URL.create("sqlite", database=str(tmp_path / "conversations.db")))
    threading.setprofile(note)  # before the actions' thread begins
    try:
        agent = Agent.load(
            str(ROOT / "models" / "cacima.tar.gz"),
            action_endpoint=InProcessActions(enable_selective_domain=True),
            tracker_store=store,
            lock_store=InMemoryLockStore(),
            generator=TypesetResponses(),
        )
        every_turn.apply()
        channel = CollectingOutputChannel()
        message = UserMessage("What is a PTCE?", channel, "me", input_channel="rest")
        seen.clear()
        sys.setprofile(note)
        asyncio.run(agent.handle_message(message))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
        store.close()
    assert channel.messages
    return seen


def test_a_message_passes_what_is_drawn(tmp_path: Path) -> None:
    drawn = {module for module in NAMED if not any(module.startswith(around) for around in AROUND)}
    missing = {module.removesuffix(".Question") for module in drawn} - passed_through(tmp_path)
    assert missing == set()
