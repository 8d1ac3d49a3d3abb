"""Rasa's REST channel, same address and answers, made safe against what it lets through.

Stock Rasa shares one conversation ("default") between all who send no sender, answers a malformed request with a
stack trace, and a failed turn with an empty list. As a sender names any conversation he likes, the channel is closed:
CACIMA_REST=local opens it to this machine's programs (`make run` says so), CACIMA_REST_TOKEN to whoever has the token.
"""

from __future__ import annotations

import dataclasses
import hmac
import inspect
import ipaddress
import logging
import os
import uuid
from typing import Any, Awaitable, Callable, Dict, Mapping, Optional
from urllib.parse import urlsplit

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.apologies import apology_language
from bot.channels.busy import Busy
from bot.channels.errors import errors, preferred_language
from bot.channels.incoming import LONGEST_BODY, LONGEST_TEXT, Refused, read_object
from bot.knowledge.model import LANGUAGES
from bot.settings import read_settings

logger = logging.getLogger(__name__)

LONGEST_SENDER = 200
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
# Headers of proxies, and of browsers, which no program of this machine sends.
FORWARDING = {
    *("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"),
    *("origin", "sec-fetch-site"),
}


@dataclasses.dataclass(frozen=True)
class Access:
    """Who may use the channel: whoever has the token; else programs of this machine, where `local` says so."""

    local: bool = False
    token: str = ""

    def allows(self, request: Request) -> bool:
        if self.token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            return scheme.lower() == "bearer" and hmac.compare_digest(
                given.strip().encode(errors="surrogateescape"), self.token.encode()
            )
        return self.local and is_local(request)


def read_access(environment: Mapping[str, str]) -> Access:
    """CACIMA_REST and CACIMA_REST_TOKEN. Raises BadSettings."""
    settings = read_settings(environment)
    return Access(local=settings.rest == "local", token=settings.rest_token or "")


def is_local(request: Request) -> bool:
    """Whether a request looks like one of this machine's programs, not a proxy's nor a page's of another site.

    A proxy on this machine may leave no trace at all, so that this alone opens nothing: see `read_access`.
    """
    if any(name in FORWARDING or name.startswith("x-forwarded") for name in map(str.lower, request.headers)):
        return False
    if request.version == "1.0":  # what nginx speaks to what it stands before, unless told otherwise
        return False
    host = request.headers.get("host", "")
    try:
        return urlsplit(f"//{host}").hostname in (*LOCAL_NAMES, None) and ipaddress.ip_address(request.ip).is_loopback
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

    def __init__(self, access: Access) -> None:
        self._access = access

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> RestChannel:
        """Raises BadSettings."""
        return cls(read_access(os.environ))

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
                if not self._access.allows(request):
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
            except Busy as busy:
                words = errors()["slow_down"][language].replace("{seconds}", str(busy.seconds))
                refusal = {"error": "slow_down", "message": words}
                return response.json(refusal, status=429, headers={"Retry-After": str(busy.seconds)})
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
