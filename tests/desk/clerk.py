"""Someone of CACIMA's at the desk, over HTTP as a browser would."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

import requests
import sqlalchemy as sa

from bot.desk import tables as tables  # known to the schema before it is created
from bot.desk.accounts import Accounts
from bot.store import schema
from bot.store.engine import make_engine
from tests.conftest import ServedBot
from tests.website_client import SECRET

PASSWORD = "un mot de passe assez long"


def engine_of(bot: ServedBot) -> sa.engine.Engine:
    made = make_engine(sa.engine.url.URL.create("sqlite", database=str(bot.folder / "conversations.db")))
    schema.create(made)
    return made


def accounts_of(bot: ServedBot) -> Accounts:
    return Accounts(engine_of(bot), SECRET.encode())


class Clerk:
    """`cookie`: of someone logged in already, so that tests use up no tries."""

    def __init__(self, bot: ServedBot, name: str = "Ana", cookie: Optional[str] = None) -> None:
        self.bot = bot
        self.http = requests.Session()
        self.http.headers["Accept-Language"] = "fr"
        self.http.cookies.set("cacima_bureau", cookie or accounts_of(bot).begin(name), path="/bureau")

    def url(self, path: str) -> str:
        return f"{self.bot.url}/bureau/{path}"

    def get(self, path: str, **arguments: Any) -> requests.Response:
        return self.http.get(self.url(path), timeout=30, **arguments)

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("compte").text)
        assert found is not None
        return found[1]

    def post(self, path: str, headers: Optional[Dict[str, str]] = None, **form: str) -> requests.Response:
        form.setdefault("csrf", self.csrf())
        return self.http.post(self.url(path), data=form, headers=headers or {}, timeout=30, allow_redirects=False)

    def fields(self, path: str) -> Dict[str, str]:
        """What the form of a fact's page holds."""
        from html import unescape

        page = self.get(path).text
        held = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
        held.update(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
        held.update(re.findall(r'name="(version)" value="(\d+)"', page))
        return {name: unescape(value) for name, value in held.items()}


def text_of(messages: List[Dict[str, Any]]) -> str:
    said = "\n".join(message.get("text") or "" for message in messages)
    return said.replace("\u00a0", " ").replace("\u202f", " ")
