"""How messages of the development sets are read: the trained model in this process, and what would be said to them."""

from __future__ import annotations

import asyncio
import functools
import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import structlog
import yaml

from bot.dialogue.exchange import answer_all
from bot.dialogue.state import State
from bot.knowledge.load import knowledge
from bot.knowledge.question import Question
from bot.runtime import adaptations
from bot.settings import YAML

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ASK = ("ask_", "same_question")
BESIDE = ("provenance", "human_handoff", "bot_challenge")


@functools.cache
def messages(language: str) -> List[Dict[str, Any]]:
    return list(yaml.load((HERE / f"{language}.yml").read_text(encoding="utf-8"), Loader=YAML))


class Model:
    """The trained model. `read` gives Rasa's parse data, `ids` what would be said to it."""

    def __init__(self) -> None:
        from rasa.core.agent import Agent

        adaptations.apply()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        self._agent = Agent.load(str(ROOT / "models" / "cacima.tar.gz"))

    def read(self, text: str) -> Dict[str, Any]:
        from rasa.core.channels.channel import UserMessage

        processor = self._agent.processor
        assert processor is not None
        return asyncio.run(processor.parse_message(UserMessage(text)))

    def ids(self, text: str, state: Optional[State] = None) -> Tuple[List[str], State]:
        """Ids of the facts said, `absent` and `choose` where no source says or a choice is offered, else the intent."""
        ids, _, after = self.answer(text, state or State())
        return ids, after

    def answer(self, text: str, state: State) -> Tuple[List[str], Optional[str], State]:
        """The same, with the verdict of the first answer where it is a yes or no."""
        parsed = self.read(text)
        name = parsed["intent"]["name"]
        if name == "nlu_fallback":
            return ["nothing"], None, state
        if not name.startswith(ASK):
            return [name], None, state
        answers, state = answer_all([Question.from_dict(q) for q in parsed["questions"]], state, knowledge())
        said = [fact for answer in answers for fact in (answer.ids or [answer.kind])]
        verdict = answers[0].verdict.says if answers and answers[0].verdict else None
        beside = [intent for intent in parsed.get("besides") or [] if intent in BESIDE]
        return [*said, *beside] or ["nothing"], verdict, state


def is_right(message: Dict[str, Any], ids: List[str]) -> bool:
    """All that is expected is said, or one of the equals; out of scope: no fact, or that no source tells."""
    equals = bool(set(message.get("or", [])) & set(ids))
    if message["expect"] == ["out_of_scope"]:
        return ids in (["out_of_scope"], ["nothing"]) or ids[0].endswith(".absent") or equals
    return set(message["expect"]) <= set(ids) or equals
