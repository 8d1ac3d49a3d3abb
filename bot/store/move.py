"""Moves all conversations to another database: `python -m bot.store.move var/conversations.db [postgresql://…]`.

Without a second address, to CACIMA_DATABASE_URL. Stop the bot first. The database moved to must hold no conversation
yet; it gets all of them, or none, and knows as before what was erased.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store import schema
from bot.store.engine import make_engine
from bot.store.schema import conversations, erasures, events
from bot.store.settings import DATABASE, BadSettings, database_url

_AT_ONCE = 500  # events
_FIELDS = ("sender_id", "type_name", "timestamp", "intent_name", "action_name", "data")


def move(source: str, target: str) -> int:
    """How many conversations were moved. Raises BadSettings where this cannot be done."""
    if not Path(source).is_file():
        raise BadSettings(f"There is no file {source}.")
    before = make_engine(sa.engine.url.URL.create("sqlite", database=source))
    after = make_engine(database_url({DATABASE: target}, Path()))
    schema.create(before)
    schema.create(after)
    with before.connect() as reading, after.begin() as writing:
        if writing.execute(sa.select(conversations.c.sender_id).limit(1)).first() is not None:
            raise BadSettings("The database to move to already holds conversations.")
        # New ids: the target's own counter must go on after them.
        rows = reading.execute(sa.select(*(events.c[name] for name in _FIELDS)).order_by(events.c.id))
        while found := rows.fetchmany(_AT_ONCE):
            writing.execute(events.insert(), [dict(zip(_FIELDS, row, strict=True)) for row in found])
        writing.execute(sa.text(schema.ADOPT))
        for table in schema.metadata.sorted_tables:
            if table not in (conversations, erasures):
                _copy(reading, writing, table)
        _join_erasures(reading, writing)
        moved = writing.execute(sa.select(sa.func.count()).select_from(conversations)).scalar()
    return int(moved or 0)


def _join_erasures(reading: Connection, writing: Connection) -> None:
    """A token of what was erased stays good for nothing. The target may know of an erasure already: the later holds."""
    known = {row.mark: row.at for row in writing.execute(sa.select(erasures))}
    for row in reading.execute(sa.select(erasures)):
        if row.mark in known:
            writing.execute(erasures.delete().where(erasures.c.mark == row.mark))
        writing.execute(erasures.insert(), {"mark": row.mark, "at": max(row.at, known.get(row.mark, 0.0))})


def _copy(reading: Connection, writing: Connection, table: sa.Table) -> None:
    """All rows in their order; those that are numbered get new numbers."""
    columns = [column for column in table.columns if column.autoincrement is not True]
    for row in reading.execute(sa.select(*columns).order_by(*table.primary_key.columns)):
        writing.execute(table.insert(), dict(row._mapping))


if __name__ == "__main__":
    from bot.desk import tables as tables  # the desk's go along

    # In a container CACIMA_DATABASE_URL is there already, and no password needs to be typed.
    wanted = sys.argv[2:] or [os.environ.get(DATABASE, "")]
    if len(sys.argv) not in (2, 3) or not wanted[0]:
        sys.exit(str(__doc__).split("\n")[0])
    try:
        print(move(sys.argv[1], wanted[0]))
    except (BadSettings, sa.exc.SQLAlchemyError) as error:
        sys.exit(str(getattr(error, "orig", None) or error).strip().split("\n")[0])
