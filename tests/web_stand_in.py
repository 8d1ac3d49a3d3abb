"""Stands in for the bot: its pages as they are, and a website channel that answers from tests/web/exchanges.yml.

It starts in a second and always says the same, in the form the channel documents; `python -m tests.web_stand_in PORT`.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import yaml
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.pages import pages

EXCHANGES = yaml.safe_load((Path(__file__).parent / "web" / "exchanges.yml").read_text(encoding="utf-8"))
ENGLISH = re.compile(r"\b(what|who|which|how|the|is|are|does)\b", re.IGNORECASE)
LONG_BODY = "%0A".join(["A%20line%20of%20the%20summary%20that%20is%20long%20enough%20to%20count."] * 60)
LONGEST = 1000

Conversation = Dict[str, Any]
conversations: Dict[str, Conversation] = {}
app = Sanic("stand-in")
pages(app)


def answers(asked: str, language: str) -> List[Dict[str, Any]]:
    for exchange in EXCHANGES:
        if re.search(exchange["asks"], asked, re.IGNORECASE):
            told = [{"from": "bot", "language": language, **message} for message in exchange[language]]
            for message in told:
                if "result" in message:
                    result = message["result"]
                    message["result"] = {**result, "mailto": result["mailto"].replace("{long}", LONG_BODY)}
            return told
    raise AssertionError("the last exchange fits everything")


def allowed(request: Request) -> bool:
    origin = request.headers.get("origin")
    others = os.environ.get("CACIMA_WEBSITE_ORIGINS", "").split()
    return origin is None or origin in others or origin.split("//")[-1] == request.host


@app.middleware("response")
async def finish(request: Request, answer: HTTPResponse) -> None:
    origin = request.headers.get("origin")
    if origin and request.path.startswith("/webhooks/") and allowed(request):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"


@app.get("/webhooks/website/")
async def health(_: Request) -> HTTPResponse:
    return response.json({"status": "ok"})


def issued() -> HTTPResponse:
    token = secrets.token_hex(16)
    conversations[token] = {"messages": [], "language": "fr"}
    return response.json({"token": token, "expires": int(time.time()) + 86400})


@app.route("/webhooks/website/session", methods=["POST", "OPTIONS"])
async def session(request: Request) -> HTTPResponse:
    if not allowed(request):
        return response.json({"error": "bad_origin", "message": "…"}, status=403)
    if request.method == "OPTIONS":
        return response.empty()
    token = request.headers.get("authorization", "").partition(" ")[2]
    if token in conversations:
        return response.json({"token": token, "expires": int(time.time()) + 86400})
    return response.json({"error": "expired", "message": "…"}, status=401) if token else issued()


@app.route("/webhooks/website/messages", methods=["GET", "POST", "DELETE", "OPTIONS"])
async def messages(request: Request) -> HTTPResponse:
    if not allowed(request):
        return response.json({"error": "bad_origin", "message": "…"}, status=403)
    if request.method == "OPTIONS":
        return response.empty()
    token = request.headers.get("authorization", "").partition(" ")[2]
    conversation = conversations.get(token)
    if conversation is None:
        return response.json({"error": "expired", "message": "…"}, status=401)
    if request.method == "GET":
        return response.json({"messages": conversation["messages"], "language": conversation["language"]})
    if request.method == "DELETE":
        del conversations[token]
        return issued()
    body = request.json
    said = conversation["messages"]
    known = [index for index, message in enumerate(said) if message.get("id") == body["id"]]
    if not known:
        told = turn(conversation, body)
        said += told
    else:
        told = [message for message in said[known[0] + 1 :] if message["from"] == "bot"][:1]
    return response.json({"messages": told, "language": conversation["language"]})


def turn(conversation: Conversation, body: Dict[str, Any]) -> List[Dict[str, Any]]:
    said = conversation["messages"]
    text, choice, speak = (body.get(name) for name in ("text", "choice", "speak"))
    assert len([each for each in (text, choice, speak) if each]) == 1, body
    if speak:
        conversation["language"] = speak
    elif text and ENGLISH.search(text):
        conversation["language"] = "en"
    elif text and len(text.split()) > 1:
        conversation["language"] = "fr"
    elif not said:
        conversation["language"] = body.get("language") or "fr"
    language = conversation["language"]
    mine = {"from": "you", "id": body["id"], "text": text}
    if choice:
        offered = [button for message in said for button in message.get("buttons", [])]
        offered += [button for message in said for button in message.get("result", {}).get("change", [])]
        titles = [button["title"] for button in offered if button["payload"] == choice]
        mine.update(choice=choice, text=titles[-1] if titles else None)
    if speak:
        mine["text"] = {"fr": "Français", "en": "English"}[speak]
    said.append(mine)
    return answers("speak" if speak else choice or text, language)


@app.listener("after_server_start")
async def ready(*_: Any) -> None:
    print(f"Ready on {sys.argv[1]}", flush=True)


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, debug=False)
