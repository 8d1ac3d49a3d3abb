"""The counters count what happens, on a port of their own that is off until it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Tuple

import pytest
import yaml

from bot.observability.turns import FEEDBACK, OUTCOMES, _outcome
from bot.settings import BadSettings, read_settings
from tests.channels.messenger.fake_graph import Graph, error
from tests.channels.messenger.messenger_meta import Meta, environment, new_person
from tests.conftest import ROOT, ServedBot
from tests.observability.served import exposition, samples
from tests.ports import free_port


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tuple[Meta, int]]:
    graph, port = Graph(), free_port()
    settings = environment(graph, CACIMA_METRICS_PORT=str(port))
    bot = ServedBot(tmp_path_factory.mktemp("counted"), settings).start()
    yield Meta(bot, graph), port
    bot.stop()
    graph.close()


def test_turns_by_channel_language_and_outcome(counted: Tuple[Meta, int]) -> None:
    meta, port = counted
    before = samples(port)
    meta.bot.say("counted", "combien de PTCE ?")
    meta.bot.say("counted-en", "how is the weather today?")
    meta.ask(new_person(), "What is a PTCE?")
    meta.bot.say("counted-erased", "efface mes données")
    meta.bot.say("counted-erased", "oui")
    after = samples(port)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more('cacima_turns_total{channel="rest",language="fr",outcome="answer"}') == 1
    assert more('cacima_turns_total{channel="rest",language="en",outcome="out_of_scope"}') == 1
    assert more('cacima_turns_total{channel="messenger",language="en",outcome="answer"}') == 1
    assert more('cacima_turns_total{channel="rest",language="fr",outcome="erased"}') == 1
    assert more("cacima_erasures_total") == 1
    assert more('cacima_turn_seconds_count{channel="rest"}') == 4
    assert more('cacima_turn_seconds_bucket{channel="rest",le="10.0"}') == 4
    assert more('cacima_graph_calls_total{outcome="ok"}') >= 1
    assert after["cacima_purge_success_timestamp_seconds"] > 0
    assert after["cacima_messenger_token_refused"] == 0


@pytest.mark.parametrize(
    ("language", "start", "stop"),
    [("fr", "Quel cluster pour moi ?", "arrêter"), ("en", "Which cluster is right for me?", "stop")],
)
def test_the_guide_begun_left_and_finished(counted: Tuple[Meta, int], language: str, start: str, stop: str) -> None:
    meta, port = counted
    before = samples(port)
    meta.bot.say(f"left-{language}", start)
    meta.bot.say(f"left-{language}", '/guide_answer{"criterion": "control", "value": "stop"}')
    assert meta.bot.say(f"left-{language}", stop)
    messages = meta.bot.say(f"finished-{language}", start)
    for _ in range(12):
        if any("custom" in message or "result" in message for message in messages):
            break
        buttons = [button for message in messages for button in message.get("buttons", [])]
        buttons = [button for button in buttons if '"control"' not in button["payload"]]
        if not buttons:
            break
        messages = meta.bot.say(f"finished-{language}", buttons[0]["payload"])
    after = samples(port)
    steps = {
        step: after[f'cacima_guide_total{{step="{step}"}}'] - before[f'cacima_guide_total{{step="{step}"}}']
        for step in ("started", "left", "finished")
    }
    assert steps == {"started": 2, "left": 1, "finished": 1}


def test_feedback(counted: Tuple[Meta, int]) -> None:
    meta, port = counted
    before = samples(port)
    meta.bot.say("feedback", "/feedback_positive")
    meta.bot.say("feedback", "/feedback_negative")
    meta.bot.say("feedback", "/feedback_negative")
    after = samples(port)
    for feedback, count in (("positive", 1), ("negative", 2)):
        name = f'cacima_feedback_total{{feedback="{feedback}"}}'
        assert after[name] - before[name] == count


def test_calls_of_graph_that_fail(counted: Tuple[Meta, int]) -> None:
    meta, port = counted
    before = samples(port)['cacima_graph_calls_total{outcome="passing"}']
    failures = iter([error(500, 2)])
    meta.graph.rule = lambda body: next(failures, None) if "message" in body else None
    meta.ask(new_person(), "PTCE")
    assert samples(port)['cacima_graph_calls_total{outcome="passing"}'] > before


def test_nothing_of_a_person_is_in_them(counted: Tuple[Meta, int]) -> None:
    meta, port = counted
    meta.bot.say("marguerite", "combien de PTCE pour Capucine ?")
    text = exposition(port)
    assert "marguerite" not in text
    assert "Capucine" not in text


def test_outcomes() -> None:
    assert _outcome([]) == "error"
    assert _outcome([{"utter_action": "utter_did_you_mean"}]) == "fallback"
    assert _outcome([{"utter_action": "utter_hello"}, {"facts": ["ptce.count"]}]) == "answer"
    assert _outcome([{"utter_action": "utter_out_of_scope_again"}]) == "out_of_scope"
    assert _outcome([{"result": {"ranked": []}, "facts": ["guide"]}]) == "guide"
    assert _outcome([{"utter_action": "utter_thanks"}]) == "talk"


def test_the_responses_outcomes_are_told_by_exist() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    assert set(OUTCOMES) <= set(responses)
    assert {name.removeprefix(FEEDBACK) for name in responses if name.startswith(FEEDBACK)} == {"positive", "negative"}


def test_off_by_default(bot: ServedBot) -> None:
    assert "CACIMA_METRICS_PORT" not in bot._environment
    assert read_settings().metrics_port is None


def test_settings_are_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for wrong in ("0", "65536", "-1", "any", "9100.5"):
        monkeypatch.setenv("CACIMA_METRICS_PORT", wrong)
        with pytest.raises(BadSettings, match="CACIMA_METRICS_PORT"):
            read_settings()
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        started = ServedBot(tmp_path, {"CACIMA_METRICS_PORT": str(taken.getsockname()[1])})
        with pytest.raises(AssertionError, match="cannot be had"):
            started.start()
