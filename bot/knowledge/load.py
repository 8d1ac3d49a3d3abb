"""Read data/knowledge, check it, and say where and how to mend what is wrong.

Every problem names the file, the line and the mend, in French and in English (the words are in problems.yml).
"""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Type, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.knowledge.model import (
    LANGUAGES,
    Aspect,
    Document,
    Fact,
    KnowledgeBase,
    PageSource,
    PublishedSource,
    Text,
    Topic,
    Words,
)
from bot.text import fold

DATA = Path(__file__).resolve().parents[2] / "data"
KNOWLEDGE = DATA / "knowledge"

_EMAIL_LIKE = re.compile(r"[^\s,;:()«»“”]*@[^\s,;:()«»“”]*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\.?")
_URL_LIKE = re.compile(r"(?:https?:|www\.)\S*")
_URL = re.compile(r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[^\s]*)?")

Model = TypeVar("Model", bound=BaseModel)


class KnowledgeError(ValueError):
    """The knowledge files cannot be used; the message lists every problem, one a line."""


class Problems:
    """Collects what is wrong, so that one run shows everything."""

    def __init__(self, texts: Dict[str, Dict[str, str]]) -> None:
        self._texts = texts
        self.found: List[str] = []

    def add(self, kind: str, path: Path, line: int, **values: object) -> None:
        text = self._texts[kind]
        where = f"{path.name if not path.is_absolute() else _shown(path)}:{line}"
        said = " / ".join(text[language].format(**values) for language in LANGUAGES)
        self.found.append(f"{where}: {said}")

    def raise_if_any(self) -> None:
        if self.found:
            raise KnowledgeError("\n".join(self.found))


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(DATA.parent))
    except ValueError:
        return str(path)


class SourceFile:
    """A YAML file, its value, and the line each key or item stands on."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self.value: Any = None
        self._node: Optional[yaml.Node] = None
        try:
            text = path.read_text(encoding="utf-8")
            self._node = yaml.compose(text, Loader=yaml.SafeLoader)
            self.value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problems.add("yaml", path, mark.line + 1 if mark else 1, detail=getattr(error, "problem", "") or "YAML")
        except (OSError, UnicodeDecodeError) as error:
            problems.add("unreadable", path, 1, detail=error.__class__.__name__)
        if self._node is not None and not isinstance(self.value, dict):
            problems.add("not_a_mapping", path, 1)
            self.value = None

    def line(self, keys: Sequence[object]) -> int:
        """The line of the deepest part of `keys` that exists (a missing key: its parent's line)."""
        node = self._node
        line = 1
        for key in keys:
            step = _step(node, key)
            if step is None:
                break
            node, line = step
        return line

    def build(self, model: Type[Model], value: Any, keys: Sequence[object] = ()) -> Optional[Model]:
        try:
            return model.parse_obj(value)
        except ValidationError as error:
            for one in error.errors():
                loc = [*keys, *one["loc"]]
                kind = {"value_error.missing": "missing", "value_error.extra": "unknown"}.get(one["type"], "value")
                self.problems.add(kind, self.path, self.line(loc), key=loc[-1], detail=one["msg"])
            return None


def _step(node: Optional[yaml.Node], key: object) -> Optional[Tuple[yaml.Node, int]]:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == key:
                return value_node, key_node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key].start_mark.line + 1
    return None


def digest(folder: Path = DATA) -> str:
    """A fingerprint of the knowledge and lexicon files, for a model to know whether it is stale."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("knowledge/**/*.yml")) + sorted(folder.glob("lexicon/*.yml")):
        total.update(str(path.relative_to(folder)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


@functools.cache
def knowledge() -> KnowledgeBase:
    """The project's knowledge base, read once. Raises KnowledgeError."""
    return load(KNOWLEDGE)


def load(folder: Path) -> KnowledgeBase:
    """Read and check a knowledge folder. Raises KnowledgeError with every problem found."""
    problems = Problems(yaml.safe_load((Path(__file__).parent / "problems.yml").read_text(encoding="utf-8")))
    documents = _table(folder / "sources.yml", "documents", Document, problems)
    aspects = _table(folder / "aspects.yml", "aspects", Aspect, problems)
    wording = _table(folder / "wording.yml", "wording", Text, problems)
    misses_file = SourceFile(folder / "near_misses.yml", problems)
    misses = misses_file.build(Words, misses_file.value.get("near_misses")) if misses_file.value else None
    topics: Dict[str, Topic] = {}
    files: Dict[str, SourceFile] = {}
    for path in sorted((folder / "topics").glob("*.yml")):
        file = SourceFile(path, problems)
        topic = _topic(file) if file.value else None
        if topic is None:
            continue
        if topic.topic != path.stem:
            problems.add("file_name", path, file.line(["topic"]), expected=f"{topic.topic}.yml")
        topics[topic.topic] = topic
        files[topic.topic] = file
    facts = {fact.id for topic in topics.values() for fact in topic.facts}
    for key, aspect in aspects.items():
        dead = [other for other in aspect.instead if other not in aspects and other not in facts]
        for other in [*dead, *(topic for topic in aspect.sounds_like if topic not in topics)]:
            line = SourceFile(folder / "aspects.yml", problems).line(["aspects", key])
            problems.add("dead_reference", folder / "aspects.yml", line, key=key, target=other)
    for topic in topics.values():
        _check_topic(topic, files[topic.topic], topics, aspects, documents)
    _check_aliases(topics, files)
    problems.raise_if_any()
    assert misses is not None  # its absence is one of the problems raised above
    return KnowledgeBase.construct(
        topics=topics, aspects=aspects, documents=documents, near_misses=misses, wording=wording
    )


