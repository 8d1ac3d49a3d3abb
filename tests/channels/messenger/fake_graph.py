"""Meta's Graph API, as far as its documentation goes: it refuses what Meta refuses, and can be told to misbehave."""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple

Answer = Tuple[int, str, bytes]  # status, content type, body
Rule = Callable[[Dict[str, Any]], Optional[Answer]]

TOKEN = "EAAfake-page-token"
PROFILE_FIELDS = {"get_started", "greeting", "persistent_menu", "ice_breakers"}


def error(status: int, code: int, subcode: Optional[int] = None) -> Answer:
    details: Dict[str, Any] = {"message": f"(#{code}) secret detail", "type": "OAuthException", "code": code}
    if subcode is not None:
        details["error_subcode"] = subcode
    return status, "application/json", json.dumps({"error": {**details, "fbtrace_id": "Abc"}}).encode()


class Graph:
    """`messages` are those delivered, in order; `refusals` the constraints broken (a test expects none).

    `rule` may answer a message instead (its body in, an answer or None out); `stall` is slept before every answer.
    """

    def __init__(self) -> None:
        self.messages: List[Dict[str, Any]] = []
        self.ids: List[str] = []  # of `messages`
        self._numbers = itertools.count(1)
        self.actions: List[Dict[str, Any]] = []
        self.calls: List[Tuple[str, str, float]] = []  # method, path, time
        self.refusals: List[str] = []
        self.rule: Optional[Rule] = None
        self.stall = 0.0
        self.silent = False
        self.profile: Dict[str, Any] = {}
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def release(self) -> None:
        """Ends a stall, for the calls it holds too."""
        self.stall = 0.0
        held, self._released = self._released, threading.Event()
        held.set()

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        self.messages, self.ids, self.actions, self.calls, self.refusals = [], [], [], [], []
        self.rule, self.stall, self.silent = None, 0.0, False

    def to(self, person: str) -> List[Dict[str, Any]]:
        """The messages delivered to a person, in order."""
        return [sent["message"] for sent in list(self.messages) if sent["recipient"]["id"] == person]

    def ids_to(self, person: str) -> List[str]:
        """The ids of the messages delivered to a person, in order."""
        sent = zip(list(self.ids), list(self.messages), strict=True)
        return [name for name, body in sent if body["recipient"]["id"] == person]

    def texts(self, person: str) -> List[str]:
        return [text_of(message) for message in self.to(person)]

    def wait_for(self, person: str, count: int = 1, within: float = 20.0) -> List[str]:
        """The texts delivered to a person once there are `count`; AssertionError where they do not come."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            if len(self.to(person)) >= count:
                return self.texts(person)
            time.sleep(0.02)
        raise AssertionError(f"{len(self.to(person))} of {count} messages for {person}: {self.texts(person)}")

    def answer(self, method: str, path: str, headers: Dict[str, str], raw: bytes) -> Optional[Answer]:
        with self._lock:
            self.calls.append((method, path, time.monotonic()))
        if self.stall:
            self._released.wait(self.stall)
        refusal = self._refuse(method, path, headers)
        if refusal:
            return self._refused(refusal, 190 if "token" in refusal else 100)
        if self.silent:
            return None
        if path.split("?")[0].endswith("/me/messenger_profile"):
            return self._profile(method, raw)
        body = json.loads(raw)
        if self.rule is not None:
            answer = self.rule(body)
            if answer is not None:
                return answer
        refusal = refuse_message(body)
        if refusal:
            return self._refused(refusal, 100)
        with self._lock:
            if "sender_action" in body:
                self.actions.append(body)
                return 200, "application/json", json.dumps({"recipient_id": body["recipient"]["id"]}).encode()
            self.messages.append(body)
            self.ids.append(f"m_sent{next(self._numbers)}")
            answer_body = {"recipient_id": body["recipient"]["id"], "message_id": self.ids[-1]}
        return 200, "application/json", json.dumps(answer_body).encode()

    def _refused(self, refusal: str, code: int) -> Answer:
        self.refusals.append(refusal)
        return error(400, code)

    def _refuse(self, method: str, path: str, headers: Dict[str, str]) -> Optional[str]:
        version = re.match(r"^/v(\d+)\.\d+/me/(messages|messenger_profile)(\?fields=[a-z_,]+)?$", path)
        if version is None:
            return f"no such path: {path}"
        if int(version[1]) < 25:
            return f"version too old: {path}"
        if "token" in path or TOKEN in path:
            return "the token is in the address"
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return "no token in the header"
        if method == "POST" and not headers.get("content-type", "").startswith("application/json"):
            return "not sent as JSON"
        return None

    def _profile(self, method: str, raw: bytes) -> Answer:
        if method == "GET":
            return 200, "application/json", json.dumps({"data": [self.profile] if self.profile else []}).encode()
        body = json.loads(raw)
        refusal = refuse_profile(body, self.profile)
        if refusal:
            return self._refused(refusal, 100)
        self.profile = {**self.profile, **body}
        return 200, "application/json", b'{"result": "success"}'


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text_of(message: Dict[str, Any]) -> str:
    return message.get("text") or message["attachment"]["payload"]["text"]


def refuse_message(body: Dict[str, Any]) -> Optional[str]:
    """The constraint of the Send API a body breaks, or None."""
    if not isinstance(body.get("recipient", {}).get("id"), str):
        return "no recipient"
    if "sender_action" in body:
        if "message" in body or body["sender_action"] not in ("typing_on", "typing_off", "mark_seen"):
            return "bad sender action"
        return None
    if body.get("messaging_type") != "RESPONSE":
        return "messaging_type must be RESPONSE"
    message = body.get("message")
    if not isinstance(message, dict) or ("text" in message) == ("attachment" in message):
        return "a message is a text or an attachment"
    if len(message.get("metadata", "")) > 1000:
        return "metadata over 1,000 characters"
    if set(message) - {"text", "attachment", "metadata", "quick_replies"}:
        return f"unknown fields: {sorted(message)}"
    if "text" in message and not 0 < units(message["text"]) < 2000:
        return "text must be under 2,000 characters and not empty"
    replies = message.get("quick_replies", [])
    if "quick_replies" in message and not 1 <= len(replies) <= 13:
        return "1 to 13 quick replies"
    for reply in replies:
        if set(reply) != {"content_type", "title", "payload"} or reply["content_type"] != "text":
            return "bad quick reply"
        if not 0 < units(reply["title"]) <= 20 or not 0 < len(reply["payload"]) <= 1000:
            return "quick reply too long"
    if "attachment" in message:
        return _refuse_template(message["attachment"])
    return None


def _refuse_template(attachment: Dict[str, Any]) -> Optional[str]:
    payload = attachment.get("payload", {})
    if attachment.get("type") != "template" or payload.get("template_type") != "button":
        return "unknown attachment"
    if not 0 < units(payload.get("text", "")) <= 640 or not 1 <= len(payload.get("buttons", [])) <= 3:
        return "a button template has 640 characters and 1 to 3 buttons"
    for button in payload["buttons"]:
        if not 0 < units(button.get("title", "")) <= 20:
            return "button title too long"
        if button.get("type") == "postback":
            if not 0 < len(button.get("payload", "")) <= 1000:
                return "button payload too long"
        elif button.get("type") != "web_url" or not re.match(r"https?://", button.get("url", "")):
            return "bad button"
    return None


def refuse_profile(body: Dict[str, Any], before: Dict[str, Any]) -> Optional[str]:
    """The constraint of the Messenger Profile API a body breaks, or None."""
    if not body or set(body) - PROFILE_FIELDS:
        return f"unknown profile fields: {sorted(body)}"
    for field in ("greeting", "persistent_menu", "ice_breakers"):
        locales = [item.get("locale") for item in body.get(field, [])]
        if field in body and ("default" not in locales or len(set(locales)) != len(locales)):
            return f"{field} needs a default locale, each once"
    if "persistent_menu" in body and not (body.get("get_started") or before.get("get_started")):
        return "a persistent menu needs get_started"
    if any(units(item["text"]) > 160 for item in body.get("greeting", [])):
        return "greeting over 160 characters"
    for menu in body.get("persistent_menu", []):
        items = menu["call_to_actions"]
        if not 1 <= len(items) <= 20 or any(units(item["title"]) > 30 or len(item["payload"]) > 1000 for item in items):
            return "persistent menu too long"
    for group in body.get("ice_breakers", []):
        items = group["call_to_actions"]
        if not 1 <= len(items) <= 4 or any(units(i["question"]) > 80 or len(i["payload"]) > 1000 for i in items):
            return "ice breakers too long"
    return None


def _handler(graph: Graph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = graph.answer(self.command, self.path, headers, raw)
            if answer is None:
                self.close_connection = True
                return
            status, kind, body = answer
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if status == 429:
                    self.send_header("Retry-After", "1")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_DELETE = _handle

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
