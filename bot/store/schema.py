"""Tables: Rasa's own `events`; `conversations` with one row a conversation, `erasures` with one for each erased;
`requests` and `drafts`, what people asked to be passed on to a person, apart from what they said.

A conversation's row carries a version that changes with every save. A save that did not start from the version stored
is refused, whatever became of the locks: two instances can never interleave their events.
"""

from __future__ import annotations

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Connection, Engine

metadata = sa.MetaData()
events = SQLTrackerStore.SQLEvent.__table__

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("version", sa.String(32), nullable=False),  # a random word, new at every save
    sa.Column("session_start", sa.BigInteger, nullable=False),  # id of the event the current session starts with
    sa.Column("updated_at", sa.Float(53), nullable=False, index=True),  # seconds since 1970
)

# What was erased, and when: the conversation's token is then good for nothing, and a backup restored is erased anew.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),  # bot.store.marks
    sa.Column("at", sa.Float(53), nullable=False, index=True),  # seconds since 1970
)

# What a person asked CACIMA to answer, with how to be reached: kept apart from conversations, erased with them. The
# table is the outbox too: `mail` says what became of the mail to CACIMA, `state` what CACIMA made of the request.
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),  # the reference people are given
    sa.Column("form", sa.String(64), nullable=False, unique=True),  # sent twice by a client, it is kept once
    sa.Column("mark", sa.String(64), nullable=False, index=True),  # of the conversation: bot.store.marks
    sa.Column("created", sa.Float(53), nullable=False, index=True),  # seconds since 1970
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("guide", sa.Text, nullable=False),
    sa.Column("chat", sa.Text, nullable=False),
    sa.Column("mail", sa.String(16), nullable=False, index=True),  # waiting or sent
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due", sa.Float(53), nullable=False),  # when it is tried next, seconds since 1970
    sa.Column("claim", sa.String(32), nullable=False),  # of whoever is sending it
    sa.Column("state", sa.String(16), nullable=False),  # new or answered
    sa.Column("assigned", sa.String(64), nullable=False),
)

# A request that is being put together in a conversation, one a conversation.
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float(53), nullable=False, index=True),  # seconds since 1970
    sa.Column("data", sa.Text, nullable=False),  # JSON: bot.desk.exchange.Draft
)

# Serves every read: a conversation's events from one on, in order.
EVENTS_INDEX = "CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)"
# Conversations written by Rasa's own store, before this one.
ADOPT = """
INSERT INTO conversations (sender_id, version, session_start, updated_at)
SELECT sender_id, 'adopted', coalesce(max(CASE WHEN type_name = 'session_started' THEN id END), 0),
       coalesce(max(timestamp), 0)
FROM events WHERE sender_id NOT IN (SELECT sender_id FROM conversations) GROUP BY sender_id
"""
_CREATING = 20151216  # any number of our own: PostgreSQL's advisory lock while an instance creates tables


def create(engine: Engine) -> None:
    """Creates what is missing; may be called at every start, by several instances at once."""
    with engine.begin() as connection:
        _alone(connection)
        SQLTrackerStore.Base.metadata.create_all(connection)
        metadata.create_all(connection)
        connection.execute(sa.text(EVENTS_INDEX))
        connection.execute(sa.text(ADOPT))


def encoding(engine: Engine) -> str:
    """Of texts in the database: in some, what people write in French cannot be kept."""
    statement = "SHOW server_encoding" if engine.dialect.name == "postgresql" else "PRAGMA encoding"
    with engine.connect() as connection:
        return str(connection.execute(sa.text(statement)).scalar())


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_CREATING})"))
    else:
        connection.execute(sa.text("BEGIN IMMEDIATE"))
