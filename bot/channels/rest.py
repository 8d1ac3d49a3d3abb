"""Rasa's REST channel, same address and answers, made safe against what it lets through.

Stock Rasa shares one conversation ("default") between all who send no sender, answers a malformed request with a
stack trace, and a failed turn with an empty list. As a sender names any conversation he likes, only this machine may.
"""

from __future__ import annotations

import inspect
import ipaddress
import logging
import uuid
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.apologies import apology_language
from bot.channels.errors import errors, preferred_language
from bot.channels.incoming import LONGEST_BODY, LONGEST_TEXT, Refused, read_object
from bot.knowledge.model import LANGUAGES

logger = logging.getLogger(__name__)

LONGEST_SENDER = 200


def is_local(request: Request) -> bool:
    """Whether a request comes from this machine itself, not through a proxy nor from a page of another site."""
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "origin"))
    try:
        return not forwarded and ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False


def read_body(raw: bytes) -> Dict[str, Any]:
    """The JSON object of a body; the name of the conversation is checked, or made where none is given.

    Raises Refused: 413 too long, 400 not a JSON object or a field of the wrong type.
    """
    if len(raw) > LONGEST_BODY:
        raise Refused(413, "too_long")
    body = read_object(raw)
    if not isinstance(body.get("message"), str):
        raise Refused(400, "no_text")
    if len(body["message"]) > LONGEST_TEXT:
        raise Refused(413, "too_long")
    sender = body.get("sender")
    if sender is None:
        body["sender"] = f"anonymous-{uuid.uuid4().hex}"
    elif not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER or not sender.isprintable():
        raise Refused(400, "bad_sender")
    # A lone surrogate is valid JSON and cannot be stored as UTF-8.
    body["sender"] = body["sender"].encode("utf-8", "replace").decode("utf-8")
    body["message"] = body["message"].encode("utf-8", "replace").decode("utf-8")
    return body


class RestChannel(RestInput):
    """`/webhooks/rest/webhook`: {"sender": .., "message": ..} in, a list of messages out."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> RestChannel:
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        module = inspect.getmodule(self)
        webhook = Blueprint("rest_webhook", module.__name__ if module else None)

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            language = preferred_language(request)
            try:
                if not is_local(request):
                    raise Refused(403, "not_local")
                body = read_body(request.body)
            except Refused as refused:
                error = {"error": refused.code, "message": errors()[refused.code][language]}
                return response.json(error, status=refused.status)
            collector = CollectingOutputChannel()
            metadata = body.get("metadata") if isinstance(body.get("metadata"), dict) else None
            message = UserMessage(body["message"], collector, body["sender"], input_channel="rest", metadata=metadata)
            try:
                await on_new_message(message)
            except Exception:  # whatever broke, the person gets an apology and the server goes on
                logger.exception("A turn failed on the REST channel.")
                collector.messages = []
            if not collector.messages:
                client = (metadata or {}).get("language")
                client = client if client in LANGUAGES else language
                language = await apology_language(request.app.ctx.agent, body["sender"], body["message"], client)
                collector.messages = [{"recipient_id": body["sender"], "text": errors()["apology"][language]}]
            return response.json(collector.messages)

        return webhook
