"""Answers put into words: what was asked first, its date in the sentence, one line of sources at the end."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

from bot.knowledge import answer as kinds
from bot.knowledge import operators, reckoning
from bot.knowledge.answer import Answer
from bot.knowledge.model import Day, Fact, KnowledgeBase, Link, Since
from bot.knowledge.operators import Verdict
from bot.words.folding import aligned, fold
from bot.words.lexicon import any_of, lexicons
from bot.words.typography import typeset

_ANSWERED_BY_A_VALUE = ("count", "funding", "date")
MOST_BEHIND = 2  # what a comparison names behind the first; a table may show all
_AGING = ("contact", "link")  # what says itself how old it is
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_CONTRACTED = {"de les ": "des ", "de le ": "du ", "à les ": "aux ", "à le ": "au "}
_LEADS = {"fr": ("oui", "non", "pas", "aucun"), "en": ("yes", "no", "not", "probably")}
_OF_SOURCES = re.compile(r"\b(bulletin|sources?)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“«])")


@dataclasses.dataclass
class Said:
    """An answer in one language: `lead` says what was asked, `then` what the document said, `now` what holds since."""

    lead: str = ""
    then: str = ""
    now: str = ""
    rows: List[Dict[str, str]] = dataclasses.field(default_factory=list)
    until: Optional[datetime.date] = None
    checked: Optional[datetime.date] = None
    sources: List[Dict[str, Optional[str]]] = dataclasses.field(default_factory=list)
    links: List[Link] = dataclasses.field(default_factory=list)
    source_line: str = ""

    @property
    def body(self) -> str:
        rows = "\n".join(" ".join(filter(None, (row["head"], row["text"], row["now"]))) for row in self.rows)
        return "\n".join(p for p in (" ".join(p for p in (self.lead, self.then, self.now) if p), rows) if p)

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.body, self.source_line) if part)

    def as_dict(self) -> Dict[str, Any]:
        """What structured clients get."""
        return {
            "lead": self.lead,
            "then": self.then,
            "now": self.now,
            "rows": self.rows,
            "until": self.until and self.until.isoformat(),
            "checked": self.checked and self.checked.isoformat(),
            "sources": self.sources,
            "links": [{"name": link.name, "url": str(link.url), "of": link.of} for link in self.links],
        }


class Renderer:
    """Says answers in one language. `introduced`: the document was named in full before; `today`: the day."""

    def __init__(
        self, base: KnowledgeBase, language: str, introduced: bool = True, today: Optional[datetime.date] = None
    ) -> None:
        self._base = base
        self._language = language
        self._introduced = introduced
        self._today = today or datetime.date.today()

    def word(self, key: str, **values: object) -> str:
        return typeset(self._base.wording[key][self._language].format(**values), self._language)

    def _set(self, text: str) -> str:
        return typeset(text, self._language)

    # Parts of sentences.

    def date(self, when: Day) -> str:
        """A day, a month or a year, as much as is known of it, written out."""
        year, month, day = ([*str(when).split("-"), "", ""])[:3]
        if not month:
            return year
        name = self._base.wording["months"][self._language].split()[int(month) - 1]
        if not day:
            return self.word("month", month=name, year=year)
        number = self._base.wording["first_of_month"][self._language] if int(day) == 1 else str(int(day))
        return self.word("day", day=number, month=name, year=year)

    def named(self, name: str) -> str:
        """A topic or a value in a sentence; else the person's own words, between quotation marks."""
        if name in self._base.topics:
            return self._set(self._base.topics[name].named[self._language])
        if name in self._base.values:
            return self._set(self._base.values[name][self._language])
        return self._set(f"« {name} »" if self._language == "fr" else f"“{name}”")

    def label(self, topic: str) -> str:
        return self._set(self._base.topics[topic].name[self._language])

    def choice(self, topic: str, attribute: str) -> str:
        """A button's words for an attribute of a topic."""
        label = self._base.attributes[attribute].label[self._language]
        return self.word("choice", topic=self._base.topics[topic].name[self._language], attribute=label)

    def phrase(self, attribute: str, topic: Optional[str]) -> str:
        """What no source gives: "a price for PTCEs"."""
        phrase = self._base.attributes[attribute].phrase[self._language]
        known = self._base.topics.get(topic or "")
        one = known.named[self._language] if known else self._base.topics["cluster"].named[self._language]
        if known is None:
            phrase = _OPTIONAL.sub("", phrase)
        phrase = _OPTIONAL.sub(r"\1", phrase).format(topic=one, un=one, one=one)
        for written, said in _CONTRACTED.items():
            phrase = phrase.replace(written, said)
        return phrase

    def _value(self, fact_value: Any) -> str:
        if fact_value.euros is not None:
            return self._euros(fact_value.euros)
        if fact_value.number is not None:
            number = self._number(fact_value.number)
            number = self.word("roughly", number=number) if fact_value.roughly else number
            space = "" if fact_value.unit == "%" and self._language == "en" else " "
            return f"{number}{space}{fact_value.unit}" if fact_value.unit else number
        return self.date(fact_value.date) if fact_value.date else ""

    def _number(self, number: int) -> str:
        return f"{number:,}".replace(",", " " if self._language == "fr" else ",")

    def _euros(self, amount: int) -> str:
        if amount >= 1_000_000:
            millions = f"{amount / 1_000_000:g}".replace(".", "," if self._language == "fr" else ".")
            word = self._base.wording["million" if amount < 2_000_000 else "millions"][self._language]
            of = " d'" if self._language == "fr" else " "
            return f"{millions} {word}{of}euros"
        return self.word("euros", amount=self._number(amount))

    def brief(self, fact: Fact) -> str:
        """A fact in a few words: its value, or its first sentence."""
        facts = self._base.facts_of(fact.topic, fact.attribute)
        several = not fact.about and fact.value.euros and any(f.about and f.value.euros for f in facts)  # no one sum
        told = fact.attribute in _ANSWERED_BY_A_VALUE and not fact.absent and not several
        then = self._value(fact.value) if told else ""
        if not then or (fact.attribute == "date" and fact.value.date is None):
            return self._set(self._first_telling(fact))
        now = self._value(fact.since.value) if fact.since else ""
        if now and fact.since:
            dated = fact.attribute != "date" and fact.value.date
            at = self.date(str(fact.value.date)) if dated else self._base.wording["at_the_time"][self._language]
            return self._set(self.word("brief_then_now", then=then, at=at, now=now, when=self.date(fact.since.as_of)))
        return self._set(self.word("brief", then=then))

    def _first_telling(self, fact: Fact) -> str:
        """The first sentence of a fact that says more than what the bulletin does not; else its first."""
        sentences = _SENTENCE.split(fact[self._language])
        nots = re.compile(any_of(lexicons()[self._language].negations))
        telling = (s for s in sentences if not (_OF_SOURCES.search(aligned(s)) and nots.search(aligned(s))))
        return next(telling, sentences[0])

    # Whole answers.

    def say(self, answer: Answer) -> Said:
        """The answer in words."""
        say = {
            kinds.FACTS: self._facts,
            kinds.CHANGES: self._changes,
            kinds.DATES: self._dates,
            kinds.ABSENT: self._absent,
            kinds.COMPARISON: self._comparison,
            kinds.SELECTION: self._selection,
            kinds.RECKONED: self._reckoned,
        }[answer.kind]
        return say(answer)

    def plain(self, fact: Fact) -> Said:
        """A fact in simple words, where the data has them."""
        return self._sourced(Said(then=self._set((fact.plain or fact)[self._language])), [fact], since=False)

    def shorter(self, facts: Sequence[Fact]) -> Said:
        """The value of each fact and no more."""
        return self._sourced(Said(then=" ".join(self.brief(fact) for fact in facts)), facts)

    def provenance(self, facts: Sequence[Fact], against: Optional[int] = None, other: Optional[Fact] = None) -> Said:
        """Where facts come from. against: a number held against them; other: the fact whose number that is."""
        sourced = self._sourced(Said(), facts)
        if against is not None and other is not None:
            sourced.then = self.word("other_number", number=self._number(against), fact=other[self._language])
        elif against is not None:
            sourced.then = self.word("no_such_number", number=self._number(against))
        sourced.lead = self.word("provenance")
        return sourced

    def of_the_same(self, answer: Answer) -> str:
        """Yes or no for another value asked of the fact just said; empty where the answer is neither."""
        key = {operators.YES: "yes_for", operators.NO: "no_for"}.get(answer.verdict.says if answer.verdict else "")
        value = answer.verdict.value if answer.verdict else None
        return self.word(key, value=self.named(value)) if key and value else ""

    def unsourced(self, attribute: str, topic: Optional[str]) -> Said:
        """That what was asked last stands in no source, once more."""
        return Said(lead=self.word("unsourced", phrase=self.phrase(attribute, topic)), checked=self._today)

    def _facts(self, answer: Answer) -> Said:
        said = Said(lead=self._lead(answer))
        if len(answer.facts) == 1:
            said.then, said.now = self._fact(answer.facts[0], answer)
        elif answer.attribute == kinds.DIFFERENCE:
            said.rows = [self._row(fact, answer.facts, since=False) for fact in answer.facts]
        else:
            said.rows = [self._row(fact, answer.facts) for fact in answer.facts]
        return self._sourced(said, answer.facts, since=answer.attribute != kinds.DIFFERENCE)

    def _row(self, fact: Fact, among: Sequence[Fact], since: bool = True) -> Dict[str, str]:
        """One fact of several. head: what it is of, where the facts are of several topics and its words do not say."""
        now = self._now(fact.since) if since and fact.since else ""
        names = getattr(self._base.topics[fact.topic].aliases, self._language)
        named = re.search(any_of(map(fold, names)), aligned(fact[self._language])) if names else None
        several = len({other.topic for other in among}) > 1
        head = self.word("row", name=self.label(fact.topic)) if several and not named else ""
        return {"title": self.label(fact.topic), "head": head, "text": self._set(fact[self._language]), "now": now}

    def _now(self, since: Since) -> str:
        return self._set(since.on(self._today)[self._language])

    def _fact(self, fact: Fact, answer: Answer) -> Tuple[str, str]:
        now = self._now(fact.since) if fact.since else ""
        verdict = answer.verdict
        special = None
        if verdict is not None and verdict.value is not None:
            special = {
                operators.YES: fact.if_yes,
                operators.NOT_ONLY: None,
                operators.NO: fact.if_no,
                operators.NOT_SAID: fact.if_not_said,
            }.get(verdict.says)
        if verdict is not None and verdict.value is None and verdict.says == operators.NO:
            special = fact.if_no
        if special is not None and ("{value}" not in special.fr or self._is_a_case(verdict)):
            value = self.named(verdict.value) if verdict and verdict.value else ""
            return self._set(special[self._language].format(value=value)), now
        return self._set(fact[self._language]), now

    def _is_a_case(self, verdict: Optional[Verdict]) -> bool:
        """Whether what holds is one activity or one kind of company, which "included" can be said of."""
        name = verdict.value if verdict else None
        if name is None or name not in self._base.values or name in operators.GENERIC:
            return False
        return self._base.values[name].kind == "activity" or "company" in self._base.with_broader(name)

    def _lead(self, answer: Answer) -> str:
        if answer.verdict is not None:
            says = answer.verdict.says
            if says == operators.NOT_SAID and answer.verdict.value:
                return self.word("not_said_of", value=self.named(answer.verdict.value))
            return "" if _says_it(answer.facts[0][self._language], says, self._language) else self.word(says)
        if answer.limit is not None:
            return f"{self.word('narrowed', value=self.named(answer.limit))} {self.word('whole')}"
        return ""

    def _changes(self, answer: Answer) -> Said:
        changed = [fact for fact in answer.facts if fact.since is not None or fact.attribute == "existence"]
        if not changed:
            said = Said(
                lead="" if answer.facts[0].attribute in _AGING else self.word("no_change"),
                then=" ".join(self._set(f[self._language]) for f in answer.facts[:1]),
            )
            return self._sourced(said, answer.facts[:1])
        lead = ""
        first = changed[0]
        if len(changed) == 1 and first.since and first.since.value.all_numbers() and first.value.all_numbers():
            lead = self.word("no_longer")
        elif first.attribute == "existence" and first.value.is_ is False:
            lead = self.word("no")
        parts = [self._now(f.since) if f.since else self._set(f[self._language]) for f in changed]
        parts = [part for part in parts if not any(part != other and part in other for other in parts)]
        if lead and first.since:
            parts = [f"{self._set(first[self._language])} {parts[0]}"]
        return self._sourced(Said(lead=lead, now=" ".join(parts)), changed, then=bool(lead))

    def _dates(self, answer: Answer) -> Said:
        fact = answer.facts[0]
        when = fact.value.date if fact.value.date and fact.attribute == "count" else None
        dates = [d for source in fact.source for d in [self._base.publications.get(source)] if d and d.date]
        if when:
            lead = self.word("dated", date=self.date(when))
        elif any("." in source for source in fact.source):
            lead = self.word("dated_document")
        elif dates and dates[0].date:
            lead = self.word("dated", date=self.date(dates[0].date))
        elif fact.since and not fact.source:
            return self._sourced(Said(lead=self.word("dated", date=self.date(fact.since.as_of))), [fact])
        else:  # known from when it was looked up, later than what has changed since
            return self._sourced(Said(lead=self.word("dated", date=self.date(fact.checked.strftime("%Y-%m")))), [fact])
        now = self.word("dated_since", date=self.date(fact.since.as_of)) if fact.since else ""
        return self._sourced(Said(lead=lead, now=now), [fact])

    def _absent(self, answer: Answer) -> Said:
        topic = answer.topics[0] if answer.topics else None
        lead = self.word("absent", phrase=self.phrase(answer.attribute, topic))
        near = answer.facts[:1]
        if not near:
            told_by_nobody = self._base.attributes[answer.attribute].nobody
            return Said(lead=lead, then="" if told_by_nobody else self.word("who_knows"), checked=self._today)
        then = f"{self.word('near')} {self._set(near[0][self._language])}"
        return self._sourced(Said(lead=lead, then=then), near, since=False)

    def _reckoned(self, answer: Answer) -> Said:
        """A figure worked out, and what from."""
        assert answer.reckoning is not None
        facts, unit = answer.facts, answer.reckoning.unit
        dated = unit in (reckoning.YEARS, reckoning.SINCE)
        values = [self.date(str(fact.value.date)) if dated else self._value(fact.value) for fact in facts]
        names = [self._name(fact, fact.about) for fact in facts]
        items = [self.word("compare_item", name=n, value=v) for n, v in zip(names, values, strict=True)]
        words = self.word(
            f"reckoned_{answer.reckoning.by}",
            result=self._result(answer.reckoning),
            items=self._listed(items),
            topic=self.named(facts[0].topic),
            total=values[0],
            number=values[-1],
            year=self.date(str(facts[-1].value.date)[:4]) if facts[-1].value.date else "",
        )
        lead = f"{self.word(answer.verdict.says)} {words}" if answer.verdict else words
        printed = all("." in source for fact in facts for source in fact.source)
        then = self.word("reckoned" if printed else "reckoned_otherwise")
        changed = [fact for fact in facts if fact.since and fact.since.value.number and not dated]
        later = self._listed([self._later(fact) for fact in changed])
        now = self.word("reckoned_since", items=later) if later else ""
        return self._sourced(Said(lead=lead, then=then, now=now), facts, since=bool(later))

    def _result(self, worked_out: reckoning.Reckoning) -> str:
        amount, unit = worked_out.amount, worked_out.unit
        if unit == reckoning.EUROS:
            return self._euros(amount)
        if unit == reckoning.SINCE:
            amount = self._today.year - amount
        dated = unit in (reckoning.YEARS, reckoning.SINCE)
        return self.word("years", number=amount) if dated else self._number(amount)

    def _later(self, fact: Fact) -> str:
        """What a number has become since the document, and when."""
        assert fact.since is not None
        value, when = self._value(fact.since.value), self.date(fact.since.as_of)
        return self.word("later_item", name=self.named(fact.topic), value=value, when=when)

    def _name(self, fact: Fact, parts: Iterable[str]) -> str:
        """What a fact of several is of: its part, where they are parts of one topic, else its topic."""
        return self.named(next((part for part in fact.about if part in parts), fact.topic))

    def _comparison(self, answer: Answer) -> Said:
        def name(fact: Fact) -> str:
            return self._name(fact, answer.among)

        first, *others = answer.facts[: 1 + MOST_BEHIND]
        key = f"by_{str(answer.by).replace(':', '_')}"
        dated = str(answer.by).startswith("date")

        def value_of(fact: Fact) -> str:
            return self.date(fact.value.date) if dated and fact.value.date else self._value(fact.value)

        value = value_of(first)
        what = self._base.wording[key][self._language]
        aged = any(fact.since and fact.since.value.all_numbers() for fact in answer.facts)
        lead = self.word("compare_dated" if aged else "compare_first", what=what, first=name(first), value=value)
        if answer.verdict is not None:
            lead = f"{self.word(answer.verdict.says)} {lead}"
        items = [self.word("compare_item", name=name(fact), value=value_of(fact)) for fact in others]
        then = self.word("compare_then", others=self._listed(items)) if items else ""
        asked = list(answer.missing)
        now = self.word("compare_unknown", names=self._listed([self.named(t) for t in asked])) if asked else ""
        return self._sourced(Said(lead=lead, then=then, now=now), answer.facts, since=False)

    def _selection(self, answer: Answer) -> Said:
        names = [self.named(topic) for topic in answer.topics]
        if not names:
            lead = self.word("select_none")
        elif answer.besides:
            lead = self.word("select_others", names=self._listed(names))
        elif len(names) == len(answer.among):
            lead = self.word("select_all", names=self._listed(names))
        else:
            lead = self.word("select_some", count=len(names), all=len(answer.among), names=self._listed(names))
        held = [f for topic in (answer.topics or answer.among) for f in self._base.facts_of(topic, answer.attribute)]
        facts = answer.facts or held
        return self._sourced(Said(lead=lead), facts, since=False)

    def _listed(self, names: Sequence[str]) -> str:
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + self._base.wording["and"][self._language] + names[-1]

    # Sources.

    def _sourced(self, said: Said, facts: Iterable[Fact], since: bool = True, then: bool = True) -> Said:
        facts = list(facts)
        keys = [source for fact in facts if then or fact.since is None for source in fact.source]
        keys += [source for fact in facts if since and fact.since for source in fact.since.source]
        said.sources = self.sources(list(dict.fromkeys(keys)))
        said.links = [link for fact in facts for link in fact.links]
        said.checked = min((fact.checked for fact in facts), default=None)
        said.until = next((f.since.until for f in facts if since and f.since and f.since.until), None)
        names = [" ".join(n for n in (s["name"], s["date"] and f"({s['date']})") if n) for s in said.sources]
        if names:
            joined = " · ".join(names)
            said.source_line = self.word("source" if len(names) == 1 else "sources", sources=joined)
        return said

    def sources(self, keys: Sequence[str]) -> List[Dict[str, Optional[str]]]:
        """Documents and publications by name, with an address where there is one."""
        pages: Dict[str, List[int]] = {}
        for key in keys:
            document, _, page = key.partition(".")
            if document in self._base.documents and page:
                pages.setdefault(document, []).append(int(page))
        sources: List[Dict[str, Optional[str]]] = []
        for name, numbers in pages.items():
            printed = self._base.documents[name]
            called = printed.name if self._introduced or sources else printed.title
            listed = self._listed([str(number) for number in sorted(set(numbers))])
            page = self.word("page", pages=listed)
            at = f"/{self._language}/bulletin#p{min(numbers)}"
            sources.append({"name": self._set(f"{called[self._language]}, {page}"), "url": at, "date": None})
        for key in keys:
            known = self._base.publications.get(key)
            if known is not None:
                url = str(known.url) if known.url else None
                date = self.date(known.date) if known.date else None
                sources.append({"name": self._set(known.called(self._language)), "url": url, "date": date})
        return sources


def _says_it(text: str, verdict: str, language: str) -> bool:
    """Whether a sentence leads with yes or no by itself; "Non-profits" does not."""
    first = re.split(r"[\s.,;:!?]+", text.strip(), maxsplit=1)[0].lower()
    return first in _LEADS[language] and verdict != operators.NOT_SAID
