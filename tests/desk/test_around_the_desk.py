"""Beside the pages: what was asked, grouped and counted; links asked for politely; the weekly letter."""

from __future__ import annotations

import asyncio
import datetime
import http.server
import itertools
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest
import sqlalchemy as sa

from bot.desk import rounds
from bot.desk.examples import Examples
from bot.desk.exchange import Draft
from bot.desk.figures import WEEKS, as_csv, counted
from bot.desk.journal import ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE, Asked, _turns
from bot.desk.likeness import AGAIN, DOWN, grouped
from bot.desk.links import Links, check, is_dead, named
from bot.desk.pages.freshness import SOON, by_age, ending
from bot.desk.requests import Requests
from bot.knowledge.load import knowledge
from bot.store import schema
from bot.store.engine import make_engine
from tests.desk.post import TO, Post, body


@pytest.fixture
def engine(tmp_path: Path) -> sa.engine.Engine:
    made = make_engine(sa.engine.url.URL.create("sqlite", database=str(tmp_path / "conversations.db")))
    schema.create(made)
    return made


def asked(text: str, outcome: str = NOT_GIVEN, **fields: Any) -> Asked:
    known = {"at": time.time(), "language": "fr", "channel": "website", "intent": "ask_cost", "typed": True}
    return Asked(text=text, outcome=outcome, **{**known, **fields})


# What was asked.


def user(text: str, at: float = 1.0, **fields: Any) -> Tuple[str, str, Dict[str, Any]]:
    return "a", "user", {"event": "user", "text": text, "timestamp": at, "input_channel": "rest", **fields}


def bot(text: str, buttons: Any = None, **metadata: Any) -> Tuple[str, str, Dict[str, Any]]:
    return "a", "bot", {"event": "bot", "text": text, "data": {"buttons": buttons}, "metadata": metadata}


def test_events_become_questions_with_what_came_of_them() -> None:
    offered = [{"title": "x", "payload": "/human_handoff"}]
    rows = [
        *(user("Combien ?"), bot("23.", answer={}, facts=["ptce.count"])),
        *(user("Combien ?"), bot("En bref : 23.", answer={})),
        *(user("Quel prix ?"), bot("Aucune source.", offered, answer={})),
        *(
            user("/feedback_negative", parse_data={"intent": {"name": "feedback_negative"}}),
            bot("Désolé.", utter_action="utter_feedback_negative"),
        ),
        *(user("Et la météo ?"), bot("Je ne sais pas.", utter_action="utter_out_of_scope")),
        *(user("hum"), bot("Vouliez-vous dire :", utter_action="utter_did_you_mean")),
    ]
    found = list(_turns(iter(rows)))
    assert [each.outcome for each in found] == [ANSWERED, ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE]
    assert [each.again for each in found] == [False, True, False, False, False]
    assert [each.rated for each in found] == ["", "", "negative", "", ""]
    assert [each.first for each in found] == [True, False, False, False, False]
    assert found[2].reply == "Aucune source."


def test_likes_are_together_and_languages_apart() -> None:
    now = time.time()
    groups = grouped(
        [
            asked("Combien coûte un PTCE ?", at=now - 3),
            asked("combien coute un PTCE", at=now - 2),
            asked("un PTCE coûte combien ?", at=now - 1),
            asked("Combien coûte une grappe d'entreprises ?", at=now - 50),
            asked("How much is a PTCE?", language="en", at=now - 60),
            asked("C'est quoi ?", ANSWERED, rated="negative", at=now - 70),
            asked("Et là ?", ANSWERED, again=True, at=now - 80),
            asked("Très bien", ANSWERED),
            asked("/guide", typed=False),
            asked("!!!", OUTSIDE),
        ]
    )
    assert [(group.count, group.language) for group in groups] == [
        (3, "fr"),
        (1, "fr"),
        (1, "en"),
        (1, "fr"),
        (1, "fr"),
    ]
    assert list(groups[3].reasons) == [DOWN]
    assert list(groups[4].reasons) == [AGAIN]


def test_figures_count_by_week_and_csv_runs_nothing() -> None:
    today = datetime.date(2026, 11, 27)  # a Friday

    def on(day: datetime.date) -> float:
        return datetime.datetime.combine(day, datetime.time(12)).timestamp()

    figures = counted(
        [
            asked("a", at=on(today), first=True, topics=("ptce",), rated="positive"),
            asked("b", ANSWERED, at=on(today - datetime.timedelta(days=4))),
            asked("c", at=on(today - datetime.timedelta(days=5)), language="en", result="=SUM(A1)"),
            asked("d", at=on(today - datetime.timedelta(weeks=WEEKS))),
        ],
        today,
    )
    assert figures.weeks[-1] == ("2026-11-23", 1, 2)
    assert figures.weeks[-2] == ("2026-11-16", 0, 1)
    assert sum(put for _, _, put in figures.weeks) == 3
    assert dict(figures.languages) == {"fr": 2, "en": 1}
    assert dict(figures.outcomes)[NOT_GIVEN] == 2
    assert "results,'=SUM(A1),1" in as_csv(figures)


