"""Mail to CACIMA over SMTP."""

from __future__ import annotations

import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from bot.desk.requests import Asked
from bot.desk.settings import ADDRESS, Smtp
from bot.desk.texts import say

WITHIN = 20.0  # seconds for a whole mail


class NotSent(Exception):
    """The mail server did not take the mail; the text names the kind of failure only."""


def of_request(asked: Asked, smtp: Smtp) -> EmailMessage:
    """The mail that passes a request on, in French: it is CACIMA that reads it. Replying reaches the person."""
    when = datetime.datetime.fromtimestamp(asked.created, datetime.timezone.utc)
    parts = [
        say("fr", "mail", "request", reference=asked.id, date=when.strftime("%d/%m/%Y %H:%M UTC")),
        say("fr", "mail", "question", question=asked.question),
        say("fr", "mail", "who", name=asked.name, contact=asked.contact, spoken=say("fr", "mail", asked.language)),
    ]
    parts += [say("fr", "mail", "guide", guide=asked.guide)] if asked.guide else []
    parts += [say("fr", "mail", "chat", chat=asked.chat)] if asked.chat else []
    made = plain(say("fr", "mail", "subject", reference=asked.id), "\n\n".join(parts), smtp)
    # The same in every try: should one be taken without our hearing of it, mail programs show the two as one.
    made["Message-ID"] = f"<request-{asked.id.lower()}@{smtp.to.partition('@')[2]}>"
    made["Date"] = format_datetime(when)
    if ADDRESS.fullmatch(asked.contact):
        made["Reply-To"] = Address(_one_line(asked.name), addr_spec=asked.contact)
    return made


def plain(subject: str, text: str, smtp: Smtp) -> EmailMessage:
    """A mail from CACIMA's address to itself."""
    made = EmailMessage()
    made["Subject"] = _one_line(subject)
    made["From"] = Address(say("fr", "mail", "sender"), addr_spec=smtp.to)
    made["To"] = smtp.to
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


async def send(message: EmailMessage, smtp: Smtp) -> None:
    """Raises NotSent."""
    try:
        await aiosmtplib.send(
            message,
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.user or None,
            password=smtp.password or None,
            use_tls=smtp.tls,
            start_tls=smtp.starttls,
            timeout=WITHIN,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:  # its own words may quote the person
        raise NotSent(type(error).__name__) from None


def _one_line(text: str) -> str:
    return " ".join(text.split())
