"""The website's channel: the widget talks here, in a conversation that its signed token alone names.

Addresses are described in website.openapi.yml, served at /webhooks/website/openapi.yml.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import transcript
from bot.channels.apologies import apology_language
from bot.channels.busy import Busy
from bot.channels.errors import errors, preferred_language
from bot.channels.incoming import Incoming, Refused, read_body, read_message, read_object
from bot.channels.pages import pages
from bot.channels.proxies import Proxies
from bot.channels.request_form import receive
from bot.channels.tokens import Session, Tokens
from bot.channels.website_settings import Settings
from bot.rate_limits import Limiter, address_key
from bot.settings import data_folder
from bot.store.conversations import holds_message, is_erased
from bot.store.keys import previous_secret, secret
from bot.store.limits import limiter

logger = logging.getLogger(__name__)

DESCRIPTION = Path(__file__).with_name("website.openapi.yml")
TURN_WITHIN, ANSWERED_WITHIN = 9.0, 9.5  # seconds, of a message and of anything asked
PUT_OFF = 0.5  # seconds before somebody who writes too much is told so
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

Handler = Callable[[Request], Awaitable[HTTPResponse]]


class WebsiteChannel(InputChannel):
    """`/webhooks/website/`: session, messages; and the widget with its demo page at the root."""

    def __init__(self, tokens: Tokens, settings: Settings) -> None:
        self._tokens = tokens
        self._settings = settings
        self._per_token: Limiter = limiter("website token", settings.per_token)
        self._per_address: Limiter = limiter("website address", settings.per_address)
        self._asked: Limiter = limiter("website request", settings.requests)
        self._proxies = Proxies(settings.proxies)

    @classmethod
    def name(cls) -> str:
        return "website"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> WebsiteChannel:
        """Raises BadSettings."""
        previous = previous_secret(os.environ, data_folder())
        return cls(Tokens(secret(data_folder()), previous), Settings.read())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = _WithPages("website", __name__)
        description = DESCRIPTION.read_bytes()

        async def session(request: Request) -> HTTPResponse:
            await read_body(request)
            known = self._session(request) if "authorization" in request.headers else None
            if known:
                await _check_not_erased(request, known)
            return self._issued(self._tokens.renewed(known) if known else self._tokens.new())

        async def send(request: Request) -> HTTPResponse:
            known = self._session(request)
            message = read_message(read_object(await read_body(request)))
            request.ctx.language = message.language
            await self._limited(self._per_token, known.conversation)
            try:
                return await asyncio.wait_for(self._turn(request, known, message, on_new_message), TURN_WITHIN)
            except Refused:
                raise
            except Exception as error:  # the store, say
                _log(error)
                client = message.language or preferred_language(request)
                agent = request.app.ctx.agent
                language = await apology_language(agent, known.conversation, message.text, client)
                return _refusal(Refused(500, "apology"), request, language)

        async def read(request: Request) -> HTTPResponse:
            known = self._session(request)
            tracker = await request.app.ctx.agent.tracker_store.retrieve_full_tracker(known.conversation)
            if tracker is None:
                await _check_not_erased(request, known)
            language = transcript.language_of(tracker, preferred_language(request))
            messages = transcript.history(tracker.events) if tracker else []
            return response.json({"messages": messages, "language": language})

        async def forget(request: Request) -> HTTPResponse:
            known = self._session(request)
            await transcript.forget(request.app.ctx.agent, known.conversation)
            return self._issued(self._tokens.new())

        async def describe(_: Request) -> HTTPResponse:
            return response.raw(description, content_type="application/yaml")

        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        self._route(blueprint, "/", {"GET": health})
        self._route(blueprint, "/session", {"POST": session})
        self._route(blueprint, "/messages", {"POST": send, "GET": read, "DELETE": forget})
        self._route(blueprint, "/request", {"POST": self._ask})
        self._route(blueprint, "/openapi.yml", {"GET": describe})

        async def nowhere(request: Request, unknown: str) -> HTTPResponse:
            if not unknown and request.method == "GET":  # the router takes the last slash for a path
                return await health(request)
            raise Refused(404, "not_found")

        self._add(blueprint, "/<unknown:path>", nowhere, _METHODS)

        # Rasa's own CORS layer answers OPTIONS before any route and adds its headers to every answer: ours come last.
        blueprint.middleware("response")(self._finish)

        @blueprint.listener("before_server_start")
        async def configure(app: Sanic, _: Any) -> None:
            if self._settings.proxies:
                app.config.PROXIES_COUNT = self._settings.proxies

        return blueprint

    async def _ask(self, request: Request) -> HTTPResponse:
        """Takes a question to pass on to a person."""
        known = self._session(request)
        await _check_not_erased(request, known)
        body = read_object(await read_body(request))
        await self._limited(self._per_token, known.conversation)
        await self._limited(self._asked, address_key(self._proxies.address(request)))
        return await receive(request, known.conversation, body)

    def _route(self, blueprint: Blueprint, path: str, handlers: Dict[str, Handler]) -> None:
        """Handlers by method; the other methods of a path are refused as everything else is, in words."""
        allowed = ", ".join([*handlers, "OPTIONS"])

        async def refuse(_: Request) -> HTTPResponse:
            raise Refused(405, "not_allowed")

        async def preflight(_: Request) -> HTTPResponse:
            return response.empty()

        for method, handler in handlers.items():
            self._add(blueprint, path, handler, (method,), allowed)
        self._add(blueprint, path, refuse, [method for method in _METHODS if method not in handlers], allowed)
        self._add(blueprint, path, preflight, ("OPTIONS",), allowed)

    def _add(self, blueprint: Blueprint, path: str, handler: Any, methods: Any, allowed: str = "") -> None:
        """A route behind the checks all share. Bodies are streamed: a long one is refused before it is read."""

        async def checked(request: Request, **found: Any) -> HTTPResponse:
            try:
                self._check_origin(request)
                await self._limited(self._per_address, address_key(self._proxies.address(request)))
                answer: HTTPResponse = await asyncio.wait_for(handler(request, **found), ANSWERED_WITHIN)
            except Refused as refused:
                if refused.status == 429:
                    # Whoever asks again at once, on forty connections, would take the time others are answered in.
                    request.ctx.put_off = True
                    await asyncio.sleep(PUT_OFF)
                answer = _refusal(refused, request)
                if refused.status == 405:
                    answer.headers["Allow"] = allowed
            except Exception as error:  # whatever broke, the person gets an apology and no detail
                _log(error)
                answer = _refusal(Refused(500, "apology"), request)
            return answer

        name = f"{getattr(handler, '__name__', 'handler')}_{'_'.join(methods)}_{path.strip('/')}"
        name = re.sub(r"\W", "_", name)
        blueprint.add_route(checked, path, methods=list(methods), name=name, stream="GET" not in methods)

    def _allows(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        if origin is None or origin in self._settings.origins:
            return True
        return bool(request.host) and urlsplit(origin).netloc == request.host

    def _check_origin(self, request: Request) -> None:
        if not self._allows(request):
            raise Refused(403, "bad_origin")

    async def _finish(self, request: Request, answer: HTTPResponse) -> None:
        headers = answer.headers
        for name in [name for name in headers if name.lower().startswith("access-control-")]:
            headers.popall(name, None)
        headers.update({"Vary": "Origin", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
        origin = request.headers.get("origin")
        if origin is None or not self._allows(request):
            return
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            headers["Access-Control-Max-Age"] = "7200"

    async def _limited(self, limiter: Limiter, key: str) -> None:
        seconds = await limiter.wait(key)
        if seconds:
            raise Refused(429, "slow_down", seconds)

    def _session(self, request: Request) -> Session:
        """Raises Refused 401 where the token is missing, forged or expired: nothing else names a conversation."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._tokens.read(token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise Refused(401, "expired")
        return session

    def _issued(self, session: Session) -> HTTPResponse:
        return response.json({"token": self._tokens.write(session), "expires": session.expires})

    async def _turn(
        self,
        request: Request,
        session: Session,
        message: Incoming,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> HTTPResponse:
        store = request.app.ctx.agent.tracker_store
        conversation = session.conversation
        # One at a time on all instances, so that a message sent twice finds its first answer. Not the conversation's
        # own lock: the turn takes that.
        async with request.app.ctx.agent.lock_store.lock(f"{conversation} messages"):
            before = await store.retrieve(conversation)
            if before is None:
                await _check_not_erased(request, session)
            events = list(before.events) if before else []
            told = transcript.answers_to(message.id, events)
            if told is None and before is not None and await holds_message(store, conversation, message.id):
                whole = await store.retrieve_full_tracker(conversation)  # answered in an earlier session
                told = transcript.answers_to(message.id, whole.events if whole else [])
            erased = False
            if told is None:
                if message.choice and transcript.title_of(message.choice, events) is None:
                    whole = await store.retrieve_full_tracker(conversation)  # offered in an earlier session
                    events = list(whole.events) if whole else []
                metadata = {key: value for key, value in _metadata(message, events).items() if value}
                answers = transcript.Answers()
                user_message = UserMessage(
                    message.text,
                    answers,
                    conversation,
                    parse_data=message.parsed,
                    input_channel="website",
                    message_id=message.id,
                    metadata=metadata,
                )
                try:
                    await on_new_message(user_message)
                    failed: Optional[Exception] = None
                except Busy as busy:
                    raise Refused(429, "slow_down", busy.seconds) from None
                except Exception as error:
                    failed, answers.messages = error, []
                after = await store.retrieve(conversation)
                if failed is not None:
                    if transcript.answers_to(message.id, after.events if after else []) is None:
                        raise failed  # it was not kept: the person may send it again
                    _log(failed)
                erased = failed is None and before is not None and after is None
                language = transcript.language_of(
                    before if erased else after, message.language or preferred_language(request)
                )
                told = [transcript.shown(answer, language) for answer in answers.messages]
                told = told or [transcript.apology(language)]
            else:
                language = transcript.language_of(before, message.language or preferred_language(request))
        return response.json({"messages": told, "language": language, **({"erased": True} if erased else {})})


async def _check_not_erased(request: Request, session: Session) -> None:
    """Raises Refused 401: the token of a conversation that was erased is good for nothing any more."""
    if await is_erased(request.app.ctx.agent.tracker_store, session.conversation):
        raise Refused(401, "expired")


def _metadata(message: Incoming, events: List[Any]) -> Dict[str, Any]:
    title = transcript.title_of(message.choice, events) if message.choice else None
    return {"language": message.language, "choice": message.choice, "title": title}


def _refusal(refused: Refused, request: Request, language: Optional[str] = None) -> HTTPResponse:
    spoken = language or getattr(request.ctx, "language", None) or preferred_language(request)
    words = errors()[refused.code][spoken].replace("{seconds}", str(refused.seconds))
    answer = response.json({"error": refused.code, "message": words}, status=refused.status)
    if refused.seconds:
        answer.headers["Retry-After"] = str(refused.seconds)
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _log(error: Exception) -> None:
    """Where a turn broke, without the error's own words: they may quote what the person wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    logger.error("A request failed on the website channel: %s at %s", type(error).__name__, place)


class _WithPages(Blueprint):
    """Brings the pages at the server's root along, as Rasa mounts a channel under /webhooks/ only."""

    def register(self, app: Sanic, options: Any) -> None:
        super().register(app, options)  # type: ignore[no-untyped-call]
        pages(app)
