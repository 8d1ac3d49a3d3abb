"""Counts of what was asked, by week and by kind. Nothing of what anybody wrote."""

from __future__ import annotations

import collections
import csv
import dataclasses
import datetime
import io
from typing import Dict, Iterable, List, Sequence, Tuple

from bot.desk.journal import ANSWERED, GUIDE, NOT_GIVEN, OUTSIDE, PASSED_ON, TALK, UNSURE, Asked

WEEKS = 12
MOST_TOPICS = 12
OUTCOMES = (ANSWERED, NOT_GIVEN, UNSURE, OUTSIDE, PASSED_ON, GUIDE, TALK)

Counts = List[Tuple[str, int]]


@dataclasses.dataclass(frozen=True)
class Figures:
    """`weeks`: the Monday of each (ISO), conversations begun and messages; the rest counts messages of all weeks."""

    weeks: List[Tuple[str, int, int]]
    languages: Counts
    channels: Counts
    topics: Counts
    outcomes: Counts
    results: Counts
    ratings: Counts


def counted(asked: Sequence[Asked], today: datetime.date) -> Figures:
    """Of the last WEEKS weeks, this one included."""
    monday = today - datetime.timedelta(days=today.weekday())
    first = monday - datetime.timedelta(weeks=WEEKS - 1)
    begun: Dict[datetime.date, int] = collections.Counter()
    put: Dict[datetime.date, int] = collections.Counter()
    within = []
    for one in asked:
        day = datetime.date.fromtimestamp(one.at)
        week = day - datetime.timedelta(days=day.weekday())
        if week < first:
            continue
        within.append(one)
        put[week] += 1
        begun[week] += one.first
    weeks = [first + datetime.timedelta(weeks=number) for number in range(WEEKS)]
    outcomes = collections.Counter(one.outcome for one in within)
    return Figures(
        weeks=[(week.isoformat(), begun[week], put[week]) for week in weeks],
        languages=_most(one.language for one in within),
        channels=_most(one.channel for one in within),
        topics=_most(topic for one in within for topic in one.topics)[:MOST_TOPICS],
        outcomes=[(name, outcomes[name]) for name in OUTCOMES],
        results=_most(one.result for one in within if one.result),
        ratings=_most(one.rated for one in within if one.rated),
    )


def _most(values: Iterable[str]) -> Counts:
    return collections.Counter(values).most_common()


def as_csv(figures: Figures) -> str:
    """One line a count: kind, name, count. What a spreadsheet would take for a formula is made a text."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(["kind", "name", "count"])
    for week, begun, put in figures.weeks:
        writer.writerows([["conversations", week, begun], ["questions", week, put]])
    for kind in ("languages", "channels", "topics", "outcomes", "results", "ratings"):
        writer.writerows([kind, _harmless(name), count] for name, count in getattr(figures, kind))
    return made.getvalue()


def _harmless(name: str) -> str:
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name
