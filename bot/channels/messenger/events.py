"""Meta's webhook bodies, read into the few kinds of event the bot does something about."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import time
from typing import Any, Dict, Iterator, List, Optional, Tuple

GET_STARTED = "GET_STARTED"  # the payload the profile gives to Messenger's own first button
SENT_BY_US = "cacima"  # `metadata` on all we send: Meta repeats it in the echo

ATTACHMENTS = ("image", "audio", "video", "file", "location")
THUMB = "👍"
# The sticker under Messenger's own thumb, small, medium and large.
THUMBS = frozenset({369239263222822, 369239343222814, 369239383222810})
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_DAY = 24 * 3600 * 1000
LONGEST_ID = 300


@dataclasses.dataclass(frozen=True)
class Event:
    """One thing a person did.

    `kind` is text, choice (a payload and the words on its button), start, referral, takeover (a human of the page
    wrote to this person), or what was sent instead of words: sticker, image, audio, video, file, location, other.
    Messenger's thumb is the text THUMB. `reply_to` is the id of the message quoted. `id` is the same when Meta
    delivers the same event again; `timestamp` is Meta's, in milliseconds.
    """

    id: str
    person: str
    timestamp: int
    kind: str
    text: str = ""
    payload: str = ""
    ref: str = ""
    reply_to: str = ""

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Event:
        """What an older version wrote may hold other fields: those it does not know are left out."""
        values = json.loads(text)
        return cls(**{field.name: values[field.name] for field in dataclasses.fields(cls) if field.name in values})


def read_body(raw: bytes, now: Optional[float] = None) -> Tuple[List[Event], int]:
    """The events of a webhook body in the order they happened, and how many others were ignored.

    Raises ValueError where the body is not the JSON object Meta sends.
    """
    try:
        body = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(body, dict):
        raise ValueError("not an object")
    now_ms = int((time.time() if now is None else now) * 1000)
    events: List[Event] = []
    ignored = 0
    for page, item in _items(body):
        event = _read(page, item, now_ms)
        if event is None:
            ignored += 1
        else:
            events.append(event)
    return sorted(events, key=lambda event: event.timestamp), ignored


def _items(body: Dict[str, Any]) -> Iterator[Tuple[str, Dict[str, Any]]]:
    """Every event of every entry. `standby` is not looked at: there, another application has the conversation."""
    if body.get("object") != "page":
        return
    for entry in _list(body.get("entry")):
        for item in _list(_dict(entry).get("messaging")):
            yield _text(_dict(entry).get("id")), _dict(item)


def _read(page: str, item: Dict[str, Any], now_ms: int) -> Optional[Event]:
    message, postback = _dict(item.get("message")), _dict(item.get("postback"))
    if message.get("is_echo") is True:
        return _takeover(item, message, now_ms)
    sender = _text(_dict(item.get("sender")).get("id"))
    if not _ID.fullmatch(sender) or sender == page:
        return None
    if message:
        found = _message(message)
        mid = _text(message.get("mid"))
        quoted = _text(_dict(message.get("reply_to")).get("mid"))
        if found and found["kind"] == "text" and 0 < len(quoted) <= LONGEST_ID:
            found["reply_to"] = quoted
    elif postback:
        found = _postback(postback)
        mid = _text(postback.get("mid"))
    elif item.get("referral"):
        found = {"kind": "referral", "ref": _text(_dict(item["referral"]).get("ref"))[:200]}
        mid = ""
    else:
        return None
    if found is None:
        return None
    return Event(id=_key(mid, item), person=sender, timestamp=_timestamp(item.get("timestamp"), now_ms), **found)


def _message(message: Dict[str, Any]) -> Optional[Dict[str, str]]:
    if message.get("is_deleted"):
        return None
    text = _text(message.get("text"))
    payload = _text(_dict(message.get("quick_reply")).get("payload"))
    if payload:
        return {"kind": "choice", "payload": payload, "text": text}
    if text.strip():
        found = {"kind": "text", "text": text}
        ref = _text(_dict(message.get("referral")).get("ref"))
        return {**found, "ref": ref[:200]} if ref else found
    attachments = [_dict(attachment) for attachment in _list(message.get("attachments"))]
    for one in (message, *(_dict(attachment.get("payload")) for attachment in attachments[:1])):
        if one.get("sticker_id"):
            return {"kind": "text", "text": THUMB} if _is_thumb(one["sticker_id"]) else {"kind": "sticker"}
    if not attachments:
        return {"kind": "other"} if message.get("is_unsupported") or text else None
    kind = _text(attachments[0].get("type"))
    return {"kind": kind if kind in (*ATTACHMENTS, "sticker") else "other"}


def _is_thumb(sticker: Any) -> bool:
    return isinstance(sticker, (int, str)) and str(sticker) in {str(one) for one in THUMBS}


def _postback(postback: Dict[str, Any]) -> Optional[Dict[str, str]]:
    payload, title = _text(postback.get("payload")), _text(postback.get("title"))
    if payload == GET_STARTED:
        return {"kind": "start", "ref": _text(_dict(postback.get("referral")).get("ref"))[:200]}
    return {"kind": "choice", "payload": payload, "text": title} if payload or title.strip() else None


def _takeover(item: Dict[str, Any], message: Dict[str, Any], now_ms: int) -> Optional[Event]:
    """An echo of what we did not send: somebody answers from the page's inbox. Ours, and broken ones, say nothing."""
    person = _text(_dict(item.get("recipient")).get("id"))
    if message.get("metadata") == SENT_BY_US or not _ID.fullmatch(person):
        return None
    key = _key(_text(message.get("mid")), item)
    return Event(id=key, person=person, timestamp=_timestamp(item.get("timestamp"), now_ms), kind="takeover")


def _key(mid: str, item: Dict[str, Any]) -> str:
    """`mid`, or a digest of the event where Meta gives none (referrals): the same when it is delivered again."""
    if mid and len(mid) <= LONGEST_ID:
        return mid
    digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode("utf-8", "replace")).hexdigest()
    return f"sha256:{digest}"


def _timestamp(value: Any, now_ms: int) -> int:
    """Meta's time in milliseconds, never later than now; some of its events carry a string, or seconds."""
    try:
        stamp = int(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else 0
    except ValueError:
        stamp = 0
    if 0 < stamp < 10**11:
        stamp *= 1000
    return stamp if 0 < stamp <= now_ms + _DAY else now_ms


def _dict(value: Any) -> Dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> List[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A string that can be stored: JSON may hold lone surrogates. "" where it is no string."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
