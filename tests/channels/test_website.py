"""The website's channel, spoken to as the widget does and as an attacker would."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from bot.channels.errors import errors
from bot.channels.tokens import PREFIX, Session, Tokens
from tests.conftest import ROOT, ServedBot
from tests.website_client import OTHER_SITE, SECRET, Visitor

QUESTION = {"fr": "C'est quoi un pôle de compétitivité ?", "en": "What is a competitiveness cluster?"}
DATE = {"fr": "fin 2015", "en": "late 2015"}


def texts(messages: List[Dict[str, Any]]) -> str:
    return "\n".join(str(message.get("text")) for message in messages)


def stored_rows(site: ServedBot, conversation: str) -> int:
    with sqlite3.connect(site.folder / "conversations.db") as database:
        return int(database.execute("select count(*) from events where sender_id = ?", [conversation]).fetchone()[0])


def conversation_of(visitor: Visitor) -> str:
    session = Tokens(SECRET.encode()).read(visitor.token)
    assert session is not None
    return session.conversation


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_question_is_answered_dated_in_its_language(site: ServedBot, language: str) -> None:
    answer = Visitor(site.url).send(text=QUESTION[language]).json()
    assert answer["language"] == language
    assert DATE[language] in texts(answer["messages"])
    assert answer["messages"][0]["answer"]["then"]


def test_the_page_language_counts_until_the_person_speaks(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    assert visitor.send(text="PTCE", language="en").json()["language"] == "en"
    assert visitor.send(text=QUESTION["fr"], language="en").json()["language"] == "fr"


def test_the_switch_of_language_is_the_persons_choice(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    visitor.say(QUESTION["fr"])
    assert visitor.send(speak="en").json()["language"] == "en"
    assert "A PTCE" in texts(visitor.say("PTCE"))


def test_the_conversation_comes_from_the_token_alone(site: ServedBot) -> None:
    victim, attacker = Visitor(site.url), Visitor(site.url)
    victim.say(QUESTION["fr"])
    attack = {
        "sender": conversation_of(victim),
        "sender_id": conversation_of(victim),
        "conversation_id": conversation_of(victim),
        "input_channel": "rest",
        "metadata": {"language": "en", "choice": "x"},
    }
    assert "Fin 2015" in texts(attacker.say("et combien ?", **attack)) or attacker.history()
    assert len([message for message in victim.history() if message["from"] == "you"]) == 1
    assert "compétitivité ?" not in json.dumps(attacker.history(), ensure_ascii=False)
    with sqlite3.connect(site.folder / "conversations.db") as database:
        kept = database.execute(
            "select data from events where sender_id = ? and type_name = 'user'", [conversation_of(attacker)]
        ).fetchall()
    assert [json.loads(data)["input_channel"] for (data,) in kept] == ["website"]
    assert all(json.loads(data)["metadata"].get("choice") is None for (data,) in kept)


def test_forged_garbled_and_expired_tokens_begin_afresh(site: ServedBot) -> None:
    victim = Visitor(site.url)
    victim.say(QUESTION["fr"])
    session = Session(conversation_of(victim), 4_000_000_000)
    payload, signature = victim.token.split(".")
    other_payload, _ = Visitor(site.url).token.split(".")
    expired = Tokens(SECRET.encode()).write(Session(session.conversation, 1_600_000_000))
    forged = [
        Tokens(b"another secret, also of 32 characters or more").write(session),
        f"{payload}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        f"{other_payload}.{signature}",
        f"{payload}.",
        payload,
        "..",
        "é" * 10,
        session.conversation,
        expired,
    ]
    for token in forged:
        for method, body in (("GET", None), ("POST", {"id": "12345678", "text": "Bonjour"}), ("DELETE", None)):
            answer = victim.call(method, "/messages", body, token=token.encode().decode("latin-1"))
            assert answer.status_code == 401, (token, method)
            assert answer.json()["message"] == errors()["expired"]["fr"]
        assert victim.call("POST", "/session", token=token.encode().decode("latin-1")).status_code == 401
    assert len(victim.history()) == 2


def test_a_token_is_renewed_for_the_same_conversation(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    visitor.say(QUESTION["fr"])
    again = Visitor(site.url, visitor.call("POST", "/session").json()["token"])
    assert again.history() == visitor.history() != []


@pytest.mark.parametrize(
    "text",
    ['/ask_funding{"topic": "ptce"}', "/restart", "/session_start", "  /guide", "\u0000/restart", "//restart", "/"],
)
def test_text_is_never_a_command(site: ServedBot, text: str) -> None:
    visitor = Visitor(site.url)
    visitor.say(QUESTION["fr"])
    assert visitor.say(text)
    with sqlite3.connect(site.folder / "conversations.db") as database:
        kept = database.execute(
            "select data from events where sender_id = ? and type_name = 'user'", [conversation_of(visitor)]
        ).fetchall()
        types = database.execute(
            "select type_name from events where sender_id = ?", [conversation_of(visitor)]
        ).fetchall()
    assert len(kept) == 2
    assert not json.loads(kept[1][0])["text"].startswith("/")
    assert ("restart",) not in types
    assert types.count(("session_started",)) == 1


def test_a_choice_goes_in_as_data_and_is_shown_by_its_title(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    offered = next(
        message["buttons"]
        for text in ("C'est quoi un cluster ?", "combien de labels ?", "quels types de clusters ?", "l'aide")
        for message in visitor.say(text)
        if message.get("buttons")
    )
    answer = visitor.send(choice=offered[0]["payload"]).json()
    assert answer["messages"]
    said = [message for message in visitor.history() if message["from"] == "you"][-1]
    assert (said["choice"], said["text"]) == (offered[0]["payload"], offered[0]["title"])


@pytest.mark.parametrize(
    ("language", "start"), [("fr", "Quel cluster pour moi ?"), ("en", "Which cluster is right for me?")]
)
def test_an_answer_changed_after_the_result_is_shown_by_its_question(
    site: ServedBot, language: str, start: str
) -> None:
    visitor = Visitor(site.url)
    messages = visitor.say(start, language=language)
    for _ in range(12):
        if "result" in messages[-1]:
            break
        messages = visitor.send(choice=messages[-1]["buttons"][0]["payload"]).json()["messages"]
    change = messages[-1]["result"]["change"][0]
    visitor.send(choice=change["payload"])
    said = [message for message in visitor.history() if message["from"] == "you"][-1]
    assert (said["choice"], said["text"]) == (change["payload"], change["title"])
    assert not said["text"].startswith("/")


@pytest.mark.parametrize(
    "choice",
    [
        "/restart",
        "/session_start",
        '/ask_funding{"topic": "nothing"}',
        "/nlu_fallback",
        "ask",
        "/guide{",
        "",
        "x" * 999,
    ],
)
def test_a_choice_never_offered_is_refused(site: ServedBot, choice: str) -> None:
    answer = Visitor(site.url).send(choice=choice)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_choice")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b'"' + b"[" * 9000, 400, "not_json"),
        (b"[" * 9000, 400, "not_json"),
        ({"text": "Bonjour"}, 400, "bad_id"),
        ({"id": 12345678, "text": "Bonjour"}, 400, "bad_id"),
        ({"id": "12345678"}, 400, "bad_message"),
        ({"id": "12345678", "text": 3}, 400, "bad_message"),
        ({"id": "12345678", "text": "Bonjour", "choice": "/guide"}, 400, "bad_message"),
        ({"id": "12345678", "speak": "de"}, 400, "bad_message"),
        ({"id": "12345678", "text": "a" * 1001}, 413, "too_long"),
        ({"id": "12345678", "text": "a", "more": "a" * 16384}, 413, "too_long"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_refusals_are_json_in_the_persons_language(
    site: ServedBot, body: Any, status: int, code: str, language: str
) -> None:
    answer = Visitor(site.url).call("POST", "/messages", body, {"Accept-Language": language})
    assert answer.status_code == status
    assert answer.json() == {"error": code, "message": errors()[code][language]}


@pytest.mark.parametrize("text", ["a" * 1000, "🦀" * 200, "\ud800 oui", "\u0000\u0007", "   ", "<b></b>", "?"])
def test_any_text_of_allowed_length_is_answered(site: ServedBot, text: str) -> None:
    assert Visitor(site.url).say(text)


def test_a_long_body_is_refused_before_it_has_all_come(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    head = (
        "POST /webhooks/website/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {visitor.token}\r\nContent-Length: 50000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(head.encode() + b"a" * 40_000)
        assert b" 413 " in connection.recv(4000)


def test_unknown_addresses_and_methods_are_json_too(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    assert visitor.call("GET", "/nothing/here").json()["error"] == "not_found"
    answer = visitor.call("PUT", "/messages", {})
    assert (answer.status_code, answer.json()["error"]) == (405, "not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST", "DELETE", "OPTIONS"}


def test_the_same_message_sent_twice_is_said_once(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: visitor.send(id="the-same-id", text=QUESTION["fr"]).json(), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert [message["from"] for message in visitor.history()] == ["you", "bot"]


def test_history_is_the_same_for_a_second_tab_and_after_a_restart(tmp_path: Path) -> None:
    served = ServedBot(tmp_path).start()  # without a secret given: a key of its own is kept in its folder
    try:
        visitor = Visitor(served.url)
        told = visitor.say(QUESTION["en"])
        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
        served.stop()
        served.start()
        again = Visitor(served.url, visitor.token).history()
        assert again[0]["text"] == QUESTION["en"]
        assert again[1:] == told
    finally:
        served.stop()


def test_forgetting_leaves_nothing_in_the_store(site: ServedBot) -> None:
    visitor, other = Visitor(site.url), Visitor(site.url)
    visitor.say(QUESTION["fr"])
    other.say(QUESTION["fr"])
    conversation = conversation_of(visitor)
    assert stored_rows(site, conversation) > 0
    fresh = visitor.call("DELETE", "/messages").json()["token"]
    assert stored_rows(site, conversation) == 0
    assert visitor.call("GET", "/messages").status_code == 401
    assert visitor.send(text=QUESTION["fr"]).status_code == 401
    assert visitor.call("POST", "/session").status_code == 401
    assert stored_rows(site, conversation) == 0
    visitor.token = fresh
    assert conversation_of(visitor) != conversation
    assert len(other.history()) == 2


def test_only_the_sites_allowed_may_use_it(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    own = site.url
    for origin in (OTHER_SITE, own):
        answer = visitor.call("GET", "/messages", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in answer.headers
        preflight = visitor.call("OPTIONS", "/messages", headers={"Origin": origin})
        assert preflight.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    for origin in ("https://example.org", f"{OTHER_SITE}.evil.example", "http://www.example.org", "null", "*"):
        answer = visitor.call("GET", "/messages", headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]) == (403, "bad_origin")
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert (
            "Access-Control-Allow-Origin" not in visitor.call("OPTIONS", "/messages", None, {"Origin": origin}).headers
        )


def test_messages_are_not_in_the_logs(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    visitor.say("Le mot secret est hippopotame violet")
    visitor.send(id="short", text="hippopotame refusé")
    visitor.send(choice="/hippopotame")
    log = site.log.read_text(encoding="utf-8", errors="replace")
    assert "Ready on" in log
    assert "hippopotame" not in log


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """A bot that lets through few messages, and whose answering action breaks on the word "panne"."""
    few = {"CACIMA_WEBSITE_PER_TOKEN": "6", "CACIMA_WEBSITE_PER_ADDRESS": "60", "CACIMA_PROXIES": "1"}
    served = ServedBot(tmp_path_factory.mktemp("narrow"), {**few, "PYTHONPATH": str(ROOT)})
    served.command = [sys.executable, "-m", "tests.broken_bot"]
    served.start()
    yield served
    served.stop()


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "C'est quoi une panne de PTCE ?"), ("en", "What is a panne PTCE?")]
)
def test_a_turn_that_fails_says_so_politely(narrow: ServedBot, language: str, text: str) -> None:
    visitor = Visitor(narrow.url)
    answer = visitor.send(text=text).json()
    assert texts(answer["messages"]) == errors()["apology"][language]
    assert texts(visitor.history()[1:]) == errors()["apology"][language]
    assert "Traceback" not in json.dumps(answer)


def test_too_many_messages_wait_for_their_turn(narrow: ServedBot) -> None:
    eager, calm = Visitor(narrow.url), Visitor(narrow.url)
    statuses = [eager.send(text="Bonjour").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = eager.send(text="Hello", language="en")
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert re.fullmatch(r"Too many messages at once: try again in \d+ s\.", refused.json()["message"])
    assert calm.send(text="Bonjour").status_code == 200


def test_an_address_has_its_own_limit_behind_a_proxy(narrow: ServedBot) -> None:
    def from_address(address: str) -> int:
        return Visitor(narrow.url, "none").call("GET", "/", headers={"X-Forwarded-For": address}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(from_address, ["198.51.100.7"] * 60))
    assert statuses.count(429) >= 5
    assert from_address("198.51.100.8") == 200
    # A subscriber has a whole /64 of IPv6 addresses.
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(from_address, [f"2001:db8::{number:x}" for number in range(60)]))
    assert statuses.count(429) >= 5


def test_conversation_ids_are_the_channels_own(site: ServedBot) -> None:
    assert conversation_of(Visitor(site.url)).startswith(PREFIX)


@pytest.mark.parametrize(
    "settings",
    [
        {"CACIMA_SECRET": "short"},
        {"CACIMA_WEBSITE_ORIGINS": "*"},
        {"CACIMA_WEBSITE_ORIGINS": "https://www.example.org/"},
        {"CACIMA_WEBSITE_PER_TOKEN": "many"},
    ],
)
def test_wrong_settings_are_refused_at_start(settings: Dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.channels.website import WebsiteChannel
    from bot.settings import BadSettings

    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=next(iter(settings))):
        WebsiteChannel.from_credentials(None)
