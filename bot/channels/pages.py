"""The widget in one file, the demo page and the bulletin's facts, at the server's root."""

from __future__ import annotations

import hashlib
import html
import json
import re
import zlib
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import brotli
import zopfli.gzip
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import squeeze
from bot.channels.errors import preferred_language
from bot.knowledge.load import knowledge
from bot.knowledge.model import LANGUAGES
from bot.privacy.notice import notice_page, notice_path

WEB = Path(__file__).resolve().parents[1] / "web"
# Later ones use what earlier ones define.
SCRIPTS = ("dom.js", "prose.js", "result.js", "messages.js", "host.js", "client.js", "assistant.js")
# Nothing but our own files, no inline script or style: what a careful site asks, the demo page asks of itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


def widget() -> str:
    """The widget's scripts, style and texts as one script, so that a page waits for one answer only."""
    files = [
        {**json.loads((WEB / f"texts.{code}.json").read_text(encoding="utf-8")), "privacy_path": notice_path(code)}
        for code in LANGUAGES
    ]
    # Words of one language side by side squeeze better.
    texts = [list(text.values()) for text in files]
    style = squeeze.style((WEB / "widget.css").read_text(encoding="utf-8"))
    scripts = "".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "".join(
        [
            '(()=>{"use strict";',
            f"const KEYS={json.dumps(list(files[0]), separators=(',', ':'))};",
            f"const TEXTS={json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};",
            f"const STYLE={json.dumps(style, ensure_ascii=False)};",
            squeeze.script(scripts),
            "})();",
        ]
    )


def _bulletin_facts(language: str) -> Iterator[Tuple[int, str, str]]:
    """What is known of the bulletin: the page, the topic's name, the sentence.

    The one place here that knows how the knowledge base is made.
    """
    for topic in knowledge().topics.values():
        for fact in topic.facts:
            source: Any = fact.source
            for cited in source if isinstance(source, list) else [source]:
                named = cited if isinstance(cited, str) else ".".join(str(part) for part in cited.dict().values())
                document, _, page = named.partition(".")
                if document.startswith("bulletin") and page.isdigit():
                    yield int(page), topic.name[language], fact[language]


def bulletin(language: str) -> str:
    """The page that sources of answers link to: the bulletin's facts, by page and topic."""
    said: Dict[int, Dict[str, List[str]]] = {}
    for page, topic, words in _bulletin_facts(language):
        listed = said.setdefault(page, {}).setdefault(topic, [])
        if words not in listed:
            listed.append(words)
    template = (WEB / f"bulletin.{language}.html").read_text(encoding="utf-8")
    link, section, group, item = re.findall(r"<!--(.*?)-->", template)
    sections = []
    for page, topics in sorted(said.items()):
        groups = []
        for topic, sentences in sorted(topics.items(), key=lambda each: each[0].lower()):
            items = "".join(item.replace("{words}", _typographic(words)) for words in sentences)
            groups.append(group.replace("{topic}", _typographic(topic)).replace("{items}", items))
        sections.append(section.replace("{page}", str(page)).replace("{groups}", "\n".join(groups)))
    links = " ".join(link.replace("{page}", str(page)) for page in sorted(said))
    template = re.sub(r"<!--.*?-->\n?", "", template)
    return template.replace("{links}", links).replace("{facts}", "\n".join(sections))


def _typographic(text: str) -> str:
    return html.escape(text.replace("'", "’"), quote=False)


def _gzip(plain: bytes) -> bytes:
    """The smallest of what zlib makes of it: for a short file its smaller tables do better than its largest."""
    tries = []
    for memory in range(5, 10):
        squeezer = zlib.compressobj(9, zlib.DEFLATED, 31, memory)
        tries.append(squeezer.compress(plain) + squeezer.flush())
    return min(tries, key=len)


class _File:
    """A file ready to send, squeezed once."""

    def __init__(
        self, text: str, content_type: str, headers: Optional[Dict[str, str]] = None, gzip: Callable = _gzip
    ) -> None:
        plain = text.encode()
        # The first the browser takes. Brotli is offered over HTTPS only, by browsers' choice.
        self._bodies = {
            "br": brotli.compress(plain, quality=11),
            "gzip": gzip(plain),
            "": plain,
        }
        self._type = content_type
        self._headers = {
            # Weak: one name for the file, however it is squeezed.
            "ETag": f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"',
            "Cache-Control": "public, max-age=600",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        }

    def answer(self, request: Request) -> HTTPResponse:
        headers = dict(self._headers)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return response.raw(b"", status=304, headers=headers)
        taken = [_coding(each) for each in request.headers.get("accept-encoding", "").split(",")]
        coding = next(each for each in self._bodies if each in [*taken, ""])
        if coding:
            headers["Content-Encoding"] = coding
        return response.raw(self._bodies[coding], headers=headers, content_type=self._type)


def _coding(accepted: str) -> str:
    """`gzip` of "gzip;q=0.5"; nothing of what is refused by q=0."""
    name, _, weight = accepted.replace(" ", "").lower().partition(";q=")
    return "" if weight and not weight.strip("0.") else name


HTML = "text/html; charset=utf-8"


def pages(app: Sanic) -> None:
    """Adds /widget.js and its types, /fr, /en, /demo.css, the bulletin's facts and the privacy notice.

    `/` is one of the pages, by the browser's language.
    """
    page_headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}

    def read(name: str) -> str:
        return (WEB / name).read_text(encoding="utf-8")

    demos = {code: _File(read(f"demo.{code}.html"), HTML, page_headers) for code in LANGUAGES}

    def serve(path: str, file: _File) -> None:
        async def send(request: Request) -> HTTPResponse:
            return file.answer(request)

        app.add_route(send, path, methods=["GET", "HEAD"], name=re.sub(r"\W", "_", f"website{path}"))

    for code in LANGUAGES:
        serve(f"/{code}", demos[code])
        serve(f"/{code}/bulletin", _File(bulletin(code), HTML, page_headers))
        serve(notice_path(code), _File(notice_page(code), HTML, page_headers))
    # Any site may load it, as a module or with its integrity checked too; which sites may talk is the channel's to say.
    anyone = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    # Half a second at the start, for the one file that every page of a site waits for.
    serve("/widget.js", _File(widget(), "text/javascript; charset=utf-8", anyone, zopfli.gzip.compress))
    serve("/invite.js", _File(squeeze.script(read("invite.js")), "text/javascript; charset=utf-8", anyone))
    serve("/widget.d.ts", _File(read("widget.d.ts"), "text/plain; charset=utf-8", anyone))
    serve("/demo.css", _File(read("demo.css"), "text/css; charset=utf-8"))
    serve("/icon.svg", _File(read("icon.svg"), "image/svg+xml"))

    @app.middleware("request")  # type: ignore[no-untyped-call]
    async def home(request: Request) -> Optional[HTTPResponse]:
        # Rasa has a route of its own on `/`, and two cannot be.
        if request.path != "/" or request.method not in ("GET", "HEAD"):
            return None
        answer = demos[preferred_language(request)].answer(request)
        answer.headers["Vary"] = "Accept-Encoding, Accept-Language"
        return answer
