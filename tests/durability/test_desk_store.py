"""What the desk keeps, on PostgreSQL as on SQLite: one sender, one editor, one instance at a time."""

from __future__ import annotations

import copy
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
import sqlalchemy as sa

from bot.desk import rounds, tables
from bot.desk.accounts import Accounts
from bot.desk.exchange import Draft
from bot.desk.overlay import Overlay, Stale
from bot.desk.requests import Requests
from bot.knowledge.load import lay_over
from bot.store import schema
from bot.store.engine import make_engine
from bot.store.move import move
from bot.store.rows import Rows
from bot.store.settings import DATABASE, database_url
from tests.durability.servers import PostgreSQL

DRAFT = Draft(question="Combien ?", name="Ana", contact="41 12 34")


@pytest.fixture
def engine(postgresql: PostgreSQL) -> Iterator[sa.engine.Engine]:
    made = make_engine(database_url({DATABASE: postgresql.url}, Path()))
    schema.metadata.drop_all(made)
    schema.create(made)
    yield made
    made.dispose()
    lay_over(None)


def at_once(work: Callable[[int], Any], count: int = 4) -> List[Any]:
    """What each of several threads comes to, an error by its name."""
    found: List[Any] = []

    def run(number: int) -> None:
        try:
            found.append(work(number))
        except Exception as error:
            found.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_sender_has_a_request(engine: sa.engine.Engine) -> None:
    kept = Requests(engine)
    reference = kept.add("a", "rest", DRAFT, "form-1")
    assert kept.add("a", "rest", DRAFT, "form-1") == reference
    claims = at_once(lambda _: kept.claim())
    assert [claim.id for claim in claims if claim is not None] == [reference]
    kept.sent(reference)
    kept.keep_draft("a", DRAFT)
    Rows(engine).erase("a")
    assert kept.get(reference) is None
    assert kept.draft("a") is None


def test_one_editor_has_a_fact(engine: sa.engine.Engine) -> None:
    def edit(number: int) -> str:
        mine = Overlay(engine)
        after = copy.deepcopy(mine.raw("ptce.name"))
        after["fr"] = f"PTCE, dit l'éditeur {'ABCD'[number]}."
        mine.save("ptce.name", after, 0, "ana")
        return "kept"

    assert sorted(at_once(edit)) == [*[Stale.__name__] * 3, "kept"]
    assert len(Overlay(engine).history("ptce.name")) == 1


def test_one_instance_has_the_week(engine: sa.engine.Engine) -> None:
    assert at_once(lambda _: rounds.is_due(engine, "letter")) == [False] * 4
    with engine.begin() as connection:
        connection.execute(tables.rounds.update().values(at=time.time() - rounds.WEEK - 1))
    assert sorted(at_once(lambda _: rounds.is_due(engine, "letter"))) == [False, False, False, True]


def test_accounts(engine: sa.engine.Engine) -> None:
    accounts = Accounts(engine, b"k" * 32)
    assert not accounts.any()
    accounts.set_password("Ana", "un mot de passe assez long")
    session = accounts.session(accounts.begin("Ana"))
    assert session is not None
    accounts.note("Ana", "log_in")
    assert [entry.action for entry in accounts.log()] == ["log_in"]
    accounts.end(session)
    assert accounts.any()


def test_all_of_it_moves_along(engine: sa.engine.Engine, tmp_path: Path, postgresql: PostgreSQL) -> None:
    path = tmp_path / "conversations.db"
    before = make_engine(sa.engine.url.URL.create("sqlite", database=str(path)))
    schema.create(before)
    Requests(before).add("a", "rest", DRAFT)
    Accounts(before, b"k" * 32).set_password("Ana", "un mot de passe assez long")
    overlay = Overlay(before)
    overlay.save("ptce.name", {**copy.deepcopy(overlay.raw("ptce.name")), "fr": "PTCE, déménagé."}, 0, "ana")
    move(str(path), postgresql.url)
    assert [asked.name for asked in Requests(engine).all()] == ["Ana"]
    assert Accounts(engine, b"k" * 32).any()
    moved = Overlay(engine)
    assert moved.raw("ptce.name")["fr"] == "PTCE, déménagé."
    moved.save("ptce.name", None, moved.version("ptce.name"), "ana")  # numbers go on after those moved
    assert len(moved.history("ptce.name")) == 2
