"""Figures: counts as small charts, each with its table; to download as CSV."""

from __future__ import annotations

import datetime
from typing import Any, Dict, List

from sanic import response
from sanic.response import HTTPResponse

from bot.desk.figures import Counts, Figures, as_csv, counted
from bot.desk.outbox import apart
from bot.desk.pages import Desk
from bot.desk.web import HEADERS, Context
from bot.knowledge.load import knowledge
from bot.privacy.settings import retention_days

PAGE = "chiffres"
_KINDS = ("outcomes", "languages", "channels", "topics", "results", "ratings")


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    asked = await desk.asked()
    figures = await apart(lambda: counted(asked, datetime.date.today()))
    if rest == "csv":
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="cacima.csv"'}
        return response.text(as_csv(figures), headers=headers, content_type="text/csv; charset=utf-8")
    if rest:
        return context.error("error_nothing", 404)
    days = retention_days()
    return context.render("figures.html", PAGE, weeks=_weeks(figures), charts=_charts(figures, context), days=days)


def _weeks(figures: Figures) -> List[Dict[str, Any]]:
    most = max([put for _, _, put in figures.weeks] + [1])
    return [
        {"week": week, "begun": begun, "put": put, "height": round(put / most * 100)}
        for week, begun, put in figures.weeks
    ]


def _charts(figures: Figures, context: Context) -> List[Dict[str, Any]]:
    charts = []
    for kind in _KINDS:
        counts: Counts = getattr(figures, kind)
        total = sum(count for _, count in counts)
        most = max([count for _, count in counts] + [1])
        bars = [
            {
                "name": _name(kind, name, context),
                "count": count,
                "width": round(count / most * 100),
                "share": round(100 * count / total) if total else 0,
            }
            for name, count in counts
        ]
        charts.append({"title": context.t(f"figures_{kind}"), "bars": bars})
    return charts


def _name(kind: str, name: str, context: Context) -> str:
    if kind == "topics":
        topic = knowledge().topics.get(name)
        return topic.name[context.language] if topic else name
    if kind == "results":
        return name
    known = f"{kind}_{name}"
    return context.t(known) if known in context.known else name
