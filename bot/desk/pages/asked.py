"""Requests: questions passed on to CACIMA, and what became of each."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.desk.outbox import apart
from bot.desk.pages import Desk
from bot.desk.requests import NEW, STATES
from bot.desk.settings import requests_days
from bot.desk.web import Context

PAGE = "demandes"


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    if context.request.method == "POST":
        return await _act(desk, context, rest)
    found = await apart(desk.requests.all)
    found.sort(key=lambda each: (each.state != NEW, -each.created))
    return context.render("requests.html", PAGE, found=found, days=requests_days())


async def _act(desk: Desk, context: Context, reference: str) -> HTTPResponse:
    state, assigned = context.form.get("state", ""), context.form.get("assigned", "").strip()
    if context.form.get("action") == "delete":
        done, action, word = await apart(lambda: desk.requests.delete(reference)), "request_deleted", "deleted"
    elif state in STATES:
        done, action, word = await apart(lambda: desk.requests.mark(reference, state, assigned)), "request", "saved"
    else:
        return context.error("error_form", 400)
    if not done:
        return context.error("error_nothing", 404)
    await apart(lambda: desk.accounts.note(context.account, action, f"{reference} {state}".strip()))
    return context.redirect(PAGE, word)
