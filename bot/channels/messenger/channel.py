"""The webhook: `/webhooks/messenger/webhook`. Checks, writes down, answers; the work comes after."""

from __future__ import annotations

import dataclasses
import inspect
import logging
import os
from asyncio import AbstractEventLoop
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.messenger.desk import Desk
from bot.channels.messenger.events import Event, read_body
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.health import health
from bot.channels.messenger.inbox import InUse, SqliteInbox
from bot.channels.messenger.memory import TrackerMemory
from bot.channels.messenger.settings import Settings, read_settings
from bot.channels.messenger.shared_inbox import SharedInbox
from bot.channels.messenger.signature import is_signed, same
from bot.channels.messenger.turn import NAME, Turn, conversation_of
from bot.channels.messenger.wording import wording
from bot.desk.capture import is_awaited
from bot.privacy.masking import mask
from bot.settings import data_folder
from bot.store.settings import redis_url

logger = logging.getLogger(__name__)

LONGEST_BODY = 2 * 1024 * 1024  # Meta puts up to 1,000 events into one body


class MessengerChannel(InputChannel):
    """Off where its environment holds none of its secrets: credentials.yml may always name it."""

    def __init__(self, settings: Optional[Settings]) -> None:
        self._settings = settings
        self._desk: Optional[Desk] = None
        self._graph: Optional[Graph] = None

    @classmethod
    def name(cls) -> str:
        return NAME

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> MessengerChannel:
        """Raises BadSettings where the environment is incomplete or wrong."""
        settings = read_settings(os.environ)
        if settings is None:
            logger.warning("Messenger is off: no CACIMA_MESSENGER_* secrets are set (docs/messenger.md).")
        else:
            wording()  # a fault in its sentences is for the start, not for the first person
        return cls(settings)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        module = inspect.getmodule(self)
        webhook = Blueprint("messenger_webhook", module.__name__ if module else None)
        health.enabled = self._settings is not None
        if self._settings is None:
            return webhook
        settings = self._settings

        @webhook.listener("after_server_start")
        async def start(app: Sanic, loop: AbstractEventLoop) -> None:
            try:
                path, redis = data_folder() / "messenger.db", redis_url()
                inbox = SharedInbox(path, redis) if redis else SqliteInbox(path)
            except InUse as error:
                logger.error("Another process serves Messenger from %s: stop it first, or set CACIMA_DATA.", error)
                os._exit(1)
            self._graph = Graph(settings, health)
            await self._graph.start()
            turn = Turn(on_new_message, TrackerMemory(app), health)
            self._desk = Desk(inbox, self._graph, turn, health, settings.pause)
            await self._desk.resume()

        @webhook.listener("before_server_stop")
        async def stop(app: Sanic, loop: AbstractEventLoop) -> None:
            if self._desk is not None:
                desk, self._desk = self._desk, None
                await desk.drain()
            if self._graph is not None:
                await self._graph.close()

        @webhook.route("/", methods=["GET"])
        async def state(_: Request) -> HTTPResponse:
            return response.json({"status": "ok" if health.ok else "token refused"}, status=200 if health.ok else 503)

        @webhook.route("/webhook", methods=["GET"])
        async def verify(request: Request) -> HTTPResponse:
            challenge = request.args.get("hub.challenge") or ""
            asked = request.args.get("hub.mode") == "subscribe" and challenge
            if not same(request.args.get("hub.verify_token") or "", settings.verify_token) or not asked:
                health.counts["refused_verification"] += 1
                return response.text("", status=403)
            return response.text(challenge)

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            header = request.headers.get("x-hub-signature-256") or ""
            if not is_signed(request.body, header, settings.app_secret):
                health.counts["refused_signature"] += 1
                return response.text("", status=403)
            return await self._accept(request.body)

        return webhook

    async def _accept(self, body: bytes) -> HTTPResponse:
        """200 once the events are on disk. Any other answer makes Meta send them again, later."""
        try:
            events, ignored = read_body(body) if len(body) <= LONGEST_BODY else ([], 1)
        except ValueError:
            # Signed, so Meta's own: sending it again would not mend it.
            health.counts["unreadable"] += 1
            return response.text("")
        if self._desk is None:
            return response.text("", status=503)
        # Here already: the inbox is written before any turn begins.
        events = [await _masked(event) for event in events]
        try:
            new = await self._desk.accept(events) if events else 0
        except Exception:
            logger.exception("Messenger: events could not be written down; Meta will send them again.")
            return response.text("", status=503)
        health.counts["ignored"] += ignored
        health.counts["accepted"] += new
        health.counts["duplicate"] += len(events) - new
        return response.text("")


async def _masked(event: Event) -> Event:
    """But for what is given to be passed on to a person: that is kept apart when its turn comes."""
    awaited = event.kind == "text" and await is_awaited(conversation_of(event.person))
    return event if awaited else dataclasses.replace(event, text=mask(event.text))
