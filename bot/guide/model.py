"""The guide as data: criteria, answers, weights, traits and words (data/knowledge/guide.yml), checked when loaded."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Dict, List, Optional

import yaml
from pydantic import BaseModel, Extra, Field

from bot.knowledge.load import KNOWLEDGE, KnowledgeError, Problems, SourceFile, knowledge
from bot.knowledge.load import __file__ as _load_file
from bot.knowledge.model import KnowledgeBase, Text, Words


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Choice(_Strict):
    """One answer to a criterion: what it weighs for each type; `up_to`: the largest number of people it stands for."""

    id: str
    label: Text
    said: Text
    words: Words
    weights: Dict[str, int]
    affirm: bool = False
    deny: bool = False
    up_to: Optional[int] = None


class Criterion(_Strict):
    id: str
    question: Text
    explain: Text
    several: bool = False
    answers: List[Choice] = Field(min_items=2)

    def answer(self, answer_id: str) -> Choice:
        """The answer of that id; KeyError if there is none."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        raise KeyError(answer_id)


class Trait(_Strict):
    fr: str
    en: str
    page: int = Field(ge=1)

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Recommended(_Strict):
    facts: List[str]
    here: Text


class NumberWords(_Strict):
    fr: Dict[str, int]
    en: Dict[str, int]


class GuideData(_Strict):
    types: List[str]
    criteria: List[Criterion]
    traits: Dict[str, Dict[str, Trait]]
    recommended: Dict[str, Recommended]
    steps: List[Text]
    mail_to: str
    numbers: NumberWords
    people: Words
    controls: Dict[str, Words]
    lead: int = Field(ge=1)
    enough: int = Field(ge=1)
    most_questions: int = Field(ge=1, le=7)
    fits_from: int
    wording: Dict[str, Text]

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion of that id; KeyError if there is none."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)


@functools.cache
def guide_data() -> GuideData:
    """The project's guide, read once. Raises KnowledgeError."""
    return load_guide(KNOWLEDGE / "guide.yml", knowledge())


def load_guide(path: Path, base: KnowledgeBase) -> GuideData:
    """Read and check a guide file against a knowledge base. Raises KnowledgeError with every problem found."""
    texts = yaml.safe_load((Path(_load_file).parent / "problems.yml").read_text(encoding="utf-8"))
    problems = Problems(texts)
    file = SourceFile(path, problems)
    data = file.build(GuideData, file.value) if file.value else None
    if data is not None:
        _check(data, file, base)
    problems.raise_if_any()
    if data is None:
        raise KnowledgeError(str(path))
    return data


def _check(data: GuideData, file: SourceFile, base: KnowledgeBase) -> None:
    """Types and facts exist; what counts for a type can be explained by a trait of it."""
    for key, named in (("types", data.types), ("recommended", list(data.recommended)), ("traits", list(data.traits))):
        for name in named:
            if name not in base.topics or name not in data.types:
                file.problems.add("dead_reference", file.path, file.line([key]), key=key, target=name)
    facts = {fact.id for topic in base.topics.values() for fact in topic.facts}
    for name, recommended in data.recommended.items():
        for fact in recommended.facts:
            if fact not in facts:
                line = file.line(["recommended", name])
                file.problems.add("dead_reference", file.path, line, key="facts", target=fact)
    for number, criterion in enumerate(data.criteria):
        for place, answer in enumerate(criterion.answers):
            line = file.line(["criteria", number, "answers", place])
            for name, weight in answer.weights.items():
                if name not in data.types:
                    file.problems.add("dead_reference", file.path, line, key="weights", target=name)
                elif weight > 1 and criterion.id not in data.traits.get(name, {}):
                    file.problems.add("missing", file.path, line, key=f"traits.{name}.{criterion.id}")
