"""One bot on SQLite: killed, its disk full, its actions broken, stopped in the middle of a turn."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Iterator

import pytest
import requests

from bot.channels.errors import errors
from tests.conftest import ServedBot
from tests.durability.people import (
    PATIENCE,
    POLITE_WITHIN,
    Person,
    apology_of,
    await_answers,
    check_kept,
    let_go,
    troubled,
)
from tests.website_client import Visitor


def small_disk(folder: Path) -> bool:
    """Mounts one of 48 MB; False where this is not allowed."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(folder)], check=False).returncode == 0


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk")
    mounted = small_disk(folder)
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def bot(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    served = troubled(tmp_path_factory.mktemp("one"), {"CACIMA_DATA": str(disk)}).start()
    yield served
    served.stop()


def database(disk: Path) -> str:
    return f"sqlite:///{disk}/conversations.db"


def test_killed_under_load(bot: ServedBot, disk: Path) -> None:
    people = [Person([bot]) for _ in range(4)]
    for person in people:
        person.start()
    for _ in range(2):
        await_answers(people, 3)
        assert bot.process is not None
        bot.process.send_signal(signal.SIGKILL)
        bot.process.wait(10)
        bot.log.write_text("")
        bot.start()
    await_answers(people, 4)
    let_go(people)
    check_kept(people, database(disk))
    assert all(message["text"] for person in people for message in person.visitor.history())


def await_readiness(bot: ServedBot, status: int) -> requests.Response:
    """/health/ready once it answers with this status: it tells nobody by itself, so it is asked again and again."""
    begun = time.monotonic()
    while True:
        ready = requests.get(f"{bot.url}/health/ready", timeout=POLITE_WITHIN)
        if ready.status_code == status:
            return ready
        assert time.monotonic() - begun < PATIENCE, ready.text
        time.sleep(0.1)


def test_a_full_disk(bot: ServedBot, disk: Path) -> None:
    if not os.path.ismount(disk):
        pytest.skip("no small disk can be mounted here: a full one is tried in test_store.py only")
    people = [Person([bot], pause=0) for _ in range(3)]
    for person in people:
        person.start()
    await_answers(people, 1)
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass
    ready = await_readiness(bot, 503)  # what SQLite had taken before lasts for some more messages
    (disk / "filler").unlink()
    assert (ready.status_code, ready.json()["failing"]) == (503, ["store"])
    await_answers(people, 2)
    let_go(people)
    assert any(person.apologies for person in people)
    check_kept(people, database(disk), least=3)
    await_readiness(bot, 200)


@pytest.mark.parametrize("trouble", ["xxbreak", "xxhang", "xxblock"])
@pytest.mark.parametrize(
    ("language", "text"), [("fr", "C'est quoi un PTCE {}, en fait ?"), ("en", "What is a PTCE {}, actually?")]
)
def test_an_action_that_fails_is_apologised_for(bot: ServedBot, trouble: str, language: str, text: str) -> None:
    """In the language spoken, whatever the browser's; meanwhile others are answered at once."""
    visitor, other = Visitor(bot.url), Visitor(bot.url)
    begun = time.monotonic()
    failing = {}

    def fail() -> None:
        headers = {"Accept-Language": "en" if language == "fr" else "fr"}
        body = {"id": f"failing-{trouble}-{language}", "text": text.format(trouble)}
        failing["answer"] = visitor.call("POST", "/messages", body, headers)
        failing["took"] = time.monotonic() - begun

    thread = threading.Thread(target=fail)
    thread.start()
    if trouble != "xxblock":  # what waits behind a blocked thread is given up with it
        time.sleep(0.5)
        asked = time.monotonic()
        assert other.say("thanks", language="en")
        assert time.monotonic() - asked < 2
    thread.join(30)
    assert apology_of(failing["answer"]) == language
    assert failing["took"] < POLITE_WITHIN
    assert apology_of(visitor.send(text="combien de PTCE ?")) is None
    said = bot.say(f"rest {trouble} {language}", text.format(trouble))
    assert [message["text"] for message in said] == [errors()["apology"][language]]
    assert requests.get(f"{bot.url}/health/ready", timeout=POLITE_WITHIN).status_code == 200


def test_a_save_that_comes_through_after_it_was_given_up_is_kept_once(bot: ServedBot) -> None:
    """The person was told to write again, and does so just as it comes through."""
    visitor = Visitor(bot.url)
    visitor.say("thanks", language="en")
    message = {"id": "late-message-1", "text": "What is a PTCE xxlate?", "language": "en"}
    assert apology_of(visitor.send(**message)) == "en"
    again = visitor.send(**message)
    assert apology_of(again) is None
    kept = visitor.history()
    assert [said["id"] for said in kept if said["from"] == "you"].count("late-message-1") == 1
    told = again.json()["messages"]
    assert kept[-len(told) :] == told
    assert "PTCE" in told[0]["text"]


def test_bad_names_end_nothing(bot: ServedBot) -> None:
    for sender in ("a\x00b", "x" * 300, "\ud800"):
        body = json.dumps({"sender": sender, "message": "hello"})
        answer = requests.post(f"{bot.url}/webhooks/rest/webhook", data=body, timeout=POLITE_WITHIN)
        assert answer.status_code in (200, 400)
    assert apology_of(Visitor(bot.url).send(text="What is a PTCE?")) is None


def test_a_stop_finishes_what_is_under_way(bot: ServedBot) -> None:
    visitor = Visitor(bot.url)
    found = {}
    slow = threading.Thread(
        target=lambda: found.update(answer=visitor.send(id="under-way-1", text="What is a PTCE xxdawdle?"))
    )
    slow.start()
    time.sleep(0.7)
    assert bot.process is not None
    bot.log.write_text("")
    bot.process.terminate()
    slow.join(20)
    assert apology_of(found["answer"]) is None
    assert bot.process.wait(30) == 0
    assert "Traceback" not in bot.log.read_text()
    bot.start()
    assert [message["from"] for message in visitor.history()][:2] == ["you", "bot"]
