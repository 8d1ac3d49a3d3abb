"""Set-up: which environments are taken, what a refused one says, and the page's profile."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

from bot.channels.messenger import profile
from bot.channels.messenger.settings import BadSettings, read_settings
from bot.channels.messenger.signature import is_signed
from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import PATH, environment, new_person, sign
from tests.conftest import ROOT, ServedBot
from tests.ports import free_port

FULL = {
    "CACIMA_MESSENGER_APP_SECRET": "a",
    "CACIMA_MESSENGER_PAGE_TOKEN": "p",
    "CACIMA_MESSENGER_VERIFY_TOKEN": "v",
}


@pytest.fixture
def graph() -> Iterator[Graph]:
    served = Graph()
    yield served
    served.close()


def test_no_secret_means_off() -> None:
    assert read_settings({}) is None
    assert read_settings(dict.fromkeys(FULL, " ")) is None


def test_a_full_set_is_taken_with_its_defaults() -> None:
    settings = read_settings(FULL)
    assert settings is not None
    assert (settings.graph_url, settings.graph_version) == ("https://graph.facebook.com", "v25.0")
    assert settings.pause == 1800.0
    assert not any(f"'{secret}'" in repr(settings) for secret in "apv")


@pytest.mark.parametrize("missing", sorted(FULL))
def test_an_incomplete_set_is_refused_by_name(missing: str) -> None:
    with pytest.raises(BadSettings, match=missing):
        read_settings({name: value for name, value in FULL.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRAPH_VERSION", "v24.0"),
        ("GRAPH_VERSION", "25"),
        ("GRAPH_VERSION", "v25.0/me"),
        ("GRAPH_URL", "http://graph.facebook.com"),
        ("GRAPH_URL", "https://"),
        ("PAUSE_MINUTES", "soon"),
        ("PAUSE_MINUTES", "-1"),
        ("TIMEOUT", "1e9"),
        ("PAGE_TOKEN", "two words"),
        ("APP_SECRET", "é"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(name: str, value: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings({**FULL, f"CACIMA_MESSENGER_{name}": value})
    assert "CACIMA_MESSENGER_" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_server_refuses_an_incomplete_set(tmp_path: Path) -> None:
    bad = {**os.environ, "CACIMA_DATA": str(tmp_path), "PORT": str(free_port()), "CACIMA_MESSENGER_APP_SECRET": "a"}
    run = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve"], cwd=ROOT, env=bad, capture_output=True, timeout=120, check=False
    )
    said = (run.stdout + run.stderr).decode()
    assert run.returncode == 1
    assert said.count("Messenger is half configured") == 1
    assert "Traceback" not in said


def test_without_secrets_the_channel_is_off_with_one_line(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path).start()
    try:
        assert bot.log.read_text(encoding="utf-8").count("Messenger is off") == 1
        assert bot.post(PATH, b"{}", {"X-Hub-Signature-256": sign(b"{}")}).status == 404
        assert bot.say(new_person(), "Bonjour")
        assert not (tmp_path / "messenger.db").exists()
    finally:
        bot.stop()


@pytest.mark.parametrize(
    ("body", "header", "right"),
    [
        (b"{}", sign(b"{}"), True),
        (b"{} ", sign(b"{}"), False),
        (b"{}", sign(b"{}", "other"), False),
        (b"{}", sign(b"{}").upper(), False),
        (b"{}", sign(b"{}")[7:], False),
        (b"{}", "", False),
        (b"{}", "sha256=é", False),
        (b"\xff\x00", sign(b"\xff\x00"), True),
    ],
)
def test_signatures(body: bytes, header: str, right: bool) -> None:
    assert is_signed(body, header, "app-secret-for-tests") is right


def run_profile(graph: Graph, dry_run: bool = False) -> str:
    settings = read_settings(environment(graph))
    assert settings is not None
    return asyncio.run(profile.update(settings, dry_run))


def posts(graph: Graph) -> int:
    return sum(method == "POST" for method, _, _ in graph.calls)


def test_the_profile_is_set_once(graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_profile(graph)
    assert shown in capsys.readouterr().out
    assert "+" in shown
    assert graph.refusals == []
    assert set(graph.profile) == {"get_started", "greeting", "persistent_menu", "ice_breakers"}
    assert [greeting["locale"] for greeting in graph.profile["greeting"]] == ["default", "en_US", "en_GB"]
    assert "Bonjour" in graph.profile["greeting"][0]["text"]
    assert "Hello" in graph.profile["greeting"][1]["text"]
    assert posts(graph) == 1
    graph.profile["persistent_menu"].reverse()  # Graph gives the locales back in an order of its own
    assert run_profile(graph) == ""
    assert posts(graph) == 1


def test_only_what_differs_is_sent(graph: Graph) -> None:
    run_profile(graph)
    graph.profile["greeting"] = [{"locale": "default", "text": "Ancien"}]
    before: Dict[str, Any] = dict(graph.profile)
    shown = run_profile(graph)
    assert '-      "text": "Ancien"' in shown
    assert "ice_breakers" not in "".join(line for line in shown.splitlines() if line[0] in "+-")
    assert graph.profile["ice_breakers"] is before["ice_breakers"]


def test_a_dry_run_sends_nothing(graph: Graph) -> None:
    assert run_profile(graph, dry_run=True)
    assert posts(graph) == 0


def test_a_refused_profile_ends_with_one_line(graph: Graph) -> None:
    bad = {**os.environ, **environment(graph, CACIMA_MESSENGER_PAGE_TOKEN="wrong")}
    run = subprocess.run(
        [sys.executable, "-m", "bot.channels.messenger.profile"], cwd=ROOT, env=bad, capture_output=True, check=False
    )
    said = (run.stdout + run.stderr).decode()
    assert run.returncode == 1
    assert "Graph did not take the profile (graph 190)" in said
    assert "Traceback" not in said
    assert "wrong" not in said
