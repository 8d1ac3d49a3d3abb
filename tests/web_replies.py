"""Answers put by tests in the place of the server's."""

from __future__ import annotations

from typing import Any, Dict

from playwright.sync_api import Page, Route

MESSAGES = "**/webhooks/website/messages"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1)'


def answer(*messages: Dict[str, Any], language: str = "fr") -> Dict[str, Any]:
    return {"language": language, "messages": [{"from": "bot", "language": language, **each} for each in messages]}


def reply_with(page: Page, *messages: Dict[str, Any], language: str = "fr") -> None:
    """What is answered from now on, whatever is said."""

    def fulfil(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        return route.fulfill(json=answer(*messages, language=language))

    page.route(MESSAGES, fulfil)


def hostile() -> Dict[str, Any]:
    """An answer that would run in the page were it taken for markup or for an address."""
    bad = "javascript:window.hacked=1"
    source = {"name": HOSTILE, "url": bad, "date": HOSTILE}
    return {
        "text": HOSTILE,
        "answer": {
            "lead": HOSTILE,
            "then": HOSTILE,
            "now": HOSTILE,
            "until": HOSTILE,
            "checked": HOSTILE,
            "rows": [{"title": HOSTILE, "text": HOSTILE, "now": HOSTILE}],
            "sources": [source],
            "links": [{"name": HOSTILE, "url": bad, "of": HOSTILE}],
        },
        "guide": {
            "question": HOSTILE,
            "step": 1,
            "most": 2,
            "explain": HOSTILE,
            "remaining": [{"id": "x", "label": HOSTILE}],
            "dropped": [{"id": "y", "label": HOSTILE, "why": HOSTILE}],
        },
        "buttons": [{"title": HOSTILE, "payload": "/guide"}],
    }


def hostile_result() -> Dict[str, Any]:
    bad = "javascript:window.hacked=1"
    return {
        "text": HOSTILE,
        "result": {
            "title": HOSTILE,
            "why": [HOSTILE],
            "against": [HOSTILE],
            "step": HOSTILE,
            "write_to": HOSTILE,
            "second": HOSTILE,
            "closed": HOSTILE,
            "summary": HOSTILE,
            "mailto": bad,
            "bodies": [{"name": HOSTILE, "url": bad}],
            "change": [{"title": HOSTILE, "payload": bad}],
            "sources": [{"name": HOSTILE, "url": bad, "date": HOSTILE}],
        },
    }
