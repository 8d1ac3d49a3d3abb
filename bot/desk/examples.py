"""What questions ask, as CACIMA says, to be trained on; and questions it wants to see no more. Blocks."""

from __future__ import annotations

import dataclasses
import time
from typing import List, Set

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.desk.likeness import mark_of
from bot.desk.tables import examples, hidden


@dataclasses.dataclass(frozen=True)
class Example:
    """`text` asks `attribute` of `topic`."""

    mark: str
    text: str
    language: str
    attribute: str
    topic: str
    account: str
    at: float


class Examples:
    """Methods raise what SQLAlchemy raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, text: str, language: str, attribute: str, topic: str, account: str) -> None:
        """Said again of the same question, the newer holds."""
        row = {
            **{"mark": mark_of(text), "text": text, "language": language, "attribute": attribute},
            **{"topic": topic, "account": account, "at": time.time()},
        }
        with self._engine.begin() as connection:
            connection.execute(examples.delete().where(examples.c.mark == row["mark"]))
            connection.execute(examples.insert(), row)

    def drop(self, mark: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(examples.delete().where(examples.c.mark == mark))

    def all(self) -> List[Example]:
        """Newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(examples).order_by(examples.c.at.desc()))
            return [Example(**dict(row._mapping)) for row in rows]

    def hide(self, mark: str, account: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(hidden.delete().where(hidden.c.mark == mark))
            connection.execute(hidden.insert(), {"mark": mark, "account": account, "at": time.time()})

    def hidden(self) -> Set[str]:
        with self._engine.connect() as connection:
            return {str(row.mark) for row in connection.execute(sa.select(hidden.c.mark))}

    def purge(self, older_than: float) -> None:
        """Examples are what a person wrote: they go when conversations do, adopted or not."""
        before = time.time() - older_than
        with self._engine.begin() as connection:
            connection.execute(examples.delete().where(examples.c.at < before))
            connection.execute(hidden.delete().where(hidden.c.at < before))
