"""Finds the topics a message names: the knowledge base's aliases, by spaCy's phrase matcher, then past typos.

Language plays no part here: people use French names in English and the other way round.
"""

from __future__ import annotations

import functools
import json
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

import spacy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.knowledge.load import digest, knowledge
from bot.knowledge.model import LANGUAGES
from bot.nlu.lemmas import lemma_table
from bot.nlu.lexicon import function_words
from bot.nlu.names import Word, is_function_word, name_stems, words_of

TOPIC = "topic"
TOPIC_SPANS = "topic_spans"  # on a message: [(start, end, kind)] of what names a topic, for masking
CUES = "topic_cues"  # on a message: ids of topics only hinted at, best first
NEAR_MISS = "near_miss"  # on a message: True where a near miss was named
_OTHER_SENSE = "other_sense"
_SHORTEST_TYPO = 4


def _allowed_distance(word: str) -> int:
    """How many slips of the finger a word of this length may hold."""
    return 1 if len(word) < 7 else 2


class NameFinder:
    """Finds names in words; `real_words` are spelt like a slip of a name but are words of their own."""

    def __init__(self, real_words: FrozenSet[str] = frozenset()) -> None:
        base = knowledge()
        self._vocab = spacy.blank("xx").vocab
        self._names = PhraseMatcher(self._vocab)
        self._cues = PhraseMatcher(self._vocab)
        self.stems: Set[str] = set()
        for topic in base.topics.values():
            self._add(self._names, topic.topic, topic.aliases.all())
            self._add(self._cues, topic.topic, topic.cues.all())
        self._add(self._names, _OTHER_SENSE, base.near_misses.all())
        self._known = self.stems | real_words
        self._long_stems = sorted(stem for stem in self.stems if len(stem) >= _SHORTEST_TYPO)

    def _add(self, matcher: PhraseMatcher, key: str, names: Iterable[str]) -> None:
        for stems in {tuple(name_stems(name)) for name in names}:
            self.stems |= set(stems)
            matcher.add(key, [Doc(self._vocab, words=list(stems))])

    @functools.lru_cache(maxsize=4096)
    def mend(self, stem: str) -> str:
        """The stem of a name a word is a slip of, or the word itself."""
        if len(stem) < _SHORTEST_TYPO or stem in self._known or stem in function_words() or stem.isdigit():
            return stem
        near = process.extract(stem, self._long_stems, scorer=OSA.distance, score_cutoff=_allowed_distance(stem), limit=5)
        if not near:
            return stem
        fewest = near[0][1]
        best = max((name for name, slips, _ in near if slips == fewest), key=lambda name: fuzz.ratio(stem, name))
        if len(stem) == _SHORTEST_TYPO and sorted(best) != sorted(stem):
            return stem
        return str(best)

    def find(self, words: Sequence[Word]) -> Tuple[List[Tuple[str, int, int]], List[str]]:
        """Names as (topic, start, end) in their order, longest first where they overlap; then ids of cues."""
        content = [word for word in words if not is_function_word(word)] or list(words)
        if not content:
            return [], []
        doc = Doc(self._vocab, words=[self.mend(word.stem) for word in content])
        spans = filter_spans(self._names(doc, as_spans=True))
        names = [(span.label_, content[span.start].start, content[span.end - 1].end) for span in spans]
        taken = {index for span in spans for index in range(span.start, span.end)}
        cues: List[Span] = [span for span in self._cues(doc, as_spans=True) if span.start not in taken]
        cues.sort(key=lambda span: (-(span.end - span.start), span.start))
        return names, list(dict.fromkeys(span.label_ for span in cues))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TopicExtractor(GraphComponent):
    """Adds a `topic` entity for each name found. Training keeps the real words that look like slips."""

    def __init__(self, storage: ModelStorage, resource: Resource, real_words: FrozenSet[str] = frozenset()) -> None:
        self._storage = storage
        self._resource = resource
        self._finder = NameFinder(real_words)

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "TopicExtractor":
        return cls(model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """A changed alias makes a new model."""
        return digest()

    def train(self, training_data: TrainingData) -> Resource:
        real_words = sorted(look_alikes(self._finder))
        with self._storage.write_to(self._resource) as folder:
            (folder / "real_words.json").write_text(json.dumps(real_words), encoding="utf-8")
        self._finder = NameFinder(frozenset(real_words))
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TopicExtractor":
        with model_storage.read_from(resource) as folder:
            real_words = json.loads((folder / "real_words.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, frozenset(real_words))

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self._read(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def _read(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        names, cues = self._finder.find(words_of(text))
        topics = knowledge().topics
        entities, spans = [], []
        for topic, start, end in names:
            if topic == _OTHER_SENSE:
                message.set(NEAR_MISS, True)
                spans.append((start, end, _OTHER_SENSE))
                continue
            spans.append((start, end, topics[topic].kind))
            entities.append(
                {
                    "entity": TOPIC,
                    "value": topic,
                    "start": start,
                    "end": end,
                    "extractor": self.__class__.__name__,
                }
            )
        message.set(TOPIC_SPANS, spans)
        message.set(CUES, cues)
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)


def look_alikes(finder: NameFinder) -> Set[str]:
    """Stems of real French and English words that would be mistaken for a slip of a topic's name.

    Read from spaCy's lemma tables, which list some 250,000 forms; needed for training only.
    """
    forms: Set[str] = set()
    for language in LANGUAGES:
        for form in lemma_table(language):
            forms |= {found.stem for found in words_of(form)}
    return {form for form in forms if finder.mend(form) != form}
