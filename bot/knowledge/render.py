"""Facts put into words: every one behind its date and source, followed by what has changed since."""

from __future__ import annotations

import datetime
import itertools
from typing import Any, Dict, List, Tuple

from bot.knowledge.answers import Answer
from bot.knowledge.model import AsOf, Fact, KnowledgeBase, PageSource, PublishedSource


class Renderer:
    """Says answers in one language, with the words of wording.yml."""

    def __init__(self, base: KnowledgeBase, language: str) -> None:
        self._base = base
        self._language = language

    def _word(self, key: str, **values: object) -> str:
        return self._base.wording[key][self._language].format(**values)

    def date(self, when: AsOf) -> str:
        """A year, or a day written out in the language."""
        if isinstance(when, datetime.date):
            month = self._word("months").split()[when.month - 1]
            day = self._word("first_of_month") if when.day == 1 else str(when.day)
            return f"{day} {month} {when.year}"
        return str(when)

    def blocks(self, answer: Answer) -> List[Dict[str, Any]]:
        """The answer as parts, for clients that lay them out themselves.

        Each part: {"kind": "fact"|"update"|"note", "when": str, "source": str, "url": str|None, "text": str}.
        """
        parts = [self._note("roundabout")] if answer.roundabout else []
        if answer.kind == "facts":
            for _, group in itertools.groupby(answer.facts, key=_origin):
                facts = list(group)
                parts.append(self._facts(facts))
        said = set()
        for fact in answer.facts:
            if fact.update is not None and fact.update.fr not in said:
                said.add(fact.update.fr)
                parts.append(self._update(fact))
        if answer.kind == "updates" and not said:
            parts.append(self._note("no_update"))
        return parts

    def _note(self, key: str) -> Dict[str, Any]:
        return {"kind": "note", "when": "", "source": "", "url": None, "text": self._word(key)}

    def text(self, answer: Answer) -> str:
        """The answer as plain text, a paragraph a part."""
        return "\n".join(self._line(part) for part in self.blocks(answer))

    def _line(self, part: Dict[str, Any]) -> str:
        if part["kind"] == "note":
            return str(part["text"])
        if part.get("page"):
            title = part["source"]
            return self._word("from_document", when=part["when"], title=title, page=part["page"], facts=part["text"])
        when = part.get("intro") or part["when"]
        return self._word("from_publication", when=when, facts=part["text"], source=part["url"] or part["source"])

    def _facts(self, facts: List[Fact]) -> Dict[str, Any]:
        texts = [fact[self._language] for fact in facts]
        if any(fact.unverified for fact in facts):
            texts.append(self._word("unverified"))
        separator = "\n" if len(texts) > 2 else " "
        source = facts[0].source
        if isinstance(source, PageSource):
            document = self._base.documents[source.document]
            when, title = document.as_of[self._language], document.title[self._language]
            part: Dict[str, Any] = {"source": title, "page": source.page, "url": None}
        else:
            when = self.date(facts[0].as_of or 0)
            part = {"source": self._published(source), "url": source.url and str(source.url)}
        return {"kind": "fact", "when": _capital(when), "text": separator.join(texts), **part}

    def _update(self, fact: Fact) -> Dict[str, Any]:
        update = fact.update
        assert update is not None
        when = self.date(update.as_of)
        if update.confidence != "high":
            when = f"{when}, {self._word('secondary')}"
        source = update.source
        later = _year(update.as_of) > self._document_year(fact)
        return {
            "kind": "update",
            "intro": self._word("since" if later else "besides", when=when),
            "when": when,
            "text": update[self._language],
            "source": self._published(source),
            "url": str(source.url) if source.url else None,
        }

    def _document_year(self, fact: Fact) -> int:
        if isinstance(fact.source, PageSource):
            return _year(self._base.documents[fact.source.document].as_of.iso)
        return _year(fact.as_of or 0)

    def _published(self, source: PublishedSource) -> str:
        return source.text[self._language] if source.text else str(source.url)

    def choice(self, topic: str, aspect: str) -> str:
        """A button's words for an aspect of a topic."""
        return self._word(
            "choice",
            topic=self._base.topics[topic].label[self._language],
            aspect=self._base.aspects[aspect].label[self._language],
        )


def _origin(fact: Fact) -> Tuple[str, str]:
    if isinstance(fact.source, PageSource):
        return fact.source.document, str(fact.source.page)
    return str(fact.source.url), str(fact.source.text)


def _year(when: AsOf) -> int:
    return when.year if isinstance(when, datetime.date) else int(when)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
