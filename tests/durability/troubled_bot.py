"""Serves the bot with an answering action that breaks, hangs, blocks or dawdles where the message says so."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from actions.answer import ActionAnswer
from bot.runtime import serve

_run = ActionAnswer.run


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


ActionAnswer.run = _troubled  # type: ignore[method-assign]

if __name__ == "__main__":
    serve.main()
