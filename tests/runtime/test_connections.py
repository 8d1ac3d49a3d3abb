"""Connections that send nothing, or a byte now and then, keep nobody else out and do not last."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Iterator, List

import pytest
import requests

from bot.runtime import connection_limits
from bot.runtime.connection_limits import OTHER_FILES, read_limits
from bot.runtime.connections import BODY_WITHIN, HEAD_WITHIN
from bot.store.settings import BadSettings
from tests.conftest import ServedBot
from tests.observability.served import samples
from tests.ports import free_port
from tests.runtime.raw import connect, exchange, status_of
from tests.website_client import Visitor

FILES = 1024


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, metrics_port: int) -> Iterator[ServedBot]:
    """A bot that may open no more files than most systems allow."""
    bot = ServedBot(tmp_path_factory.mktemp("small"), {"CACIMA_METRICS_PORT": str(metrics_port)})
    bot.command = ["prlimit", f"--nofile={FILES}:{FILES}", *bot.command]
    bot.start()
    yield bot
    bot.stop()


def closed(port: int, reason: str) -> float:
    return samples(port)[f'cacima_connections_closed_total{{reason="{reason}"}}']


def test_others_are_answered_beside_more_slow_ones_than_there_are_files(small: ServedBot, metrics_port: int) -> None:
    enough = threading.Event()
    slow: List[socket.socket] = []

    def drip() -> None:
        while not enough.wait(1):
            for connection in slow[::2]:
                with contextlib.suppress(OSError):
                    connection.send(b"x")

    try:
        for number in range(FILES + 76):
            slow.append(connect(small.port))
            if number % 2:
                slow[-1].sendall(b"POST /webhooks/website/session HTTP/1.1\r\nHost: x\r\nX-")
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        for _ in range(5):
            asked = time.monotonic()
            assert "23" in str(Visitor(small.url).say("combien de PTCE ?"))
            assert requests.get(f"{small.url}/health/live", timeout=5).status_code == 200
            assert time.monotonic() - asked < 5
        assert closed(metrics_port, "full") >= FILES + 76 - (FILES - OTHER_FILES)
        assert "as many connections as are allowed" in small.log.read_text(encoding="utf-8")
        assert '"level": "error"' not in small.log.read_text(encoding="utf-8")
    finally:
        enough.set()
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    ("begun", "within", "reason"),
    [
        (b"GET / HTTP/1.1\r\nX-Slow: ", HEAD_WITHIN, "head"),
        (b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", BODY_WITHIN, "body"),
        (b"POST /webhooks/website/session HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", BODY_WITHIN, "body"),
    ],
)
def test_a_request_sent_byte_by_byte_is_given_up(
    small: ServedBot, metrics_port: int, begun: bytes, within: float, reason: str
) -> None:
    before = closed(metrics_port, reason)
    with connect(small.port, timeout=1) as connection:
        connection.sendall(begun)
        started = time.monotonic()
        while time.monotonic() - started < within + 5:
            try:
                status = status_of(connection)
                break
            except TimeoutError:
                connection.send(b"x")
        assert within - 1 < time.monotonic() - started < within + 4
        assert status in (408, None)
        with contextlib.suppress(OSError, TimeoutError):
            while connection.recv(4096):
                pass
    assert closed(metrics_port, reason) == before + 1


def test_a_body_that_is_never_read_is_given_up_too(small: ServedBot) -> None:
    """Refused at once, for want of a token; what is still to come of the body is waited for, but not for ever."""
    head = b"POST /webhooks/website/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
    with connect(small.port, timeout=BODY_WITHIN + 6) as connection:
        connection.sendall(head)
        assert status_of(connection) == 401
        while connection.recv(4096):
            pass


def test_requests_one_after_another_pass_as_before(small: ServedBot) -> None:
    with requests.Session() as session:
        for _ in range(50):
            assert session.get(f"{small.url}/health/live", timeout=5).status_code == 200
    assert exchange(small.port, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" * 3) == 200


@pytest.mark.parametrize("name", ["CACIMA_CONNECTIONS", "CACIMA_CONNECTIONS_PER_ADDRESS"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "٢", "9999999"])
def test_bad_limits_are_refused(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read_limits({name: value})


def test_limits_stay_within_what_the_system_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits.resource, "getrlimit", lambda _: (1024, 1024))
    assert read_limits({}).most == 1024 - OTHER_FILES
    assert read_limits({"CACIMA_CONNECTIONS": "20", "CACIMA_PROXIES": "1"}) == connection_limits.Limits(20, None)
    monkeypatch.setattr(connection_limits.resource, "getrlimit", lambda _: (64, 64))
    with pytest.raises(BadSettings, match="64 files"):
        read_limits({})


def test_one_address_cannot_take_all(tmp_path: Path) -> None:
    """From an address that is not this machine's loopback: there, a proxy may bring everybody's."""
    address = _other_address()
    if address is None:
        pytest.skip("this machine has no address but 127.0.0.1: the limit of one address was not tried")
    bot = ServedBot(tmp_path, {"CACIMA_CONNECTIONS_PER_ADDRESS": "5", "CACIMA_HOST": "0.0.0.0"}).start()
    held = []
    try:
        for _ in range(20):
            held.append(socket.create_connection((address, bot.port), timeout=5))
        time.sleep(0.5)
        ended = 0
        for connection in held:
            connection.settimeout(0.1)
            with contextlib.suppress(TimeoutError):
                ended += connection.recv(1) == b""
        assert ended == 15
        answer = requests.get(f"http://{address}:{bot.port}/health/live", timeout=5)
        assert answer.status_code == 200
    finally:
        for connection in held:
            connection.close()
        bot.stop()


def _other_address() -> str | None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
    return None
