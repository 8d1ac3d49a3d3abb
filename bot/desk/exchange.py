"""The short exchange in which a person says what to pass on and how to be reached. No Rasa, no database.

Question, name, contact, review. What is said in it goes into the draft and nowhere else; what is plainly about
something else is left to the bot, and the draft waits until the person asks for it again.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, Optional, Tuple

from bot.desk import texts
from bot.desk.settings import ADDRESS
from bot.settings import LANGUAGES
from bot.words.cleaning import clean
from bot.words.folding import fold

QUESTION, NAME, CONTACT, REVIEW = "question", "name", "contact", "review"
# What came of a message, or of a button.
NEXT, AGAIN, SEND, CANCEL, CHANGE, CHAT = "next", "again", "send", "cancel", "change", "chat"
LONGEST_NAME, LONGEST_CONTACT, LONGEST_QUESTION = 100, 200, 1000  # characters
_TELEPHONE = re.compile(r"\+?[\d(][\d ().\u00a0\u202f/-]{4,22}\d")
_MOST_WORDS_OF_A_NAME = 6
_MOST_WORDS_BESIDE_A_CONTACT = 12


@dataclasses.dataclass(frozen=True)
class Draft:
    """What has been said so far. `guide`: what the guide was told; `chat`: the conversation, where it is to go too.

    `waits`: the person has gone on to something else, and is heard no more until the exchange is taken up again.
    """

    step: str = QUESTION
    language: str = "fr"
    question: str = ""
    name: str = ""
    contact: str = ""
    guide: str = ""
    chat: str = ""
    waits: bool = False

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Draft:
        return cls(**json.loads(text))

    def missing(self) -> str:
        """The first step not yet taken."""
        for step in (QUESTION, NAME, CONTACT):
            if not getattr(self, step):
                return step
        return REVIEW

    def pressed(self, value: str) -> Draft:
        """After a button of the review; `chat` is filled in by whoever has the conversation."""
        if value == CHANGE:
            return dataclasses.replace(self, question="", name="", contact="", step=QUESTION)
        return self


def hear(draft: Draft, text: str) -> Optional[Tuple[Draft, str]]:
    """What a message makes of a draft, and what came of it; None where the message is not meant for it."""
    said = clean(text)
    folded = fold(said).strip(" .!")
    for language in LANGUAGES:
        if folded in texts.words(language, "exchange", "cancel_words"):
            return draft, CANCEL
    if not said or _is_aside(draft, said, folded):
        return None
    if draft.step == REVIEW:
        return _reviewed(draft, folded)
    if draft.step == QUESTION:
        return _advance(draft, question=said[:LONGEST_QUESTION])
    if draft.step == NAME:
        return _advance(draft, name=said[:LONGEST_NAME])
    contact = read_contact(text)
    return _advance(draft, contact=contact) if contact else (draft, AGAIN)


def _advance(draft: Draft, **said: Any) -> Tuple[Draft, str]:
    filled = dataclasses.replace(draft, **said)
    return dataclasses.replace(filled, step=filled.missing()), NEXT


def _reviewed(draft: Draft, folded: str) -> Optional[Tuple[Draft, str]]:
    for outcome in (SEND, CHANGE, CHAT):
        if any(folded in texts.words(language, "exchange", f"{outcome}_words") for language in LANGUAGES):
            return draft.pressed(outcome), outcome
    return None


def _is_aside(draft: Draft, said: str, folded: str) -> bool:
    """Whether a message is a question to the bot, or about one's data, rather than what was asked for."""
    if any(word in folded for language in LANGUAGES for word in texts.words(language, "exchange", "aside_words")):
        return True
    if draft.step == QUESTION:
        return False
    count = len(said.split())
    if draft.step == NAME:
        return "?" in said or count > _MOST_WORDS_OF_A_NAME
    return draft.step == CONTACT and not read_contact(said) and ("?" in said or count > _MOST_WORDS_BESIDE_A_CONTACT)


def read_contact(text: str) -> str:
    """The e-mail address or telephone number in a text; "" where there is none."""
    found = ADDRESS.search(text)
    if found:
        return found.group()[:LONGEST_CONTACT]
    number = _TELEPHONE.search(text)
    return " ".join(number.group().split()) if number and sum(map(str.isdigit, number.group())) >= 6 else ""