def _table(path: Path, key: str, model: Type[Model], problems: Problems) -> Dict[str, Model]:
    file = SourceFile(path, problems)
    table: Dict[str, Model] = {}
    for name, value in ((file.value or {}).get(key) or {}).items():
        built = file.build(model, value, [key, name])
        if built is not None:
            table[name] = built
    if not table:
        problems.add("missing", path, 1, key=key)
    return table


def _topic(file: SourceFile) -> Optional[Topic]:
    """The topic of a file; a fact's id and topic are filled in from where it stands."""
    value = dict(file.value)
    facts = value.get("facts")
    if isinstance(facts, list):
        value["facts"] = [
            {
                **fact,
                "topic": value.get("topic"),
                "id": f"{value.get('topic')}.{fact.get('id', fact.get('aspect'))}",
            }
            if isinstance(fact, dict)
            else fact
            for fact in facts
        ]
    return file.build(Topic, value)


def _check_topic(
    topic: Topic,
    file: SourceFile,
    topics: Dict[str, Topic],
    aspects: Dict[str, Aspect],
    documents: Dict[str, Document],
) -> None:
    problems = file.problems
    if topic.parent is not None and topic.parent not in topics:
        problems.add("dead_reference", file.path, file.line(["parent"]), key="parent", target=topic.parent)
    seen: Dict[str, int] = {}
    for number, fact in enumerate(topic.facts):
        keys: List[object] = ["facts", number]
        if fact.id in seen:
            problems.add("duplicate_fact", file.path, file.line(keys), key=fact.id)
        seen[fact.id] = number
        if fact.aspect not in aspects:
            problems.add("dead_reference", file.path, file.line([*keys, "aspect"]), key="aspect", target=fact.aspect)
        for choice in fact.choices:
            if choice not in topics:
                problems.add("dead_reference", file.path, file.line([*keys, "choices"]), key="choices", target=choice)
        _check_source(fact, file, keys, documents)
        _check_texts(fact, file, keys)


def _check_source(fact: Fact, file: SourceFile, keys: List[object], documents: Dict[str, Document]) -> None:
    line = file.line([*keys, "source"])
    if isinstance(fact.source, PageSource):
        document = documents.get(fact.source.document)
        if document is None:
            file.problems.add("dead_reference", file.path, line, key="source", target=fact.source.document)
        elif fact.source.page > document.pages:
            file.problems.add("page", file.path, line, page=fact.source.page, pages=document.pages)
    elif fact.as_of is None:
        file.problems.add("missing", file.path, line, key="as_of")
    for source in [fact.source, fact.update.source if fact.update else None]:
        if isinstance(source, PublishedSource) and source.url is None and source.text is None:
            file.problems.add("missing", file.path, line, key="url")


def _check_texts(fact: Fact, file: SourceFile, keys: List[object]) -> None:
    texts: List[Tuple[List[object], str]] = [([*keys, language], fact[language]) for language in LANGUAGES]
    if fact.update is not None:
        update: List[object] = [*keys, "update"]
        texts += [([*update, language], fact.update[language]) for language in LANGUAGES]
        if fact.update.translated_from != fact.update.fr:
            file.problems.add("stale_translation", file.path, file.line([*update, "en"]), key="en")
    for where, text in texts:
        for bad in malformed_addresses(text):
            file.problems.add("address", file.path, file.line(where), detail=bad)


def malformed_addresses(text: str) -> Iterable[str]:
    """E-mail addresses and URLs in a sentence that cannot be right."""
    for found in _EMAIL_LIKE.findall(text):
        if not _EMAIL.fullmatch(found):
            yield found
    for found in _URL_LIKE.findall(text):
        if not _URL.fullmatch(found.rstrip(".,;)")):
            yield found


def _check_aliases(topics: Dict[str, Topic], files: Dict[str, SourceFile]) -> None:
    """The same words may not name two topics (nor be a name of one and a cue of another)."""
    owner: Dict[str, str] = {}
    for topic in topics.values():
        for field in ("aliases", "cues"):
            for language in LANGUAGES:
                for number, alias in enumerate(getattr(getattr(topic, field), language)):
                    first = owner.setdefault(fold(alias), topic.topic)
                    if first != topic.topic:
                        file = files[topic.topic]
                        line = file.line([field, language, number])
                        file.problems.add("duplicate_alias", file.path, line, key=alias, target=first)
