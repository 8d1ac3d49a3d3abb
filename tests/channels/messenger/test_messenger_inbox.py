"""The inbox on disk and the workers before it, without a server."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import stat
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, Iterator, List

import pytest

from bot.channels.errors import errors
from bot.channels.messenger import graph as graph_module
from bot.channels.messenger.desk import Desk
from bot.channels.messenger.events import Event
from bot.channels.messenger.graph import Graph, Outcome, read_answer
from bot.channels.messenger.health import Health
from bot.channels.messenger.inbox import MOST_TRIES, QUOTABLE, InUse, SqliteInbox
from bot.channels.messenger.settings import read_settings
from bot.channels.messenger.turn import Turn
from tests.channels.messenger.fake_graph import Graph as FakeGraph
from tests.channels.messenger.fake_graph import error
from tests.channels.messenger.messenger_meta import environment

ANSWER = [{"text": "réponse", "metadata": "cacima"}]
_numbers = itertools.count(1)


def event(person: str = "1", kind: str = "text", at: float = 0.0, **fields: Any) -> Event:
    stamp = int((time.time() + at) * 1000)
    return Event(**{"id": f"m_{next(_numbers)}", "person": person, "timestamp": stamp, "kind": kind, **fields})


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[SqliteInbox]:
    opened = SqliteInbox(tmp_path / "messenger.db")
    yield opened
    opened.close()


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    served = FakeGraph()
    yield served
    served.close()


def test_an_event_is_accepted_once_even_over_a_restart(tmp_path: Path) -> None:
    first = SqliteInbox(tmp_path / "messenger.db")
    one, two = event(), event()
    assert first.accept([one, two, one]) == [one, two]
    first.close()
    again = SqliteInbox(tmp_path / "messenger.db")
    assert again.accept([one]) == []
    assert again.people() == ["1"]
    again.close()


def test_accepting_is_all_or_nothing(inbox: SqliteInbox) -> None:
    good, bad = event(), event(person=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        inbox.accept([good, bad])
    assert inbox.people() == []
    assert inbox.accept([good]) == [good]


def test_two_processes_cannot_share_an_inbox(tmp_path: Path, inbox: SqliteInbox) -> None:
    with pytest.raises(InUse):
        SqliteInbox(tmp_path / "messenger.db")


def test_nobody_else_may_read_the_file(tmp_path: Path, inbox: SqliteInbox) -> None:
    assert stat.S_IMODE((tmp_path / "messenger.db").stat().st_mode) == 0o600


def test_no_text_stays_once_it_is_said(tmp_path: Path, inbox: SqliteInbox) -> None:
    inbox.accept([event(text="un secret bien à moi")])
    waiting = inbox.next_event("1")
    assert waiting is not None
    inbox.finish(waiting, [{"text": "une réponse à moi"}])
    outgoing = inbox.next_message("1")
    assert outgoing is not None
    assert inbox.unsent(outgoing, "1", "graph 551", False) == 1
    assert inbox.people() == []
    assert inbox.failures() == [("1", "graph 551")]
    inbox._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = (tmp_path / "messenger.db").read_bytes()
    assert b"secret" not in kept
    assert b"ponse" not in kept


def test_what_a_message_answered_is_known_for_a_month(inbox: SqliteInbox) -> None:
    asked = event(text="Combien de PTCE ?")
    inbox.accept([asked])
    waiting = inbox.next_event("1")
    assert waiting is not None
    inbox.finish(waiting, ANSWER)
    outgoing = inbox.next_message("1")
    assert outgoing is not None
    inbox.sent(outgoing, "m_of_ours")
    inbox.purge()
    assert inbox.answered("m_of_ours") == asked.id
    assert inbox.answered("m_of_theirs") == "m_of_theirs"
    inbox._db.execute("UPDATE said SET at = at - ?", (QUOTABLE + 1,))
    inbox.purge()
    assert inbox.answered("m_of_ours") == "m_of_ours"


def test_a_file_of_an_older_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "messenger.db"
    SqliteInbox(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.executescript("DROP TABLE said; ALTER TABLE outbox DROP COLUMN event;")
        db.execute("INSERT INTO outbox (person, asked, message) VALUES ('1', 5, '{\"text\": \"réponse\"}')")
    again = SqliteInbox(path)
    outgoing = again.next_message("1")
    assert outgoing is not None
    assert (outgoing.message, outgoing.event) == ({"text": "réponse"}, "")
    again.sent(outgoing, "m_1")
    assert again.people() == []
    again.close()


def test_a_pause_ends(inbox: SqliteInbox) -> None:
    inbox.pause("1", time.time() + 60)
    inbox.pause("2", time.time() - 1)
    inbox.purge()
    assert [inbox.is_paused(person) for person in ("1", "2", "3")] == [True, False, False]


def test_what_an_older_version_wrote_is_read() -> None:
    before = event(text="Bonjour")
    assert Event.from_json(before.to_json().replace('"ref"', '"reference"')) == before


def run(
    fake: FakeGraph,
    inbox: SqliteInbox,
    work: Callable[[Desk], Awaitable[None]],
    turn: Callable[[Event], Awaitable[List[Dict[str, Any]]]],
    health: Health,
) -> None:
    """A desk at work on an inbox, before a fake Graph; ended as a server's stop ends it."""

    async def all_of_it() -> None:
        settings = read_settings(environment(fake))
        assert settings is not None
        client = Graph(settings, health, first_delay=0.02)
        await client.start()
        desk = Desk(inbox, client, turn, health, settings.pause)
        await desk.resume()
        await work(desk)
        await desk.drain()
        await client.close()

    asyncio.run(all_of_it())


