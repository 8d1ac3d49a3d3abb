"""`/health/live`: the process answers. `/health/ready`: it can answer people, or 503 naming what fails."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.rehearsal import parses, rehearse

CHECKED_WITHIN = 4.5  # seconds
KEPT = 1.0  # seconds a report is good for, however often it is asked

Report = Dict[str, str]


class HealthChannel(InputChannel):
    """No channel of people's; Rasa mounts routes for channels only."""

    def __init__(self) -> None:
        self._kept: Tuple[float, Report] = (float("-inf"), {})

    @classmethod
    def name(cls) -> str:
        return "health"

    def url_prefix(self) -> str:
        return "/health"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> HealthChannel:
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        health = Blueprint("health", __name__)

        @health.listener("before_server_start")
        async def begin(*_: Any) -> None:
            self._one = asyncio.Lock()  # of the server's event loop

        @health.route("/live", methods=["GET"])
        async def live(_: Request) -> HTTPResponse:
            return response.json({"status": "live"})

        @health.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            async with self._one:  # however many ask at once, one turn is taken
                made, report = self._kept
                if time.monotonic() - made > KEPT:
                    report = await _report(request.app)
                    self._kept = (time.monotonic(), report)
            failing = [part for part, state in report.items() if state == "failing"]
            body = {"status": "not ready" if failing else "ready", "failing": failing, "parts": report}
            return response.json(body, status=503 if failing else 200)

        return health


async def _report(app: Any) -> Report:
    """Each part "ok" or "failing"; Redis may be "lost": the bot goes on without."""
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return {"model": "failing"}
    states = await asyncio.gather(_holds(parses(agent)), _holds(_store(agent)), _holds(rehearse(agent)))
    report = dict(zip(("model", "store", "actions"), states, strict=True))
    if getattr(app.ctx, "draining", False):
        report["server"] = "failing"  # it is about to stop
    redis = getattr(agent.lock_store, "state", None)
    if redis is not None:
        report["redis"] = redis
    return report


async def _holds(check: Awaitable[bool]) -> str:
    try:
        return "ok" if await asyncio.wait_for(check, CHECKED_WITHIN) else "failing"
    except Exception:
        return "failing"


async def _store(agent: Any) -> bool:
    ping = getattr(agent.tracker_store, "ping", None)
    if ping is not None:
        await ping()
    else:  # Rasa's own stores
        await agent.tracker_store.exists("nobody")
    return True
