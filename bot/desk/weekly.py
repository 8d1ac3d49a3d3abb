"""Ten lines a week to CACIMA: what was asked, what was not answered, what waits."""

from __future__ import annotations

import datetime
from email.message import EmailMessage
from typing import List, Sequence

from bot.desk.journal import ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE, Asked
from bot.desk.likeness import Group
from bot.desk.mail import plain
from bot.desk.settings import Smtp
from bot.desk.texts import say
from bot.privacy.settings import public_url

DAYS = 7
MOST = 3  # questions named
LONGEST = 90  # characters of each


def letter(
    asked: Sequence[Asked], groups: Sequence[Group], waiting: int, ending: int, dead: int, smtp: Smtp
) -> EmailMessage:
    """The mail, in French as CACIMA reads it, about what was asked in the last DAYS days."""
    since = (datetime.datetime.now() - datetime.timedelta(days=DAYS)).timestamp()
    week = [one for one in asked if one.at > since]
    count = {name: sum(one.outcome == name for one in week) for name in (ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE)}
    rated = {name: sum(one.rated == name for one in week) for name in ("positive", "negative")}
    lines: List[str] = [
        _say("first", conversations=sum(one.first for one in week), questions=len(week)),
        _say("answered", **count),
        _say("ratings", **rated),
        _say("requests", waiting=waiting),
    ]
    often = [group for group in groups if group.last > since][:MOST]
    lines += [_say("asked")] if often else []
    lines += [_say("line", text=_short(each.text), count=each.count) for each in often]
    lines += [_say("ending", count=ending), _say("dead", count=dead), _say("where", url=f"{public_url()}/bureau")]
    return plain(_say("subject", questions=len(week)), "\n".join(lines), smtp)


def _say(key: str, **values: object) -> str:
    return say("fr", "weekly", key, **values)


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
