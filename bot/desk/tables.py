"""The desk's own tables: who may log in, what they did, what they changed of the knowledge, and what they hid."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema import metadata

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers rows of an INTEGER only

accounts = sa.Table(
    "desk_accounts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("password", sa.String(255), nullable=False),  # bot.desk.passwords
    sa.Column("created", sa.Float(53), nullable=False),  # seconds since 1970, as all times here
)

sessions = sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),  # SHA-256 of the cookie's token: the table opens nothing
    sa.Column("account", sa.String(64), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("begun", sa.Float(53), nullable=False),
    sa.Column("seen", sa.Float(53), nullable=False),
)

# Who did what, never with the words of a person who wrote to the bot.
log = sa.Table(
    "desk_log",
    metadata,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("what", sa.String(255), nullable=False),
)

# Every change of a fact, in order; the last of a fact is what holds. `after` is null where data/ holds again.
edits = sa.Table(
    "desk_edits",
    metadata,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("fact", sa.String(255), nullable=False, index=True),
    sa.Column("base", sa.String(64), nullable=False),  # fingerprint of the fact in data/ that was changed
    sa.Column("after", sa.Text, nullable=True),  # JSON of the fact, as its YAML says it
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("at", sa.Float(53), nullable=False),
)

# "This asks ATTRIBUTE of TOPIC": what a training example will be made of.
examples = sa.Table(
    "desk_examples",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),  # of the folded text
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("attribute", sa.String(64), nullable=False),
    sa.Column("topic", sa.String(64), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("at", sa.Float(53), nullable=False, index=True),
)

hidden = sa.Table(
    "desk_hidden",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),  # of the folded text
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("at", sa.Float(53), nullable=False, index=True),
)

links = sa.Table(
    "desk_links",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("status", sa.String(32), nullable=False),  # "200", or the kind of failure
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("failing", sa.Float(53), nullable=True),  # since when it has not answered
)

# What is done once in a while, by one instance for all: when it was last begun.
rounds = sa.Table(
    "desk_rounds",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("at", sa.Float(53), nullable=False),
)
