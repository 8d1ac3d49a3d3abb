"""The words of refusals and apologies (data/errors.yml), in the language a request prefers."""

from __future__ import annotations

import functools
from typing import Dict

import yaml
from sanic.request import Request

from bot.knowledge.model import LANGUAGES, Text
from bot.settings import DATA


@functools.cache
def errors() -> Dict[str, Text]:
    table = yaml.safe_load((DATA / "errors.yml").read_text(encoding="utf-8"))
    return {code: Text.parse_obj(texts) for code, texts in table.items()}


def preferred_language(request: Request) -> str:
    """The first of our languages in Accept-Language; French where none is."""
    for part in request.headers.get("accept-language", "").split(","):
        code = part.strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
