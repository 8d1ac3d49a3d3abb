"""Nothing asked of CACIMA is lost: not while its mail server is away, not at a restart; and nothing is sent twice."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Dict

import pytest
import sqlalchemy as sa

from bot.desk import requests as module
from bot.desk.exchange import Draft
from bot.desk.outbox import send_one
from bot.desk.requests import Requests
from bot.desk.settings import Smtp, smtp
from bot.store import schema
from bot.store.engine import make_engine
from bot.store.schema import requests as table
from tests.conftest import ServedBot
from tests.desk.post import TO, Post, body
from tests.desk.test_handing_on import put_together, text_of

DRAFT = Draft(language="fr", question="Combien ?", name="Ana", contact="ana@example.pm", step="review")


@pytest.fixture
def kept(tmp_path: Path) -> Requests:
    engine = make_engine(sa.engine.url.URL.create("sqlite", database=str(tmp_path / "conversations.db")))
    schema.create(engine)
    return Requests(engine)


def server_of(post: Post) -> Smtp:
    server = smtp({"CACIMA_SMTP_URL": post.url, "CACIMA_DESK_MAIL": TO})
    assert server is not None
    return server


def make_due(kept: Requests) -> None:
    with kept._engine.begin() as connection:
        connection.execute(table.update().values(due=0.0))


def test_it_is_kept_while_the_server_refuses_and_sent_once_after(kept: Requests, post: Post) -> None:
    server = server_of(post)
    reference = kept.add("a", "rest", DRAFT)
    post.refuses = True
    try:
        assert asyncio.run(send_one(server, kept)) is False
    finally:
        post.refuses = False
    waiting = kept.get(reference)
    assert waiting is not None
    assert (waiting.mail, waiting.tries) == ("waiting", 1)
    assert asyncio.run(send_one(server, kept)) is None  # not at once again
    make_due(kept)
    assert asyncio.run(send_one(server, kept)) is True
    make_due(kept)
    assert asyncio.run(send_one(server, kept)) is None
    assert len([mail for mail in post.mails if reference in str(mail["Subject"])]) == 1


def test_two_senders_send_it_once(kept: Requests, post: Post) -> None:
    server = server_of(post)
    reference = kept.add("b", "rest", DRAFT)

    async def both() -> Any:
        return await asyncio.gather(*(send_one(server, kept) for _ in range(8)))

    assert sorted(map(str, asyncio.run(both()))) == ["None"] * 7 + ["True"]
    assert len([mail for mail in post.mails if reference in str(mail["Subject"])]) == 1


def test_a_sender_that_died_loses_its_claim(kept: Requests, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = kept.add("c", "rest", DRAFT)
    first = kept.claim()
    assert first is not None
    assert first.id == reference
    assert kept.claim() is None
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + module.CLAIM_LASTS + 1)
    again = kept.claim()
    assert again is not None
    assert again.id == reference


def test_pauses_grow(kept: Requests, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = kept.add("d", "rest", DRAFT)
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now)
    dues = []
    for tries in range(6):
        kept.failed(reference, tries)
        with kept._engine.connect() as connection:
            dues.append(connection.execute(sa.select(table.c.due)).scalar() - now)
    assert dues == [*module.PAUSES, module.PAUSES[-1], module.PAUSES[-1]]


def test_old_requests_and_drafts_left_are_deleted(kept: Requests) -> None:
    old, young = kept.add("e", "rest", DRAFT), kept.add("f", "rest", DRAFT)
    kept.keep_draft("g", DRAFT)
    with kept._engine.begin() as connection:
        connection.execute(table.update().where(table.c.id == old).values(created=time.time() - 31 * 86400))
        connection.execute(schema.drafts.update().values(at=time.time() - module.DRAFT_LASTS - 1))
    assert kept.draft("g") is None
    assert kept.purge(30 * 86400.0) == 1
    assert [asked.id for asked in kept.all()] == [young]
    with kept._engine.connect() as connection:
        assert connection.execute(sa.select(schema.drafts)).first() is None


def test_while_the_server_is_down_the_person_is_told_the_truth(tmp_path: Path) -> None:
    away = Post()  # its port is closed until it is started
    settings: Dict[str, str] = {"CACIMA_SMTP_URL": away.url, "CACIMA_DESK_MAIL": TO}
    bot = ServedBot(tmp_path, settings).start()
    try:
        put_together(bot, "patient", "fr", "Patience Puffin", "patience@example.pm")
        told = text_of(bot.say("patient", "oui"))
        assert "notre messagerie ne répond pas" in told
        assert "envoyé" not in told
        bot.stop()  # and the machine restarts meanwhile
        away.start()
        with sa.create_engine(f"sqlite:///{tmp_path / 'conversations.db'}").begin() as connection:
            connection.execute(table.update().values(due=0.0))
        bot.start()
        assert "Combien coûte" in body(away.wait("Patience Puffin"))
        assert len(away.about("Patience Puffin")) == 1
    finally:
        bot.stop()
        away.stop()


def test_half_a_setting_is_refused_at_the_start(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path, {"CACIMA_SMTP_URL": "smtp://mail.example.pm"})
    with pytest.raises(AssertionError, match="CACIMA_DESK_MAIL"):
        bot.start()
