"""More examples from those written: a topic's name put in other words.

People describe what they cannot name, and the words of a description mislead the classifier of intents ("the agency
that funds research" is no question of funding). So, in training only, some named examples are repeated with a
`described` phrase of the same topic in the name's place; the topic guesser learns from them too.
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import knowledge
from bot.nlu.fingerprint import data_and_code
from bot.nlu.names import words_of
from bot.nlu.topics import NameFinder

DESCRIBED = "described"  # on an example made here: the id of the topic it describes
BARE = "ask_definition"  # what a description alone asks


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DescribedExamples(GraphComponent):
    """Adds examples to the training data; leaves messages alone."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"share": 0.3, "bare": 2, "seed": 7}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DescribedExamples:
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Changed descriptions make other examples."""
        return data_and_code()

    def process(self, messages: List[Message]) -> List[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        chance, finder = random.Random(self._config["seed"]), NameFinder()
        topics = knowledge().topics
        made: List[Message] = []
        metadata: Dict[str, Any] = {}
        for example in training_data.intent_examples:
            language = ((example.get("metadata") or {}).get("intent") or {}).get("language")
            names, _ = finder.find(words_of(example.get(TEXT)))
            if language is None or len(names) != 1 or names[0][0] not in topics:
                continue
            metadata[language] = example.get("metadata")
            topic, start, end = names[0]
            phrases = getattr(topics[topic].described, language)
            if phrases and chance.random() < self._config["share"]:
                text = example.get(TEXT)
                made.append(
                    _example(f"{text[:start]}{chance.choice(phrases)}{text[end:]}", example.get(INTENT), topic, example)
                )
        for language, kept in metadata.items():
            for topic, known in topics.items():
                phrases = getattr(known.described, language)
                for phrase in chance.sample(phrases, min(len(phrases), self._config["bare"])):
                    made.append(_example(phrase, BARE, topic, Message({"metadata": kept})))
        return training_data.merge(TrainingData(training_examples=made))


def _example(text: str, intent: str, topic: str, like: Message) -> Message:
    return Message({TEXT: text, INTENT: intent, DESCRIBED: topic, "metadata": like.get("metadata")})
