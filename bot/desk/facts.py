"""Facts as their YAML says them: read from data/knowledge, changed by a form, compared. No database."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

import yaml

from bot.settings import YAML

Raw = Dict[str, Any]
_WHOLE = re.compile(r"-?\d{1,15}")
_DAYS = ("checked", "until")  # fields that are whole days; `as_of` may be less


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a fact stands, and what is written there."""

    path: Path
    number: int
    raw: Raw


def read(folder: Path) -> Dict[str, Place]:
    """Every fact of a knowledge folder by its id, days as ISO texts. `checked` is its topic's where it has none."""
    found: Dict[str, Place] = {}
    for path in sorted((folder / "topics").glob("*.yml")):
        topic = plain(yaml.load(path.read_text(encoding="utf-8"), Loader=YAML))
        for number, fact in enumerate(topic["facts"]):
            raw = {**fact, "checked": fact.get("checked", topic["checked"])}
            found[f"{topic['topic']}.{fact.get('id', fact['attribute'])}"] = Place(path, number, raw)
    return found


def plain(value: Any) -> Any:
    """A YAML value as JSON would hold it."""
    return json.loads(json.dumps(value, default=str))


def digest(raw: Raw) -> str:
    """The same for the same fact."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def filled(raw: Raw, form: Mapping[str, str]) -> Raw:
    """A fact after a form: what the form does not show stays. Texts are taken as typed, on one line.

    Raises ValueError with the name of a field that cannot be read.
    """
    made = copy.deepcopy(raw)
    for language in ("fr", "en"):
        made[language] = _line(form.get(language, ""))
    made["source"] = _sources(form.get("source", ""), made.get("source"))
    made["checked"] = _day(form, "checked")
    _value(made, form, "")
    since = copy.deepcopy(made.get("since") or {})
    if not any(_line(form.get(f"since_{name}", "")) for name in ("fr", "en", "as_of")):
        made.pop("since", None)
        return made
    for language in ("fr", "en"):
        since[language] = _line(form.get(f"since_{language}", ""))
    since["as_of"] = _line(form.get("since_as_of", ""))
    source = _sources(form.get("since_source", ""), since.get("source"))
    if source:
        since["source"] = source
    else:
        since.pop("source", None)
    if _line(form.get("since_until", "")):
        since["until"] = _day(form, "since_until")
    else:
        since.pop("until", None)
        since.pop("after", None)
    _value(since, form, "since_")
    made["since"] = since
    return made


def _value(made: Raw, form: Mapping[str, str], prefix: str) -> None:
    value = dict(made.get("value") or {})
    for name, number in (("number", True), ("euros", True), ("date", False)):
        given = _line(form.get(f"{prefix}{name}", ""))
        if not given:
            value.pop(name, None)
        elif not number:
            value[name] = given
        elif _WHOLE.fullmatch(given.replace(" ", "")):
            value[name] = int(given.replace(" ", ""))
        else:
            raise ValueError(f"{prefix}{name}")
    if value:
        made["value"] = value
    else:
        made.pop("value", None)


def _sources(given: str, before: Any) -> Any:
    """One source as a text, several as a list, as they are written by hand."""
    named = [each for each in re.split(r"[\s,;]+", given) if each]
    if isinstance(before, list) or len(named) > 1:
        return named
    return named[0] if named else ""


def _day(form: Mapping[str, str], name: str) -> str:
    try:
        return datetime.date.fromisoformat(_line(form.get(name, ""))).isoformat()
    except ValueError:
        raise ValueError(name) from None


def _line(text: str) -> str:
    """As a file's sentence: on one line, with plain apostrophes and spaces."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").split())


def listed(value: Any) -> List[str]:
    """Sources, one or several, as a list."""
    return [value] if isinstance(value, str) else list(value or [])


def for_yaml(raw: Raw, key: Optional[str] = None) -> Any:
    """The same with whole days as days, as YAML writes them without quotes."""
    value: Any = raw
    if isinstance(value, dict):
        return {name: for_yaml(inner, name) for name, inner in value.items()}
    if key in (*_DAYS, "as_of") and isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value
