"""Another site, whose pages hold the widget."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Iterator, Union

from tests.website_client import HOLDER

HEAD = '<!doctype html><html lang="fr"><meta charset="utf-8"><link rel="icon" href="data:,"><title>x</title>'


@contextmanager
def holding(pages: Union[str, Dict[str, str]], policy: str = "", head: str = HEAD) -> Iterator[None]:
    """Serves the pages (by path; one page for all where it is a text) at HOLDER, with a content security policy."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages if isinstance(pages, str) else pages.get(self.path.partition("?")[0], "")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write((head + body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", int(HOLDER.rsplit(":", 1)[1])), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
