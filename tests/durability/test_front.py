"""deploy/front.nginx.conf: HTTPS in front of the small server, and nothing through it but what is the public's."""

from __future__ import annotations

import functools
import http.client
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from typing import Iterator, List

import pytest
import requests
from sanic import Sanic

from bot.channels.pages import pages
from bot.privacy.notice import notice_path
from tests.conftest import ROOT, ServedBot
from tests.durability.servers import Server
from tests.ports import free_port


class Front(Server):
    name = "front"

    def __init__(self, folder: Path, bot: ServedBot) -> None:
        super().__init__(folder)
        self.plain = free_port()
        self.url = f"https://localhost:{self.port}"
        self.certificate = folder / "fullchain.pem"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "privkey.pem")]
        subprocess.run([*made, "-out", str(self.certificate)], check=True, capture_output=True)
        text = (ROOT / "deploy" / "front.nginx.conf").read_text()
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.plain};")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = text.replace("/etc/letsencrypt/live/assistant.example.org", str(folder))
        text = text.replace("http://127.0.0.1:5005", bot.url)
        text = text.replace("/var/log/nginx", str(folder))
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f"include {folder}/site.conf; }}\n"
        )

    def command(self) -> List[str]:
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    for program in ("nginx", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: deploy/front.nginx.conf was not tried")
    bot = ServedBot(tmp_path_factory.mktemp("bot"), {"CACIMA_PROXIES": "1"}).start()
    served = Front(tmp_path_factory.mktemp("front"), bot)
    served.start()
    yield served
    served.stop()
    bot.stop()


@functools.cache
def public_paths() -> List[str]:
    """All that the widget, the demo page and what they link to are served from: whatever is added must pass too."""
    app = Sanic("public-paths")
    pages(app)
    return ["/", *(f"/{route.path}" for route in app.router.routes)]


def get(front: Front, path: str, method: str = "GET") -> requests.Response:
    return requests.request(method, front.url + path, verify=str(front.certificate), timeout=20)


def test_the_public_has_its_paths_over_https(front: Front) -> None:
    paths = [*public_paths(), "/webhooks/website/", "/webhooks/website/openapi.yml"]
    assert {"/", "/fr", "/en/bulletin", "/widget.js", "/invite.js", notice_path("fr")} <= set(paths)
    for path in paths:
        answer = get(front, path)
        assert answer.status_code == 200, path
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert get(front, "/webhooks/website/session", "POST").status_code == 200


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/webhooks/rest/", "/health/ready", "/metrics", "/nowhere"])
def test_the_public_has_no_other(front: Front, path: str) -> None:
    for method in ("GET", "POST"):
        assert get(front, path, method).status_code == 404


def test_plain_http_leads_to_https(front: Front) -> None:
    answer = requests.get(f"http://localhost:{front.plain}/fr", allow_redirects=False, timeout=20)
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://localhost/fr")


def test_no_log_holds_the_address_of_a_visitor(front: Front) -> None:
    """The privacy notice says so. What is too large is refused with a line in the error log, nginx's own way."""
    trusted = ssl.create_default_context(cafile=str(front.certificate))
    connections: List[http.client.HTTPConnection] = [
        http.client.HTTPConnection("localhost", front.plain, timeout=20, source_address=("127.0.0.2", 0)),
        http.client.HTTPSConnection(
            "localhost", front.port, timeout=20, source_address=("127.0.0.2", 0), context=trusted
        ),
    ]
    told = []
    for connection in connections:
        connection.request("GET", "/fr?from=127.0.0.2")
        told.append(connection.getresponse().status)
        connection.close()
        connection.request("POST", "/webhooks/website/session", headers={"Content-Length": "3000000"})
        told.append(connection.getresponse().status)
        connection.close()
    assert told == [301, 413, 200, 413]
    begun = time.monotonic()
    while " POST /webhooks/website/session 413 " not in (front.folder / "cacima.log").read_text():
        assert time.monotonic() - begun < 10
        time.sleep(0.05)
    logs = {path.name: path.read_text() for path in front.folder.glob("*.log")}
    assert " GET /fr 200 " in logs["cacima.log"]
    assert [name for name, text in logs.items() if "127.0.0.2" in text] == []