def test_what_ends_soon_comes_first_and_what_was_checked_long_ago() -> None:
    base = knowledge()
    ends = {
        fact.since.until for topic in base.topics.values() for fact in topic.facts if fact.since and fact.since.until
    }
    last = max(ends)
    soon = ending(base, last - datetime.timedelta(days=SOON))
    assert soon
    assert all(fact.since is not None and fact.since.until is not None for fact in soon)
    assert last in {fact.since.until for fact in soon if fact.since}
    assert last not in {
        fact.since.until for fact in ending(base, last - datetime.timedelta(days=SOON + 1)) if fact.since
    }
    dates = [fact.checked for fact in by_age(base)]
    assert dates == sorted(dates)


# Links.


class Site:
    """A web server that answers by the address asked for, and remembers when."""

    def __init__(self) -> None:
        self.heard: List[Tuple[str, str, float]] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                site.heard.append(("HEAD", self.path, time.monotonic()))
                if self.path == "/slow":
                    time.sleep(3)
                answers = {"/gone": 404, "/no-head": 405, "/no-head-gone": 405, "/broken": 500, "/moved": 302}
                self.send_response(answers.get(self.path, 200))
                if self.path == "/moved":
                    self.send_header("Location", "/here")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                site.heard.append(("GET", self.path, time.monotonic()))
                self.send_response(404 if self.path in ("/no-head-gone", "/gone") else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()


def test_links_are_asked_for_politely(site: Site) -> None:
    paths = ["/here", "/gone", "/no-head", "/no-head-gone", "/broken", "/moved", "/here"]
    found = asyncio.run(check([site.url + path for path in paths], pause=0.15))
    assert {url[len(site.url) :]: status for url, status in found.items()} == {
        **{"/here": "200", "/gone": "404", "/no-head": "200", "/no-head-gone": "404", "/broken": "500", "/moved": "200"}
    }
    assert [method for method, path, _ in site.heard if path == "/here"] == ["HEAD", "HEAD"]  # itself, and moved to
    assert [method for method, path, _ in site.heard if path == "/no-head"] == ["HEAD", "GET"]
    times = [at for _, path, at in site.heard if path != "/here"]
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.14
    assert [is_dead(status) for status in ("200", "403", "404", "410", "500", "timeout", "unreachable")] == [
        *(False, False, True, True, True, True, True)
    ]


def test_servers_that_do_not_answer(site: Site) -> None:
    assert asyncio.run(check([f"{site.url}/slow"], within=0.5)) == {f"{site.url}/slow": "timeout"}
    assert set(asyncio.run(check(["http://127.0.0.1:1/", "http://127.0.0.1:9/"])).values()) == {"unreachable"}


def test_since_when_a_link_fails_is_remembered(engine: sa.engine.Engine) -> None:
    links = Links(engine)
    links.keep({"http://a": "404", "http://b": "200"})
    first = {link.url: link.failing for link in links.all()}
    links.keep({"http://a": "timeout"})
    (again,) = links.all()  # one named no more is forgotten
    assert again.failing == first["http://a"]
    assert first["http://b"] is None
    links.keep({"http://a": "200"})
    assert links.all()[0].failing is None


def test_old_addresses_are_not_asked_for() -> None:
    base = knowledge()
    old = {str(link.url) for topic in base.topics.values() for fact in topic.facts for link in fact.links if link.of}
    published = {str(each.url) for each in base.publications.values() if each.url}
    assert old
    assert not (old - published) & set(named(base))


# Once a week.


def test_one_instance_has_the_week(engine: sa.engine.Engine) -> None:
    assert not rounds.is_due(engine, "letter")  # the first is due a week after the first look
    with engine.begin() as connection:
        connection.execute(rounds.rounds.update().values(at=time.time() - rounds.WEEK - 1))
    turns: List[bool] = []
    threads = [threading.Thread(target=lambda: turns.append(rounds.is_due(engine, "letter"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == [False, False, False, True]
    rounds.again(engine, "letter")
    assert not rounds.is_due(engine, "letter")


def test_the_letter(engine: sa.engine.Engine, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACIMA_PUBLIC_URL", "https://assistant.example.pm")
    assert asyncio.run(rounds.write_letter(engine)) is False  # no mail server
    monkeypatch.setenv("CACIMA_SMTP_URL", post.url)
    monkeypatch.setenv("CACIMA_DESK_MAIL", TO)
    Requests(engine).add("x", "rest", Draft(question="q", name="Ana", contact="41 12 34"))
    Links(engine).keep({"http://a": "404"})
    monkeypatch.setattr(
        rounds.journal,
        "read",
        lambda *_: [asked("Quel prix pour un PTCE ?", first=True), asked("quel prix pour un PTCE"), asked("Masquée ?")],
    )
    from bot.desk.likeness import mark_of

    Examples(engine).hide(mark_of("Masquée ?"), "ana")
    assert asyncio.run(rounds.write_letter(engine)) is True
    told = body(post.wait("https://assistant.example.pm/bureau")).replace("\u00a0", " ")
    assert "messages : 3" in told
    assert "aucune source : 3" in told
    assert "attente d’une réponse : 1" in told
    assert "prix pour un PTCE (2 fois)" in told.replace(" ?", "")
    assert "Masquée" not in told
    assert "ne répondent plus : 1" in told
    assert "Ana" not in told
    assert len(told.strip().splitlines()) <= 12
