"""What is done once a week, by one instance for all: the letter to CACIMA, and a look at the links."""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from typing import Any, Awaitable, Callable

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.desk import journal, mail
from bot.desk.examples import Examples
from bot.desk.likeness import grouped
from bot.desk.links import Links, check_all, is_dead
from bot.desk.outbox import apart
from bot.desk.pages.freshness import ending
from bot.desk.requests import NEW, Requests
from bot.desk.settings import smtp
from bot.desk.tables import accounts, rounds
from bot.desk.weekly import letter
from bot.knowledge.load import knowledge
from bot.privacy.settings import retention_days

logger = logging.getLogger(__name__)

WEEK = 7 * 86400.0
LOOKED_EVERY = 600.0  # seconds
AGAIN_AFTER = 3600.0
LETTER, LINKS = "letter", "links"


def is_due(engine: Engine, name: str, every: float = WEEK) -> bool:
    """Whether it is this process's turn; then it is nobody else's. The first time is `every` after the first look."""
    now = time.time()
    with engine.begin() as connection:
        row = connection.execute(sa.select(rounds.c.at).where(rounds.c.name == name)).first()
        if row is not None and row.at > now - every:
            return False
        if row is not None:
            mine = sa.and_(rounds.c.name == name, rounds.c.at == row.at)
            return bool(connection.execute(rounds.update().where(mine).values(at=now)).rowcount)
    try:
        with engine.begin() as connection:
            connection.execute(rounds.insert(), {"name": name, "at": now})
    except IntegrityError:
        pass
    return False


def again(engine: Engine, name: str) -> None:
    """It could not be done: it is due again in an hour."""
    with engine.begin() as connection:
        connection.execute(rounds.update().where(rounds.c.name == name).values(at=time.time() - WEEK + AGAIN_AFTER))


def is_open(engine: Engine) -> bool:
    """Whether there is a desk to write to: an account."""
    with engine.connect() as connection:
        return connection.execute(sa.select(accounts.c.name).limit(1)).first() is not None


async def write_letter(engine: Engine) -> bool:
    """Sends the week's letter; False without a mail server. Raises mail.NotSent."""
    server = smtp()
    if server is None:
        return False
    asked = await apart(lambda: journal.read(engine, retention_days()))
    kept = Examples(engine)
    dealt_with = await apart(lambda: kept.hidden() | {each.mark for each in kept.all()})
    groups = [group for group in await apart(lambda: grouped(asked)) if group.mark not in dealt_with]
    waiting = sum(each.state == NEW for each in await apart(Requests(engine).all))
    links = await apart(Links(engine).all)
    dead = sum(is_dead(link.status) for link in links)
    soon = len(ending(knowledge(), datetime.date.today()))
    await mail.send(letter(asked, groups, waiting, soon, dead, server), server)
    return True


async def turn_for_ever(engine: Engine, every: float = LOOKED_EVERY) -> None:
    """Until cancelled. A failure is logged by its kind."""
    while True:
        await _guarded("The weekly letter", lambda: _letter(engine))
        await _guarded("The look at the links", lambda: _links(engine))
        await asyncio.sleep(every)


async def _letter(engine: Engine) -> None:
    if smtp() is not None and await apart(lambda: is_open(engine) and is_due(engine, LETTER)):
        try:
            await write_letter(engine)
        except mail.NotSent:
            await apart(lambda: again(engine, LETTER))
            raise


async def _links(engine: Engine) -> None:
    if await apart(lambda: is_open(engine) and is_due(engine, LINKS)):
        await check_all(Links(engine), knowledge())


async def _guarded(what: str, work: Callable[[], Awaitable[Any]]) -> None:
    try:
        await work()
    except asyncio.CancelledError:
        raise
    except Exception as error:  # the people served must not notice
        logger.error("%s could not be done (%s).", what, type(error).__name__)
