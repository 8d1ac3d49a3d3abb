"""Words as the classifier sees them: abbreviations written out, cut by spaCy, folded, names of topics masked."""

from __future__ import annotations

import functools
import re
from typing import Any, Dict, List, Pattern

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.tokenizer import Tokenizer as SpacyTokenizer
from spacy.util import compile_prefix_regex

from bot.knowledge.model import LANGUAGES
from bot.nlu.component import Component
from bot.nlu.language_detector import LANGUAGE
from bot.nlu.reference import masked_ordinals
from bot.nlu.topic_extractor import TOPIC_SPANS
from bot.words.folding import fold
from bot.words.lexicon import lexicons

_WORDLIKE = re.compile(r"\w")


# French elision as a prefix of its own. spaCy's French rules know it too, but take four seconds of every start to
# load, and gained nothing on folded text (docs/decisions/0005).
_ELISION = r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'"


@functools.cache
def _tokenizer() -> SpacyTokenizer:
    """spaCy's language-independent tokeniser, taught elision."""
    blank = spacy.blank("xx")
    tokenizer = blank.tokenizer
    assert isinstance(tokenizer, SpacyTokenizer)
    tokenizer.prefix_search = compile_prefix_regex([*(blank.Defaults.prefixes or ()), _ELISION]).search
    return tokenizer


@functools.cache
def _abbreviations(language: str) -> Pattern[str]:
    known = sorted(map(re.escape, lexicons()[language].abbreviations), key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(known)})(?![\w'-])")


def masked(text: str, spans: List[Any]) -> str:
    """A text with what names a topic replaced by a word for the topic's kind: `xbody`, `xperson`."""
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]} x{kind.replace('_', '')} {text[end:]}"
    return text


def plain(text: str, language: str) -> str:
    """Folded, with the language's abbreviations written out and ordinals that point back masked."""
    table = lexicons()[language].abbreviations
    text = masked_ordinals(fold(text), language).replace("-", " ")
    return _abbreviations(language).sub(lambda found: table[found.group()], text)


def words(text: str, language: str) -> List[str]:
    """The folded words of a text, elisions cut off ("qu'", "est")."""
    return [token.text for token in _tokenizer()(plain(text, language)) if _WORDLIKE.search(token.text)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BilingualTokenizer(Component, Tokenizer):
    """Tokens in the message's language. Lemmas were measured and gained nothing (docs/decisions/0005)."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def __init__(self, config: Dict[str, Any]) -> None:
        Tokenizer.__init__(self, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokens of the texts; nothing asks for those that Rasa makes of intents."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                example.set(TOKENS_NAMES[TEXT], self.tokenize(example, TEXT))
        return training_data

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Tokens of a message; offsets are those of the masked, written-out text."""
        text = message.get(attribute)
        if attribute != TEXT:
            return self._convert_words_to_tokens(text.split(), text)
        language = (message.get(LANGUAGE) or {}).get("name") or LANGUAGES[0]
        found = words(masked(text, message.get(TOPIC_SPANS) or []), language)
        return self._convert_words_to_tokens(found, " ".join(found))
