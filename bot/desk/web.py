"""What every page of the desk needs: who asks, in what language, templates, and headers that let nothing in."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from pathlib import Path
from typing import Any, Dict, Mapping, Optional
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk import texts
from bot.desk.accounts import Session
from bot.settings import LANGUAGES
from bot.words.typography import typeset

HERE = Path(__file__).parent
HOME = "/bureau"
COOKIE, LANGUAGE_COOKIE = "cacima_bureau", "cacima_bureau_langue"
# Pages without any script: what a hostile question holds has nothing to run in.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
PAGES = ("questions", "reponses", "fraicheur", "chiffres", "demandes", "compte")  # in the order of the menu


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclasses.dataclass(frozen=True)
class Context:
    """One request. `form`: what a form sent, one value a field; `args`: what the address says."""

    request: Request
    language: str
    session: Optional[Session] = None
    form: Mapping[str, str] = dataclasses.field(default_factory=dict)
    args: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def account(self) -> str:
        return self.session.account if self.session else ""

    @property
    def known(self) -> Mapping[str, Any]:
        """The texts of the desk's pages by key."""
        return dict(texts.table(self.language)["desk"])

    def t(self, key: str, **values: object) -> str:
        """A text of the desk's pages."""
        return texts.say(self.language, "desk", key, **values)

    def render(self, template: str, page: str = "", status: int = 200, **values: Any) -> HTTPResponse:
        """A page; all that is filled in is escaped."""
        done = self.args.get("fait", "")
        known = self.known
        shown = {
            "t": self.t,
            "day": self.day,
            "typeset": functools.partial(typeset, language=self.language),
            "language": self.language,
            "other": next(each for each in LANGUAGES if each != self.language),
            "here": self.request.path,
            "page": page,
            "pages": PAGES,
            "home": HOME,
            "session": self.session,
            "csrf": self.session.csrf if self.session else "",
            "done": self.t(f"done_{done}") if f"done_{done}" in known else "",
            "known": known,
            **values,
        }
        body = _environment().get_template(template).render(shown)
        return response.html(body, status=status, headers=dict(HEADERS))

    def redirect(self, path: str, done: str = "", **args: str) -> HTTPResponse:
        """After a form, so that going back or reloading sends nothing again."""
        query = urlencode({**args, **({"fait": done} if done else {})})
        where = f"{HOME}/{quote(path)}" + (f"?{query}" if query else "")
        return response.redirect(where, status=303, headers=dict(HEADERS))

    def error(self, key: str, status: int, **values: object) -> HTTPResponse:
        return self.render("error.html", status=status, words=self.t(key, **values))

    def day(self, when: Any, hours: bool = False) -> str:
        """A day as people write it, of seconds since 1970 or an ISO text; as it is where it is neither."""
        try:
            if isinstance(when, (int, float)):
                moment = datetime.datetime.fromtimestamp(when)
            else:
                moment = datetime.datetime.fromisoformat(str(when))
        except ValueError:
            return str(when)
        if self.language == "fr":
            return moment.strftime("%d/%m/%Y %H:%M" if hours else "%d/%m/%Y")
        return moment.strftime("%Y-%m-%d %H:%M" if hours else "%Y-%m-%d")


def one_each(values: Optional[Mapping[str, Any]]) -> Dict[str, str]:
    """Of a form or a query, the first value of each field, as text that can be stored."""
    found = {str(name): value[0] if isinstance(value, list) else value for name, value in (values or {}).items()}
    return {
        name: str(value).replace("\x00", "").encode("utf-8", "replace").decode("utf-8") for name, value in found.items()
    }
