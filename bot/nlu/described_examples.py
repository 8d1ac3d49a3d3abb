"""More examples from those written: a topic's name put in other words.

People describe what they cannot name, and the words of a description mislead the classifier of intents ("the agency
that funds research" is no question of funding). So, in training only, some named examples are repeated with a
`described` phrase of the same topic in the name's place, or with what an example of data/nlu/*/described.yml marks as
one; the topic guesser learns from them too.
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import knowledge
from bot.knowledge.model import LANGUAGES
from bot.nlu.component import Component
from bot.nlu.topic_extractor import TOPIC
from bot.nlu.topic_finder import OF_TRAINING, NameFinder
from bot.words.tokens import words_of

DESCRIBED = "described"  # on an example made here: the id of the topic it describes
BARE = "ask_definition"  # what a description alone asks


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class DescribedExamples(Component):
    """Adds examples to the training data; leaves messages alone."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"share": 0.3, "bare": 2, "seed": 7}

    def process(self, messages: List[Message]) -> List[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        finder = NameFinder(remembered=OF_TRAINING)
        topics = knowledge().topics
        made: List[Message] = []
        metadata: Dict[str, Any] = {}
        phrases = {
            (topic, language): list(getattr(known.described, language))
            for topic, known in topics.items()
            for language in LANGUAGES
        }
        # Not `intent_examples`, which would remember that there were no more.
        written = [example for example in training_data.training_examples if example.get(TEXT) and example.get(INTENT)]
        for example in written:
            for topic, spoken, phrase in _written_out(example):
                phrases[topic, spoken].append(phrase)
        for known_phrases in phrases.values():
            known_phrases.sort()  # where an example is written changes nothing
        for example in written:
            language = _language(example)
            names, _ = finder.find(words_of(example.get(TEXT)))
            if example.get(DESCRIBED) or language is None or len(names) != 1 or names[0][0] not in topics:
                continue
            metadata[language] = example.get("metadata")
            topic, start, end = names[0]
            text = example.get(TEXT)
            chance = self._chance(text)
            if phrases[topic, language] and chance.random() < self._config["share"]:
                phrase = chance.choice(phrases[topic, language])
                made.append(_example(f"{text[:start]}{phrase}{text[end:]}", example.get(INTENT), topic, example))
        for (topic, spoken), known_phrases in phrases.items():
            chance = self._chance(f"{topic} {spoken}")
            for phrase in chance.sample(known_phrases, min(len(known_phrases), self._config["bare"])):
                made.append(_example(phrase, BARE, topic, Message({"metadata": metadata.get(spoken)})))
        # In place: Rasa's own `merge` copies and hashes every example again, for six seconds.
        training_data.training_examples.extend(made)
        return training_data

    def _chance(self, of: str) -> random.Random:
        """Chance of its own for each example: one more fact or phrase leaves what is made of the others as it was."""
        return random.Random(f"{self._config['seed']} {of}")


def _language(example: Message) -> Optional[str]:
    return ((example.get("metadata") or {}).get("intent") or {}).get("language")


def _written_out(example: Message) -> List[Tuple[str, str, str]]:
    """The (topic, language, phrase) an example marks as a description; the example is one of that topic."""
    language, text = _language(example), example.get(TEXT)
    marked = [entity for entity in example.get(ENTITIES, []) if entity["entity"] == TOPIC]
    if not marked or language is None:
        return []
    example.set(DESCRIBED, marked[0]["value"])
    example.set(ENTITIES, [])
    return [(entity["value"], language, text[entity["start"] : entity["end"]]) for entity in marked]


def _example(text: str, intent: str, topic: str, like: Message) -> Message:
    return Message({TEXT: text, INTENT: intent, DESCRIBED: topic, "metadata": like.get("metadata")})
