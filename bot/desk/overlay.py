"""What the desk changed of the knowledge, laid over data/: at once in this process, within seconds in the others.

A change names the fact of data/ it was made from. Where data/ has since got another fact there, the change is set aside
and shown, until someone says which is right. Everything here blocks.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import re
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Engine

from bot.desk import facts
from bot.desk.adopt import write_facts
from bot.desk.facts import Raw
from bot.desk.tables import edits
from bot.knowledge.check import sentences
from bot.knowledge.load import KNOWLEDGE, LEXICON, KnowledgeError, knowledge_of_data, lay_over, load
from bot.knowledge.model import KnowledgeBase
from bot.settings import DATA, LANGUAGES

logger = logging.getLogger(__name__)


class Stale(Exception):
    """Someone else has changed the fact meanwhile; nothing was kept."""


@dataclasses.dataclass(frozen=True)
class Edit:
    """A change of a fact. `after`: None where data/ holds again. `at`: seconds since 1970."""

    id: int
    fact: str
    base: str
    after: Optional[Raw]
    account: str
    at: float


@dataclasses.dataclass(frozen=True)
class Change:
    """The change that holds of a fact."""

    id: int
    after: Raw


@dataclasses.dataclass(frozen=True)
class Standing:
    """By fact: `holding`, what is laid over data/; `contradicted`, what newer data/ contradicts."""

    holding: Dict[str, Change]
    contradicted: Dict[str, Change]


class Overlay:
    """Methods raise what SQLAlchemy raises."""

    def __init__(self, engine: Engine, folder: Path = KNOWLEDGE, lexicon: Path = LEXICON) -> None:
        self._engine = engine
        self._folder = folder
        self._lexicon = lexicon
        self._laid = 0  # the last edit laid over, 0 for none
        self._one = threading.Lock()
        self._data: Optional[Dict[str, facts.Place]] = None

    def data(self) -> Dict[str, facts.Place]:
        """The facts of data/, which do not change while a process runs."""
        if self._data is None:
            self._data = facts.read(self._folder)
        return self._data

    def raw(self, name: str) -> Raw:
        """A fact as it holds now. Raises KeyError."""
        change = self.standing().holding.get(name)
        return change.after if change else self.data()[name].raw

    def version(self, name: str) -> int:
        """The number of a fact's last change, 0 where it has none."""
        query = sa.select(sa.func.max(edits.c.id)).where(edits.c.fact == name)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def last(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.max(edits.c.id))).scalar() or 0)

    def history(self, name: Optional[str] = None, most: int = 50) -> List[Edit]:
        """Newest first."""
        query = sa.select(edits).order_by(edits.c.id.desc()).limit(most)
        if name is not None:
            query = query.where(edits.c.fact == name)
        with self._engine.connect() as connection:
            return [_edit(row) for row in connection.execute(query)]

    def standing(self) -> Standing:
        """What holds, judged by this process's data/."""
        newest = sa.select(sa.func.max(edits.c.id)).group_by(edits.c.fact)
        with self._engine.connect() as connection:
            rows = [_edit(row) for row in connection.execute(sa.select(edits).where(edits.c.id.in_(newest)))]
        holding: Dict[str, Change] = {}
        contradicted: Dict[str, Change] = {}
        for edit in rows:
            place = self.data().get(edit.fact)
            if edit.after is None or (place is not None and facts.digest(place.raw) == facts.digest(edit.after)):
                continue  # given up, or adopted
            now = facts.digest(place.raw) if place else ""
            (holding if now == edit.base else contradicted)[edit.fact] = Change(edit.id, edit.after)
        return Standing(holding, contradicted)

    # Changing.

    def save(self, name: str, after: Optional[Raw], version: int, account: str) -> KnowledgeBase:
        """Keeps a change and lays it over; None takes data/ again. Returns the knowledge with it.

        Raises KnowledgeError where `make check` would refuse it, Stale where `version` is not the fact's last change,
        KeyError for a fact that is none.
        """
        place = self.data()[name]
        with self._one:
            changed = {each: change.after for each, change in self.standing().holding.items()}
            changed.pop(name, None)
            if after is not None:
                changed[name] = after
            base = self.built(changed)
            row = {"fact": name, "base": facts.digest(place.raw), "account": account, "at": time.time()}
            row["after"] = json.dumps(after, ensure_ascii=False) if after is not None else None
            with self._engine.begin() as connection:
                _alone(connection)
                newest = sa.select(sa.func.max(edits.c.id)).where(edits.c.fact == name)
                if int(connection.execute(newest).scalar() or 0) != version:
                    raise Stale(name)
                connection.execute(edits.insert(), row)
            lay_over(base if changed else None)
        return base

    def give_up(self, name: str, account: str) -> None:
        """Takes data/ again for a fact, even for one that is no longer there."""
        row = {"fact": name, "base": "", "after": None, "account": account, "at": time.time()}
        with self._engine.begin() as connection:
            connection.execute(edits.insert(), row)
        self.refresh()

    def undone(self, name: str) -> Optional[Raw]:
        """What held before a fact's last change; None where data/ did."""
        found = self.history(name, 2)
        return found[1].after if len(found) > 1 else None

    def built(self, changed: Mapping[str, Raw]) -> KnowledgeBase:
        """The knowledge with facts changed, read and checked as from files. Raises KnowledgeError."""
        if not changed:
            return knowledge_of_data()
        problems = [line for raw in changed.values() for line in style_problems(raw)]
        if problems:
            raise KnowledgeError("\n".join(problems))
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made) / "knowledge"
            shutil.copytree(self._folder, folder)
            write_facts(folder, changed)
            return load(folder, self._lexicon)

    # Following the others.

    def refresh(self) -> bool:
        """Lays over what any instance changed; whether there was something new."""
        with self._one:
            last = self.last()
            if last == self._laid:
                return False
            changed = {name: change.after for name, change in self.standing().holding.items()}
            try:
                base: Optional[KnowledgeBase] = self.built(changed) if changed else None
            except KnowledgeError as error:  # written by another version
                logger.error("Changes made at the desk are left out: %s", str(error).split("\n")[0][:200])
                base = None
            lay_over(base)
            self._laid = last
            return True


def style_problems(raw: Raw) -> List[str]:
    """What data/style.yml forbids in a fact's sentences."""
    rules = yaml.safe_load((DATA / "style.yml").read_text(encoding="utf-8"))
    found = []
    for language, text in sentences(raw):
        for pattern, why in rules[language].items() if language in LANGUAGES else ():
            match = re.search(pattern, text)
            if match:
                found.append(f"“{match.group()}” ({why}): {text[:70]}")
    return found


def _alone(connection: Any) -> None:
    """Two editors at once: the second waits, and then finds the first one's change."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE desk_edits IN SHARE ROW EXCLUSIVE MODE"))
    else:
        connection.execute(sa.text("BEGIN IMMEDIATE"))


def _edit(row: Any) -> Edit:
    after = json.loads(row.after) if row.after is not None else None
    return Edit(int(row.id), str(row.fact), str(row.base), after, str(row.account), float(row.at))
