"""What a client of the website's channel sent, checked."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, Dict, Optional, Tuple

from sanic.request import Request

from bot.channels.choices import parse_choice
from bot.knowledge.model import LANGUAGES
from bot.words.cleaning import clean

LONGEST_BODY = 16 * 1024  # bytes
LONGEST_TEXT = 1000  # characters
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Refused(Exception):
    """A request that is not answered: its status and its code in data/errors.yml."""

    def __init__(self, status: int, code: str, seconds: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.seconds = seconds


async def read_body(request: Request) -> bytes:
    """The body, read no further than LONGEST_BODY. Raises Refused 413."""
    body = b""
    while True:
        part = await request.stream.read() if request.stream else None
        if part is None:
            return body
        body += part
        if len(body) > LONGEST_BODY:
            raise Refused(413, "too_long")


def read_object(raw: bytes) -> Dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused(400, "not_json") from None
    if not isinstance(body, dict):
        raise Refused(400, "not_json")
    return body


@dataclasses.dataclass(frozen=True)
class Incoming:
    """A person's message: `text` for Rasa to read, or parsed data for a choice made."""

    id: str
    text: str
    parsed: Optional[Dict[str, Any]]
    choice: Optional[str]
    language: Optional[str]


def read_message(body: Dict[str, Any]) -> Incoming:
    """A body's message; fields it does not know are ignored.

    Raises Refused: 400 for a field missing or wrong, 413 for a text too long.
    """
    message_id = body.get("id")
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise Refused(400, "bad_id")
    kinds = [kind for kind in ("text", "choice", "speak") if body.get(kind) is not None]
    if len(kinds) != 1 or not isinstance(body[kinds[0]], str):
        raise Refused(400, "bad_message")
    kind, value = kinds[0], body[kinds[0]]
    given = body.get("language")
    language = given if isinstance(given, str) and given in LANGUAGES else None
    if kind == "choice":
        parsed = parse_choice(value)
        if parsed is None:
            raise Refused(400, "bad_choice")
        return Incoming(message_id, value, parsed, value, language)
    if kind == "speak":
        if value not in LANGUAGES:
            raise Refused(400, "bad_message")
        name, parsed = _language_choice(value)
        return Incoming(message_id, name, parsed, None, value)
    if len(value) > LONGEST_TEXT:
        raise Refused(413, "too_long")
    # A lone surrogate is valid JSON and cannot be stored as UTF-8.
    text = clean(value.encode("utf-8", "replace").decode("utf-8"))
    # Rasa drops an empty text; a lone mark is answered as something that could not be read.
    return Incoming(message_id, text or "…", None, None, language)


def _language_choice(language: str) -> Tuple[str, Dict[str, Any]]:
    """The switch of the widget, as what a person would say: the name of a language, already understood."""
    name = {"fr": "français", "en": "English"}[language]
    intent = {"name": "choose_language", "confidence": 1.0}
    return name, {"text": name, "intent": intent, "intent_ranking": [intent], "entities": []}
