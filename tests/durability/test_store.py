"""The store by itself, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator, List

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from sqlalchemy.engine.url import make_url

from bot.store import schema
from bot.store.conversations import BadSender, ConversationStore, StoreUnavailable
from bot.store.move import move
from bot.store.rows import Conflict, Repeated
from bot.store.schema import conversations, events
from bot.store.settings import BadSettings
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "sqlite":
        return make_url(f"sqlite:///{tmp_path}/conversations.db")
    return make_url(request.getfixturevalue("postgresql").url)


@pytest.fixture
def store(url: Any, domain: Domain) -> Iterator[ConversationStore]:
    made = ConversationStore(domain, url=url)
    yield made
    made.close()


def run(awaitable: Any) -> Any:
    return asyncio.run(awaitable)


async def talk(store: ConversationStore, sender: str, *texts: str) -> None:
    for text in texts:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        if not tracker.events:
            tracker.update(SessionStarted())
        tracker.update(UserUttered(text))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)


async def texts(store: ConversationStore, sender: str) -> List[str]:
    tracker = await store.retrieve_full_tracker(sender)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def rows(store: ConversationStore, table: Any) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar())


def test_what_is_saved_is_read_back_in_order(store: ConversationStore, url: Any, domain: Domain) -> None:
    said = [f"message {number} é\x00 \ud83d" for number in range(12)]
    run(talk(store, "anna", *said))
    run(talk(store, "ben", "autre"))
    other = ConversationStore(domain, url=url)  # another instance, or the next start
    assert run(texts(other, "anna")) == said
    assert sorted(run(other.keys())) == ["anna", "ben"]
    other.close()


def test_only_the_current_session_is_loaded_whatever_the_clock_says(store: ConversationStore) -> None:
    async def play() -> List[str]:
        await talk(store, "anna", "first")
        tracker = await store.retrieve("anna")
        tracker.update(SessionStarted(timestamp=time.time() - 3600))  # the clock was set back
        tracker.update(SlotSet("language", "en"))
        tracker.update(UserUttered("second"))
        await store.save(tracker)
        now = await store.retrieve("anna")
        return [event.text for event in now.events if isinstance(event, UserUttered)] + [now.get_slot("language")]

    assert run(play()) == ["second", "en"]
    assert run(texts(store, "anna")) == ["first", "second"]


def test_a_conversation_of_rasas_own_store_goes_on(url: Any, domain: Domain) -> None:
    shipped = SQLTrackerStore(domain, host=url.render_as_string(hide_password=False))
    run(talk(shipped, "anna", "before"))
    shipped.engine.dispose()
    store = ConversationStore(domain, url=url)
    assert run(texts(store, "anna")) == ["before"]
    run(talk(store, "anna", "after"))
    assert run(texts(store, "anna")) == ["before", "after"]
    store.close()


def test_two_writers_never_interleave(store: ConversationStore, url: Any, domain: Domain) -> None:
    other = ConversationStore(domain, url=url)

    async def play(known: bool) -> None:
        sender = f"anna {known}"
        if known:
            await talk(store, sender, "hello")
        mine = await store.get_or_create_tracker(sender, append_action_listen=False)
        theirs = await other.get_or_create_tracker(sender, append_action_listen=False)
        mine.update(UserUttered("mine"))
        theirs.update(UserUttered("theirs"))
        await store.save(mine)
        with pytest.raises(Conflict):
            await other.save(theirs)
        assert await texts(store, sender) == ["hello"] * known + ["mine"]

    run(play(known=False))
    run(play(known=True))
    other.close()


def test_a_save_tried_again_is_kept_once(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection breaks between the commit and its answer."""
    write = store._rows.write
    tries = []

    def breaking(*arguments: Any) -> Any:
        done = write(*arguments)
        if done.version is None:  # the conversation is only looked for
            return done
        tries.append(done)
        if len(tries) == 1:
            raise sa.exc.OperationalError("COMMIT", {}, Exception("connection lost"))
        return done

    monkeypatch.setattr(store._rows, "write", breaking)
    run(talk(store, "anna", "once"))
    monkeypatch.undo()
    assert len(tries) == 2
    assert run(texts(store, "anna")) == ["once"]
    run(talk(store, "anna", "twice"))
    assert run(texts(store, "anna")) == ["once", "twice"]


