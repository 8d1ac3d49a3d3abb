"""The desk's pages, by the word in their address."""

from __future__ import annotations

import dataclasses
import time
from typing import Awaitable, Callable, Dict, List, Tuple

from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.desk import journal
from bot.desk.accounts import Accounts
from bot.desk.examples import Examples
from bot.desk.links import Links
from bot.desk.outbox import apart
from bot.desk.overlay import Overlay
from bot.desk.requests import Requests
from bot.desk.shared import overlay
from bot.desk.web import Context
from bot.privacy.settings import retention_days

KEPT = 30.0  # seconds what was asked is kept in memory, as reading it takes a while

Page = Callable[[Context, str], Awaitable[HTTPResponse]]


@dataclasses.dataclass
class Desk:
    """What the pages work with."""

    engine: Engine
    accounts: Accounts
    requests: Requests
    overlay: Overlay
    examples: Examples
    links: Links
    _asked: Tuple[float, List[journal.Asked]] = (float("-inf"), [])

    @classmethod
    def of(cls, engine: Engine, key: bytes) -> Desk:
        return cls(engine, Accounts(engine, key), Requests(engine), overlay(), Examples(engine), Links(engine))

    async def asked(self) -> List[journal.Asked]:
        """All that was asked within the retention, oldest first."""
        read, found = self._asked
        if time.monotonic() - read > KEPT:
            found = await apart(lambda: journal.read(self.engine, retention_days()))
            self._asked = (time.monotonic(), found)
        return found


def pages(desk: Desk) -> Dict[str, Page]:
    from bot.desk.pages import account, answers, asked, figures, freshness, questions

    modules = {
        **{"questions": questions, "reponses": answers, "fraicheur": freshness},
        **{"chiffres": figures, "demandes": asked, "compte": account},
    }
    return {name: _bound(module.answer, desk) for name, module in modules.items()}


def _bound(answer: Callable[[Desk, Context, str], Awaitable[HTTPResponse]], desk: Desk) -> Page:
    async def page(context: Context, rest: str) -> HTTPResponse:
        return await answer(desk, context, rest)

    return page
