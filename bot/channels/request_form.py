"""The form of the website's widget: checked, kept and sent apart from the conversation."""

from __future__ import annotations

from typing import Any, Dict, List

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.errors import preferred_language
from bot.channels.incoming import Refused
from bot.desk.conversation import chat, guide_said
from bot.desk.exchange import LONGEST_NAME, LONGEST_QUESTION, Draft, read_contact
from bot.desk.handing import MOST_A_DAY
from bot.desk.outbox import apart, pass_on, requests
from bot.desk.settings import smtp
from bot.desk.texts import say
from bot.settings import LANGUAGES
from bot.words.cleaning import clean

FIELDS = ("question", "name", "contact")
LONGEST_ID = 64
_SHORTEST_ID = 8


async def receive(request: Request, conversation: str, body: Dict[str, Any]) -> HTTPResponse:
    """Keeps what a form says, and tries to send it: {"reference": ..., "sent": whether the mail has gone}.

    A field missing or wrong is answered 400 with its name and words for the person. Raises Refused: 404 where nothing
    can be passed on, 400 where the body is no form; and what SQLAlchemy raises.
    """
    if smtp() is None:
        raise Refused(404, "not_found")
    given = {name: body.get(name, "") for name in (*FIELDS, "id")}
    if not all(isinstance(value, str) for value in given.values()):
        raise Refused(400, "bad_message")
    if not _SHORTEST_ID <= len(given["id"]) <= LONGEST_ID or not (given["id"].isascii() and given["id"].isalnum()):
        raise Refused(400, "bad_id")
    language = body["language"] if body.get("language") in LANGUAGES else preferred_language(request)
    said = {name: clean(given[name].encode("utf-8", "replace").decode()) for name in FIELDS}
    said["contact"] = read_contact(given["contact"])
    wrong = _wrong(given, said, body.get("consent") is True, language)
    if wrong is not None:
        return wrong
    if await apart(lambda: requests().count_of(conversation, 86400.0)) >= MOST_A_DAY:
        return _refused(429, say(language, "exchange", "too_many"), [])
    store = request.app.ctx.agent.tracker_store
    tracker = await store.retrieve_full_tracker(conversation)
    events = [event.as_dict() for event in tracker.events] if tracker else []
    draft = Draft(
        language=language,
        question=said["question"][:LONGEST_QUESTION],
        name=said["name"][:LONGEST_NAME],
        contact=said["contact"],
        guide=guide_said(tracker.get_slot("guide"), language) if tracker else "",
        chat=chat(events, language) if body.get("chat") is True else "",
    )
    reference = await apart(lambda: requests().add(conversation, "website", draft, given["id"]))
    return response.json({"reference": reference, "sent": await pass_on(reference)})


def _wrong(given: Dict[str, str], said: Dict[str, str], agrees: bool, language: str) -> Any:
    missing = [name for name in FIELDS if not given[name].strip()]
    if missing:
        named = ", ".join(say(language, "form", name) for name in missing)
        return _refused(400, say(language, "form", "missing", fields=named), missing)
    if not said["contact"]:
        return _refused(400, say(language, "form", "bad_contact"), ["contact"])
    unreadable = [name for name in FIELDS if not said[name]]
    if unreadable:
        named = ", ".join(say(language, "form", name) for name in unreadable)
        return _refused(400, say(language, "form", "missing", fields=named), unreadable)
    return None if agrees else _refused(400, say(language, "form", "no_consent"), ["consent"])


def _refused(status: int, words: str, fields: List[str]) -> HTTPResponse:
    return response.json({"error": "form", "message": words, "fields": fields}, status=status)
