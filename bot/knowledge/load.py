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
    Attribute,
    Document,
    Fact,
    KnowledgeBase,
    NamedValue,
    Publication,
    Text,
    Topic,
    Value,
    Words,
)
from bot.settings import DATA, YAML
from bot.words.folding import fold

KNOWLEDGE = DATA / "knowledge"
LEXICON = DATA / "lexicon" / "topics"

_EMAIL_LIKE = re.compile(r"[^\s,;:()«»“”]*@[^\s,;:()«»“”]*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\.?")
_IN_FIGURES = 10  # from here on a sentence writes a number in figures
_GROUPED = re.compile(r"(?<=\d)[ ,\u00a0\u202f](?=\d{3}(?!\d))")
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
            loader = YAML(text)
            self._node = loader.get_single_node()
            self.value = loader.construct_document(self._node) if self._node is not None else None
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
    for path in sorted(folder.glob("knowledge/**/*.yml")) + sorted(folder.glob("lexicon/**/*.yml")):
        total.update(str(path.relative_to(folder)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


_laid_over: Optional[KnowledgeBase] = None


def knowledge() -> KnowledgeBase:
    """The project's knowledge base, with what was laid over it. Raises KnowledgeError."""
    return _laid_over or knowledge_of_data()


@functools.cache
def knowledge_of_data() -> KnowledgeBase:
    """The knowledge base as data/ has it, read once. Raises KnowledgeError."""
    return load(KNOWLEDGE, LEXICON)


def lay_over(base: Optional[KnowledgeBase]) -> None:
    """From now on `knowledge` is this one; with None, data/ again. Facts may differ from it, not what can be asked."""
    global _laid_over
    _laid_over = base


def load(folder: Path, lexicon: Path) -> KnowledgeBase:
    """Read and check a knowledge folder and the words of its topics. Raises KnowledgeError with every problem found."""
    problems = Problems(yaml.load((Path(__file__).parent / "problems.yml").read_text(encoding="utf-8"), YAML))
    sources = SourceFile(folder / "sources.yml", problems)
    documents = _table(sources, "documents", Document)
    publications = _table(sources, "publications", Publication)
    attributes_file = SourceFile(folder / "attributes.yml", problems)
    attributes = _table(attributes_file, "attributes", Attribute)
    values_file = SourceFile(folder / "values.yml", problems)
    values = _table(values_file, "values", NamedValue)
    wording = _table(SourceFile(folder / "wording.yml", problems), "wording", Text)
    misses_file = SourceFile(folder / "near_misses.yml", problems)
    misses = misses_file.build(Words, misses_file.value.get("near_misses")) if misses_file.value else None
    topics: Dict[str, Topic] = {}
    files: Dict[str, SourceFile] = {}
    words: Dict[str, SourceFile] = {}
    for path in sorted((folder / "topics").glob("*.yml")):
        file = SourceFile(path, problems)
        names = SourceFile(lexicon / path.name, problems)
        topic = _topic(file, names) if file.value else None
        if topic is None:
            continue
        if topic.topic != path.stem:
            problems.add("file_name", path, file.line(["topic"]), expected=f"{topic.topic}.yml")
        topics[topic.topic], files[topic.topic], words[topic.topic] = topic, file, names
    base = KnowledgeBase.construct(
        topics=topics,
        attributes=attributes,
        values=values,
        documents=documents,
        publications=publications,
        near_misses=misses,
        wording=wording,
    )
    _check_attributes(base, attributes_file)
    for key, value in values.items():
        if value.broader is not None and value.broader not in values:
            line = values_file.line(["values", key])
            problems.add("dead_reference", values_file.path, line, key="broader", target=value.broader)
    for topic in topics.values():
        _check_topic(topic, files[topic.topic], base)
    _check_aliases(topics, words)
    problems.raise_if_any()
    return base


def _table(file: SourceFile, key: str, model: Type[Model]) -> Dict[str, Model]:
    table: Dict[str, Model] = {}
    for name, value in ((file.value or {}).get(key) or {}).items():
        built = file.build(model, value, [key, name])
        if built is not None:
            table[name] = built
    if not table:
        file.problems.add("missing", file.path, 1, key=key)
    return table


def _topic(file: SourceFile, words: SourceFile) -> Optional[Topic]:
    """The topic of a file, with its words; a fact's id, topic and `checked` are filled in from where it stands."""
    value = {**(words.value or {}), **file.value}
    facts = value.get("facts")
    if isinstance(facts, list):
        value["facts"] = [
            {
                "checked": value.get("checked"),
                **fact,
                "topic": value.get("topic"),
                "id": f"{value.get('topic')}.{fact.get('id', fact.get('attribute'))}",
            }
            if isinstance(fact, dict)
            else fact
            for fact in facts
        ]
    return file.build(Topic, value)


def _check_attributes(base: KnowledgeBase, file: SourceFile) -> None:
    facts = {fact.id for topic in base.topics.values() for fact in topic.facts}
    for key, attribute in base.attributes.items():
        named = [*attribute.same, *attribute.near]
        dead = [other for other in named if other not in base.attributes and other not in facts]
        dead += [attribute.of] if attribute.of is not None and attribute.of not in base.topics else []
        for other in dead:
            file.problems.add("dead_reference", file.path, file.line(["attributes", key]), key=key, target=other)


def _check_topic(topic: Topic, file: SourceFile, base: KnowledgeBase) -> None:
    problems = file.problems
    if topic.parent is not None and topic.parent not in base.topics:
        problems.add("dead_reference", file.path, file.line(["parent"]), key="parent", target=topic.parent)
    seen: Dict[str, int] = {}
    for number, fact in enumerate(topic.facts):
        keys: List[object] = ["facts", number]
        if fact.id in seen:
            problems.add("duplicate_fact", file.path, file.line(keys), key=fact.id)
        seen[fact.id] = number
        if fact.attribute not in base.attributes:
            line = file.line([*keys, "attribute"])
            problems.add("dead_reference", file.path, line, key="attribute", target=fact.attribute)
        for about in fact.about:
            if about not in base.values:
                problems.add("dead_reference", file.path, file.line([*keys, "about"]), key="about", target=about)
        if fact.presents is not None and fact.presents not in base.topics:
            line = file.line([*keys, "presents"])
            problems.add("dead_reference", file.path, line, key="presents", target=fact.presents)
        _check_value(fact.value, file, [*keys, "value"], base)
        _check_sources(fact.source, file, [*keys, "source"], base)
        if fact.since is not None:
            _check_value(fact.since.value, file, [*keys, "since", "value"], base)
            _check_sources(fact.since.source, file, [*keys, "since", "source"], base)
        _check_texts(fact, file, keys)
        _check_figures(fact, file, keys)


def _check_value(value: Value, file: SourceFile, keys: List[object], base: KnowledgeBase) -> None:
    dead = [name for name in (*value.values, *value.excludes) if name not in base.values]
    dead += [name for name in value.topics if name not in base.topics]
    for name in dead:
        file.problems.add("dead_reference", file.path, file.line(keys), key="value", target=name)


def _check_sources(sources: List[str], file: SourceFile, keys: List[object], base: KnowledgeBase) -> None:
    for source in sources:
        name, _, page = source.partition(".")
        document = base.documents.get(name)
        if page and document is not None and page.isdigit():
            if not 1 <= int(page) <= document.pages:
                file.problems.add("page", file.path, file.line(keys), page=page, pages=document.pages)
        elif source not in base.publications:
            file.problems.add("dead_reference", file.path, file.line(keys), key="source", target=source)


def _check_texts(fact: Fact, file: SourceFile, keys: List[object]) -> None:
    said: List[Tuple[List[object], Any]] = [(keys, fact), ([*keys, "since"], fact.since)]
    said += [([*keys, name], getattr(fact, name)) for name in ("plain", "if_yes", "if_no", "if_not_said")]
    for where, text in said:
        for language in LANGUAGES if text is not None else ():
            for bad in malformed_addresses(getattr(text, language)):
                file.problems.add("address", file.path, file.line([*where, language]), detail=bad)


def _check_figures(fact: Fact, file: SourceFile, keys: List[object]) -> None:
    """Numbers and years of a typed value stand in its sentence, in every language; small ones may be words."""
    said: List[Tuple[List[object], Any]] = [(keys, fact), ([*keys, "since"], fact.since)]
    for where, part in said:
        if part is None:
            continue
        value = part.value
        numbers = [number for number in (value.number, *value.numbers) if number is not None and number >= _IN_FIGURES]
        figures = [*map(str, numbers), *(date[:4] for date in value.all_dates())]
        for language in LANGUAGES:
            written = set(re.findall(r"\d+", _GROUPED.sub("", getattr(part, language))))
            for figure in (figure for figure in figures if figure not in written):
                file.problems.add("figure", file.path, file.line([*where, language]), language=language, figure=figure)


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
