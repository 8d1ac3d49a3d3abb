"""A session ends after some turns, and nobody notices: neither by what is said nor by how long it takes."""

from __future__ import annotations

import json
import re
import statistics
import time
from pathlib import Path
from typing import Dict, Iterator, List

import pytest

from bot.settings import read_settings
from tests.conftest import ServedBot
from tests.website_client import SECRET, Visitor

SETTINGS = {
    "CACIMA_SECRET": SECRET,
    "CACIMA_WEBSITE_PER_TOKEN": "100000",
    "CACIMA_WEBSITE_PER_ADDRESS": "100000",
}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """A bot whose sessions last two turns."""
    served = ServedBot(tmp_path_factory.mktemp("short"), {**SETTINGS, "CACIMA_SESSION_TURNS": "2"}).start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """A bot whose sessions outlast every dialogue here."""
    served = ServedBot(tmp_path_factory.mktemp("long"), {**SETTINGS, "CACIMA_SESSION_TURNS": "100"}).start()
    yield served
    served.stop()


def words(messages: List[Dict]) -> List[str]:
    """What was said; each bot names its own port in the address of the notice."""
    return [re.sub(r"(127\.0\.0\.1):\d+", r"\1", message["text"]) for message in messages]


def sessions(bot: ServedBot, sender: str) -> int:
    import sqlite3

    with sqlite3.connect(bot.folder / "conversations.db") as database:
        query = "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'session_started'"
        return int(database.execute(query, (sender,)).fetchone()[0])


DIALOGUES = [
    ["Hello", "how many PTCEs are there?", "and business clusters?", "who funds them?", "thanks", "and the FUI?"],
    ["combien de PTCE ?", "et les grappes ?", "en anglais svp", "PTCE", "qui finance ?", "et les pôles ?"],
    ["Quel cluster pour moi ?", "je suis menuisier", "qu'est-ce qu'un PTCE ?", "nous sommes 5", "retour", "oui", "non",
     "je ne sais pas", "speak English please", "I don't know", "I don't know", "I don't know", "I don't know"],
]  # fmt: skip


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=["questions", "languages", "guide"])
def test_the_same_is_said_as_in_one_long_session(long: ServedBot, short: ServedBot, dialogue: List[str]) -> None:
    sender = f"same {dialogue[1]}"
    for text in dialogue:
        assert words(short.say(sender, text)) == words(long.say(sender, text)), text
    assert sessions(short, sender) == (len(dialogue) + 1) // 2
    assert sessions(long, sender) == 1


def test_the_widgets_history_is_whole(short: ServedBot) -> None:
    visitor = Visitor(short.url)
    asked = ["What is a PTCE?", "and how many?", "and business clusters?", "who runs the FUI?", "thanks"]
    shown: List[str] = []
    for text in asked:
        shown += [text, *words(visitor.say(text, language="en"))]
    assert [message["text"] for message in visitor.history()] == shown
    assert {message["language"] for message in visitor.history() if message["from"] == "bot"} == {"en"}


def test_a_button_of_an_earlier_session_keeps_its_words(short: ServedBot) -> None:
    visitor = Visitor(short.url)
    offered = next(message["buttons"] for message in visitor.say("Quel cluster pour moi ?") if message.get("buttons"))
    for _ in range(4):
        visitor.say("qu'est-ce qu'un PTCE ?")
    answer = visitor.send(choice=offered[0]["payload"])
    assert answer.status_code == 200
    mine = [message for message in visitor.history() if message["from"] == "you"]
    assert mine[-1]["text"] == offered[0]["title"]


def test_what_is_handed_over_does_not_grow(short: ServedBot) -> None:
    import sqlite3

    for number in range(24):
        short.say("grow", ["combien de PTCE ?", "and in English?", "qui finance les grappes ?"][number % 3])
    with sqlite3.connect(short.folder / "conversations.db") as database:
        query = "SELECT type_name FROM events WHERE sender_id = 'grow' ORDER BY id"
        kinds = [row[0] for row in database.execute(query)]
    starts = [place for place, kind in enumerate(kinds) if kind == "session_started"]
    handed_over = []
    for start in starts[1:]:
        end = next(place for place in range(start, len(kinds)) if kinds[place] == "action")
        handed_over.append(end - start)
    assert len(handed_over) == 11
    assert max(handed_over) <= 8  # one a slot


@pytest.mark.alone
def test_turn_200_costs_at_most_half_again_turn_5(bot: ServedBot) -> None:
    """Medians of the last turns of a session and of a conversation's first ones: the machine may be busy."""
    texts = ["combien de PTCE ?", "et les grappes ?", "qui finance ?", "what is a PTCE?", "merci"]
    took: List[List[float]] = []
    for conversation in range(3):
        turns = []
        for number in range(200):
            begun = time.perf_counter()
            bot.say(f"long {conversation}", texts[number % 5])
            turns.append(time.perf_counter() - begun)
        took.append(turns)
    early = statistics.median(turn for turns in took for turn in turns[:10])
    late = statistics.median(turn for turns in took for turn in turns[190:])
    assert 200 % read_settings({}).session_turns == 0  # so that turn 200 is the dearest of its session
    print(json.dumps({"early_ms": round(early * 1000, 1), "late_ms": round(late * 1000, 1)}))
    assert late <= 1.5 * early, (early, late)


def test_a_number_of_turns_that_is_none_is_refused(tmp_path: Path) -> None:
    from bot.settings import BadSettings

    for wrong in ("0", "-1", "many", "1001", "2.5"):
        with pytest.raises(BadSettings):
            read_settings({"CACIMA_SESSION_TURNS": wrong})


def test_a_message_sent_again_many_sessions_later_is_answered_as_before(short: ServedBot) -> None:
    visitor = Visitor(short.url)
    first = visitor.send(id="sent-again-1", text="What is a PTCE?", language="en").json()["messages"]
    for _ in range(5):
        visitor.say("thanks", language="en")
    assert visitor.send(id="sent-again-1", text="What is a PTCE?", language="en").json()["messages"] == first
    assert [said.get("id") for said in visitor.history()].count("sent-again-1") == 1