async def echo(what: Event) -> List[Dict[str, Any]]:
    return [{"text": what.text, "metadata": "cacima"}]


async def nothing(desk: Desk) -> None:
    pass


def test_a_drain_finishes_what_was_accepted(fake: FakeGraph, inbox: SqliteInbox) -> None:
    async def work(desk: Desk) -> None:
        await desk.accept([event(str(number % 5 + 1), text=f"n{number:02}", at=number / 1000) for number in range(50)])

    health = Health()
    run(fake, inbox, work, echo, health)
    for person in range(5):
        assert fake.texts(str(person + 1)) == [f"n{number:02}" for number in range(person, 50, 5)]
    assert health.counts["sent"] == 50


def test_our_own_echo_without_metadata_is_no_human(fake: FakeGraph, inbox: SqliteInbox) -> None:
    async def work(desk: Desk) -> None:
        await desk.accept([event(text="un")])
        while not fake.to("1"):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        await desk.accept([event(kind="takeover", id="m_sent1")])
        await desk.accept([event(text="deux")])

    run(fake, inbox, work, echo, Health())
    assert fake.texts("1") == ["un", "deux"]


def test_an_event_that_never_ends_its_turn_is_given_up(tmp_path: Path, fake: FakeGraph) -> None:
    inbox = SqliteInbox(tmp_path / "messenger.db")
    inbox.accept([event(text="poison"), event(text="suite", at=0.01)])
    for _ in range(MOST_TRIES):
        waiting = inbox.next_event("1")
        assert waiting is not None
        assert waiting.event.text == "poison"
    health = Health()
    run(fake, inbox, nothing, echo, health)
    assert fake.texts("1") == ["suite"]
    assert health.counts["failed_turn"] == 1


def test_a_failing_turn_apologises_in_the_persons_language(fake: FakeGraph, inbox: SqliteInbox) -> None:
    async def breaks(message: Any) -> None:
        raise RuntimeError("broken")

    class English:
        async def language(self, conversation: str) -> str:
            return "en"

        async def facts(self, conversation: str, message_id: str) -> List[str]:
            return []

    health = Health()

    async def work(desk: Desk) -> None:
        await desk.accept([event(text="Hello")])

    run(fake, inbox, work, Turn(breaks, English(), health), health)
    assert fake.texts("1") == [errors()["apology"]["en"]]
    assert health.counts["failed_turn"] == 1


