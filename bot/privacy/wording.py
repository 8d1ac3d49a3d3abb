"""The few words and addresses of privacy that are not the bot's responses (data/privacy.yml)."""

from __future__ import annotations

import functools
from typing import Dict, List

import yaml
from pydantic import BaseModel, Extra

from bot.knowledge.model import Text
from bot.settings import DATA


class Wording(BaseModel):
    """All of data/privacy.yml."""

    marks: Dict[str, str]
    notice: Text
    refusals: Dict[str, List[str]]

    class Config:
        extra = Extra.forbid
        allow_mutation = False


@functools.cache
def wording() -> Wording:
    """Raises pydantic.ValidationError, which names the key, where the file is not as it should be."""
    return Wording.parse_obj(yaml.safe_load((DATA / "privacy.yml").read_text(encoding="utf-8")))
