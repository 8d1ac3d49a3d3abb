"""Behind one proxy or two, each visitor has a limit of his own, and nobody chooses the address he is known by."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Iterator, List

import pytest
import requests
from multidict import CIMultiDict
from requests.adapters import HTTPAdapter

from bot.channels.proxies import Proxies
from tests.conftest import ROOT, ServedBot
from tests.durability.servers import Server
from tests.durability.test_deploy import Nginx

LIMIT = 20  # a minute; half of it at once


def address(count: int, *headers: str, direct: str = "10.0.0.1") -> str:
    request: Any = SimpleNamespace(headers=CIMultiDict([("X-Forwarded-For", value) for value in headers]), ip=direct)
    return Proxies(count).address(request)


def test_the_chain_is_believed_as_far_as_there_are_proxies() -> None:
    assert address(0) == "10.0.0.1"
    assert address(0, "1.1.1.1") == "10.0.0.1"
    assert address(1, "9.9.9.9, 1.1.1.1") == "1.1.1.1"
    assert address(2, "9.9.9.9, 1.1.1.1, 10.0.0.2") == "1.1.1.1"
    assert address(2, "9.9.9.9", "1.1.1.1, , 10.0.0.2") == "1.1.1.1"
    assert address(2, "1.1.1.1") == "10.0.0.1"


@pytest.mark.parametrize(("count", "level"), [(0, "ERROR"), (2, "WARNING")])
def test_a_wrong_count_is_told_once(count: int, level: str, caplog: pytest.LogCaptureFixture) -> None:
    proxies = Proxies(count)
    request: Any = SimpleNamespace(headers=CIMultiDict({"X-Forwarded-For": "1.1.1.1"}), ip="10.0.0.1")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            proxies.address(request)
    assert [record.levelname for record in caplog.records] == [level]
    assert "CACIMA_PROXIES" in caplog.text
    assert "1.1.1.1" not in caplog.text


class Front(Server):
    """The server that would hold the certificate."""

    name = "front"

    def __init__(self, folder: Path, behind: str) -> None:
        super().__init__(folder)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f"server {{ listen 127.0.0.1:{self.port}; location / {{ proxy_pass {behind};"
            "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } } }\n"
        )
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self) -> List[str]:
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


@pytest.fixture(scope="module")
def two_proxies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed: two proxies in a row were not tried (Debian: nginx-light)")
    settings = {"CACIMA_PROXIES": "2", "CACIMA_WEBSITE_PER_ADDRESS": str(LIMIT)}
    bot = ServedBot(tmp_path_factory.mktemp("bot"), settings).start()
    nginx = Nginx(tmp_path_factory.mktemp("nginx"), [bot, bot])
    nginx.start()
    front = Front(tmp_path_factory.mktemp("front"), nginx.url)
    front.start()
    yield front.url
    front.stop()
    nginx.stop()
    bot.stop()


class _From(HTTPAdapter):
    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


def statuses(url: str, source: str, count: int, forged: str = "") -> List[int]:
    with requests.Session() as visitor:
        visitor.mount("http://", _From(source))
        headers = {"X-Forwarded-For": forged} if forged else {}
        path = f"{url}/webhooks/website/session"
        return [visitor.post(path, headers=headers, timeout=20).status_code for _ in range(count)]


def test_one_visitor_behind_two_proxies_does_not_shut_out_another(two_proxies: str) -> None:
    abuser = statuses(two_proxies, "127.0.0.2", 30)
    assert abuser.count(429) >= 10
    assert statuses(two_proxies, "127.0.0.3", 5) == [200] * 5


def test_a_forged_chain_gives_no_new_address(two_proxies: str) -> None:
    first = statuses(two_proxies, "127.0.0.4", 30, forged="198.51.100.1")
    assert first.count(429) >= 10
    assert 429 in statuses(two_proxies, "127.0.0.4", 5, forged="198.51.100.2, 198.51.100.3")


def test_compose_takes_the_number_from_its_environment() -> None:
    assert "CACIMA_PROXIES: ${CACIMA_PROXIES:-1}" in (ROOT / "deploy" / "compose.yaml").read_text()
