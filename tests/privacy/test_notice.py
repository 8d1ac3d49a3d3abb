"""The privacy notice: served in both languages, linked from every greeting, told when asked for."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Iterator, Tuple

import pytest

from bot.privacy.notice import notice_path
from bot.privacy.settings import public_url, retention_days
from bot.settings import BadSettings
from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment, new_person, press
from tests.conftest import ServedBot

PUBLIC = "https://assistant.example.pm/bot"
DAYS_SET = 45
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tuple[ServedBot, Meta]]:
    """A bot that knows its public address and a retention of its own."""
    graph = Graph()
    settings = environment(graph, CACIMA_PUBLIC_URL=f"{PUBLIC}/", CACIMA_RETENTION_DAYS=str(DAYS_SET))
    bot = ServedBot(tmp_path_factory.mktemp("deployed"), settings).start()
    yield bot, Meta(bot, graph)
    bot.stop()
    graph.close()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        assert response.headers["Content-Type"].startswith("text/html")
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return str(response.read().decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_in_each_language(bot: ServedBot, deployed: Tuple[ServedBot, Meta], language: str) -> None:
    page = get(bot.url + notice_path(language))
    assert f'<html lang="{language}">' in page
    assert "90" in page
    assert f"{DAYS_SET}" in get(deployed[0].url + notice_path(language))
    assert "{" not in page.split("<main>")[1]
    for needed in ("CNIL", "Messenger", "Meta", "2015", "6"):
        assert needed in page


def test_both_pages_say_the_same_things(bot: ServedBot) -> None:
    shapes = [re.findall(r"<(h1|h2|p|li)>", get(bot.url + notice_path(language))) for language in LANGUAGES]
    assert shapes[0] == shapes[1]


def test_french_punctuation(bot: ServedBot) -> None:
    text = get(bot.url + notice_path("fr")).split("<main>")[1]
    assert not re.search(r" [:;?!»]|« ", text)


@pytest.mark.parametrize(
    ("greeting", "language"), [("Bonjour", "fr"), ("Hello", "en")],
)  # fmt: skip
def test_the_spoken_greeting_links_it_once(deployed: Tuple[ServedBot, Meta], greeting: str, language: str) -> None:
    bot, _ = deployed
    first = bot.say(f"greeted-{language}", greeting)
    assert f"{PUBLIC}{notice_path(language)}" in first[-1]["text"]
    assert str(DAYS_SET) in first[-1]["text"]
    again = bot.say(f"greeted-{language}", greeting)
    assert PUBLIC not in json.dumps(again)


@pytest.mark.parametrize(
    ("question", "language"),
    [("Que faites-vous de mes données ?", "fr"), ("What do you keep about me?", "en"),
     ("est-ce que vous gardez ce que je vous écris ?", "fr"), ("who can see what I'm typing here?", "en")],
)  # fmt: skip
def test_a_question_about_privacy_is_answered(deployed: Tuple[ServedBot, Meta], question: str, language: str) -> None:
    text = "\n".join(message["text"] for message in deployed[0].say(f"asks-{question}", question))
    assert f"{PUBLIC}{notice_path(language)}" in text
    assert str(DAYS_SET) in text


def test_in_the_middle_of_the_guide_too(deployed: Tuple[ServedBot, Meta]) -> None:
    bot, _ = deployed
    bot.say("guided", "Quel cluster pour moi ?")
    said = bot.say("guided", "Que faites-vous de mes données ?")
    assert PUBLIC in said[0]["text"]
    assert said[1]["buttons"]  # and back to the guide


@pytest.mark.parametrize("language", LANGUAGES)
def test_messengers_greeting_links_it(deployed: Tuple[ServedBot, Meta], language: str) -> None:
    _, meta = deployed
    person = new_person()
    event = press(person, "GET_STARTED")
    event["postback"]["referral"] = {"ref": language, "source": "SHORTLINK", "type": "OPEN_THREAD"}
    assert f"{PUBLIC}{notice_path(language)}" in meta._after(person, 0, 1, event)


def test_the_widget_links_it(bot: ServedBot) -> None:
    """What is served carries the notice's address in each language, and shows it (a browser: test_widget_privacy)."""
    with urllib.request.urlopen(f"{bot.url}/widget.js", timeout=30) as response:
        script = response.read().decode()
    keys, texts = (
        json.JSONDecoder().raw_decode(script, script.index(f"const {name}=") + len(f"const {name}="))[0]
        for name in ("KEYS", "TEXTS")
    )
    paths = [dict(zip(keys, words, strict=True))["privacy_path"] for words in texts]
    assert paths == [notice_path(language) for language in LANGUAGES]
    assert 'say("privacy_path")' in script
    for path in paths:
        assert "<main>" in get(bot.url + path)


def test_settings_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("0", "-1", "ninety", "9.5", "4000", "99999"):
        monkeypatch.setenv("CACIMA_RETENTION_DAYS", wrong)
        with pytest.raises(BadSettings, match="CACIMA_RETENTION_DAYS"):
            retention_days()
    monkeypatch.setenv("CACIMA_RETENTION_DAYS", "")
    assert retention_days() == 90
    for wrong in ("javascript:alert(1)", "assistant.example", "https://a b", "ftp://x.fr", 'https://x.fr/"'):
        monkeypatch.setenv("CACIMA_PUBLIC_URL", wrong)
        with pytest.raises(BadSettings, match="CACIMA_PUBLIC_URL"):
            public_url()


def test_a_wrong_setting_stops_the_start_in_one_line(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path, {"CACIMA_RETENTION_DAYS": "soon"})
    with pytest.raises(AssertionError, match="CACIMA_RETENTION_DAYS must be"):
        bot.start()
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")
