"""Meta's side of the webhook: signed bodies, the events people cause, and what came back."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any, Dict, Optional

from tests.channels.messenger.fake_graph import TOKEN, Graph
from tests.conftest import Reply, ServedBot

SECRET, VERIFY = "app-secret-for-tests", "verify-token-for-tests"
PAGE = "1000000000"
PATH = "/webhooks/messenger/webhook"
_numbers = itertools.count(1)


def environment(graph: Graph, **more: str) -> Dict[str, str]:
    return {
        "CACIMA_MESSENGER_APP_SECRET": SECRET,
        "CACIMA_MESSENGER_PAGE_TOKEN": TOKEN,
        "CACIMA_MESSENGER_VERIFY_TOKEN": VERIFY,
        "CACIMA_MESSENGER_GRAPH_URL": graph.url,
        **more,
    }


def new_person() -> str:
    return f"77{next(_numbers):014d}"


def new_mid() -> str:
    return f"m_{next(_numbers)}-{time.time_ns()}"


def event(person: str, timestamp: Optional[int] = None, **fields: Any) -> Dict[str, Any]:
    stamp = int(time.time() * 1000) if timestamp is None else timestamp
    return {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": stamp, **fields}


def text(person: str, words: str, mid: Optional[str] = None, timestamp: Optional[int] = None) -> Dict[str, Any]:
    return event(person, timestamp, message={"mid": mid or new_mid(), "text": words})


def quote(person: str, words: str, mid: str) -> Dict[str, Any]:
    return event(person, message={"mid": new_mid(), "text": words, "reply_to": {"mid": mid}})


def press(person: str, payload: str, title: str = "") -> Dict[str, Any]:
    return event(person, postback={"mid": new_mid(), "payload": payload, "title": title})


def reply(person: str, payload: str, title: str) -> Dict[str, Any]:
    return event(person, message={"mid": new_mid(), "text": title, "quick_reply": {"payload": payload}})


def body_of(*events: Dict[str, Any]) -> bytes:
    entry = {"id": PAGE, "time": int(time.time() * 1000), "messaging": list(events)}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Meta:
    """Meta's side: delivers signed events to a bot and reads what its fake Graph received."""

    def __init__(self, bot: ServedBot, graph: Graph) -> None:
        self.bot = bot
        self.graph = graph

    def deliver(self, *events: Dict[str, Any]) -> Reply:
        return self.raw(body_of(*events))

    def raw(self, body: bytes, signature: Optional[str] = "right") -> Reply:
        headers = {"Content-Type": "application/json"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = sign(body) if signature == "right" else signature
        return self.bot.post(PATH, body, headers)

    def ask(self, person: str, words: str, count: int = 1) -> str:
        """Sends a text, waits for `count` more messages and gives them as one text."""
        before = len(self.graph.to(person))
        return self._after(person, before, count, text(person, words))

    def choose(self, person: str, payload: str, title: str = "") -> str:
        before = len(self.graph.to(person))
        return self._after(person, before, 1, reply(person, payload, title))

    def _after(self, person: str, before: int, count: int, happening: Dict[str, Any]) -> str:
        assert self.deliver(happening).status == 200
        return "\n".join(self.graph.wait_for(person, before + count)[before:])

    def settle(self, person: str) -> None:
        """Waits until all that this person did before is done with: a last sticker is answered after the rest."""
        before = self._thanked(person)
        sticker = {"mid": new_mid(), "sticker_id": 126361874215276}  # no thumb
        self.deliver(event(person, int(time.time() * 1000) + 5000, message=sticker))
        begun = time.monotonic()
        while self._thanked(person) == before:
            assert time.monotonic() - begun < 30, self.graph.texts(person)
            time.sleep(0.02)

    def quiet(self, person: str, seconds: float = 0.7) -> None:
        """Waits until nothing more has come for this person for so long."""
        count = -1
        while count != len(self.graph.to(person)):
            count = len(self.graph.to(person))
            time.sleep(seconds)

    def _thanked(self, person: str) -> int:
        return sum(text.startswith(("Merci\u00a0! Avez-vous", "Thank you! Do")) for text in self.graph.texts(person))
