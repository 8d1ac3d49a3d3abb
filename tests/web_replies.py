"""Answers of the server that tests put in the place of real ones: a guide, and a hostile one."""

from __future__ import annotations

from typing import Any, Dict, List

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1)'


def answer(*messages: Dict[str, Any], language: str = "fr") -> Dict[str, Any]:
    return {"language": language, "messages": [{"from": "bot", "language": language, **each} for each in messages]}


def guide(step: int) -> Dict[str, Any]:
    types = [("pole", "Pôle de compétitivité"), ("grappe", "Grappe d'entreprises"), ("ptce", "PTCE")]
    return answer(
        {
            "text": f"Question {step} : votre projet relève-t-il de la recherche ?",
            "buttons": [
                {"title": "Oui, de la recherche", "payload": '/guide_answer{"criterion": "research", "value": "yes"}'},
                {"title": "Non", "payload": '/guide_answer{"criterion": "research", "value": "no"}'},
            ],
            "guide": {
                "question": "research",
                "step": step,
                "most": 7,
                "remaining": [{"id": key, "label": label} for key, label in types[: 4 - step]],
                "dropped": [
                    {"id": key, "label": label, "why": "pas d'économie sociale"} for key, label in types[4 - step :]
                ],
            },
        }
    )


def result() -> Dict[str, Any]:
    return answer(
        {
            "text": "Voici ce qui vous convient.",
            "result": {
                "ranked": [
                    {
                        "id": "grappe",
                        "label": "Grappe d'entreprises",
                        "score": 3.5,
                        "reasons": ["Vous visez le marché"],
                        "against": ["Peu de recherche"],
                    },
                    {"id": "pole", "label": "Pôle de compétitivité", "score": 1, "reasons": [], "against": []},
                ],
                "steps": ["Écrire à la CACIMA"],
                "summary": "Grappe d'entreprises : vous visez le marché.",
                "mailto": "mailto:?subject=R%C3%A9sultat&body=Grappe",
            },
        }
    )


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
