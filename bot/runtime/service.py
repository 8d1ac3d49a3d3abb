"""A served bot's life: it warms up before it says it is ready, and finishes what is under way before it stops."""

from __future__ import annotations

import logging
import os
import sys
from asyncio import AbstractEventLoop
from typing import Any, Callable, List, Optional, Tuple

from sanic import Sanic

from bot.channels.rehearsal import rehearse
from bot.runtime.turns import Turns
from bot.store.conversations import ConversationStore


class Service:
    """`ready_line` is printed once people can be answered; "" prints nothing."""

    def __init__(self, store: ConversationStore, ready_line: str) -> None:
        self._store = store
        self._ready_line = ready_line
        self._turns: Optional[Turns] = None
        self._unloadable = _Unloadable()
        logging.getLogger("rasa.core.agent").addFilter(self._unloadable)

    def listeners(self) -> List[Tuple[Callable[..., Any], str]]:
        """For Rasa's `server_listeners`."""
        return [
            (self._ready, "after_server_start"),
            (self._drain, "before_server_stop"),
            (self._close, "after_server_stop"),
        ]

    async def _ready(self, app: Sanic, loop: AbstractEventLoop) -> None:
        agent = app.ctx.agent
        if not agent.is_ready():
            _leave(f"The model could not be loaded ({self._unloadable.reason}): run `make train`.")
        self._turns = Turns(agent.handle_message, self._store)
        agent.handle_message = self._turns
        try:
            answered = await rehearse(agent)
            await self._store.retrieve("nobody")
        except Exception as error:
            _leave(f"The bot cannot answer ({type(error).__name__}): run `make train`, then `make test`.")
        if not answered:
            _leave("The bot cannot answer (its actions say nothing): run `make train`, then `make test`.")
        if self._ready_line:
            print(self._ready_line, flush=True)

    async def _drain(self, app: Sanic, loop: AbstractEventLoop) -> None:
        app.ctx.draining = True
        if self._turns is not None:
            await self._turns.drain()

    async def _close(self, app: Sanic, loop: AbstractEventLoop) -> None:
        self._store.close()


def _leave(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
    os._exit(1)  # Sanic would go on serving


class _Unloadable(logging.Filter):
    """Keeps the stack trace of a model that does not load out of the log, and its kind of error for the one line."""

    reason = "it is broken"

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] and "Could not load model" in record.getMessage():
            self.reason = record.exc_info[0].__name__
            return False
        return True