def test_a_limit_on_the_page_holds_everyone(fake: FakeGraph, inbox: SqliteInbox) -> None:
    refused: List[float] = []

    def rule(body: Dict[str, Any]) -> Any:
        if "message" in body and not refused:
            refused.append(time.monotonic())
            return 429, "text/html", b"slow down"  # with Retry-After: 1, as the fake adds to every 429
        return None

    async def work(desk: Desk) -> None:
        await desk.accept([event("1", text="un")])
        while not refused:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        await desk.accept([event("2", text="deux")])
        await asyncio.sleep(1.5)

    fake.rule = rule
    run(fake, inbox, work, echo, Health())
    assert (fake.texts("1"), fake.texts("2")) == (["un"], ["deux"])
    assert not [at for _, _, at in fake.calls if refused[0] + 0.02 < at < refused[0] + 0.4]


def test_giving_up_after_the_last_attempt_is_recorded(fake: FakeGraph, tmp_path: Path) -> None:
    inbox = SqliteInbox(tmp_path / "messenger.db")
    fake.rule = lambda body: error(500, 2) if "message" in body else None

    async def work(desk: Desk) -> None:
        await desk.accept([event(text="un")])

    health = Health()
    run(fake, inbox, work, echo, health)
    assert health.counts["unsent"] == 1
    assert health.counts["retried"] == graph_module.MOST_ATTEMPTS - 1
    again = SqliteInbox(tmp_path / "messenger.db")
    assert again.failures() == [("1", "graph 2")]
    assert again.people() == []
    again.close()


@pytest.mark.parametrize(("code", "tried"), [(551, 1), (100, 3)])
def test_a_person_out_of_reach_is_not_tried_for_every_message(
    fake: FakeGraph, tmp_path: Path, code: int, tried: int
) -> None:
    inbox = SqliteInbox(tmp_path / "messenger.db")
    fake.rule = lambda body: error(400, code) if "message" in body else None

    async def three(what: Event) -> List[Dict[str, Any]]:
        return ANSWER * 3

    async def work(desk: Desk) -> None:
        await desk.accept([event(text="un")])

    health = Health()
    run(fake, inbox, work, three, health)
    assert len(fake.calls) == 1 + tried  # typing first
    assert health.counts["unsent"] == 3
    again = SqliteInbox(tmp_path / "messenger.db")
    assert again.failures() == [("1", f"graph {code}")] * 3
    again.close()


def test_what_waits_past_the_window_is_not_sent(fake: FakeGraph, tmp_path: Path) -> None:
    inbox = SqliteInbox(tmp_path / "messenger.db")
    late = event(text="trop tard", at=-24 * 3600 - 1)
    inbox.accept([late])
    waiting = inbox.next_event("1")
    assert waiting is not None
    inbox.finish(waiting, ANSWER)
    health = Health()
    run(fake, inbox, nothing, echo, health)
    assert fake.calls == []
    assert health.counts["unsent"] == 1


@pytest.mark.parametrize(
    ("status", "body", "after", "expected"),
    [
        (200, b'{"message_id": "m_1"}', "", Outcome(True, {"message_id": "m_1"})),
        (200, b"<html>", "", Outcome(False, {}, "http 200", passing=True)),
        (200, b"[]", "", Outcome(False, {}, "http 200", passing=True)),
        (302, b"", "", Outcome(False, {}, "http 302")),
        (429, b"", "7", Outcome(False, {}, "http 429", True, True, None, 7.0)),
        (429, b"", "9999", Outcome(False, {}, "http 429", True, True, None, 60.0)),
        (400, b'{"error": {"code": 613}}', "", Outcome(False, {}, "graph 613", True, True, 613)),
        (500, b'{"error": {"code": 100}}', "", Outcome(False, {}, "graph 100", code=100)),
        (
            400,
            b'{"error": {"code": 10, "error_subcode": 2018278}}',
            "",
            Outcome(False, {}, "graph 10/2018278", code=10),
        ),
        (400, b'{"error": "odd"}', "", Outcome(False, {}, "http 400")),
        (503, b"[" * 100_000, "", Outcome(False, {}, "http 503", passing=True)),
    ],
)
def test_answers_are_read(status: int, body: bytes, after: str, expected: Outcome) -> None:
    assert read_answer(status, body, after) == expected
