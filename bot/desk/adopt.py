"""Writes what the desk changed into data/: facts into their topics' files, examples into data/nlu.

`python -m bot.desk.adopt` (`make adopt`) leaves a diff of those lines and no others, for a developer to review.
Comments, quotes, order and anchors stay as they are.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import sqlalchemy as sa
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.desk import facts
from bot.desk.facts import Raw
from bot.settings import DATA

_INLINE = ("value", "plain", "if_yes", "if_no", "if_not_said")  # written {on: one line}
_OF_THEIR_OWN = ("described.yml", "exams.yml", "indirect.yml", "voices.yml")  # not gathered by intent
_BARE = ("source", "attribute", "id", "about")


def write_facts(folder: Path, changed: Mapping[str, Raw]) -> List[Path]:
    """Writes facts (by id) into a knowledge folder; the files written. Raises KeyError for a fact that is not there."""
    places = facts.read(folder)
    by_file: Dict[Path, List[Tuple[int, Raw]]] = {}
    for name, raw in changed.items():
        place = places[name]
        if facts.digest(place.raw) != facts.digest(raw):
            by_file.setdefault(place.path, []).append((place.number, raw))
    for path, found in by_file.items():
        yaml, document = _open(path)
        for number, raw in found:
            _change(document["facts"][number], raw, document)
        _save(yaml, document, path)
    return list(by_file)


def write_examples(folder: Path, examples: Sequence[Tuple[str, str, str]]) -> List[Path]:
    """Adds (language, intent, text) to the examples of data/nlu that hold the intent already; the files written.

    One that is there already is left out. Raises KeyError for an intent without examples.
    """
    written: List[Path] = []
    for language, intent, text in examples:
        path, spelt = _file_of(folder / language, intent), " ".join(text.split())
        yaml, document = _open(path)
        entry = next(each for each in document["nlu"] if each.get("intent") == intent)
        lines = str(entry["examples"]).rstrip("\n").split("\n")
        if f"- {spelt}" in lines:
            continue
        entry["examples"] = LiteralScalarString("\n".join([*lines, f"- {spelt}"]) + "\n")
        _save(yaml, document, path, sequences=(2, 0))
        written.append(path)
    return list(dict.fromkeys(written))


def _file_of(folder: Path, intent: str) -> Path:
    """The file where the intent has its examples; raises KeyError where there is none."""
    found = [
        path for path in sorted(folder.glob("*.yml")) if f"- intent: {intent}\n" in path.read_text(encoding="utf-8")
    ]
    if not found:
        raise KeyError(intent)
    return min(found, key=lambda path: path.name in _OF_THEIR_OWN)


def _open(path: Path) -> Tuple[YAML, Any]:
    yaml: Any = YAML()
    yaml.width = 1_000_000  # no line is broken
    yaml.preserve_quotes = True
    document = yaml.load(path.read_text(encoding="utf-8"))
    _keep_anchors(document)
    return yaml, document


def _keep_anchors(node: Any) -> None:
    """An anchor nobody refers to would be left out."""
    if isinstance(node, (CommentedMap, CommentedSeq)):
        if node.anchor.value:
            node.anchor.always_dump = True
        for inner in node.values() if isinstance(node, CommentedMap) else node:
            _keep_anchors(inner)


def _save(yaml: YAML, document: Any, path: Path, sequences: Tuple[int, int] = (4, 2)) -> None:
    yaml.indent(mapping=2, sequence=sequences[0], offset=sequences[1])
    text = io.StringIO()
    yaml.dump(document, text)
    path.write_text(text.getvalue(), encoding="utf-8")


def _change(node: CommentedMap, raw: Raw, document: CommentedMap) -> None:
    """Writes into a node what differs, and nothing else."""
    before = {**facts.plain(_unwrapped(node)), "checked": str(node.get("checked", document.get("checked")))}
    for key in [key for key in before if key not in raw]:
        del node[key]
    for key, value in raw.items():
        if key in before and before[key] == value:
            continue
        if key == "since" and isinstance(node.get("since"), CommentedMap) and not _is_shared(node["since"], document):
            _since(node["since"], value)
        else:
            node[key] = _dressed(facts.for_yaml(value, key), key)


def _since(node: CommentedMap, value: Raw) -> None:
    before = facts.plain(_unwrapped(node))
    for key in [key for key in before if key not in value]:
        del node[key]
    for key, inner in value.items():
        if before.get(key) != inner:
            node[key] = _dressed(facts.for_yaml(inner, key), key)


def _is_shared(since: CommentedMap, document: CommentedMap) -> bool:
    """Whether other facts say the same by reference: they must not change along."""
    return sum(fact.get("since") is since for fact in document["facts"]) > 1


def _unwrapped(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _unwrapped(value) for key, value in node.items()}
    return [_unwrapped(value) for value in node] if isinstance(node, list) else node


def _dressed(value: Any, key: str = "") -> Any:
    """A value in the style of the files: texts in double quotes, small mappings and lists on one line."""
    if isinstance(value, dict):
        made = CommentedMap((name, _dressed(inner, name)) for name, inner in value.items())
        if key in _INLINE:
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listed = CommentedSeq(_dressed(inner, key) for inner in value)
        listed.fa.set_flow_style()
        return listed
    if isinstance(value, str) and key not in (*_BARE, "values", "topics", "covers", "excludes", "unit"):
        return DoubleQuotedScalarString(value)
    return value


def main() -> None:
    """Ends with status 1 and one line where nothing could be written."""
    from bot.desk.database import engine
    from bot.desk.examples import Examples
    from bot.desk.overlay import Overlay

    try:
        overlay = Overlay(engine())
        current = overlay.standing()
        files = write_facts(DATA / "knowledge", {name: each.after for name, each in current.holding.items()})
        found = [(each.language, f"ask_{each.attribute}", each.text) for each in Examples(engine()).all()]
        files += write_examples(DATA / "nlu", found)
    except sa.exc.SQLAlchemyError as error:
        sys.exit(f"Nothing was written: {type(error).__name__}. Is the database there, and CACIMA_DATA right?")
    for name in sorted(current.contradicted):
        print(f"left out, as data/ says something newer: {name}")
    print("\n".join(str(path.relative_to(DATA.parent)) for path in files) or "nothing to write")
    print("Next: git diff, make check, make test." if files else "")


if __name__ == "__main__":
    main()
