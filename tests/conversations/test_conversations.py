"""Whole dialogues through the served bot, comparing the words said. Both languages hold the same scenarios."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
import yaml

from benchmarks.served import Served, serve_stock
from tests.conftest import ROOT, ServedBot

HERE = Path(__file__).parent
MODEL = ROOT / "models" / "cacima.tar.gz"
SCENARIOS = sorted(HERE.glob("??/*.yml"))


def test_both_languages_hold_the_same_scenarios() -> None:
    assert [p.name for p in sorted((HERE / "fr").glob("*.yml"))] == [
        p.name for p in sorted((HERE / "en").glob("*.yml"))
    ]
    for path in (HERE / "fr").glob("*.yml"):
        other = HERE / "en" / path.name
        assert len(load(path)["turns"]) == len(load(other)["turns"]), path.name


def load(path: Path) -> Dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def play(say: Callable[[str, str], List[Dict[str, Any]]], path: Path) -> None:
    """Plays a scenario; `say` sends a sender's message and returns the answers."""
    sender = f"conversation-{path.parent.name}-{path.stem}"
    for number, turn in enumerate(load(path)["turns"]):
        messages = say(sender, turn["say"])
        reply = "\n".join(message.get("text", "") for message in messages).replace("\u00a0", " ").replace("\u202f", " ")
        for words in turn.get("says", []):
            assert words in reply, f"turn {number}: {turn['say']!r} was answered {reply!r}"
        if "either" in turn:  # a response with several texts
            assert any(words in reply for words in turn["either"]), f"turn {number}: {turn['say']!r}: {reply!r}"
        for words in turn.get("never", []):
            assert words not in reply, f"turn {number}: {turn['say']!r} was answered {reply!r}"
        titles = [button["title"] for message in messages for button in message.get("buttons", [])]
        for title in turn.get("buttons", []):
            assert title in [shown.replace("\u00a0", " ") for shown in titles], f"turn {number}: buttons {titles}"


every_scenario = pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")


@every_scenario
def test_conversation(bot: ServedBot, path: Path) -> None:
    play(bot.say, path)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same model on `rasa run` and `rasa run actions`, with nothing of bot/runtime but what endpoints.yml names.

    Of the stock environment where `make stock` has made it, as the gate does; else of this one.
    """
    nlg = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))["nlg"]
    served = serve_stock(tmp_path_factory.mktemp("stock"), MODEL, nlg=nlg)
    yield served
    served.stop()


@every_scenario
def test_conversation_on_stock_rasa(stock: Served, path: Path) -> None:
    def say(sender: str, text: str) -> List[Dict[str, Any]]:
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(f"{stock.url}/webhooks/rest/webhook", body)
        with urllib.request.urlopen(request, timeout=60) as response:
            return list(json.load(response))

    play(say, path)
