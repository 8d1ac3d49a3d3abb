"""The guide as data: questions, weights, advice and words (data/knowledge/guide.yml), checked when loaded."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Dict, List, Literal, Optional, Sequence, Tuple

import yaml
from pydantic import BaseModel, Extra, Field

from bot.knowledge.load import KNOWLEDGE, KnowledgeError, Problems, SourceFile, knowledge
from bot.knowledge.load import __file__ as _load_file
from bot.knowledge.model import KnowledgeBase, Text, Words
from bot.words.folding import fold

NOT = "!"  # before the id of an answer that was denied


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Choice(_Strict):
    """One answer to a criterion: what it weighs for each path; `up_to`: the largest number of people it stands for.

    words: what says it anywhere; whole: what says it alone; if_asked: what says it where its criterion is asked.
    """

    id: str
    label: Text
    said: Text
    not_said: Text
    words: Words
    whole: Words = Words()
    if_asked: Words = Words()
    values: List[str] = []
    weights: Dict[str, int]
    affirm: bool = False
    deny: bool = False
    rest: bool = False  # what is none of the others
    contrary: Optional[str] = None
    up_to: Optional[int] = None


class Criterion(_Strict):
    id: str
    question: Text
    explain: Text
    several: bool = False
    answers: List[Choice] = Field(min_items=2)

    @property
    def is_yes_or_no(self) -> bool:
        return any(answer.contrary is not None for answer in self.answers)

    def without_rest(self, answers: Sequence[str]) -> Tuple[str, ...]:
        """Answers, each once, without "something else" where one says what."""
        rest = {answer.id for answer in self.answers if answer.rest}
        said = {answer for answer in answers if not answer.startswith(NOT)} - rest
        return tuple(answer for answer in dict.fromkeys(answers) if not (said and answer in rest))

    def answer(self, answer_id: str) -> Choice:
        """The answer of that id, denied or not; KeyError if there is none."""
        for answer in self.answers:
            if answer.id == answer_id.lstrip(NOT):
                return answer
        raise KeyError(answer_id)


class Trait(_Strict):
    fr: str
    en: str
    source: Optional[str] = None

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class Advice(_Strict):
    """What is advised of a path, and whether anybody can enter it today."""

    standing: Literal["open", "by_joining", "closed", "ended", "unknown"]
    fits: Text
    closed: Optional[Text] = None
    source: List[str] = Field(min_items=1)


class Step(_Strict):
    """This week's step for a need; `bodies`: topics worth naming with it."""

    need: Optional[str] = None
    fr: str
    en: str
    bodies: List[str]

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


class NumberWords(_Strict):
    fr: Dict[str, int]
    en: Dict[str, int]


class GuideData(_Strict):
    paths: List[str]
    criteria: List[Criterion]
    traits: Dict[str, Dict[str, Trait]]
    advice: Dict[str, Advice]
    steps: List[Step]
    bodies: Dict[str, List[str]]
    mail_to: str
    people: Words
    companies: Words
    counting: Words
    collective: NumberWords
    negations: Words
    unneeded: Words
    idle: Words
    measures: Words
    sold_to: Words
    concluding: Words
    affirmed: Words
    contrasts: Words
    corrections: Words
    of_oneself: Words
    of_what_one_does: Words
    joined_to: Words
    own_places: Words
    possessive: Words
    wishes: Words
    undecided: Words
    being: Words
    unsaid: Words
    lacking: Words
    gone: Words
    wishing: Words
    instead: Words
    agreeing: Words
    refusing: Words
    exclaimed: Words
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
    words = SourceFile(path.with_name("guide_words.yml"), problems)
    data = file.build(GuideData, _with_words(file.value, words)) if file.value else None
    if data is not None:
        _check(data, file, base)
        _check_words(data, words)
    problems.raise_if_any()
    if data is None:
        raise KnowledgeError(str(path))
    return data


def _with_words(guide: Any, words: SourceFile) -> Any:
    """The guide with the words of guide_words.yml in its answers; what they name and it has not is a problem."""
    listed = {criterion: dict(answers) for criterion, answers in (words.value or {}).items()}
    for criterion in guide.get("criteria", ()):
        for answer in criterion.get("answers", ()):
            found = listed.get(criterion.get("id"), {}).pop(answer.get("id"), None)
            if found is not None:
                answer["if_asked"] = found
    for criterion, answers in listed.items():
        for answer in answers:
            words.problems.add(
                "dead_reference", words.path, words.line([criterion, answer]), key=criterion, target=answer
            )
    return guide


def _check(data: GuideData, file: SourceFile, base: KnowledgeBase) -> None:
    """Paths, topics, values and sources exist; what weighs much for a path can be explained by a trait of it."""
    for key, named in (("paths", data.paths), ("advice", list(data.advice)), ("traits", list(data.traits))):
        for name in named:
            if name not in base.topics or name not in data.paths:
                _dead(file, [key], key, name)
    for name, advice in data.advice.items():
        for source in advice.source:
            if source not in base.publications and source.split(".")[0] not in base.documents:
                _dead(file, ["advice", name], "source", source)
    of_steps = [body for step in data.steps for body in step.bodies]
    for body in [*of_steps, *(body for some in data.bodies.values() for body in some)]:
        if body not in base.topics:
            _dead(file, ["bodies"], "bodies", body)
    for number, criterion in enumerate(data.criteria):
        for place, answer in enumerate(criterion.answers):
            _check_answer(answer, criterion.id, ["criteria", number, "answers", place], data, file, base)


def _check_answer(
    answer: Choice, criterion: str, keys: List[object], data: GuideData, file: SourceFile, base: KnowledgeBase
) -> None:
    for value in answer.values:
        if value not in base.values:
            _dead(file, keys, "values", value)
    for name, weight in answer.weights.items():
        if name not in data.paths:
            _dead(file, keys, "weights", name)
        elif weight > 1 and criterion not in data.traits.get(name, {}):
            file.problems.add("missing", file.path, file.line(keys), key=f"traits.{name}.{criterion}")


def _check_words(data: GuideData, file: SourceFile) -> None:
    """A word answers a criterion in one way only."""
    for criterion in data.criteria:
        known = {fold(word): answer.id for answer in criterion.answers for word in answer.words.all()}
        for answer in criterion.answers:
            for word in answer.if_asked.all():
                if fold(word) in known:
                    line = file.line([criterion.id, answer.id])
                    file.problems.add("duplicate_alias", file.path, line, key=word, target=known[fold(word)])
                known[fold(word)] = answer.id


def _dead(file: SourceFile, keys: List[object], key: str, target: str) -> None:
    file.problems.add("dead_reference", file.path, file.line(keys), key=key, target=target)
