"""`/bureau`: CACIMA's desk. Not there until an account exists (`make desk-account WHO=`)."""

from __future__ import annotations

import hmac
import logging
import time
from typing import Any, Awaitable, Callable, Dict, Optional
from urllib.parse import parse_qs, urlsplit

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.errors import preferred_language
from bot.channels.incoming import Refused, read_body
from bot.channels.proxies import Proxies
from bot.channels.website_settings import Settings
from bot.desk.accounts import LASTS, Accounts, Session
from bot.desk.database import engine
from bot.desk.outbox import apart
from bot.desk.pages import Desk, pages
from bot.desk.web import COOKIE, HEADERS, HERE, HOME, LANGUAGE_COOKIE, Context, one_each
from bot.privacy.settings import public_url
from bot.rate_limits import Rate, address_key
from bot.settings import LANGUAGES, data_folder
from bot.store.keys import secret
from bot.store.limits import limiter

logger = logging.getLogger(__name__)

MOST_FIELDS = 60  # of a form
CHECKED_EVERY = 2.0  # seconds between two looks whether an account exists
LONGEST_NAME = 64
# Of log-ins that fail: enough for a person who mistypes, too few to guess.
PER_ADDRESS, PER_ACCOUNT = Rate(2, 10), Rate(1, 10)

Handler = Callable[[Context], Awaitable[HTTPResponse]]


class DeskChannel(InputChannel):
    """No channel of people's; Rasa mounts routes for channels only."""

    def __init__(self, key: bytes, proxies: int) -> None:
        self._key = key
        self._proxies = Proxies(proxies)
        self._address = limiter("desk address", PER_ADDRESS)
        self._account = limiter("desk account", PER_ACCOUNT)
        self._looked = (float("-inf"), False)
        self._desk: Optional[Desk] = None

    @classmethod
    def name(cls) -> str:
        return "desk"

    def url_prefix(self) -> str:
        return HOME

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> DeskChannel:
        return cls(secret(data_folder()), Settings.read().proxies)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("desk", __name__)
        style = (HERE / "desk.css").read_text(encoding="utf-8")

        async def send_style(_: Request) -> HTTPResponse:
            headers = {**HEADERS, "Cache-Control": "public, max-age=600"}
            return response.text(style, headers=headers, content_type="text/css; charset=utf-8")

        async def home(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda context: _to(context, "questions"))

        async def page(request: Request, path: str) -> HTTPResponse:
            return await self._guarded(request, lambda context: self._page(context, path))

        async def log_in(request: Request) -> HTTPResponse:
            return await self._log_in(request)

        blueprint.add_route(send_style, "/style.css", methods=["GET"], name="desk_style")
        blueprint.add_route(home, "/", methods=["GET"], name="desk_home")
        for path, handler, name in (("/entrer", log_in, "desk_log_in"), ("/<path:path>", page, "desk_page")):
            blueprint.add_route(handler, path, methods=["GET"], name=name)
            # Streamed: a long body is refused before it is read.
            blueprint.add_route(handler, path, methods=["POST"], name=f"{name}_form", stream=True)
        blueprint.middleware("response")(_finish)
        return blueprint

    # Who asks.

    async def _guarded(self, request: Request, then: Handler) -> HTTPResponse:
        """For those logged in; the others are shown the way in. Forms need the session's own word."""
        context = Context(request, _language(request), args=one_each(request.args))
        try:
            if not await self._is_open():
                return _nothing()
            session = await self._session(request)
            if session is None:
                return context.redirect("entrer")
            if request.method == "POST":
                context = Context(request, context.language, session, await _form(request), context.args)
                if not _is_meant(request, context):
                    return context.error("error_form", 403)
                return await then(context)
            return await then(Context(request, context.language, session, args=context.args))
        except Refused as refused:
            return context.error("error_form", refused.status)
        except SQLAlchemyError as error:
            logger.error("The desk could not be served (%s).", type(error).__name__)
            return context.error("error_database", 503)
        except Exception as error:  # its own words may quote what a person wrote
            logger.error("A page of the desk failed: %s at %s", type(error).__name__, _place(error))
            return context.error("error_broken", 500)

    async def _page(self, context: Context, path: str) -> HTTPResponse:
        if path.strip("/") == "sortir" and context.request.method == "POST" and context.session is not None:
            session = context.session
            await apart(lambda: self._accounts().end(session))
            await apart(lambda: self._accounts().note(session.account, "log_out"))
            return _with_cookie(context.redirect("entrer", "logged_out"), COOKIE, "", 0, context.request)
        name, _, rest = path.strip("/").partition("/")
        found = pages(self._whole()).get(name)
        if found is None:
            return context.error("error_nothing", 404)
        return await found(context, rest)

    async def _log_in(self, request: Request) -> HTTPResponse:
        context = Context(request, _language(request), args=one_each(request.args))
        try:
            if not await self._is_open():
                return _nothing()
            if request.method == "GET":
                return context.render("login.html", name="", problem="")
            if not _is_of_this_site(request):
                return context.error("error_form", 403)
            form = await _form(request)
            name, password = form.get("name", "").strip()[:LONGEST_NAME], form.get("password", "")[:200]
            return await self._try(context, name, password)
        except Refused as refused:
            return context.error("error_form", refused.status)
        except SQLAlchemyError as error:
            logger.error("The desk could not be served (%s).", type(error).__name__)
            return context.error("error_database", 503)

    async def _try(self, context: Context, name: str, password: str) -> HTTPResponse:
        request = context.request
        waits = await self._address.wait(address_key(self._proxies.address(request)))
        waits = waits or await self._account.wait(name.lower())
        if waits:
            problem = context.t("login_wait", seconds=waits)
            return context.render("login.html", status=429, name=name, problem=problem)
        if not await apart(lambda: self._accounts().knows(name, password)):
            await apart(lambda: self._accounts().note(name, "refused"))
            return context.render("login.html", status=403, name=name, problem=context.t("login_wrong"))
        cookie = await apart(lambda: self._accounts().begin(name))
        await apart(lambda: self._accounts().note(name, "log_in"))
        return _with_cookie(context.redirect("questions"), COOKIE, cookie, int(LASTS), request)

    async def _session(self, request: Request) -> Optional[Session]:
        cookie = request.cookies.get(COOKIE) or ""
        return await apart(lambda: self._accounts().session(cookie)) if cookie else None

    async def _is_open(self) -> bool:
        looked, found = self._looked
        if not found and time.monotonic() - looked > CHECKED_EVERY:
            found = await apart(self._accounts().any)
            self._looked = (time.monotonic(), found)
        return found

    def _accounts(self) -> Accounts:
        return self._whole().accounts

    def _whole(self) -> Desk:
        if self._desk is None:
            self._desk = Desk.of(engine(), self._key)
        return self._desk


