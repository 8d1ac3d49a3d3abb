"""The channel's own sentences and the page's profile (data/messenger.yml)."""

from __future__ import annotations

import functools
from typing import Dict, List, Optional

import yaml
from pydantic import BaseModel, Extra, Field

from bot.knowledge.model import LANGUAGES, Text
from bot.settings import DATA


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Offer(_Strict):
    """A button: its words, and what it does. A payload that is no command is read as if the words had been typed."""

    title: Text
    payload: str = Field(min_length=1, max_length=1000)


class Profile(_Strict):
    """What Messenger shows before and beside the conversation."""

    locales: Dict[str, List[str]]
    greeting: Text
    menu: List[Offer] = Field(min_items=1, max_items=20)
    ice_breakers: List[Offer] = Field(min_items=1, max_items=4)


class Referrals(_Strict):
    """What `m.me/page?ref=...` asks: a name to its payload, or a payload made of a topic's id."""

    named: Dict[str, str]
    topic: str


class Wording(_Strict):
    """All of data/messenger.yml."""

    replies: Dict[str, Text]
    welcome: List[Offer] = Field(max_items=13)
    referrals: Referrals
    more_choices: Text
    shorter: Dict[str, Dict[str, str]]
    articles: Dict[str, List[str]]
    profile: Profile

    def language_of_title(self, title: str) -> Optional[str]:
        """The language a button of the profile is written in: the only sign of it on a first press."""
        offers = [*self.profile.menu, *self.profile.ice_breakers]
        found = {language for offer in offers for language in LANGUAGES if offer.title[language] == title}
        return found.pop() if len(found) == 1 else None


@functools.cache
def wording() -> Wording:
    """Raises pydantic.ValidationError, which names the key, where the file is not as it should be."""
    return Wording.parse_obj(yaml.safe_load((DATA / "messenger.yml").read_text(encoding="utf-8")))
