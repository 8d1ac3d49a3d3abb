"""Tells what is asked: a linear classifier of words and characters, for both languages at once.

Rasa's own LogisticRegressionClassifier takes counts only and no regularisation strength; tf-idf weights were worth five
points on unseen messages (docs/decisions/0003).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import TrainedComponent
from bot.nlu.linear_classifier import PAIRS, LinearTextClassifier
from bot.nlu.spelling import Spelling, misspelt
from bot.settings import LANGUAGES
from bot.words.folding import fold
from bot.words.wordlists import known_words

RANKED = 6
OUT = "out_of_scope"
UNKNOWN_WORDS = "unknown_words"  # on a message: folded words that no example holds, however they are mended
MENDED = "mended"  # on a message: folded words with a slip of the finger, and the known words they stand for


def _words(message: Message) -> str:
    return " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(TrainedComponent):
    """Sets the intent and the five likeliest intents of each message, from its tokens."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"word_ngrams": 2, "char_ngrams": 4, "C": 0.5, "balance": 0.1, "sharpness": 5.7}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model: Optional[LinearTextClassifier] = None
        self._spelling = Spelling({})
        self._slips: Dict[str, str] = {}

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = LinearTextClassifier(
            [
                {"analyzer": "word", "ngram_range": [1, self._config["word_ngrams"]], "min_df": 2},
                {"analyzer": PAIRS, "min_df": 2},
                {"analyzer": "char_wb", "ngram_range": [2, self._config["char_ngrams"]], "min_df": 3},
            ]
        )
        texts = [_words(example) for example in examples]
        settings = {name: self._config[name] for name in ("C", "balance", "sharpness")}
        self._model.fit(texts, [example.get(INTENT) for example in examples], **settings)
        real = {fold(form) for language in LANGUAGES for form in known_words(language)}
        self._slips = misspelt(self._model.rarity(), real)
        return self.kept()

    def save(self, folder: Path) -> None:
        assert self._model is not None
        self._model.save(folder)
        (folder / "slips.json").write_text(json.dumps(self._slips, sort_keys=True), encoding="utf-8")

    def restore(self, folder: Path) -> None:
        self._model = LinearTextClassifier.read(folder)
        self._slips = json.loads((folder / "slips.json").read_text(encoding="utf-8"))
        self._spelling = Spelling(self._model.rarity(), self._slips)

    def process(self, messages: List[Message]) -> List[Message]:
        if self._model is None:
            return messages
        names = self._model.labels
        for message in messages:
            row = self._chances(self._model, _words(message))
            best = row.argsort()[::-1][:RANKED]
            ranking = [{"name": names[i], "confidence": float(row[i])} for i in best]
            message.set(UNKNOWN_WORDS, self._spelling.unknown(_words(message)))
            message.set(MENDED, self._spelling.mended(_words(message)))
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _chances(self, model: LinearTextClassifier, typed: str) -> np.ndarray:
        """A text read with its slips mended; but it is as much out of scope as what is typed, as rare words that are no
        slips ("raisin") are mended too."""
        mended = self._spelling.mend(typed)
        if mended == typed:
            return model.chances([typed])[0]
        as_typed, row = model.chances([typed, mended])
        out = model.labels.index(OUT) if OUT in model.labels else None
        if out is not None and as_typed[out] > row[out]:
            row = row * (1 - as_typed[out]) / (1 - row[out])
            row[out] = as_typed[out]
        return row
