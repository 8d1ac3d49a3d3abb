"""Whether the addresses the bot names still answer: asked politely, once a week, one at a time a site."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from typing import Dict, Iterable, List, Optional
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.desk.outbox import apart
from bot.desk.tables import links
from bot.knowledge.model import KnowledgeBase

WITHIN = 20.0  # seconds for an answer
PAUSE = 2.0  # seconds between two requests to one site
AGENT = "CacimaLinkCheck/1 (checks its own links once a week)"
_NO_HEAD = (403, 404, 405, 501)  # servers that refuse HEAD may answer GET
_AWAY = ("timeout", "unreachable")


@dataclasses.dataclass(frozen=True)
class Link:
    """What was last heard of an address. `failing`: since when it has not answered; times are seconds since 1970."""

    url: str
    status: str
    at: float
    failing: Optional[float]


def named(base: KnowledgeBase) -> List[str]:
    """The addresses of the knowledge that people may follow; those of an old document are expected to be dead."""
    found = {str(each.url) for each in base.publications.values() if each.url}
    for topic in base.topics.values():
        found |= {str(link.url) for fact in topic.facts for link in fact.links if link.of is None}
    return sorted(found)


async def check(urls: Iterable[str], pause: float = PAUSE, within: float = WITHIN) -> Dict[str, str]:
    """By address, "200" and the like, or "timeout", "unreachable". Sites are asked side by side, each one slowly."""
    by_site: Dict[str, List[str]] = {}
    for url in dict.fromkeys(urls):
        by_site.setdefault(urlsplit(url).netloc, []).append(url)
    found: Dict[str, str] = {}
    timeout = aiohttp.ClientTimeout(total=within)
    async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": AGENT}) as session:
        most = asyncio.Semaphore(4)

        async def site(listed: List[str]) -> None:
            async with most:
                for number, url in enumerate(listed):
                    if number:
                        await asyncio.sleep(pause)
                    found[url] = await _status(session, url, pause)

        await asyncio.gather(*(site(listed) for listed in by_site.values()))
    return found


async def _status(session: aiohttp.ClientSession, url: str, pause: float) -> str:
    """By HEAD, and by GET where HEAD is not understood; nothing of a page is read."""
    status = ""
    for method in ("HEAD", "GET"):
        try:
            async with session.request(method, url, allow_redirects=True, max_redirects=5) as answer:
                status = str(answer.status)
        except asyncio.TimeoutError:
            return _AWAY[0]
        except (aiohttp.ClientError, ValueError, OSError):
            return _AWAY[1]
        if method == "HEAD" and answer.status in _NO_HEAD:
            await asyncio.sleep(pause)
            continue
        return status
    return status


def is_dead(status: str) -> bool:
    """Whether people who follow the address find nothing; one that lets only browsers in is no dead one."""
    return status in _AWAY or status in ("404", "410") or status.startswith("5")


class Links:
    """What was heard, kept. Methods block and raise what SQLAlchemy raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> List[Link]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(links).order_by(links.c.url))
            return [Link(str(row.url), str(row.status), float(row.at), row.failing) for row in rows]

    def keep(self, found: Dict[str, str]) -> None:
        """Replaces what was known: addresses named no more are forgotten."""
        now, before = time.time(), {link.url: link for link in self.all()}
        rows = []
        for url, status in found.items():
            since = before[url].failing if url in before else None
            rows.append(
                {"url": url, "status": status, "at": now, "failing": (since or now) if is_dead(status) else None}
            )
        with self._engine.begin() as connection:
            connection.execute(links.delete())
            if rows:
                connection.execute(links.insert(), rows)


async def check_all(kept: Links, base: KnowledgeBase) -> None:
    """Asks for every address named, and keeps what was heard."""
    found = await check(named(base))
    await apart(lambda: kept.keep(found))
