"""What is said on the way to a person: the form on the website, the exchange elsewhere."""

from __future__ import annotations

import dataclasses
import time
import uuid
from typing import Any, Dict, List, Optional, Sequence, Tuple

from bot.desk import exchange
from bot.desk.conversation import HANDOFF
from bot.desk.exchange import CONTACT, NAME, QUESTION, REVIEW, Draft
from bot.desk.outbox import apart, pass_on, requests
from bot.desk.requests import SENT, Asked
from bot.desk.settings import requests_days
from bot.desk.texts import say, table
from bot.words.typography import typeset

JUST_NOW = 120.0  # seconds: a turn taken again, or a form sent, speaks of that request
MOST_A_DAY = 5  # requests of one conversation

# What an entity `value` may say of a step; anything else begins.
STEPS = (exchange.NEXT, exchange.AGAIN, exchange.SEND, exchange.CANCEL, exchange.CHANGE, exchange.CHAT, "sent")

Button = Dict[str, str]


@dataclasses.dataclass(frozen=True)
class Told:
    """What to say next: text and buttons, or a form. `kept`: what the conversation keeps of it, where that is less.

    `over`: nothing more is asked.
    """

    text: str
    buttons: Sequence[Button] = ()
    form: Optional[Dict[str, Any]] = None
    kept: str = ""
    over: bool = False


def form(language: str, question: str, guide: str) -> Told:
    """For the website's widget, which shows it below the words."""
    words = {
        key: typeset(str(text), language).replace("{days}", str(requests_days()))
        for key, text in table(language)["form"].items()
    }
    told = {"id": uuid.uuid4().hex, "question": question, "guide": guide, "words": words}
    text = f"{say(language, 'exchange', 'form')}\n{say(language, 'exchange', 'form_otherwise')}"
    return Told(text, form=told, over=True)


class Exchange:
    """One step of it, for one conversation. Methods raise what SQLAlchemy raises."""

    def __init__(self, sender: str, channel: str, language: str) -> None:
        self._sender = sender
        self._channel = channel
        self._language = language

    async def begin(self, question: str, guide: str) -> Told:
        """Starts, or goes on with what was begun."""
        draft = await apart(lambda: requests().draft(self._sender))
        if draft is not None:
            return self._ask(await self._keep(dataclasses.replace(draft, language=self._language, waits=False)))
        draft = Draft(language=self._language, question=question, guide=guide)
        draft = await self._keep(dataclasses.replace(draft, step=draft.missing()))
        known = [self._say("known", question=question)] if question else []
        return self._ask(draft, self._say("begin"), *known)

    async def step(self, value: str, chat: str) -> Told:
        """After a message heard, or a button pressed; `chat`: the conversation, should the person want it to go too."""
        if value == "sent":
            return await self._what_became()
        draft = await apart(lambda: requests().draft(self._sender))
        if draft is None:
            return await self._what_became()
        if draft.waits:
            draft = await self._keep(dataclasses.replace(draft, waits=False))
        if value == exchange.CANCEL:
            await apart(lambda: requests().drop_draft(self._sender))
            return Told(self._say("cancelled"), over=True)
        if value == exchange.AGAIN:
            return Told(self._say("contact_again"), [self._button(exchange.CANCEL)])
        if value == exchange.CHAT:
            draft = await self._keep(dataclasses.replace(draft, chat=chat))
        if value == exchange.CHANGE:
            draft = await self._keep(draft.pressed(value))
        if value == exchange.SEND and draft.missing() == REVIEW:
            return await self._send(draft)
        return self._ask(draft)

    async def _send(self, draft: Draft) -> Told:
        if await apart(lambda: requests().count_of(self._sender, 86400.0)) >= MOST_A_DAY:
            await apart(lambda: requests().drop_draft(self._sender))
            return Told(self._say("too_many"), over=True)
        reference = await apart(lambda: requests().add(self._sender, self._channel, draft))
        await pass_on(reference)
        return await self._what_became()

    async def _what_became(self) -> Told:
        """The truth about the request just made."""
        asked: Optional[Asked] = await apart(lambda: requests().last_of(self._sender))
        if asked is None or time.time() - asked.created > JUST_NOW:
            return Told(self._say("nothing"), [{"title": self._say("pass_on"), "payload": f"/{HANDOFF}"}], over=True)
        key = "sent" if asked.mail == SENT else "kept"
        said, kept = (self._say(key, reference=asked.id, contact=each) for each in (asked.contact, self._say("said")))
        return Told(said, kept=kept, over=True)

    async def _keep(self, draft: Draft) -> Draft:
        await apart(lambda: requests().keep_draft(self._sender, draft))
        return draft

    def _ask(self, draft: Draft, *first: str) -> Told:
        if draft.step == REVIEW:
            mark = self._say("said")
            less = dataclasses.replace(draft, question=mark, name=mark, contact=mark)
            said, kept = ("\n".join([*first, *self._review(each)]) for each in (draft, less))
            return Told(said, self._review_buttons(draft), kept=kept)
        asked = {QUESTION: "question", NAME: "name", CONTACT: "contact"}[draft.step]
        return Told("\n".join([*first, self._say(asked)]), [self._button(exchange.CANCEL)])

    def _review(self, draft: Draft) -> List[str]:
        shown: List[Tuple[str, str]] = [("question", draft.question), ("name", draft.name), ("contact", draft.contact)]
        lines = [self._say("review"), *(self._say(f"review_{key}", **{key: value}) for key, value in shown)]
        lines += [self._say("review_guide", guide=draft.guide)] if draft.guide else []
        lines += [self._say("review_chat")] if draft.chat else []
        return [*lines, self._say("consent", days=requests_days())]

    def _review_buttons(self, draft: Draft) -> List[Button]:
        values = [exchange.SEND, *([] if draft.chat else [exchange.CHAT]), exchange.CHANGE, exchange.CANCEL]
        return [self._button(value) for value in values]

    def _button(self, value: str) -> Button:
        return {"title": self._say(value), "payload": f'/{HANDOFF}{{"value": "{value}"}}'}

    def _say(self, key: str, **values: object) -> str:
        return say(self._language, "exchange", key, **values)
