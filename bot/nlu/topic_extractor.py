"""The topics a message names, hints at or may describe, by topic_finder.py and topic_classifier.py."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import knowledge
from bot.knowledge.model import Topic
from bot.nlu.component import TrainedComponent
from bot.nlu.topic_classifier import TopicClassifier
from bot.nlu.topic_finder import OF_TRAINING, OTHER_SENSE, NameFinder, look_alikes
from bot.words.tokens import words_of

TOPIC = "topic"
TOPIC_SPANS = "topic_spans"  # on a message: [(start, end, kind)] of what names a topic, for masking
CUES = "topic_cues"  # on a message: ids of topics only hinted at, best first
GUESSES = (
    "topic_guesses"  # on a message: [(topic or NOTHING, chance)] it may describe, where it names none but a vague one
)
NAME_LANGUAGE = "name_language"  # on a message: the language its names belong to, where they tell it
NEAR_MISS = "near_miss"  # on a message: True where a near miss was named
_FOUND = "topics_found"  # on an example: the names and cues that training found in it, with the words it kept
_ASK = "ask_"
_SHORT_FOLLOW_UP = 5  # words


# Registered as a featurizer too: the examples must be read before they are tokenised.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class TopicExtractor(TrainedComponent):
    """Adds a `topic` entity for each name found. Training keeps the real words that look like slips."""

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._finder = NameFinder()
        self._classifier = TopicClassifier()

    def train(self, training_data: TrainingData) -> Resource:
        self._finder = NameFinder(frozenset(look_alikes(self._finder)), OF_TRAINING)
        for example in training_data.training_examples:
            if example.get(TEXT):
                example.set(_FOUND, self._finder.find(words_of(example.get(TEXT))))
        examples = training_data.intent_examples
        described = [(example.get(TEXT), example.get("described")) for example in examples if example.get("described")]
        bare = [example.get(TEXT) for example in examples if not example.get("described") and self._is_bare(example)]
        self._classifier.train(described, bare)
        return self.kept()

    def _is_bare(self, example: Message) -> bool:
        """An example that describes no topic: out of scope or about the talk itself, a short follow-up, or a question
        of what is named and no more ("what is a cluster?")."""
        names, cues = example.get(_FOUND)
        if names:
            return not cues and all(is_vague(topic) for topic, _, _ in names)
        asks = str(example.get(INTENT)).startswith(_ASK)
        return not asks or (not cues and len(example.get(TEXT).split()) <= _SHORT_FOLLOW_UP)

    def save(self, folder: Path) -> None:
        (folder / "real_words.json").write_text(json.dumps(sorted(self._finder.real_words)), encoding="utf-8")
        self._classifier.save(folder)

    def restore(self, folder: Path) -> None:
        real_words = json.loads((folder / "real_words.json").read_text(encoding="utf-8"))
        self._finder = NameFinder(frozenset(real_words))
        self._classifier = TopicClassifier.read(folder)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self._read(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for example in training_data.training_examples:
            if example.get(TEXT):
                self._name(example)
        return training_data

    def _name(self, message: Message) -> Tuple[List[Tuple[str, int, int]], List[str]]:
        """Marks the topics a message names; gives them, and the ids of its cues."""
        text = message.get(TEXT) or ""
        names, cues = message.get(_FOUND) or self._finder.find(words_of(text))
        topics = knowledge().topics
        entities, spans = [], []
        for topic, start, end in names:
            if topic == OTHER_SENSE:
                message.set(NEAR_MISS, True)
                spans.append((start, end, OTHER_SENSE))
                continue
            spans.append((start, end, mask(topics[topic])))
            entities.append(
                {
                    "entity": TOPIC,
                    "value": topic,
                    "start": start,
                    "end": end,
                    "extractor": self.__class__.__name__,
                }
            )
        message.set(NAME_LANGUAGE, self._finder.language(text, names))
        message.set(TOPIC_SPANS, spans)
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return names, cues

    def _read(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        names, cues = self._name(message)
        if all(is_vague(topic) or topic in _wholes() for topic, _, _ in names):
            message.set(GUESSES, self._classifier.guesses(text))
        message.set(CUES, cues)


def mask(topic: Topic) -> str:
    """What stands for a topic in the classifier's eyes: parts of a whole are asked about like any body."""
    if topic.kind in ("place", "concept") and topic.parent is not None:
        return "body"
    return {"programme": "body"}.get(topic.kind, topic.kind)


def is_vague(topic: str) -> bool:
    """The archipelago, the mere idea of a cluster, or the bulletin: a description beside it says more."""
    known = knowledge().topics.get(topic)
    return known is not None and known.is_general


@functools.cache
def _wholes() -> FrozenSet[str]:
    """Topics that have themes: a description beside them may mean one."""
    return frozenset(topic.parent for topic in knowledge().topics.values() if topic.kind == "theme" and topic.parent)
