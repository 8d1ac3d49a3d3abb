"""A request whose length is not said once and plainly is refused, whatever its path; the server goes on."""

from __future__ import annotations

import json

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.http_head import BadHead, check_head
from tests.conftest import ServedBot
from tests.runtime.raw import exchange

PATHS = ["POST /webhooks/website/session", "POST /webhooks/rest/webhook", "GET /health/live", "POST /nowhere"]
BAD = {
    "negative": b"Content-Length: -5",
    "signed": b"Content-Length: +2",
    "underscored": b"Content-Length: 0_2",
    "not ASCII": "Content-Length: ٢".encode(),
    "empty": b"Content-Length:",
    "words": b"Content-Length: abc",
    "a list": b"Content-Length: 2, 2",
    "twice": b"Content-Length: 2\r\nContent-Length: 3",
    "thousands of digits": b"Content-Length: " + b"9" * 5000,
    "unknown coding": b"Transfer-Encoding: xchunked",
    "two codings": b"Transfer-Encoding: gzip, chunked",
    "coding twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "coding and length": b"Content-Length: 2\r\nTransfer-Encoding: chunked",
    "blank before the colon": b"Content-Length : 2",
    "folded": b"X: a\r\n Content-Length: 2",
    "bare line feed": b"X: a\nContent-Length: 2",
    "no header": b"hello",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("fault", BAD)
def test_a_bad_head_is_refused_and_nobody_waits(bot: ServedBot, path: str, fault: str) -> None:
    sent = f"{path} HTTP/1.1\r\nHost: localhost\r\n".encode() + BAD[fault] + b"\r\n\r\n{}"
    assert exchange(bot.port, sent) == 400
    assert requests.get(f"{bot.url}/health/live", timeout=5).status_code == 200


def test_chunks_before_http_1_1_are_refused(bot: ServedBot) -> None:
    sent = b"POST /webhooks/rest/webhook HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert exchange(bot.port, sent) == 400


@pytest.mark.parametrize("length", [b"Content-Length:%d", b"content-length: %d ", b"CONTENT-LENGTH: 00%d"])
def test_plain_lengths_pass(bot: ServedBot, length: bytes) -> None:
    body = json.dumps({"sender": "heads", "message": "Combien de PTCE ?"}).encode()
    sent = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\n" + length % len(body) + b"\r\n\r\n" + body
    assert exchange(bot.port, sent) == 200


def test_chunks_pass(bot: ServedBot) -> None:
    body = json.dumps({"sender": "heads", "message": "Combien de PTCE ?"}).encode()
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert exchange(bot.port, head + chunks) == 200


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_none(head: bytes) -> None:
    for whole in (head, b"GET / HTTP/1.1\r\n" + head, b"POST / HTTP/1.1\r\nContent-Length:" + head):
        try:
            check_head(whole)
        except BadHead:
            continue
        for line in whole.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                assert int(value.decode("ascii")) >= 0
