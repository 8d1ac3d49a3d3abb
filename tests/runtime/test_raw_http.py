"""Requests no client would write, by a generator: each is answered or closed, none is a fault, and the server goes on.

The number of tries is fixed and so are the tries, so that a build is red for what it changed. Whoever looks for more
sets RAW_HTTP_TRIES: then they are drawn anew (`make chaos` does).
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any, List

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ServedBot
from tests.runtime.raw import connect, status_of
from tests.website_client import Visitor

TRIES = int(os.environ.get("RAW_HTTP_TRIES", "250"))
WAITED = 0.4  # seconds for an answer: some requests are not whole, and rightly waited for
PATHS = ["/", "/fr", "/widget.js", "/health/live", "/webhooks/rest/webhook", "/webhooks/website/session"]
PATHS += [
    "/webhooks/website/messages",
    "/webhooks/messenger/webhook",
    "/nowhere",
    "*",
    "//",
    "/%00",
    "/..%2f..%2fetc/passwd",
]
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH", "TRACE", "CONNECT", "get", "BREW", ""]
NAMES = ["Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Connection", "Expect", "Authorization"]
NAMES += ["Origin", "Accept-Language", "Accept-Encoding", "X-Forwarded-For", "Forwarded", "Upgrade", "If-None-Match"]
VALUES = ["localhost", "0", "5", "-5", "+5", "5_0", "1e3", "99999999999999999999", "chunked", "gzip, chunked", "close"]
VALUES += ["keep-alive", "100-continue", "Bearer x", "application/json", "null", "br;q=0", "127.0.0.1, 10.0.0.1", ""]
VALUES += ["websocket", "*", 'W/""', "fr;q=x, en", 'for="[::1]"', "a" * 9000]

_odd = st.binary(max_size=40).map(lambda raw: raw.replace(b"\r\n\r\n", b""))
_value = st.one_of(st.sampled_from(VALUES).map(str.encode), _odd)
_name = st.one_of(st.sampled_from(NAMES).map(str.encode), _odd)
_header = st.tuples(_name, st.sampled_from([b":", b": ", b" : ", b""]), _value).map(b"".join)
_target = st.one_of(st.sampled_from(PATHS).map(str.encode), _odd)
_version = st.sampled_from([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9", b"", b"http/1.1"])
_line = st.tuples(st.sampled_from(METHODS).map(str.encode), _target, _version).map(b" ".join)
_body = st.one_of(
    st.just(b""),
    st.sampled_from(
        [b'{"sender": "raw", "message": "PTCE ?"}', b"{", b"[" * 400, b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"]
    ),
    _odd,
)


@st.composite
def raw_requests(draw: Any) -> bytes:
    """One request, or two on one connection: a line, headers, the blank line, a body; most with a right length."""
    sent = b""
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        body = draw(_body)
        headers: List[bytes] = draw(st.lists(_header, max_size=5))
        if draw(st.booleans()):
            headers += [b"Content-Length: %d" % len(body)]
        sent += b"\r\n".join([draw(_line), *headers, b"", b""]) + body
    return sent


@settings(
    max_examples=TRIES,
    deadline=None,
    database=None,
    derandomize="RAW_HTTP_TRIES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(sent=raw_requests())
def test_no_request_is_a_fault(bot: ServedBot, sent: bytes) -> None:
    with connect(bot.port, timeout=WAITED) as connection:
        connection.sendall(sent)
        with contextlib.suppress(TimeoutError):
            status = status_of(connection)
            assert status is None or status < 500 or status in (501, 505), status


def test_the_server_goes_on_as_before(bot: ServedBot) -> None:
    asked = time.monotonic()
    assert requests.get(f"{bot.url}/health/ready", timeout=10).status_code == 200
    assert "140" in str(Visitor(bot.url).say("combien de PTCE ?"))
    assert time.monotonic() - asked < 10
    assert '"level": "error"' not in bot.log.read_text(encoding="utf-8")
