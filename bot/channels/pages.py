"""The widget in one file, and the demo page, at the server's root."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Dict, Optional

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import squeeze
from bot.channels.errors import preferred_language
from bot.knowledge.model import LANGUAGES
from bot.privacy.notice import notice_page, notice_path

WEB = Path(__file__).resolve().parents[1] / "web"
# Later ones use what earlier ones define.
SCRIPTS = ("dom.js", "prose.js", "result.js", "messages.js", "host.js", "client.js", "assistant.js")
# Nothing but our own files, no inline script or style: what a careful site asks, the demo page asks of itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


def widget() -> str:
    """The widget's scripts, style and texts as one script, so that a page waits for one answer only."""
    files = [json.loads((WEB / f"texts.{code}.json").read_text(encoding="utf-8")) for code in LANGUAGES]
    texts = {key: [text[key] for text in files] for key in files[0]}
    texts["privacy_path"] = [notice_path(code) for code in LANGUAGES]
    style = squeeze.style((WEB / "widget.css").read_text(encoding="utf-8"))
    scripts = "".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "".join(
        [
            '(()=>{"use strict";',
            f"const TEXTS={json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};",
            f"const STYLE={json.dumps(style, ensure_ascii=False)};",
            squeeze.script(scripts),
            "})();",
        ]
    )


class _File:
    """A file ready to send, squeezed once."""

    def __init__(self, text: str, content_type: str, headers: Optional[Dict[str, str]] = None) -> None:
        self._plain = text.encode()
        self._gzip = gzip.compress(self._plain, 9, mtime=0)
        self._type = content_type
        self._headers = {
            "ETag": f'"{hashlib.sha256(self._plain).hexdigest()[:20]}"',
            "Cache-Control": "public, max-age=600",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        }

    def answer(self, request: Request) -> HTTPResponse:
        if request.headers.get("if-none-match") == self._headers["ETag"]:
            return response.raw(b"", status=304, headers=dict(self._headers))
        headers, body = dict(self._headers), self._plain
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", self._gzip
        return response.raw(body, headers=headers, content_type=self._type)


def pages(app: Sanic) -> None:
    """Adds /widget.js, /fr, /en, /demo.css, the privacy notice; `/` is one of the pages, by the browser's language."""
    page_headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    demos = {
        code: _File((WEB / f"demo.{code}.html").read_text(encoding="utf-8"), "text/html; charset=utf-8", page_headers)
        for code in LANGUAGES
    }
    # Sites that isolate themselves (COEP) load it too.
    script = _File(widget(), "text/javascript; charset=utf-8", {"Cross-Origin-Resource-Policy": "cross-origin"})
    style = _File((WEB / "demo.css").read_text(encoding="utf-8"), "text/css; charset=utf-8")

    def serve(path: str, file: _File) -> None:
        async def send(request: Request) -> HTTPResponse:
            return file.answer(request)

        app.add_route(send, path, methods=["GET"], name=re.sub(r"\W", "_", f"website{path}"))

    for code in LANGUAGES:
        serve(notice_path(code), _File(notice_page(code), "text/html; charset=utf-8", page_headers))
    serve("/widget.js", script)
    serve("/demo.css", style)
    for code in LANGUAGES:
        serve(f"/{code}", demos[code])

    @app.middleware("request")  # type: ignore[no-untyped-call]
    async def home(request: Request) -> Optional[HTTPResponse]:
        # Rasa has a route of its own on `/`, and two cannot be.
        if request.path != "/" or request.method != "GET":
            return None
        answer = demos[preferred_language(request)].answer(request)
        answer.headers["Vary"] = "Accept-Encoding, Accept-Language"
        return answer
