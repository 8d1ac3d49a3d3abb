"""Tells French from English: a small classifier of characters, trained with the other examples.

Names of topics are left out before looking, as both languages use them; a message with fewer than two words left
decides nothing, and at most gives a hint.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.model import LANGUAGES
from bot.nlu.component import TrainedComponent
from bot.nlu.linear_classifier import LinearTextClassifier
from bot.nlu.topic_extractor import NAME_LANGUAGE, TOPIC_SPANS
from bot.words.folding import fold
from bot.words.lexicon import lexicons

_BORROWED = "fr"  # the official names are French, and are used in English as they stand: they tell nothing
LANGUAGE = "language"  # on a message: {"name": "fr"|"en", "confidence": 0..1, "decided": bool, "hint": bool}
_SURE_OF_A_WORD, _SURELY, _HINTED = 0.9, 0.97, 0.6
_SHORT = 3  # letters of a message that tells little of its language
_ACCENT = re.compile(r"[àâçéèêëîïôùûüœ]", re.IGNORECASE)  # an accent is typed on purpose, even in a name
_WORD = re.compile(r"[^\W\d_]+(?:'(?=\w))?|'\w+")


def telling_words(message: Message) -> List[str]:
    """The folded words of a message that may tell its language: names of topics left out."""
    text = message.get(TEXT) or ""
    for start, end, _ in sorted(message.get(TOPIC_SPANS) or [], reverse=True):
        text = f"{text[:start]} 0 {text[end:]}"
    return _WORD.findall(fold(text))


def _without_greeting(words: List[str]) -> List[str]:
    """The words after a greeting, which may be in the other language ("Bonjour, who launched them?")."""
    greetings = {word for lexicon in lexicons().values() for word in lexicon.courtesies}
    rest = words
    while len(rest) > _SHORT and rest[0] in greetings:
        rest = rest[1:]
    return rest


def _opened(words: List[str], name: str, confidence: float) -> Tuple[str, float]:
    """The language a message opens in, where it is mixed: "c'est quoi France Clusters, a ministry?" is French."""
    if confidence >= _SURELY:
        return name, confidence
    first = " ".join(words[:3]).replace("' ", "'") + " "
    opens = [
        language
        for language, lexicon in lexicons().items()
        if any(
            first.startswith(word if word.endswith("'") else f"{word} ")
            for word in [*lexicon.question_words, *lexicon.openers]
        )
    ]
    return (opens[0], max(confidence, _SURELY)) if len(opens) == 1 and opens[0] != name else (name, confidence)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageDetector(TrainedComponent):
    """Sets LANGUAGE on each message; a clause speaks the language of its message."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"decided_from": 0.8}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._decided_from = float(config["decided_from"])
        self._model: Optional[LinearTextClassifier] = None

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the `metadata: {language: ..}` of each intent's examples."""
        texts, labels = [], []
        for example in training_data.intent_examples:
            language = ((example.get("metadata") or {}).get("intent") or {}).get("language")
            words = telling_words(example)
            if language in LANGUAGES and words:
                texts.append(" ".join(words))
                labels.append(language)
        self._model = LinearTextClassifier([{"analyzer": "char_wb", "ngram_range": [1, 4], "min_df": 2}])
        self._model.fit(texts, labels, C=1.0, sharpness=2.2, balance=1.0)
        return self.kept()

    def save(self, folder: Path) -> None:
        assert self._model is not None
        self._model.save(folder)

    def restore(self, folder: Path) -> None:
        self._model = LinearTextClassifier.read(folder)

    def process(self, messages: List[Message]) -> List[Message]:
        whole: Optional[Dict[str, Any]] = None
        for message in messages:
            if whole is None or message.get("clauses") is not None:
                whole = self.detect(message)
            message.set(LANGUAGE, whole, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for example in training_data.training_examples:
            if example.get(TEXT):
                language = ((example.get("metadata") or {}).get("intent") or {}).get("language")
                example.set(LANGUAGE, {"name": language or LANGUAGES[0], "confidence": 1.0, "decided": True})
        return training_data

    def detect(self, message: Message) -> Dict[str, Any]:
        """The likelier language of a message, how sure, and whether that decides or only hints."""
        words = _without_greeting(telling_words(message))
        named = message.get(NAME_LANGUAGE)
        named = named if named != _BORROWED else None
        accented = bool(_ACCENT.search(message.get(TEXT) or ""))
        if not words or self._model is None:
            hint = bool(named) or accented
            return {"name": named or LANGUAGES[0], "confidence": 0.0, "decided": False, "hint": hint}
        name, confidence = self._model.best(" ".join(words))
        name, confidence = _opened(words, name, confidence)
        if accented and name != _BORROWED and confidence < _SURELY:
            return {"name": _BORROWED, "confidence": 0.0, "decided": False, "hint": True}
        decided = confidence >= self._decided_from and (len(words) >= 2 or confidence >= _SURE_OF_A_WORD)
        enough = _HINTED if len("".join(words)) > _SHORT else _SURE_OF_A_WORD  # "yo" is said in both
        hint = decided or confidence >= enough or any(word in lexicons()[name].telling for word in words)
        if named and not hint:
            name, hint = named, True
        if accented and not hint:
            name, hint = _BORROWED, True
        return {"name": name, "confidence": confidence, "decided": decided, "hint": hint}
