"""A hostile answer, put by tests in the place of the server's."""

from __future__ import annotations

from typing import Any, Dict, List

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1)'


def answer(*messages: Dict[str, Any], language: str = "fr") -> Dict[str, Any]:
    return {"language": language, "messages": [{"from": "bot", "language": language, **each} for each in messages]}


def hostile() -> Dict[str, Any]:
    texts: List[str] = [HOSTILE]
    return answer(
        {"text": HOSTILE, "buttons": [{"title": HOSTILE, "payload": "/guide"}]},
        {
            "text": HOSTILE,
            "parts": [
                {
                    "kind": "fact",
                    "when": HOSTILE,
                    "text": HOSTILE,
                    "source": HOSTILE,
                    "url": "javascript:window.hacked=1",
                }
            ],
            "guide": {
                "question": HOSTILE,
                "step": 1,
                "most": 2,
                "remaining": [{"id": "x", "label": HOSTILE}],
                "dropped": [{"id": "y", "label": HOSTILE, "why": HOSTILE}],
            },
            "result": {
                "ranked": [{"id": "x", "label": HOSTILE, "score": 1, "reasons": texts, "against": texts}],
                "steps": texts,
                "summary": HOSTILE,
                "mailto": "javascript:window.hacked=1",
            },
        },
    )
