"""Questions worth a look, grouped by likeness; each can be hidden, or kept as an example of what it asks."""

from __future__ import annotations

import functools
from typing import List, Optional, Set, Tuple

from sanic.response import HTTPResponse

from bot.desk.examples import Example
from bot.desk.likeness import REASONS, Group, grouped
from bot.desk.outbox import apart
from bot.desk.pages import Desk
from bot.desk.web import Context
from bot.knowledge.check import examples as examples_of
from bot.knowledge.load import knowledge
from bot.settings import LANGUAGES

PAGE = "questions"
MOST = 50  # groups on a page


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    if context.request.method == "POST" and rest.startswith("exemple/"):
        await apart(lambda: desk.examples.drop(rest[len("exemple/") :]))
        await apart(lambda: desk.accounts.note(context.account, "example_dropped"))
        return context.redirect(PAGE, "deleted")
    groups = await _groups(desk)
    if not rest:
        return await _list(desk, context, groups)
    group = next((each for each in groups if each.mark == rest), None)
    if group is None:
        return context.error("error_gone", 404)
    if context.request.method == "POST":
        return await _act(desk, context, group)
    return _show(context, group)


async def _groups(desk: Desk) -> List[Group]:
    """Those not yet dealt with."""
    asked = await desk.asked()
    dealt_with = await apart(lambda: desk.examples.hidden() | {each.mark for each in desk.examples.all()})
    found = await apart(lambda: grouped(asked))
    return [group for group in found if group.mark not in dealt_with]


async def _list(desk: Desk, context: Context, groups: List[Group]) -> HTTPResponse:
    reason, language = context.args.get("motif", ""), context.args.get("en", "")
    shown = [group for group in groups if reason not in REASONS or reason in group.reasons]
    shown = [group for group in shown if language not in LANGUAGES or group.language == language]
    kept = await apart(desk.examples.all)
    return context.render(
        "questions.html",
        PAGE,
        groups=shown[:MOST],
        count=len(shown),
        reasons=REASONS,
        reason=reason,
        spoken=language,
        kept=[(each, *_named(each, context.language)) for each in kept],
    )


def _named(example: Example, language: str) -> Tuple[str, str]:
    """The topic and what is asked of it, in words; their ids where data/ no longer has them."""
    base = knowledge()
    topic, attribute = base.topics.get(example.topic), base.attributes.get(example.attribute)
    return (
        topic.name[language] if topic else example.topic,
        attribute.label[language] if attribute else example.attribute,
    )


def _show(context: Context, group: Group, problem: str = "", status: int = 200) -> HTTPResponse:
    base, language = knowledge(), context.language
    known = askable()
    attributes = sorted((base.attributes[name].label[language], name) for name in base.attributes if name in known)
    topics = sorted((topic.name[language], name) for name, topic in base.topics.items())
    return context.render(
        "question.html", PAGE, status=status, group=group, attributes=attributes, topics=topics, problem=problem
    )


async def _act(desk: Desk, context: Context, group: Group) -> HTTPResponse:
    if context.form.get("action") == "hide":
        await apart(lambda: desk.examples.hide(group.mark, context.account))
        await apart(lambda: desk.accounts.note(context.account, "hidden"))
        return context.redirect(PAGE, "hidden")
    attribute, topic = context.form.get("attribute", ""), context.form.get("topic", "")
    if attribute not in askable() or topic not in knowledge().topics:
        return _show(context, group, context.t("question_choose"), 400)
    await apart(lambda: desk.examples.keep(group.text, group.language, attribute, topic, context.account))
    await apart(lambda: desk.accounts.note(context.account, "example", f"{attribute} {topic}"))
    return context.redirect(PAGE, "example")


@functools.cache
def askable() -> Set[str]:
    """Attributes that questions are trained to ask, in each language."""
    intents: Optional[Set[str]] = None
    for language in LANGUAGES:
        found = set().union(*examples_of(language).values())
        intents = found if intents is None else intents & found
    return {intent[len("ask_") :] for intent in intents or () if intent.startswith("ask_")}
