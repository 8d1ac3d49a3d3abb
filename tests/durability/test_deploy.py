"""What deploy/ says holds: nginx in front of two bots, a server without what is left out, files that are valid."""

from __future__ import annotations

import http.client
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Set, Tuple

import pytest
import requests
import yaml

from bot.settings import variables
from tests.conftest import ROOT, ServedBot
from tests.durability.people import (
    POLITE_WITHIN,
    SETTINGS,
    Person,
    apology_of,
    await_answers,
    check_kept,
    let_go,
    start_together,
)
from tests.durability.servers import PostgreSQL, Redis, Server
from tests.durability.test_front import public_paths
from tests.website_client import Visitor

DEPLOY = ROOT / "deploy"


class Nginx(Server):
    name = "nginx"

    def __init__(self, folder: Path, bots: List[ServedBot]) -> None:
        super().__init__(folder)
        (folder / "public").mkdir()
        if shutil.which("nginx") is None:
            pytest.skip("nginx is not installed: deploy/nginx.conf was not tried (Debian: nginx-light)")
        self.url = f"http://127.0.0.1:{self.port}"
        text = (DEPLOY / "nginx.conf").read_text()
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.port};")
        for name, bot in zip(("bot1", "bot2"), bots, strict=True):
            text = text.replace(f"{name}:5005", f"127.0.0.1:{bot.port}")
        # Beside the log that operators have, one that says which bot answered which conversation.
        both = f"access_log {folder}/access.log where; access_log {folder}/public"
        text = text.replace("access_log /var/log/nginx", both)
        text = text.replace("/var/log/nginx", str(folder))
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            "http { log_format where '$conversation $upstream_addr $status $request_uri';\n"
            f"access_log {folder}/access.log where;"
            f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f"include {folder}/site.conf; }}\n"
        )
        tested = subprocess.run([*self.command(), "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr

    def command(self) -> List[str]:
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def log(self) -> List[List[str]]:
        return [line.split(" ") for line in (self.folder / "access.log").read_text().splitlines()]


@pytest.fixture(scope="module")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: PostgreSQL, redis_server: Redis
) -> Iterator[Tuple[Nginx, List[ServedBot]]]:
    settings = {
        **SETTINGS,
        "CACIMA_DATABASE_URL": postgresql_server.url,
        "CACIMA_REDIS_URL": redis_server.url,
        "CACIMA_PROXIES": "1",
        # The second serves without what the image leaves out.
    }
    blocked = {**settings, "PYTHONPATH": str(Path(__file__).with_name("without_left_out"))}
    bots = [
        ServedBot(tmp_path_factory.mktemp("bot1"), settings),
        ServedBot(tmp_path_factory.mktemp("bot2"), blocked),
    ]
    nginx = Nginx(tmp_path_factory.mktemp("nginx"), bots)
    start_together(*bots)
    nginx.start()
    yield nginx, bots
    nginx.stop()
    for bot in bots:
        bot.stop()


def test_a_server_needs_nothing_of_what_is_left_out(deployed: Tuple[Nginx, List[ServedBot]]) -> None:
    bot = deployed[1][1]
    assert apology_of(Visitor(bot.url).send(text="What is a PTCE?")) is None
    assert "23" in Visitor(bot.url).say("combien de PTCE ?")[0]["text"]
    assert requests.get(f"{bot.url}/health/ready", timeout=POLITE_WITHIN).status_code == 200


def test_a_conversation_stays_with_its_bot(deployed: Tuple[Nginx, List[ServedBot]]) -> None:
    nginx, _ = deployed
    for _ in range(12):
        visitor = Visitor(nginx.url)
        for text in ("What is a PTCE?", "and how many?"):
            assert apology_of(visitor.send(text=text)) is None
        visitor.token = visitor.call("POST", "/session").json()["token"]  # renewed
        assert apology_of(visitor.send(text="thanks")) is None
    bots_of = {}
    for conversation, bot, _, uri in nginx.log():
        if uri.endswith("/messages"):
            bots_of.setdefault(conversation, set()).add(bot)
    assert len(bots_of) == 12
    assert all(len(bots) == 1 for bots in bots_of.values())
    assert len(set.union(*bots_of.values())) == 2  # and the load is shared


def test_what_is_for_this_machine_is_not_for_others(deployed: Tuple[Nginx, List[ServedBot]]) -> None:
    nginx, _ = deployed
    for path in ("/health/ready", "/metrics", "/webhooks/rest/webhook"):
        assert requests.get(nginx.url + path, timeout=POLITE_WITHIN).status_code == 404


def test_the_log_holds_no_address_of_a_visitor(deployed: Tuple[Nginx, List[ServedBot]]) -> None:
    nginx, _ = deployed
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=20, source_address=("127.0.0.2", 0))
    connection.request("POST", "/webhooks/website/session?from=127.0.0.2", headers={"Content-Length": "3000000"})
    assert connection.getresponse().status == 413
    requests.get(f"{nginx.url}/fr", timeout=POLITE_WITHIN)  # written after it
    for log in ("public/access.log", "error.log"):
        assert "127.0.0.2" not in (nginx.folder / log).read_text()
    assert " POST /webhooks/website/session 413 " in (nginx.folder / "public/access.log").read_text()