async def _to(context: Context, path: str) -> HTTPResponse:
    return context.redirect(path)


async def _form(request: Request) -> Dict[str, str]:
    """What a form sent, read no further than a form may be long. Raises Refused."""
    raw = await read_body(request)
    try:
        return one_each(parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Refused(400, "bad_message") from None


def _is_meant(request: Request, context: Context) -> bool:
    """Whether a form comes from one of our own pages, made for this very session."""
    given = context.form.get("csrf", "")
    expected = context.session.csrf if context.session else ""
    return _is_of_this_site(request) and bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _is_of_this_site(request: Request) -> bool:
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == request.host


def _language(request: Request) -> str:
    """What was asked for; else what was asked for before; else the browser's."""
    wanted = request.args.get("langue") or request.cookies.get(LANGUAGE_COOKIE)
    return str(wanted) if wanted in LANGUAGES else preferred_language(request)


def _with_cookie(answer: HTTPResponse, name: str, value: str, lasts: int, request: Request) -> HTTPResponse:
    """Sent back to the desk alone, read by no script, over HTTPS alone where the public address says so."""
    secure = (public_url() or "").startswith("https:")
    parts = [f"{name}={value}", f"Path={HOME}", f"Max-Age={lasts}", "HttpOnly", "SameSite=Lax"]
    answer.headers.add("Set-Cookie", "; ".join([*parts, *(["Secure"] if secure else [])]))
    return answer


async def _finish(request: Request, answer: HTTPResponse) -> None:
    """Rasa's CORS layer lets any site read answers; the desk's are nobody else's. A language asked for is kept."""
    for name in [name for name in answer.headers if name.lower().startswith("access-control-")]:
        answer.headers.popall(name, None)
    wanted = request.args.get("langue")
    if wanted in LANGUAGES:
        _with_cookie(answer, LANGUAGE_COOKIE, str(wanted), 365 * 86400, request)


def _nothing() -> HTTPResponse:
    return response.text("", status=404, headers=dict(HEADERS))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
