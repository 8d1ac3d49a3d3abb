"""The log: one JSON object a line, and no word that a person wrote.

What others log (Rasa, libraries) may quote a message: an exception is told by its kind and place, never by its own
words; of a database's error the values are cut off; the message of the turn under way is taken out wherever it stands.
"""

from __future__ import annotations

import datetime
import logging
import re
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

import structlog

from bot.observability.metrics import CountErrors
from bot.observability.turns import texts_under_way
from bot.privacy.masking import mask

LONGEST = 500  # characters of a line's own text
FRAMES = 4  # of an exception's: enough to find the place
CAUSES = 5
_SQL = re.compile(r"\[(?:SQL|parameters):.*", re.DOTALL)

Listener = Callable[[Any, Any], Awaitable[None]]


def configure(shell: bool = False) -> None:
    """To be called once, before Rasa logs anything. In a shell, turns are not logged: the person sees them."""
    handler = logging.StreamHandler(sys.stderr)
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[line, render]))
    root = logging.getLogger()
    root.handlers = [handler, CountErrors()]
    root.setLevel(logging.WARNING)
    # Libraries warn each other of their futures; some undo the filters that hide it.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    logging.getLogger("bot").setLevel(logging.WARNING if shell else logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def listeners() -> List[Tuple[Listener, str]]:
    """For Sanic, whose loggers Rasa cuts off from the others."""

    async def join(_: Any, __: Any) -> None:
        for name in ("sanic.root", "sanic.error", "sanic.access"):
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = [], True

    return [(join, "before_server_start")]


def line(_: Any, __: str, event: Any) -> Dict[str, Any]:
    """A structlog processor: what is told of a record, and nothing else of it."""
    record: logging.LogRecord = event["_record"]
    at = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
    told: Dict[str, Any] = {
        "at": at.isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": without_words(str(event.get("event") or "")),
    }
    if record.name.startswith("bot."):
        told.update(getattr(record, "fields", {}))
    error = _exception(event.get("exc_info") or record.exc_info)
    if error is not None:
        told["error"] = kind_and_place(error)
    return told


def without_words(text: str) -> str:
    """A line's text without a database's values, the messages under way, and numbers that reach somebody."""
    text = _SQL.sub("[…]", text)
    for said in texts_under_way():
        text = text.replace(said, "[…]")
    return mask(text[:LONGEST])


def kind_and_place(error: BaseException) -> List[str]:
    """An exception and those behind it, each as its kind and where it came from, innermost place first."""
    told: List[str] = []
    cause: Optional[BaseException] = error
    while cause is not None and len(told) < CAUSES:
        frames = extract_tb(cause.__traceback__)[-FRAMES:]
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
        told.append(" < ".join([type(cause).__name__, *places]))
        cause = cause.__cause__ or cause.__context__
    return told


def _exception(info: Any) -> Optional[BaseException]:
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple):
        info = info[1]
    return info if isinstance(info, BaseException) else None
