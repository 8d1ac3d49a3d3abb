"""Serves the bot with an answering action that breaks on the word "panne"."""

from __future__ import annotations

from typing import Any

from actions.answer import ActionAnswer
from bot.runtime import serve

_run = ActionAnswer.run


async def _breaking(self: ActionAnswer, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    text = str(tracker.latest_message.get("text"))
    if "panne" in text:
        raise RuntimeError(text)
    return await _run(self, dispatcher, tracker, domain)


ActionAnswer.run = _breaking  # type: ignore[method-assign]

if __name__ == "__main__":
    serve.main()
