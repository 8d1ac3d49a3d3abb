"""Bad input over REST: a polite reply or a 4xx, no stack trace, nobody else's conversation touched, still up."""

from __future__ import annotations

import json

import pytest

from bot.channels.errors import errors
from tests.conftest import ServedBot

PATH = "/webhooks/rest/webhook"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "🙂🙂", "<b>bonjour</b><script>alert(1)</script>", "a\x00b\x07c", "/restart", "/session_start",
     '/ask_count{"topic": "nope"}', '/guide_answer{"criterion": "aim", "value": "nope"}', "/back", "///", "' OR 1=1 --",
     "\ud800 cassé", "é" * 1000],
)  # fmt: skip
def test_odd_text_gets_a_polite_reply(bot: ServedBot, text: str) -> None:
    messages = bot.say("odd", text)
    assert messages
    assert all(message["text"].strip() for message in messages)
    assert "Traceback" not in json.dumps(messages)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b'"text"', 400, "not_json"),
        (b"{}", 400, "no_text"),
        (b'{"sender": "a", "message": 5}', 400, "no_text"),
        (b'{"sender": 5, "message": "x"}', 400, "bad_sender"),
        (b'{"sender": "", "message": "x"}', 400, "bad_sender"),
        (b'{"sender": "a\\u0000", "message": "x"}', 400, "bad_sender"),
        (json.dumps({"sender": "a" * 300, "message": "x"}).encode(), 400, "bad_sender"),
        (json.dumps({"sender": "a", "message": "x" * 100_000}).encode(), 413, "too_long"),
        (json.dumps({"sender": "a", "message": "x" * 1001}).encode(), 413, "too_long"),
    ],
)
def test_bad_requests_are_refused_in_the_persons_language(bot: ServedBot, body: bytes, status: int, code: str) -> None:
    for language in ("fr", "en"):
        reply = bot.post(PATH, body, {"Accept-Language": language})
        assert (reply.status, reply.json()["error"]) == (status, code)
        assert reply.json()["message"] == errors()[code][language]


def test_commands_typed_by_people_are_no_commands(bot: ServedBot) -> None:
    bot.say("commands", "combien de PTCE ?")
    bot.say("commands", "/session_start")
    assert "126" in bot.say("commands", "et les grappes ?")[0]["text"]  # the conversation went on


def test_without_a_sender_nobody_shares_a_conversation(bot: ServedBot) -> None:
    first = json.loads(bot.post(PATH, json.dumps({"message": "combien de PTCE ?"}).encode()).body)
    second = json.loads(bot.post(PATH, json.dumps({"message": "et les grappes ?"}).encode()).body)
    assert first[0]["recipient_id"] != second[0]["recipient_id"]
    assert "126 grappes" not in second[0]["text"].replace("\u00a0", " ")


def test_the_clients_language_holds_until_the_person_speaks(bot: ServedBot) -> None:
    assert "late 2015" in bot.say("client", "PTCE", metadata={"language": "en"})[0]["text"]
    assert "mai 2023" in bot.say("client", "combien y en a-t-il en France ?", metadata={"language": "en"})[0]["text"]


def test_still_up(bot: ServedBot) -> None:
    assert "23" in bot.say("up", "combien de PTCE ?")[0]["text"]


@pytest.mark.parametrize("depth", [30, 490, 900])
def test_metadata_nested_beyond_reason_costs_nobody_an_answer(bot: ServedBot, depth: int) -> None:
    nested = '{"a":' * depth + '"x@y.fr"' + "}" * depth
    body = f'{{"sender": "nested", "message": "combien de PTCE ?", "metadata": {nested}}}'
    reply = bot.post(PATH, body.encode())
    assert reply.status == 200
    assert "23" in reply.json()[0]["text"]
