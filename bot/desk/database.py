"""The desk's way to the database: the one conversations are kept in. Everything here blocks."""

from __future__ import annotations

import functools
import os

from sqlalchemy.engine import Engine

from bot.desk import tables as tables  # known to the schema before it is created
from bot.settings import data_folder
from bot.store import schema
from bot.store.engine import make_engine
from bot.store.settings import database_url


@functools.cache
def engine() -> Engine:
    """This process's, its tables created. Raises what SQLAlchemy raises."""
    made = make_engine(database_url(os.environ, data_folder()))
    schema.create(made)
    return made
