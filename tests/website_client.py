"""A client of the website channel, as the tests speak to it."""

from __future__ import annotations

import itertools
import json
from typing import Any, Dict, List, Optional

import requests

from tests.ports import free_port

OTHER_SITE = "https://www.example.org"  # allowed to hold the widget


HOLDER = f"http://localhost:{free_port()}"  # another site's page, in the browser's tests
SECRET = "a secret for tests, of more than 32 characters"

_numbers = itertools.count(1)


class Visitor:
    """Someone with a token of his own. Fields not given are left out."""

    def __init__(self, url: str, token: Optional[str] = None) -> None:
        self.base = f"{url}/webhooks/website"
        self.token = token or self.call("POST", "/session").json()["token"]

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Optional[Dict[str, str]] = None,
        token: Optional[str] = None,
    ) -> requests.Response:
        sent = {"Accept-Language": "fr", **(headers or {})}
        if token or getattr(self, "token", None):
            sent["Authorization"] = f"Bearer {token or self.token}"
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        return requests.request(method, self.base + path, data=data, headers=sent, timeout=60)

    def send(self, **fields: Any) -> requests.Response:
        fields.setdefault("id", f"message-{next(_numbers):06}")
        headers = {"Accept-Language": fields.get("language", "fr")}
        return self.call("POST", "/messages", fields, headers)

    def say(self, text: str, **fields: Any) -> List[Dict[str, Any]]:
        """The messages answered to a text."""
        answer = self.send(text=text, **fields)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def history(self) -> List[Dict[str, Any]]:
        answer = self.call("GET", "/messages")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])
