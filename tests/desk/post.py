"""A real mail server for the tests, which can be switched off and on again on its port."""

from __future__ import annotations

import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, List

from aiosmtpd.controller import Controller

from tests.ports import free_port

TO = "bureau@example.pm"
WITHIN = 30.0  # seconds for a mail to come


class Post:
    """Keeps what it is sent. `refuses`: it answers every mail with a passing error."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: List[EmailMessage] = []
        self.refuses = False
        self.refused = 0
        self._came = threading.Condition()
        self._server: Any = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        with self._came:
            if self.refuses:
                self.refused += 1
                self._came.notify_all()
                return "451 Try again later"
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self._came.notify_all()
        return "250 OK"

    def start(self) -> Post:
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()
        return self

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def about(self, words: str) -> List[EmailMessage]:
        return [mail for mail in self.mails if words in body(mail)]

    def wait(self, words: str) -> EmailMessage:
        """The first mail that holds these words, once it has come."""
        with self._came:
            assert self._came.wait_for(lambda: self.about(words), WITHIN), f"no mail about {words!r} came"
        return self.about(words)[0]


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())
