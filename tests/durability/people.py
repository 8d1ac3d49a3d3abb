"""People who keep writing while things break, and what must be true of it afterwards."""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence

import requests
import sqlalchemy as sa

from bot.channels.errors import errors
from bot.channels.tokens import Tokens
from tests.conftest import ServedBot
from tests.website_client import SECRET, Visitor

SETTINGS = {
    "CACIMA_SECRET": SECRET,
    "CACIMA_WEBSITE_PER_TOKEN": "100000",
    "CACIMA_WEBSITE_PER_ADDRESS": "100000",
    "PYTHONWARNINGS": "ignore",
}
POLITE_WITHIN = 10.0  # seconds
PATIENCE = 120.0  # seconds until what is awaited has happened: a loaded machine takes its time
TEXTS = ["What is a PTCE?", "and how many?", "and business clusters?", "who runs the FUI?", "thanks"]


def troubled(folder: Path, settings: Optional[Dict[str, str]] = None) -> ServedBot:
    bot = ServedBot(folder, {**SETTINGS, **(settings or {})})
    bot.command = [sys.executable, "-m", "tests.durability.troubled_bot"]
    return bot


def start_together(*bots: ServedBot) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda bot: bot.start(), bots))


def apology_of(answer: requests.Response) -> Optional[str]:
    """The language of an apology; None for an answer."""
    body = answer.json()
    said = [body["message"]] if "message" in body else [message["text"] for message in body["messages"]]
    for language in ("fr", "en"):
        if errors()["apology"][language] in said:
            return language
    assert answer.status_code == 200, answer.text
    assert said
    assert all(said)
    return None


class Person(threading.Thread):
    """Writes one message after another until told to stop; sends each again until answered, as the widget does."""

    def __init__(self, bots: Sequence[ServedBot], pause: float = 0.05, token: Optional[str] = None) -> None:
        super().__init__(daemon=True)
        self.bots = list(bots)
        self.pause = pause
        self.visitor = Visitor(self.bots[0].url, token)
        self.sent: List[str] = []  # ids of the messages answered, in order
        self.apologies: List[str] = []
        self.slowest = 0.0
        self.faults: List[str] = []
        self._enough = threading.Event()
        self._progress = threading.Condition()

    def run(self) -> None:
        number = 0
        try:
            while not self._enough.is_set():
                self._send(f"m-{number:05}-{uuid.uuid4().hex[:8]}", TEXTS[number % len(TEXTS)])
                number += 1
                time.sleep(self.pause)
        except Exception as error:
            self._note(self.faults, repr(error))

    def _send(self, message_id: str, text: str) -> None:
        begun = time.monotonic()
        for tries in range(1000):
            self.visitor.base = f"{self.bots[tries % len(self.bots)].url}/webhooks/website"
            asked = time.monotonic()
            try:
                answer = self.visitor.send(id=message_id, text=text, language="en")
            except requests.ConnectionError:  # no server there: the widget says so, and tries again
                time.sleep(0.2)
            else:
                self.slowest = max(self.slowest, time.monotonic() - asked)
                language = apology_of(answer)
                if language is None:
                    self._note(self.sent, message_id)
                    return
                self._note(self.apologies, language)
                time.sleep(0.1)
            if time.monotonic() - begun > 60:
                raise AssertionError(f"never answered: {message_id}")

    def _note(self, where: List[str], what: str) -> None:
        with self._progress:
            where.append(what)
            self._progress.notify_all()

    def await_until(self, happened: Callable[[], bool], what: str) -> None:
        """Waits until something is true of this person's messages, or fails after PATIENCE."""
        with self._progress:
            assert self._progress.wait_for(lambda: self.faults or happened(), PATIENCE), f"not {what}"
        assert not self.faults, self.faults

    def enough(self) -> None:
        self._enough.set()
        self.join(70)
        assert not self.is_alive()

    @property
    def conversation(self) -> str:
        session = Tokens(SECRET.encode()).read(str(self.visitor.token))
        assert session is not None
        return session.conversation


def await_answers(people: Sequence[Person], more: int) -> None:
    """Waits until each person has had so many answers more than now."""
    for person, wanted in [(person, len(person.sent) + more) for person in people]:
        person.await_until(lambda person=person, wanted=wanted: len(person.sent) >= wanted, f"{more} answers more")


def await_apologies(people: Sequence[Person]) -> None:
    """Waits until each person was apologised to once more."""
    for person, wanted in [(person, len(person.apologies) + 1) for person in people]:
        person.await_until(lambda person=person, wanted=wanted: len(person.apologies) >= wanted, "apologised to")


def let_go(people: Sequence[Person]) -> None:
    for person in people:
        person._enough.set()
    for person in people:
        person.enough()


def stored(database: str, conversation: str) -> List[Dict[str, Any]]:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        query = sa.text("SELECT data FROM events WHERE sender_id = :sender ORDER BY id")
        found = [json.loads(row[0]) for row in connection.execute(query, {"sender": conversation})]
    engine.dispose()
    return found


def check_kept(people: Sequence[Person], database: str, least: int = 10) -> None:
    """Every message answered is stored exactly once and in order, each with its answer right after it."""
    for person in people:
        assert not person.faults, person.faults
        assert person.slowest < POLITE_WITHIN
        assert set(person.apologies) <= {"en"}, "apologised in another language than spoken"
        assert len(person.sent) >= least
        events = [event for event in stored(database, person.conversation) if event["event"] in ("user", "bot")]
        assert [event["message_id"] for event in events if event["event"] == "user"] == person.sent
        for before, after in zip([None, *events], events, strict=False):
            if after["event"] == "user":
                assert before is None or before["event"] == "bot", "a message between another and its answer"
