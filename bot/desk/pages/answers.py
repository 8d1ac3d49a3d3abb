"""Every fact as a form, both languages side by side; shown as the widget will before it is kept."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional

from sanic.response import HTTPResponse

from bot.desk import facts
from bot.desk.facts import Raw
from bot.desk.outbox import apart
from bot.desk.overlay import Stale
from bot.desk.pages import Desk
from bot.desk.web import Context
from bot.knowledge.answer import FACTS, Answer
from bot.knowledge.load import KnowledgeError, knowledge
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.rendering import Renderer, Said
from bot.settings import LANGUAGES
from bot.words.folding import fold

PAGE = "reponses"
_BEFORE_THE_MEND = ": "


@dataclasses.dataclass(frozen=True)
class Shown:
    """A fact on its page: what its form holds, the version it was made from, and what is to be said about it."""

    form: Mapping[str, str]
    version: int
    base: KnowledgeBase
    problems: List[str] = dataclasses.field(default_factory=list)
    status: int = 200
    preview: bool = False


async def answer(desk: Desk, context: Context, rest: str) -> HTTPResponse:
    if not rest:
        return await _list(desk, context)
    try:
        raw = await apart(lambda: desk.overlay.raw(rest))
        knowledge().fact(rest)
    except KeyError:
        gone = context.request.method == "POST" and context.form.get("action") == "take_data"
        return await _give_up(desk, context, rest) if gone else context.error("error_nothing", 404)
    if context.request.method == "POST":
        return await _act(desk, context, rest, raw)
    version = await apart(lambda: desk.overlay.version(rest))
    return await _show(desk, context, rest, Shown(form_of(raw), version, knowledge()))


async def _list(desk: Desk, context: Context) -> HTTPResponse:
    wanted, base, language = fold(context.args.get("cherche", "")), knowledge(), context.language
    standing = await apart(desk.overlay.standing)
    data = desk.overlay.data()
    topics: List[Dict[str, Any]] = []
    for topic in sorted(base.topics.values(), key=lambda each: fold(each.name[language])):
        found = [
            {"id": fact.id, "label": base.attributes[fact.attribute].label[language], "says": fact[language]}
            for fact in topic.facts
            if wanted in fold(f"{topic.name.fr} {topic.name.en} {fact.fr} {fact.en} {fact.id}")
        ]
        if found:
            topics.append({"name": topic.name[language], "facts": found})
    contradicted = [
        {"id": name, "version": change.id, "mine": change.after, "theirs": data[name].raw if name in data else None}
        for name, change in standing.contradicted.items()
    ]
    return context.render(
        "answers.html",
        PAGE,
        topics=topics,
        changed=set(standing.holding),
        contradicted=contradicted,
        wanted=context.args.get("cherche", ""),
    )


async def _show(desk: Desk, context: Context, name: str, shown: Shown) -> HTTPResponse:
    base, fact = shown.base, shown.base.fact(name)
    history = await apart(lambda: desk.overlay.history(name))
    sources = [*(f"{key}.{page + 1}" for key, each in base.documents.items() for page in range(each.pages))]
    return context.render(
        "answer.html",
        PAGE,
        status=shown.status,
        name=name,
        topic=base.topics[fact.topic].name[context.language],
        asks=base.attributes[fact.attribute].label[context.language],
        form=shown.form,
        version=shown.version,
        problems=shown.problems,
        previewed=shown.preview,
        said={language: said(base, name, language) for language in LANGUAGES},
        history=history,
        sources=[*sources, *sorted(base.publications)],
    )


async def _act(desk: Desk, context: Context, name: str, raw: Raw) -> HTTPResponse:
    action, form = context.form.get("action", ""), context.form
    version = int(form["version"]) if form.get("version", "").isdecimal() else -1
    if action == "take_data":
        return await _give_up(desk, context, name)
    if action == "keep_mine":
        standing = await apart(desk.overlay.standing)
        mine = standing.contradicted.get(name)
        after: Optional[Raw] = mine.after if mine else raw
        shown = form_of(after or raw)
    elif action == "undo":
        after, shown = await apart(lambda: desk.overlay.undone(name)), form_of(raw)
    else:
        shown = dict(form)
        try:
            after = facts.filled(raw, form)
        except ValueError as error:
            problems = [context.t("answer_unreadable", field=context.t(f"field_{error}"))]
            return await _show(desk, context, name, Shown(shown, version, knowledge(), problems, 400))
    try:
        if action == "preview":
            built = await apart(lambda: desk.overlay.built({**_holding(desk), name: after or raw}))
            return await _show(desk, context, name, Shown(shown, version, built, preview=True))
        await apart(lambda: desk.overlay.save(name, after, version, context.account))
    except KnowledgeError as error:
        problems = [_mend(line) for line in str(error).split("\n")]
        return await _show(desk, context, name, Shown(shown, version, knowledge(), problems, 400))
    except Stale:
        now = await apart(lambda: desk.overlay.version(name))
        problems = [context.t("answer_stale")]
        return await _show(desk, context, name, Shown(shown, now, knowledge(), problems, 409))
    await apart(lambda: desk.accounts.note(context.account, "undo" if action == "undo" else "answer", name))
    return context.redirect(f"{PAGE}/{name}", "undone" if action == "undo" else "answer")


async def _give_up(desk: Desk, context: Context, name: str) -> HTTPResponse:
    """What data/ says holds again."""
    await apart(lambda: desk.overlay.give_up(name, context.account))
    await apart(lambda: desk.accounts.note(context.account, "take_data", name))
    return context.redirect(PAGE, "answer")


def _holding(desk: Desk) -> Dict[str, Raw]:
    return {each: change.after for each, change in desk.overlay.standing().holding.items()}


def _mend(line: str) -> str:
    """A problem without the file and line it would have."""
    where, _, mend = line.partition(_BEFORE_THE_MEND)
    return mend if ".yml:" in where else line


def said(base: KnowledgeBase, name: str, language: str) -> Said:
    """The answer as the widget will show it."""
    fact = base.fact(name)
    return Renderer(base, language).say(Answer(FACTS, fact.attribute, (fact.topic,), (fact,)))


def form_of(raw: Raw) -> Dict[str, str]:
    """What the form shows of a fact."""
    since = raw.get("since") or {}
    value, then = raw.get("value") or {}, since.get("value") or {}
    shown = {
        **{language: raw.get(language, "") for language in LANGUAGES},
        **{"source": ", ".join(facts.listed(raw.get("source"))), "checked": raw.get("checked", "")},
        **{name: value.get(name, "") for name in ("number", "euros", "date")},
        **{f"since_{name}": since.get(name, "") for name in (*LANGUAGES, "as_of", "until")},
        **{"since_source": ", ".join(facts.listed(since.get("source")))},
        **{f"since_{name}": then.get(name, "") for name in ("number", "euros", "date")},
    }
    return {name: str(value) for name, value in shown.items()}
