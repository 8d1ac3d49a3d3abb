"""Words as the classifier sees them: abbreviations written out, cut by spaCy, folded, names of topics masked."""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Dict, List, Optional, Pattern

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.knowledge.load import digest
from bot.knowledge.model import LANGUAGES
from bot.nlu.language import LANGUAGE
from bot.nlu.lemmas import lemma_table
from bot.nlu.lexicon import lexicons
from bot.nlu.topics import TOPIC_SPANS
from bot.text import fold

_WORDLIKE = re.compile(r"\w")


@functools.lru_cache(maxsize=None)
def _spacy(language: str) -> Language:
    """spaCy's tokeniser of a language; none of its models are loaded."""
    return spacy.blank(language)


@functools.lru_cache(maxsize=None)
def _abbreviations(language: str) -> Pattern[str]:
    known = sorted(map(re.escape, lexicons()[language].abbreviations), key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(known)})(?![\w'-])")


def masked(text: str, spans: List[Any]) -> str:
    """A text with what names a topic replaced by a word for the topic's kind: `xbody`, `xperson`."""
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]} x{kind.replace('_', '')} {text[end:]}"
    return text


def plain(text: str, language: str) -> str:
    """Folded, with the language's abbreviations written out."""
    table = lexicons()[language].abbreviations
    return _abbreviations(language).sub(lambda found: table[found.group()], fold(text).replace("-", " "))


def words(text: str, language: str) -> List[str]:
    """The folded words of a text, elisions cut off ("qu'", "est")."""
    return [token.text for token in _spacy(language).tokenizer(plain(text, language)) if _WORDLIKE.search(token.text)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class BilingualTokenizer(Tokenizer):
    """Tokens in the message's language; `lemmas: true` gives them spaCy's lemma for the featurizers."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**Tokenizer.get_default_config(), "lemmas": True}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config)
        self._storage = storage
        self._resource = resource
        self._lemmas: Dict[str, Dict[str, str]] = {}

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "BilingualTokenizer":
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """A changed abbreviation makes a new model."""
        return digest()

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the lemma of every form that shares one with a word of the examples."""
        if self._config["lemmas"]:
            for language in LANGUAGES:
                table = lemma_table(language)
                seen = {
                    table.get(word, word)
                    for example in training_data.training_examples
                    if example.get(TEXT) and example.get(LANGUAGE)["name"] == language
                    for word in words(masked(example.get(TEXT), example.get(TOPIC_SPANS)), language)
                }
                self._lemmas[language] = {f: lemma for f, lemma in table.items() if lemma in seen and lemma != f}
        with self._storage.write_to(self._resource) as folder:
            (folder / "lemmas.json").write_text(json.dumps(self._lemmas), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "BilingualTokenizer":
        tokenizer = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            tokenizer._lemmas = json.loads((folder / "lemmas.json").read_text(encoding="utf-8"))
        return tokenizer

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Tokens of a message; offsets are those of the masked, written-out text."""
        text = message.get(attribute)
        if attribute != TEXT:
            return self._convert_words_to_tokens(text.split(), text)
        language = (message.get(LANGUAGE) or {}).get("name") or LANGUAGES[0]
        found = words(masked(text, message.get(TOPIC_SPANS) or []), language) or ["xnothing"]
        lemmas = self._lemmas.get(language, {})
        tokens, start = [], 0
        for word in found:
            tokens.append(Token(word, start, lemma=lemmas.get(word, word)))
            start += len(word) + 1
        return tokens
