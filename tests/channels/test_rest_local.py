"""The REST channel is for this machine alone: whoever writes to it names the conversation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List

import pytest
import requests

from bot.channels.rest import Access, read_access
from bot.store.settings import BadSettings
from tests.conftest import ROOT, ServedBot
from tests.durability.servers import Server
from tests.runtime.raw import exchange

TOKEN = "a token for tests, of more than 32 characters"

BODY = json.dumps({"sender": "someone", "message": "Bonjour"}).encode()


def test_this_machine_is_answered(site: ServedBot) -> None:
    assert site.post("/webhooks/rest/webhook", BODY).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.5"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=203.0.113.5"},
        {"X-Real-IP": "203.0.113.5"},
        {"Via": "1.1 proxy"},
        {"CF-Connecting-IP": "203.0.113.5"},
        {"Origin": "https://www.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "assistant.example.org"},
    ],
)
def test_what_comes_through_a_proxy_or_a_page_is_not(site: ServedBot, headers: Dict[str, str]) -> None:
    reply = site.post("/webhooks/rest/webhook", BODY, headers)
    assert (reply.status, reply.json()["error"]) == (403, "not_local")


def test_what_an_old_proxy_speaks_is_not_answered(site: ServedBot) -> None:
    head = b"POST /webhooks/rest/webhook HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"
    assert exchange(site.port, head % len(BODY) + BODY) == 403


class PlainProxy(Server):
    """What people write first: everything passed on, nothing told of whom it comes from."""

    name = "plain"

    def __init__(self, folder: Path, behind: ServedBot) -> None:
        super().__init__(folder)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f"server {{ listen 127.0.0.1:{self.port}; location / {{ proxy_pass {behind.url}; }}"
            f"location /newer/ {{ proxy_http_version 1.1; proxy_pass {behind.url}/; }} }} }}\n"
        )
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self) -> List[str]:
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """As a unit of systemd starts it, which sets nothing of REST."""
    bot = ServedBot(tmp_path_factory.mktemp("service"), {"CACIMA_REST": ""}).start()
    yield bot
    bot.stop()


def test_a_plain_proxy_opens_nothing(service: ServedBot, site: ServedBot, tmp_path: Path) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed: a plain proxy was not tried (Debian: nginx-light)")
    for bot, paths in ((service, ("", "/newer")), (site, ("",))):
        folder = tmp_path / str(bot.port)
        folder.mkdir()
        proxy = PlainProxy(folder, bot)
        proxy.start()
        try:
            for path in paths:
                answer = requests.post(f"{proxy.url}{path}/webhooks/rest/webhook", data=BODY, timeout=20)
                assert answer.status_code == 403
        finally:
            proxy.stop()


def test_a_service_has_no_rest_channel_at_all(service: ServedBot) -> None:
    assert service.post("/webhooks/rest/webhook", BODY).status == 403
    assert "curl" not in service.log.read_text(encoding="utf-8")


def test_a_token_opens_it_to_whoever_has_it(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path, {"CACIMA_REST": "", "CACIMA_REST_TOKEN": TOKEN}).start()
    try:
        with_it = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.5"}
        assert bot.post("/webhooks/rest/webhook", BODY, with_it).status == 200
        for wrong in (
            {},
            {"Authorization": f"Bearer {TOKEN}x"},
            {"Authorization": TOKEN},
            {"Authorization": "Bearer é"},
        ):
            assert bot.post("/webhooks/rest/webhook", BODY, wrong).status == 403
    finally:
        bot.stop()


@pytest.mark.parametrize(
    ("settings", "access"),
    [
        ({}, Access()),
        ({"CACIMA_REST": "off"}, Access()),
        ({"CACIMA_REST": "local"}, Access(local=True)),
        ({"CACIMA_REST_TOKEN": TOKEN}, Access(token=TOKEN)),
    ],
)
def test_settings(settings: Dict[str, str], access: Access) -> None:
    assert read_access(settings) == access


@pytest.mark.parametrize("settings", [{"CACIMA_REST": "yes"}, {"CACIMA_REST_TOKEN": "short"}])
def test_wrong_settings_are_refused(settings: Dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="CACIMA_REST"):
        read_access(settings)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "local"),
        ({"CACIMA_REST": "off"}, "off"),
        ({"CACIMA_PUBLIC_URL": "https://assistant.example.org"}, "off"),
        ({"CACIMA_PROXIES": "1"}, "off"),
    ],
)
def test_make_run_opens_it_unless_it_serves_the_public(settings: Dict[str, str], said: str) -> None:
    names = ("CACIMA_REST", "CACIMA_PUBLIC_URL", "CACIMA_PROXIES")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    show = "run-rest: export CACIMA_REST ?= $(REST)\nrun-rest: ; @echo $$CACIMA_REST"
    command = ["make", "--no-print-directory", "-C", str(ROOT), f"--eval={show}", "run-rest"]
    done = subprocess.run(command, env={**environment, **settings}, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == said
