"""Personas through the served bot, by free text and by buttons, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
import yaml

from bot.guide.model import guide_data
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from tests.conftest import ServedBot

PERSONAS: List[Dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "personas.yml").read_text(encoding="utf-8"))
START = {"fr": "Quel cluster pour moi ?", "en": "Which cluster is right for me?"}
UNSURE = {"fr": "je ne sais pas", "en": "I don't know"}
MOST_TURNS = 9  # the start, seven questions, one to spare


def recommended(messages: List[Dict[str, Any]], language: str) -> str:
    """The path a reply recommends, or an empty string."""
    text = "\n".join(message.get("text", "") for message in messages)
    speaker = Speaker(guide_data(), knowledge(), language)
    return next((path for path in guide_data().paths if speaker.fits(path) in text), "")


def walk(bot: ServedBot, sender: str, language: str, first: str, answer: Callable[[List[Dict[str, Any]]], str]) -> str:
    """The path recommended to somebody who begins with `first` and goes on with `answer`."""
    messages = bot.say(sender, START[language])
    said = first
    for _ in range(MOST_TURNS):
        messages = bot.say(sender, said or answer(messages))
        said = ""
        found = recommended(messages, language)
        if found:
            return found
    raise AssertionError(f"no recommendation within {MOST_TURNS} turns: {messages}")


def accepted(persona: Dict[str, Any]) -> List[str]:
    return [persona["first"], persona.get("or", persona["first"])]


def test_enough_personas() -> None:
    assert len(PERSONAS) >= 30
    assert {persona["first"] for persona in PERSONAS} == set(guide_data().paths)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["name"])
def test_by_free_text(bot: ServedBot, persona: Dict[str, Any], language: str) -> None:
    sender = f"text-{language}-{persona['name']}"
    assert walk(bot, sender, language, persona[language], lambda _: UNSURE[language]) in accepted(persona)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["name"])
def test_by_buttons(bot: ServedBot, persona: Dict[str, Any], language: str) -> None:
    def press(messages: List[Dict[str, Any]]) -> str:
        payloads = [button["payload"] for message in messages for button in message.get("buttons", [])]
        for payload in payloads:
            choice = json.loads(payload[payload.index("{") :])
            if persona["answers"].get(choice["criterion"]) == choice["value"]:
                return str(payload)
        return next(payload for payload in payloads if '"skip"' in payload)

    assert walk(bot, f"button-{language}-{persona['name']}", language, "", press) in accepted(persona)
