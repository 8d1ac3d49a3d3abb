"""Connections as they are accepted and read, around Sanic's own protocol."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sanic import Sanic
from sanic.exceptions import InvalidUsage
from sanic.http import Http
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.runtime.http_head import BadHead, check_head

_END = b"\r\n\r\n"


class CheckedHttp(Http):
    """Sanic's reader of requests, which gets no head that check_head refuses."""

    async def http1_request_header(self) -> None:
        """Raises InvalidUsage: 400, and the connection is closed, as nobody knows where the next request begins."""
        buffer, searched = self.recv_buffer, 0
        while (end := buffer.find(_END, searched)) < 0 and len(buffer) < self.HEADER_MAX_SIZE:
            searched = max(0, len(buffer) - len(_END) + 1)
            await self._receive_more()
        if end >= 0:
            try:
                check_head(bytes(buffer[:end]))
            except BadHead:
                raise InvalidUsage("Bad Request") from None
        await super().http1_request_header()  # type: ignore[no-untyped-call]


class CheckedProtocol(HttpProtocol):
    """One connection. There are no websockets here."""

    def _setup_connection(self) -> None:
        self._http = CheckedHttp(self)  # type: ignore[no-untyped-call]
        self._time = monotonic()
        self.check_timeouts()  # type: ignore[no-untyped-call]


def apply() -> None:
    """Makes every Sanic application of this process use CheckedProtocol.

    Replaces: the default of the argument `protocol` of sanic.app.Sanic.run, which Rasa calls without it.
    """
    if getattr(Sanic.run, "checked", False):
        return
    run = Sanic.run

    def run_checked(self: Sanic, *arguments: Any, **options: Any) -> None:
        options.setdefault("protocol", CheckedProtocol)
        run(self, *arguments, **options)

    run_checked.checked = True  # type: ignore[attr-defined]
    Sanic.run = run_checked  # type: ignore[method-assign]
