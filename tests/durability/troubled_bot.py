"""Serves the bot with an answering action that breaks, hangs, blocks or dawdles where the message says so.

And with a database that, once, commits a message saying "xxlate" long after the save was given up.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, List

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from actions.answer import ActionAnswer
from bot.runtime import serve
from bot.store.engine import ANSWERS_WITHIN

_run = ActionAnswer.run
_late: List[Any] = []  # the connection whose commit comes late


async def _troubled(self: ActionAnswer, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    text = str(tracker.latest_message.get("text"))
    if "xxbreak" in text:
        raise RuntimeError(text)
    if "xxhang" in text:
        await asyncio.sleep(3600)
    if "xxblock" in text:
        time.sleep(20)
    if "xxdawdle" in text:
        time.sleep(2)
    return await _run(self, dispatcher, tracker, domain)


@sa.event.listens_for(Engine, "before_cursor_execute")
def _notice(connection: Any, _: Any, statement: str, values: Any, *__: Any) -> None:
    if not _late and statement.startswith("INSERT INTO events") and "xxlate" in str(values):
        _late.append(connection)


@sa.event.listens_for(Engine, "commit")
def _delay(connection: Any) -> None:
    if connection in _late:
        time.sleep(ANSWERS_WITHIN + 1)


ActionAnswer.run = _troubled  # type: ignore[method-assign]

if __name__ == "__main__":
    serve.main()
