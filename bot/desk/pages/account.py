"""One's own account: another password; and the log of who did what."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.desk.outbox import apart
from bot.desk.pages import Desk
from bot.desk.passwords import LONGEST, SHORTEST
from bot.desk.web import Context

PAGE = "compte"


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    if context.request.method == "POST":
        return await _change(desk, context)
    return await _show(desk, context)


async def _show(desk: Desk, context: Context, problem: str = "", status: int = 200) -> HTTPResponse:
    log = await apart(desk.accounts.log)
    return context.render("account.html", PAGE, status=status, log=log, problem=problem, shortest=SHORTEST)


async def _change(desk: Desk, context: Context) -> HTTPResponse:
    before, after = context.form.get("before", ""), context.form.get("after", "")
    if not await apart(lambda: desk.accounts.knows(context.account, before)):
        return await _show(desk, context, context.t("password_wrong"), 403)
    if not SHORTEST <= len(after) <= LONGEST or after != context.form.get("again", ""):
        return await _show(desk, context, context.t("password_bad", shortest=SHORTEST), 400)
    await apart(lambda: desk.accounts.set_password(context.account, after))
    await apart(lambda: desk.accounts.note(context.account, "password"))
    return context.redirect("entrer", "password")  # every session has ended, this one too
