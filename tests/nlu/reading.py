"""How unseen messages are read and scored: the trained model in this process, and the knowledge base behind it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Dict, List

import structlog
import yaml
from bot.nlu.questions import ASKED_BESIDE

from actions.answer import answers_to, asks_of_the_whole
from bot.knowledge.question import Context
from bot.runtime import adaptations

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ASK = ("ask_", "same_question")


def messages(language: str) -> List[Dict[str, Any]]:
    return list(yaml.safe_load((HERE / f"{language}.yml").read_text(encoding="utf-8")))


class Model:
    """The trained model. `read` gives Rasa's parse data, `ids` what would be said to it."""

    def __init__(self) -> None:
        adaptations.apply_before_import()
        from rasa.core.agent import Agent

        adaptations.apply()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        self._agent = Agent.load(str(ROOT / "models" / "cacima.tar.gz"))

    def read(self, text: str) -> Dict[str, Any]:
        from rasa.core.channels.channel import UserMessage

        processor = self._agent.processor
        assert processor is not None
        return asyncio.run(processor.parse_message(UserMessage(text)))

    @staticmethod
    def ids(parsed: Dict[str, Any]) -> List[str]:
        """Ids of the facts said, `nothing` where the bot would ask back or decline, else the intent."""
        name = parsed["intent"]["name"]
        if name == "nlu_fallback":
            return ["nothing"]
        if not name.startswith(ASK):
            return [name]
        answers, _ = answers_to(parsed["questions"], Context())
        said = [fact for answer in answers for fact in (["provenance"] if asks_of_the_whole(answer) else answer.ids)]
        return [*said, *(intent for intent in parsed.get("besides") or [] if intent in ASKED_BESIDE)] or ["nothing"]


def is_right(message: Dict[str, Any], ids: List[str]) -> bool:
    """All facts expected are said, or one of the equals; out of scope: no fact at all."""
    if message["expect"] == ["out_of_scope"]:
        return ids in (["out_of_scope"], ["nothing"])
    return set(message["expect"]) <= set(ids) or bool(set(message.get("or", [])) & set(ids))
