"""The log is JSON, tells a turn's kind and outcome, and holds no word of what people wrote or were told."""

from __future__ import annotations

import json
import logging
import os
import re
import sqlite3
from pathlib import Path
from typing import Any, Dict, Iterator, Set

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.observability.logs import kind_and_place, line, without_words
from bot.observability.turns import OUTCOMES, hashed
from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment, new_person
from tests.conftest import ROOT, ServedBot
from tests.observability.served import lines, turns
from tests.website_client import SECRET, Visitor

QUIET = {"PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "CACIMA_SECRET": SECRET}
TALK = [
    ("fr", "Bonjour, ici Gwendoline"),
    ("fr", "combien de PTCE pour ma brasserie Salamandre ?"),
    ("fr", "quelle météo demain à Miquelon pour Gwendoline ?"),
    ("fr", "Quel cluster pour moi ?"),
    ("fr", "je fabrique des orgues de barbarie"),
    ("fr", "écris-moi à gwendoline@example.pm"),
    ("en", "What is a PTCE, asks Thaddeus?"),
    ("en", "zxqv wvut"),
    ("en", "delete my data"),
    ("en", "yes"),
]
# What may be in the log although somebody also typed it: names of intents, topics, settings.
MAY = re.compile(r"^(?:ptce|cluster|guide|combien|bonjour|moi|data|delete|erase)$", re.IGNORECASE)


def words(text: str) -> Set[str]:
    return {word for word in re.findall(r"\w{5,}", text) if not MAY.match(word)}


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    graph = Graph()
    bot = ServedBot(tmp_path_factory.mktemp("logged"), {**environment(graph), **QUIET}).start()
    yield Meta(bot, graph)
    bot.stop()
    graph.close()


def test_no_word_of_a_conversation(meta: Meta) -> None:
    bot, person, visitors = meta.bot, new_person(), {code: Visitor(meta.bot.url) for code in ("fr", "en")}
    replies = []
    for language, text in TALK:
        replies += [message["text"] for message in bot.say(f"hildegarde-{language}", text)]
        replies += [message["text"] for message in visitors[language].say(text, language=language)]
        replies.append(meta.ask(person, text))
    meta.quiet(person)
    assert len(turns(bot, 3 * len(TALK))) == 3 * len(TALK)
    log = bot.log.read_text(encoding="utf-8")
    lower = log.lower()
    for text in (text for _, text in TALK):
        assert text not in log
        assert not {word for word in words(text) if word.lower() in lower}
    for reply in replies:
        assert reply[:40] not in log
    for secret in ("hildegarde", person, "gwendoline", SECRET):
        assert secret not in lower


def test_a_line_a_turn(meta: Meta) -> None:
    bot = meta.bot
    bot.say("lined", "combien de PTCE ?")
    bot.say("lined", "et les grappes ?")
    bot.say("lined-too", "how is the weather today?")
    first, second, third = turns(bot, 3)
    assert first["channel"] == "rest"
    assert first["language"] == "fr"
    assert first["intent"] == "ask_count"
    assert first["attribute"] == "count"
    assert first["facts"] == ["ptce.count"]
    assert first["outcome"] == "answer"
    assert first["fallback"] is False
    assert 0 < first["ms"] < 10_000
    assert re.fullmatch(r"[0-9a-f]{32}", first["turn"])
    assert first["turn"] != second["turn"]
    assert first["sender"] == second["sender"] != third["sender"]
    assert third["outcome"] == "out_of_scope"
    assert third["language"] == "en"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", first["at"])


def test_the_hash_needs_the_servers_secret(meta: Meta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meta.bot.say("keyed", "combien de PTCE ?")
    (told,) = turns(meta.bot, 1)
    from bot.observability import turns as module

    found = set()
    for secret in (SECRET, SECRET + "!"):
        monkeypatch.setenv("CACIMA_SECRET", secret)
        module._key.cache_clear()
        found.add(hashed("keyed"))
    module._key.cache_clear()
    assert told["sender"] in found
    assert len(found) == 2


def test_a_database_that_fails_quotes_nobody(tmp_path: Path) -> None:
    """SQLAlchemy's errors hold the values of their statement: all that was said."""
    bot = ServedBot(tmp_path, QUIET).start()
    try:
        bot.say("dropped", "combien de PTCE ?")
        with sqlite3.connect(tmp_path / "conversations.db") as db:
            db.execute("DROP TABLE events")
        bot.say("dropped", "ma conserverie Quiscale existe-t-elle encore ?")
        assert any(told["level"] == "error" for told in lines(bot))
        log = bot.log.read_text(encoding="utf-8")
        for word in ("Quiscale", "conserverie", "dropped"):
            assert word not in log
    finally:
        bot.stop()


def test_telemetry_stays_off(tmp_path: Path) -> None:
    """Whatever the machine's own settings say."""
    import subprocess
    import sys

    code = (
        "import os, sys; from bot.runtime import serve; serve.serve = lambda *a: None; serve.main();"
        "from rasa import telemetry; sys.exit(telemetry.is_telemetry_enabled())"
    )
    settings = {**os.environ, "RASA_TELEMETRY_ENABLED": "true", "CACIMA_DATA": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=settings, timeout=120).returncode == 0


def told_of(message: str, *, name: str = "rasa.core", error: Any = None, **fields: Any) -> Dict[str, Any]:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, None, None)
    record.__dict__.update(fields)
    return line(None, "error", {"_record": record, "event": message, "exc_info": error, "text": "secret words"})


def broken() -> BaseException:
    try:
        raise KeyError("secret words")
    except KeyError as cause:
        error = ValueError("more secret words")
        error.__cause__ = cause
        return error


def test_an_exception_is_its_kind_and_place() -> None:
    told = told_of("It broke.", error=broken())
    assert [kind.split(" < ")[0] for kind in told["error"]] == ["ValueError", "KeyError"]
    assert "test_logs.py" in kind_and_place(broken())[1]
    assert "secret" not in json.dumps(told)


def test_only_our_own_loggers_add_fields() -> None:
    assert "text" not in told_of("x", fields={"text": "secret"})
    assert told_of("x", name="bot.here", fields={"ms": 5})["ms"] == 5


@given(st.text(max_size=50))
def test_values_of_a_statement_are_cut_off(value: str) -> None:
    told = without_words(
        f"no such table [SQL: INSERT INTO events] [parameters: ({value!r},)] (Background on: https://x)"
    )
    assert told == "no such table […]"


def test_outcomes_are_of_responses_there_are() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    assert set(OUTCOMES) <= set(responses)
    assert {"utter_feedback_positive", "utter_feedback_negative"} <= set(responses)