def test_the_public_has_its_paths(deployed: Tuple[Nginx, List[ServedBot]]) -> None:
    nginx, _ = deployed
    for path in [*public_paths(), "/webhooks/website/"]:
        assert requests.get(nginx.url + path, timeout=POLITE_WITHIN).status_code == 200, path


def test_a_bot_stopped_for_an_update_costs_nobody_a_word(
    deployed: Tuple[Nginx, List[ServedBot]], postgresql_server: PostgreSQL
) -> None:
    nginx, bots = deployed
    people = [Person([nginx]) for _ in range(4)]  # type: ignore[list-item]
    for person in people:
        person.start()
    await_answers(people, 3)
    bots[0].stop()
    await_answers(people, 4)
    bots[0].start()
    await_answers(people, 3)
    let_go(people)
    check_kept(people, postgresql_server.url)
    assert [person.apologies for person in people] == [[]] * 4


def test_compose_describes_what_is_there() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"bot1", "bot2", "nginx", "postgresql", "redis"}
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8080:80"]
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    for name in services["bot1"]["environment"]:
        assert name in code or name.replace("CACIMA_MESSENGER_", "") in code, f"nothing reads {name}"
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), source
    assert {"bot1:5005", "bot2:5005"} == set(re.findall(r"server (\S+:\d+)", (DEPLOY / "nginx.conf").read_text()))


def read_settings() -> Set[str]:
    """The names of all settings the bot reads."""
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    names = {name for name in re.findall(r"CACIMA_[A-Z_]+", code) if not name.endswith("_")}
    return names | {name for name in variables() if name.startswith("CACIMA_")}


# What the image sets, what a container has no use for, and what is for tests.
NOT_FOR_COMPOSE = {
    *("CACIMA_DATA", "CACIMA_HOST", "CACIMA_MODEL", "CACIMA_STOCK_RASA", "CACIMA_REST", "CACIMA_MESSENGER_GRAPH_URL"),
    "CACIMA_CONNECTIONS_PER_ADDRESS",  # behind nginx there is one address only
}


def test_compose_passes_every_setting_on_and_none_that_is_not_read() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for bot in ("bot1", "bot2"):
        assert set(compose["services"][bot]["environment"]) == read_settings() - NOT_FOR_COMPOSE
    for name, value in compose["services"]["bot1"]["environment"].items():
        assert value in ("redis://redis:6379/0", "0.0.0.0") or f"${{{name}:" in value or "${CACIMA_POSTGRES" in value
    told = "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    for name in read_settings() - {"CACIMA_CONNECTIONS_PER_ADDRESS"}:
        assert name in told or name.replace("CACIMA_MESSENGER", "`") in told, f"no page tells of {name}"


def test_containers_can_do_no_more_than_they_must() -> None:
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert service["logging"]["options"]["max-size"], name
        assert service["restart"] == "unless-stopped", name


@pytest.mark.parametrize(("unit", "most"), [("cacima.service", 1.5), ("cacima-backup.service", 1.0)])
def test_the_units_are_hardened(unit: str, most: float) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: how exposed the unit is was not measured")
    command = ["systemd-analyze", "security", "--offline=true", str(DEPLOY / unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    if level is None:
        pytest.skip("this systemd-analyze cannot read a unit offline: how exposed it is was not measured")
    assert float(level[1]) < most


def test_what_the_image_copies_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    kept = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")]
    assert all((ROOT / name).exists() for name in kept)


def test_what_is_done_by_hand_can_be_done_in_the_image(tmp_path: Path) -> None:
    """The database of several instances is reached from there only."""
    app, data = tmp_path / "app", tmp_path / "data"
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for name in (line[1:] for line in lines if line.startswith("!") and not line.startswith("!models")):
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, app / name)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CACIMA_")},
        "PYTHONPATH": str(Path(__file__).with_name("without_left_out")),
        "CACIMA_DATA": str(data),
    }
    data.mkdir()
    for arguments, told in (
        (["scripts.erase", "erase", "website:gone"], "0 events"),
        (["scripts.erase", "purge", "30"], "0 events older than 30 days"),
        (["bot.desk.accounts", "Ana"], "Ana may log in"),
    ):
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, timeout=60)
        assert done.stdout.startswith(told), done.stderr


def test_the_serving_lock_leaves_out_what_it_is_told_and_nothing_else() -> None:
    loader = importlib.machinery.SourceFileLoader("serving_lock", str(ROOT / "scripts" / "serving-lock"))
    spec = importlib.util.spec_from_loader("serving_lock", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    lock = "a==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\nb==2 \\\n    --hash=sha256:3\n"
    assert module.serving_lock(lock, {"a"}) == "b==2 \\\n    --hash=sha256:3\n"
    with pytest.raises(ValueError, match="not in requirements"):
        module.serving_lock(lock, {"gone"})
    done = subprocess.run([str(ROOT / "scripts" / "serving-lock")], capture_output=True, text=True, check=True)
    assert "matplotlib" not in done.stdout
    assert "\nrasa==" in done.stdout


def test_the_unit_starts_what_exists() -> None:
    text = (DEPLOY / "cacima.service").read_text()
    assert "ExecStart=/opt/cacima/current/.venv/bin/python -m bot.runtime.serve" in text
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", str(DEPLOY / "cacima.service")], capture_output=True, text=True, check=False
        )
        faults = [
            line for line in done.stderr.splitlines() if "cacima.service" in line and "not executable" not in line
        ]
        assert not faults
