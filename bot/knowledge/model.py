"""What the bot knows, as plain immutable values. No Rasa, no YAML, no wording."""

from __future__ import annotations

import datetime
from typing import Dict, List, Literal, Optional, Union

from pydantic import AnyHttpUrl, BaseModel, Extra, Field

LANGUAGES = ("fr", "en")
Language = Literal["fr", "en"]
AsOf = Union[datetime.date, int]


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False
        smart_union = True


class Text(_Strict):
    """One sentence, or a name, in every language."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Words(_Strict):
    """Words people type, by language; an empty list where a language needs none."""

    fr: List[str] = []
    en: List[str] = []

    def all(self) -> List[str]:
        return [*self.fr, *self.en]


class PageSource(_Strict):
    """A page of one of the documents in sources.yml."""

    document: str
    page: int = Field(ge=1)


class PublishedSource(_Strict):
    """A published page: its address, or its name where no address was kept."""

    url: Optional[AnyHttpUrl] = None
    text: Optional[Text] = None


class Update(_Strict):
    """What has changed since the document; `translated_from` is the French `en` was made from."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)
    translated_from: str = Field(min_length=1)
    source: PublishedSource
    as_of: AsOf
    confidence: Literal["high", "medium"]

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Fact(_Strict):
    """One answerable statement: its sentence in both languages, its source, its date, its update."""

    id: str
    topic: str
    aspect: str
    when: Optional[Words] = None  # said only if the question holds one of these words
    value: Optional[Union[int, float, str, datetime.date]] = None
    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)
    source: Union[PageSource, PublishedSource]
    as_of: Optional[AsOf] = None
    unverified: bool = False  # an address of 2015 nobody has checked since
    choices: List[str] = []  # topics offered as buttons below the answer
    update: Optional[Update] = None

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Topic(_Strict):
    """Something people ask about, the ways they name it, and the facts known of it."""

    topic: str = Field(regex=r"^[a-z][a-z0-9_]*$")
    kind: Literal["concept", "cluster_type", "theme", "body", "programme", "place", "person", "document"]
    parent: Optional[str] = None
    name: Text
    short: Optional[Text] = None
    aliases: Words
    cues: Words = Words()
    pronouns: Words = Words()  # what stands for a person, or a part ("that fund"), once that or its whole was named
    described: Words = Words()  # ways to mean the topic without naming it, learnt by bot.nlu.guesser
    facts: List[Fact]

    @property
    def label(self) -> Text:
        return self.short or self.name


class DocumentDate(_Strict):
    iso: AsOf
    fr: str
    en: str

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Document(_Strict):
    title: Text
    as_of: DocumentDate
    pages: int


class Aspect(_Strict):
    """What can be asked of a topic; `instead` names the aspects that answer nearly the same question.

    place_first: asked of a type and of a place together, the place's fact answers. sounds_like: the topics its usual
    words hint at, which are not meant.
    """

    label: Text
    instead: List[str] = []
    place_first: bool = False
    sounds_like: List[str] = []


class KnowledgeBase(_Strict):
    topics: Dict[str, Topic]
    aspects: Dict[str, Aspect]
    documents: Dict[str, Document]
    near_misses: Words
    wording: Dict[str, Text]

    def fact(self, fact_id: str) -> Fact:
        """The fact of that id; KeyError if there is none."""
        topic = self.topics[fact_id.split(".", 1)[0]]
        for fact in topic.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(fact_id)

    def facts_of(self, topic: str, aspect: str) -> List[Fact]:
        return [fact for fact in self.topics[topic].facts if fact.aspect == aspect]

    def holders_of(self, aspect: str) -> List[str]:
        """Ids of the topics that have a fact of this aspect."""
        return [t.topic for t in self.topics.values() if any(f.aspect == aspect for f in t.facts)]
