"""Counters for Prometheus, on a port of their own that only this machine reaches (docs/surveillance.md).

Off unless CACIMA_METRICS_PORT is set; CACIMA_METRICS_HOST gives them another address, as within a container. No label
holds anything of a person, and each has a handful of values.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Awaitable, Callable, List, Tuple

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics, start_http_server

from bot.settings import read_settings

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of no use here

TURNS = Counter("cacima_turns", "Messages answered, by what became of them.", ["channel", "language", "outcome"])
SECONDS = Histogram(
    "cacima_turn_seconds",
    "From a message's arrival to the end of its turn.",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ERRORS = Counter("cacima_errors", "Errors logged, by the part of the program.", ["part"])
GRAPH_CALLS = Counter("cacima_graph_calls", "Calls to Meta's Graph API.", ["outcome"])
GUIDE = Counter("cacima_guide", "The guide begun, brought to its result, or left before.", ["step"])
FEEDBACK = Counter("cacima_feedback", "What people said of an answer.", ["feedback"])
ERASURES = Counter("cacima_erasures", "Conversations erased by their person.")
PURGED = Counter("cacima_purged_events", "Events deleted for their age.")
CONNECTIONS = Gauge("cacima_connections", "Connections open.")
CONNECTIONS_CLOSED = Counter("cacima_connections_closed", "Connections closed before their time, by why.", ["reason"])
LOOP_TIME = Gauge("cacima_event_loop_timestamp_seconds", "When the program last had time to answer people.")
PURGE_TIME = Gauge("cacima_purge_success_timestamp_seconds", "When what is old was last deleted.")
TOKEN_REFUSED = Gauge("cacima_messenger_token_refused", "1 while Graph refuses the page token.")

# Known from the start, so that a rate over them is 0 rather than nothing.
for _feedback in ("positive", "negative"):
    FEEDBACK.labels(_feedback)
for _step in ("started", "finished", "left"):
    GUIDE.labels(_step)
for _reason in ("full", "address", "head", "body", "idle", "answer", "bad_head"):
    CONNECTIONS_CLOSED.labels(_reason)
for _outcome in ("ok", "passing", "refused"):
    GRAPH_CALLS.labels(_outcome)

Listener = Callable[[Any, Any], Awaitable[None]]


def listeners() -> List[Tuple[Listener, str]]:
    """For Sanic: what serves the counters, and ends the program where their port is taken."""

    async def start(_: Any, __: Any) -> None:
        settings = read_settings()
        port = settings.metrics_port
        if port is None:
            return
        try:
            start_http_server(port, addr=settings.metrics_host)  # a thread of its own
        except OSError as error:
            logging.getLogger(__name__).error("CACIMA_METRICS_PORT: port %d cannot be had (%s).", port, error.strerror)
            os._exit(1)

    return [(start, "before_server_start")]


class CountErrors(logging.Handler):
    """Counts what is logged as an error, by the first two names of its logger."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        ERRORS.labels(".".join(record.name.split(".")[:2])).inc()
