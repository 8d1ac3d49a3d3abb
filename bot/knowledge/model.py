"""What the bot knows, as plain immutable values. No Rasa, no YAML, no wording."""

from __future__ import annotations

import datetime
from typing import Any, Dict, List, Literal, Optional, Union

from pydantic import AnyHttpUrl, BaseModel, Extra, Field, validator

from bot.settings import LANGUAGES as LANGUAGES

Language = Literal["fr", "en"]
Day = Union[datetime.date, str]  # a day, or as much as is known of it: "2023-05", "2023"


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False
        smart_union = True
        allow_population_by_field_name = True


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


class NamedValue(_Strict):
    """A value that facts and questions share: an activity, a kind of member, a place, a level, one of two calls."""

    kind: Literal["activity", "member", "place", "level", "status", "aim", "part"]
    fr: str
    en: str
    broader: Optional[str] = None
    topic: Optional[str] = None  # the topic that is a case of it
    words: Words

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Value(_Strict):
    """The typed value of a fact; what it leaves out is unknown.

    values: named values it includes. covers: kinds of value it includes whole ("all activities"). excludes: named
    values it rules out. topics: topics it names. closed: nothing else than `values` and `topics` belongs to it. partly:
    it holds of a part only. roughly: its number is no exact one.
    """

    number: Optional[int] = None
    numbers: List[int] = []
    unit: Optional[str] = None
    euros: Optional[int] = None
    date: Optional[str] = None
    dates: List[str] = []
    is_: Optional[bool] = Field(default=None, alias="is")
    values: List[str] = []
    covers: List[str] = []
    excludes: List[str] = []
    topics: List[str] = []
    closed: bool = False
    partly: bool = False
    roughly: bool = False

    def all_numbers(self) -> List[int]:
        return [n for n in (self.number, self.euros, *self.numbers) if n is not None]

    def all_dates(self) -> List[str]:
        return [*([self.date] if self.date else []), *self.dates]


class Link(_Strict):
    """An address named in an answer; `of`: the year it was printed, where it has most likely died since."""

    name: str
    url: AnyHttpUrl
    of: Optional[int] = None


class Since(_Strict):
    """What holds since the document; `after` replaces it from the day after `until`."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)
    value: Value = Value()
    source: List[str] = []
    as_of: Day
    until: Optional[datetime.date] = None
    after: Optional[Text] = None

    @validator("source", pre=True)
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def on(self, today: datetime.date) -> Text:
        """What to say on a day."""
        if self.until is not None and self.after is not None and today > self.until:
            return self.after
        return Text(fr=self.fr, en=self.en)


class Fact(_Strict):
    """One answerable statement.

    about: the narrower question it answers ("craft companies"). absent: it says that no source answers. if_yes, if_no,
    if_not_said: what is said instead where a value was asked about; `{value}` names it. plain: in simple words.
    presents: the topic that it makes known, of which "it" is asked next.
    """

    id: str
    topic: str
    attribute: str
    about: List[str] = []
    value: Value = Value()
    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)
    plain: Optional[Text] = None
    if_yes: Optional[Text] = None
    if_no: Optional[Text] = None
    if_not_said: Optional[Text] = None
    absent: bool = False
    presents: Optional[str] = None
    source: List[str]
    links: List[Link] = []
    since: Optional[Since] = None
    checked: datetime.date

    @validator("source", pre=True)
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Topic(_Strict):
    """Something people ask about, and the facts known of it; the words that name it stand in data/lexicon/topics."""

    topic: str = Field(regex=r"^[a-z][a-z0-9_]*$")
    kind: Literal["concept", "cluster_type", "theme", "body", "programme", "place", "person", "document"]
    gender: Optional[Literal["feminine", "masculine"]] = None
    parent: Optional[str] = None
    name: Text
    named: Text  # in a sentence, with its article
    checked: datetime.date
    facts: List[Fact]
    aliases: Words = Words()
    cues: Words = Words()
    nouns: Words = Words()  # common nouns that point at it ("that fund")
    described: Words = Words()

    @property
    def is_general(self) -> bool:
        """The archipelago, the mere idea of a cluster, or the bulletin: anything named beside it says more."""
        return self.kind in ("concept", "place", "document") and self.parent is None


class Document(_Strict):
    name: Text
    title: Text
    year: int
    pages: int
    checked: datetime.date


class Publication(_Strict):
    name: Union[str, Text]
    date: Optional[Day] = None
    level: Literal["official", "press"]
    url: Optional[AnyHttpUrl] = None
    checked: datetime.date

    def called(self, language: str) -> str:
        return self.name[language] if isinstance(self.name, Text) else self.name


class Attribute(_Strict):
    """What can be asked of a topic (data/knowledge/attributes.yml says what the fields mean)."""

    label: Text
    phrase: Text
    same: List[str] = []
    near: List[str] = []
    of: Optional[str] = None
    otherwise: Optional[str] = None
    nobody: bool = False
    nouns: Words = Words()


class KnowledgeBase(_Strict):
    topics: Dict[str, Topic]
    attributes: Dict[str, Attribute]
    values: Dict[str, NamedValue]
    documents: Dict[str, Document]
    publications: Dict[str, Publication]
    near_misses: Words
    wording: Dict[str, Text]

    def fact(self, fact_id: str) -> Fact:
        """The fact of that id; KeyError if there is none."""
        topic = self.topics[fact_id.split(".", 1)[0]]
        for fact in topic.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(fact_id)

    def facts_of(self, topic: str, attribute: str) -> List[Fact]:
        return [fact for fact in self.topics[topic].facts if fact.attribute == attribute]

    def has(self, topic: str, attribute: str) -> bool:
        """Whether a topic answers an attribute, or one that asks the same."""
        known = self.attributes.get(attribute)
        return any(self.facts_of(topic, name) for name in (attribute, *(known.same if known else ())))

    def parts_of(self, topic: str) -> List[str]:
        """The parts of a topic that facts tell apart (its first call, its second), in their order in the data."""
        about = {name for fact in self.topics[topic].facts for name in fact.about}
        return [name for name, value in self.values.items() if value.kind == "part" and name in about]

    def with_broader(self, value: str) -> List[str]:
        """A value and those it is a case of, narrowest first."""
        chain: List[str] = []
        at: Optional[str] = value
        while at is not None and at not in chain:
            chain.append(at)
            at = self.values[at].broader
        return chain
