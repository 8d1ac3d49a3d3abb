"""Facts by the day they were checked, what ends soon, links that no longer answer."""

from __future__ import annotations

import asyncio
import datetime
import logging
from typing import Any, Dict, List, Set

from sanic.response import HTTPResponse

from bot.desk.links import check_all, is_dead
from bot.desk.outbox import apart
from bot.desk.overlay import Stale
from bot.desk.pages import Desk
from bot.desk.web import Context
from bot.knowledge.load import KnowledgeError, knowledge
from bot.knowledge.model import Fact, KnowledgeBase

logger = logging.getLogger(__name__)
PAGE = "fraicheur"
MOST = 40  # facts on the page, the longest unchecked first
SOON = 120  # days

_checking: Set[asyncio.Task[Any]] = set()


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    if context.request.method == "POST":
        if rest == "liens":
            return await _check_links(desk, context)
        return await _checked_today(desk, context, rest)
    base, today = knowledge(), datetime.date.today()
    links = await apart(desk.links.all)
    return context.render(
        "freshness.html",
        PAGE,
        oldest=[_row(base, context, fact) for fact in by_age(base)[:MOST]],
        ending=[_row(base, context, fact) for fact in ending(base, today)],
        dead=[link for link in links if is_dead(link.status)],
        looked=max((link.at for link in links), default=0.0),
        count=len(links),
        checking=bool(_checking),
        today=today.isoformat(),
        soon=SOON,
    )


def by_age(base: KnowledgeBase) -> List[Fact]:
    """The longest unchecked first."""
    return sorted((fact for topic in base.topics.values() for fact in topic.facts), key=lambda fact: fact.checked)


def ending(base: KnowledgeBase, today: datetime.date) -> List[Fact]:
    """Facts whose later state ends within SOON days, or has ended, the first first."""
    last = today + datetime.timedelta(days=SOON)
    found = [
        (fact.since.until, fact)
        for topic in base.topics.values()
        for fact in topic.facts
        if fact.since is not None and fact.since.until is not None and fact.since.until <= last
    ]
    return [fact for _, fact in sorted(found, key=lambda pair: pair[0])]


def _row(base: KnowledgeBase, context: Context, fact: Fact) -> Dict[str, Any]:
    return {
        "id": fact.id,
        "topic": base.topics[fact.topic].name[context.language],
        "asks": base.attributes[fact.attribute].label[context.language],
        "says": fact[context.language],
        "checked": fact.checked.isoformat(),
        "until": fact.since.until.isoformat() if fact.since and fact.since.until else "",
    }


async def _checked_today(desk: Desk, context: Context, name: str) -> HTTPResponse:
    try:
        raw = await apart(lambda: desk.overlay.raw(name))
        version = await apart(lambda: desk.overlay.version(name))
        after = {**raw, "checked": datetime.date.today().isoformat()}
        await apart(lambda: desk.overlay.save(name, after, version, context.account))
    except KeyError:
        return context.error("error_nothing", 404)
    except (KnowledgeError, Stale):
        return context.error("error_stale", 409)
    await apart(lambda: desk.accounts.note(context.account, "checked", name))
    return context.redirect(PAGE, "checked")


async def _check_links(desk: Desk, context: Context) -> HTTPResponse:
    """Begins; whoever comes back in a few minutes sees what was found."""
    if not _checking:
        task = asyncio.get_running_loop().create_task(check_all(desk.links, knowledge()))
        _checking.add(task)
        task.add_done_callback(_finished)
        await apart(lambda: desk.accounts.note(context.account, "links"))
    return context.redirect(PAGE, "links")


def _finished(task: asyncio.Task[Any]) -> None:
    _checking.discard(task)
    if not task.cancelled() and task.exception() is not None:
        logger.error("Links could not be checked (%s).", type(task.exception()).__name__)
