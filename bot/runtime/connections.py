"""Connections as they are accepted and read, around Sanic's own protocol: how many, for how long, and what passes.

When there are as many connections as are allowed, the one that has been waited for longest is closed in favour of the
newcomer: whoever opens many and sends nothing keeps nobody else out. Those being answered are never closed for that.
"""

from __future__ import annotations

import logging
from collections import Counter
from time import monotonic
from typing import Any, ClassVar, Dict, Optional

from sanic import Sanic
from sanic.exceptions import InvalidUsage, RequestTimeout
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.observability import metrics
from bot.rate_limits import address_key
from bot.runtime.connection_limits import Limits
from bot.runtime.http_head import BadHead, check_head

logger = logging.getLogger(__name__)

# Seconds, from the beginning to the end of each: bytes that come one by one gain no time.
HEAD_WITHIN = 10.0
BODY_WITHIN = 8.0
IDLE_WITHIN = 30.0  # between two requests; browsers open another connection by themselves
ANSWER_WITHIN = 60.0  # a turn takes 8 s at most; the rest is for a slow reader
LOOKED_AT = 1.0
TOLD_EVERY = 60.0


_END = b"\r\n\r\n"


class Open:
    """The connections open. Sanic makes a protocol for each, so they share one of these."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._all: Dict[CheckedProtocol, None] = {}  # in the order they came
        self._by_address: Counter[str] = Counter()
        self._told = float("-inf")

    def add(self, connection: CheckedProtocol) -> bool:
        """Whether there is room, or could be made."""
        most, of_one = self.limits.most, self.limits.most_of_one
        address = connection.address
        if of_one is not None and address and self._by_address[address] >= of_one:
            self._tell("address")
            if not self._close_one(address):
                return False
        if len(self._all) >= most:
            self._tell("full")
            if not self._close_one():
                return False
        self._all[connection] = None
        self._by_address[address] += 1
        return True

    def remove(self, connection: CheckedProtocol) -> None:
        if connection in self._all:
            del self._all[connection]
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def __len__(self) -> int:
        return len(self._all)

    def _tell(self, reason: str) -> None:
        metrics.CONNECTIONS_CLOSED.labels(reason).inc()
        if monotonic() - self._told > TOLD_EVERY:
            self._told = monotonic()
            logger.warning(
                "There are as many connections as are allowed (%s, %d open): the oldest are closed for new ones.",
                "in all" if reason == "full" else "from one address",
                len(self._all),
            )

    def _close_one(self, address: Optional[str] = None) -> bool:
        """Closes the connection whose client has kept us waiting longest; False where all are being answered."""
        waiting = [one for one in self._all if one.is_waiting and address in (None, one.address)]
        if not waiting:
            return False
        longest = min(waiting, key=lambda one: one.since)
        self.remove(longest)
        # Not its own abort(): Sanic logs an error where it then finds no transport.
        longest.transport.abort()  # type: ignore[union-attr]
        return True


class CheckedHttp(Http):
    """Sanic's reader of requests, which gets no head that check_head refuses."""

    def __init__(self, protocol: CheckedProtocol) -> None:
        super().__init__(protocol)  # type: ignore[no-untyped-call]
        self.request_body = None  # Sanic sets it later, and it is looked at before

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
                metrics.CONNECTIONS_CLOSED.labels("bad_head").inc()
                raise InvalidUsage("Bad Request") from None
        await super().http1_request_header()  # type: ignore[no-untyped-call]


class CheckedProtocol(HttpProtocol):
    """One connection. There are no websockets here."""

    __slots__ = ("_step", "address", "since")
    open: ClassVar[Open]

    def connection_made(self, transport: Any) -> None:
        peer = transport.get_extra_info("peername")
        self.address = address_key(peer[0]) if isinstance(peer, tuple) else ""
        if self.address in ("127.0.0.1", "::/64"):
            self.address = ""  # a proxy on this machine brings everybody's
        self.since = monotonic()
        self.transport, self._http = transport, None  # type: ignore[assignment]
        self._step: Any = None
        if self.open.add(self):
            super().connection_made(transport)  # type: ignore[no-untyped-call]
        else:
            transport.abort()

    def connection_lost(self, error: Optional[Exception]) -> None:
        self.open.remove(self)
        super().connection_lost(error)  # type: ignore[no-untyped-call]

    @property
    def is_waiting(self) -> bool:
        """Whether it is the client's turn to send something, or nothing but a refusal is to come."""
        http = self._http
        if http is None or http.stage in (Stage.IDLE, Stage.REQUEST) or http.request_body:
            return True
        return bool(getattr(getattr(http.request, "ctx", None), "put_off", False))

    def _setup_connection(self) -> None:
        self._http = CheckedHttp(self)
        self._time = monotonic()
        self.check_timeouts()

    def check_timeouts(self) -> None:
        """Looks, every second, for how long the connection has been at the same step; closes it after too long.

        Sanic's own counts from the last byte that came: one byte every nine seconds kept a connection for ever.
        """
        if self._task is None or self._http is None:
            return
        http, now = self._http, monotonic()
        step = (http.stage, self.state["requests_count"], bool(http.request_body))
        if step != self._step:
            self._step, self.since = step, now
        within, reason = _within(http)
        if now - self.since <= within:
            self.loop.call_later(LOOKED_AT, self.check_timeouts)
            return
        metrics.CONNECTIONS_CLOSED.labels(reason).inc()
        if http.stage in (Stage.REQUEST, Stage.HANDLER):
            http.exception = RequestTimeout("Request Timeout")
        self._task.cancel()
        # Whoever does not read gets no answer either.
        self.loop.call_later(LOOKED_AT, self.abort)


def _within(http: Http) -> tuple[float, str]:
    if http.request_body and http.stage is not Stage.REQUEST:
        return BODY_WITHIN, "body"
    if http.stage is Stage.IDLE:
        return IDLE_WITHIN, "idle"
    if http.stage is Stage.REQUEST:
        return HEAD_WITHIN, "head"
    return ANSWER_WITHIN, "answer"


def apply(limits: Limits) -> None:
    """Makes every Sanic application of this process use CheckedProtocol.

    Replaces: the default of the argument `protocol` of sanic.app.Sanic.run, which Rasa calls without it.
    """
    CheckedProtocol.open = Open(limits)
    # An error to Sanic; to us, a client's whim.
    logging.getLogger("sanic.error").addFilter(lambda record: not record.getMessage().endswith("body not consumed."))
    metrics.CONNECTIONS.set_function(lambda: float(len(CheckedProtocol.open)))
    if getattr(Sanic.run, "checked", False):
        return
    run = Sanic.run

    def run_checked(self: Sanic, *arguments: Any, **options: Any) -> None:
        options.setdefault("protocol", CheckedProtocol)
        run(self, *arguments, **options)

    run_checked.checked = True  # type: ignore[attr-defined]
    Sanic.run = run_checked  # type: ignore[method-assign]