def test_a_save_given_up_is_not_kept_later(
    store: ConversationStore, url: Any, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database hangs, and goes on when nobody waits any more."""
    monkeypatch.setattr("bot.store.conversations.ANSWERS_WITHIN", 0.3)
    reached = []

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def hang(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("INSERT INTO events"):
            time.sleep(0.6)
            reached.append(statement)

    with pytest.raises(StoreUnavailable):
        run(talk(store, "anna", "late"))
    store.close()  # waits for what hangs
    assert reached
    monkeypatch.undo()
    other = ConversationStore(domain, url=url)
    assert run(texts(other, "anna")) == []
    run(talk(other, "anna", "again"))
    assert run(texts(other, "anna")) == ["again"]
    other.close()


def test_a_message_is_kept_once_whoever_brings_it_again(store: ConversationStore) -> None:
    async def play() -> None:
        await talk(store, "anna", "hello")
        for message_id in ("one", "two", "one"):
            tracker = await store.retrieve("anna")
            tracker.update(UserUttered(message_id, message_id=message_id))
            await store.save(tracker)

    with pytest.raises(Repeated):
        run(play())
    assert run(texts(store, "anna")) == ["hello", "one", "two"]


@pytest.mark.parametrize("sender", ["", "a\x00b", "x" * 256, "\ud800"])
def test_a_bad_name_is_refused_and_nothing_else_happens(store: ConversationStore, sender: str) -> None:
    with pytest.raises(BadSender):
        run(talk(store, sender, "hello"))
    run(talk(store, "é" * 255, "hello"))
    assert run(texts(store, "é" * 255)) == ["hello"]


def test_delete_erases_one_conversation(store: ConversationStore) -> None:
    run(talk(store, "anna", "hello", "again"))
    run(talk(store, "ben", "hello"))
    assert run(store.delete("anna")) == 5
    assert run(store.delete("anna")) == 0
    assert run(texts(store, "anna")) == []
    assert run(texts(store, "ben")) == ["hello"]
    assert rows(store, conversations) == 1
    run(talk(store, "anna", "new"))
    assert run(texts(store, "anna")) == ["new"]


def test_a_turn_under_way_does_not_bring_back_what_was_erased(store: ConversationStore) -> None:
    async def play() -> None:
        await talk(store, "anna", "hello")
        tracker = await store.retrieve("anna")
        await store.delete("anna")
        tracker.update(UserUttered("late"))
        with pytest.raises(Conflict):
            await store.save(tracker)

    run(play())
    assert rows(store, events) == 0


def test_purge_erases_what_is_old_and_no_more(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.rows.AT_ONCE", 4)

    async def play() -> int:
        await talk(store, "anna", "old", "old", "old")
        await talk(store, "ben", "old")
        old = rows(store, events)
        with store.engine.begin() as connection:
            connection.execute(events.update().values(timestamp=events.c.timestamp - 7200))
            connection.execute(conversations.update().values(updated_at=conversations.c.updated_at - 7200))
        await talk(store, "anna", "new")
        return old - await store.purge(3600)

    assert run(play()) == 0
    assert run(texts(store, "anna")) == ["new"]
    assert run(texts(store, "ben")) == []
    assert rows(store, conversations) == 1  # Ben's is gone, Anna's is not
    run(talk(store, "anna", "newer"))
    assert run(texts(store, "anna")) == ["new", "newer"]


def test_erased_words_are_gone_from_the_files_of_sqlite(tmp_path: Path, domain: Domain) -> None:
    store = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/c.db"))
    run(talk(store, "anna", *["my-private-words"] * 30))

    def written() -> bool:
        return any(b"my-private-words" in path.read_bytes() for path in tmp_path.iterdir())

    assert written()
    run(store.delete("anna"))
    assert not written()
    store.close()


def test_starting_twice_at_once_creates_the_tables_once(postgresql: Any, domain: Domain) -> None:
    async def start() -> List[ConversationStore]:
        loop = asyncio.get_running_loop()
        url = make_url(postgresql.url)
        starts = [loop.run_in_executor(None, lambda: ConversationStore(domain, url=url)) for _ in range(6)]
        return list(await asyncio.gather(*starts))

    for made in run(start()):
        made.close()
    found = postgresql.sql("SELECT indexdef FROM pg_indexes WHERE tablename IN ('events', 'conversations')")
    indexes = " ".join(row[0] for row in found)
    assert "(sender_id, id)" in indexes
    assert "(updated_at)" in indexes


def test_a_database_out_of_reach_is_said_at_once(domain: Domain, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable):
        ConversationStore(domain, url=make_url("postgresql://nobody@127.0.0.1:1/none"))
    assert time.monotonic() - begun < 5
    with pytest.raises(StoreUnavailable):
        ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/no/such/folder/c.db"))


def test_a_full_disk_is_a_failed_save_and_then_it_goes_on(tmp_path: Path, domain: Domain) -> None:
    store = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/c.db"))

    def pages(most: int) -> None:
        """How large SQLite may let the file grow: on all connections of the pool."""
        held = [store.engine.connect() for _ in range(6)]
        for connection in held:
            connection.execute(sa.text(f"PRAGMA max_page_count = {most}")).close()
            connection.close()

    run(talk(store, "anna", "kept"))
    pages(1)
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable):
        run(talk(store, "anna", "x" * 200_000))
    assert time.monotonic() - begun < 10
    assert run(texts(store, "anna")) == ["kept"]
    pages(100_000)
    run(store.ping())
    run(talk(store, "anna", "again"))
    assert run(texts(store, "anna")) == ["kept", "again"]
    store.close()


def test_the_event_loop_is_never_held_up(tmp_path: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/c.db"))
    read = store._rows.read
    monkeypatch.setattr(store._rows, "read", lambda *arguments: (time.sleep(0.5), read(*arguments))[1])

    async def play() -> int:
        beats = 0
        reading = asyncio.ensure_future(store.retrieve("anna"))
        while not reading.done():
            await asyncio.sleep(0.01)
            beats += 1
        return beats

    assert run(play()) > 20
    store.close()


def test_stock_rasa_finds_the_store_by_its_path(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    monkeypatch.delenv("CACIMA_DATABASE_URL", raising=False)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.tracker_store.kwargs["db"] = str(tmp_path / "conversations.db")
    made = TrackerStore.create(endpoints.tracker_store, domain)
    assert isinstance(made, ConversationStore)
    assert os.path.exists(tmp_path / "conversations.db")
    made.close()


def test_conversations_move_to_postgresql_and_go_on(tmp_path: Path, postgresql: Any, domain: Domain) -> None:
    small = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/c.db"))
    said = [f"message {number}" for number in range(700)]
    with small.engine.begin() as connection:  # long enough for several batches
        rows_ = [
            {"sender_id": "anna", "type_name": "user", "data": json.dumps(UserUttered(text).as_dict())} for text in said
        ]
        connection.execute(events.insert(), rows_)
    schema.create(small.engine)
    run(talk(small, "ben", "hello"))
    small.close()
    assert move(f"{tmp_path}/c.db", postgresql.url) == 2
    large = ConversationStore(domain, url=make_url(postgresql.url))
    assert run(texts(large, "anna")) == said
    run(talk(large, "ben", "again"))
    assert run(texts(large, "ben")) == ["hello", "again"]
    large.close()
    with pytest.raises(BadSettings, match="already holds"):
        move(f"{tmp_path}/c.db", postgresql.url)


def test_what_was_erased_stays_erased_after_a_move(tmp_path: Path, postgresql: Any, domain: Domain) -> None:
    """Its token is good for nothing, on the new database either."""
    small = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path}/c.db"))
    for name in ("gone", "twice"):
        run(talk(small, name, "hello"))
        run(small.delete(name))
    run(talk(small, "kept", "hello"))
    small.close()
    large = ConversationStore(domain, url=make_url(postgresql.url))
    run(large.delete("twice"))  # the target may know of it already
    large.close()
    environment = {**os.environ, "CACIMA_DATABASE_URL": postgresql.url}
    command = [sys.executable, "-m", "bot.store.move", f"{tmp_path}/c.db"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "1\n", done.stderr
    large = ConversationStore(domain, url=make_url(postgresql.url))
    assert [run(large.is_erased(name)) for name in ("gone", "twice", "kept")] == [True, True, False]
    large.close()


def test_a_message_is_known_by_its_id_whatever_the_session(store: ConversationStore) -> None:
    async def say(message_id: str, text: str) -> None:
        tracker = await store.get_or_create_tracker("anna", append_action_listen=False)
        tracker.update(SessionStarted())
        tracker.update(UserUttered(text, message_id=message_id))
        await store.save(tracker)

    run(say("first_id-1", '"message_id": "quoted-id"'))
    run(say("second-id-2", "autre"))
    assert run(store.holds_message("anna", "first_id-1"))
    assert run(store.holds_message("anna", "second-id-2"))
    for unknown in ("first-id-1", "first_id", "quoted-id", "%"):
        assert not run(store.holds_message("anna", unknown))
    assert not run(store.holds_message("ben", "first_id-1"))


def test_a_database_file_moved_away_is_noticed(tmp_path: Path, domain: Domain) -> None:
    path, away = tmp_path / "conversations.db", tmp_path / "away"
    away.mkdir()
    store = ConversationStore(domain, url=make_url(f"sqlite:///{path}"))
    run(talk(store, "anna", "avant"))
    for file in tmp_path.glob("conversations.db*"):
        file.rename(away / file.name)
    for fails in (store.ping, lambda: talk(store, "anna", "perdu"), lambda: store.retrieve("anna")):
        with pytest.raises(StoreUnavailable):
            run(fails())  # type: ignore[operator]
    assert not path.exists()
    for file in away.iterdir():
        file.rename(tmp_path / file.name)
    run(talk(store, "anna", "après"))
    assert run(texts(store, "anna")) == ["avant", "après"]
    store.close()


def test_a_database_file_replaced_is_read_anew(tmp_path: Path, domain: Domain) -> None:
    url = make_url(f"sqlite:///{tmp_path / 'conversations.db'}")
    other = ConversationStore(domain, url=make_url(f"sqlite:///{tmp_path / 'other.db'}"))
    run(talk(other, "anna", "ailleurs"))
    other.close()
    store = ConversationStore(domain, url=url)
    run(talk(store, "anna", "ici"))
    (tmp_path / "other.db").replace(tmp_path / "conversations.db")
    for beside in ("-wal", "-shm"):
        (tmp_path / f"conversations.db{beside}").unlink(missing_ok=True)
    assert run(texts(store, "anna")) == ["ailleurs"]
    store.close()


def test_a_database_that_cannot_hold_french_is_refused(postgresql: Any, domain: Domain) -> None:
    if not postgresql.sql("SELECT 1 FROM pg_database WHERE datname = 'ascii'", database="postgres"):
        postgresql.sql("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0", database="postgres")
    with pytest.raises(StoreUnavailable, match="SQL_ASCII"):
        ConversationStore(domain, url=make_url(postgresql.url).set(database="ascii"))
