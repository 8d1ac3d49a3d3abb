"""Cleans what a person typed and cuts it into clauses, so that each can be read by itself."""

from __future__ import annotations

import functools
import re
from typing import Any, Dict, List, Pattern

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.commands import is_allowed_command
from bot.nlu.lexicon import lexicons

LONGEST = 1000  # characters read of a message; a question needs far fewer
CLAUSES = "clauses"  # set on the whole message: how many clause messages follow it
MOST_CLAUSES = 8

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f​-‏‪-‮⁦-⁩﻿]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_SENTENCE_END = re.compile(r"(?<=[?!;…])\s+|(?<=\w{3}[.:])\s+|\s*\n+\s*|(?<=[a-z0-9à-ÿ]\?)(?=\w)")


def clean(text: str) -> str:
    """Text fit to be read: no control characters, tags or leading slash, at most LONGEST characters."""
    text = _UNPRINTABLE.sub(" ", _TAG.sub(" ", text[: 4 * LONGEST]))
    return " ".join(text[:LONGEST].split()).lstrip("/ ")


@functools.lru_cache(maxsize=None)
def _joint() -> Pattern[str]:
    """Where a second question begins: a comma or a joining word, then a word questions begin with."""
    joiners = sorted({j for lex in lexicons().values() for j in lex.joiners}, key=len, reverse=True)
    openers = sorted({o for lex in lexicons().values() for o in lex.openers}, key=len, reverse=True)
    joined = "|".join(map(re.escape, joiners))
    opened = "|".join(map(re.escape, openers))
    return re.compile(
        rf"(?:\s*,\s*(?:(?:{joined})\s+)?|\s+(?:{joined})\s+)(?=(?:{opened})(?:\b|(?<=')))", re.IGNORECASE
    )


def split(text: str) -> List[str]:
    """The clauses of a cleaned text, in order; one where there is nothing to cut."""
    clauses = []
    for sentence in _SENTENCE_END.split(text):
        clauses += [part.strip(" ,") for part in _joint().split(sentence or "")]
    return [clause for clause in clauses if re.search(r"\w", clause)][:MOST_CLAUSES]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Puts one message a clause behind the whole message; QuestionReader joins their readings again."""

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "ClauseSplitter":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Messages as typed in; each cleaned, followed by its clauses where it has several."""
        read: List[Message] = []
        for message in messages:
            typed = message.get(TEXT) or ""
            if is_allowed_command(typed):
                message.set(CLAUSES, 0)
                read.append(message)
                continue
            text = clean(typed)
            clauses = split(text)
            if len(clauses) < 2:
                clauses = []
            message.set(TEXT, text, add_to_output=True)
            message.set(CLAUSES, len(clauses))
            read += [message, *(Message.build(clause) for clause in clauses)]
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are single clauses already."""
        return training_data
