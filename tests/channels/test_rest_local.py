"""The REST channel is for this machine alone: whoever writes to it names the conversation."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ServedBot

BODY = json.dumps({"sender": "someone", "message": "Bonjour"}).encode()


def test_this_machine_is_answered(site: ServedBot) -> None:
    assert site.post("/webhooks/rest/webhook", BODY).status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Origin"])
def test_what_comes_through_a_proxy_or_a_page_is_not(site: ServedBot, header: str) -> None:
    reply = site.post("/webhooks/rest/webhook", BODY, {header: "for=203.0.113.5"})
    assert (reply.status, reply.json()["error"]) == (403, "not_local")
