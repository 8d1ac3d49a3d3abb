"""Classifies a topic that is described rather than named ("the network for craftspeople").

Learnt from the `described` phrases, names and cues of the topic files; what speaks of no topic is learnt from the
examples that are out of scope or go without one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from bot.knowledge.load import knowledge
from bot.nlu.linear_classifier import LinearTextClassifier
from bot.words.tokens import is_function_word, words_of

GUESSED = 5
NOTHING = "nothing"  # the label of what describes no topic
_VIEWS: List[Dict[str, Any]] = [
    {"analyzer": "word", "ngram_range": [1, 2]},
    {"analyzer": "char_wb", "ngram_range": [3, 4], "min_df": 3},
]


def stems(text: str) -> str:
    """The stems of a text's telling words."""
    return " ".join(word.stem for word in words_of(text) if not is_function_word(word))


class TopicClassifier:
    """`train` or `read`, then `guesses`."""

    def __init__(self) -> None:
        self._model: Optional[LinearTextClassifier] = None

    def train(self, described: List[Tuple[str, str]], about_nothing: List[str]) -> None:
        """Learns from the knowledge base, from (text, topic id) pairs, and from texts that speak of no topic."""
        pairs: List[Tuple[str, str]] = [(stems(text), NOTHING) for text in about_nothing]
        pairs += [(stems(text), topic) for text, topic in described]
        for topic in knowledge().topics.values():
            phrases = [*topic.described.all(), *topic.aliases.all(), *topic.cues.all()]
            pairs += [(stems(phrase), topic.topic) for phrase in phrases]
        pairs = [(text, label) for text, label in pairs if text]
        self._model = LinearTextClassifier(_VIEWS)
        self._model.fit([text for text, _ in pairs], [label for _, label in pairs], C=0.5, sharpness=5.0)

    def guesses(self, text: str) -> List[Tuple[str, float]]:
        """The likeliest topics described (NOTHING among them), best first, and how likely each is."""
        if self._model is None:
            return []
        row = self._model.chances([stems(text)])[0]
        return [(self._model.labels[index], float(row[index])) for index in row.argsort()[::-1][:GUESSED]]

    def save(self, folder: Path) -> None:
        if self._model is not None:
            self._model.save(folder)

    @classmethod
    def read(cls, folder: Path) -> TopicClassifier:
        guesser = cls()
        guesser._model = LinearTextClassifier.read(folder)
        return guesser
