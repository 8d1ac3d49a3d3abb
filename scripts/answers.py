"""Writes every answer of the bot to docs/answers.fr.md and docs/answers.en.md, for CACIMA's staff to proof-read.

usage: python -m scripts.answers [--check]; `--check` writes nothing and fails where a page is not current.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Dict, Iterator, List

import yaml

from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.wording import Speaker
from bot.knowledge.answer import ABSENT, CHANGES, COMPARISON, DATES, FACTS, RECKONED, Answer
from bot.knowledge.answering import Answerer
from bot.knowledge.load import knowledge
from bot.knowledge.model import Fact, Topic
from bot.knowledge.operators import NO
from bot.knowledge.question import COMPARE, HOW_MANY, YES_NO, Question
from bot.knowledge.reckoning import AGE, EACH, GAP, SUM
from bot.knowledge.rendering import Renderer
from bot.settings import DATA, LANGUAGES, YAML
from bot.words.typography import typeset

ROOT = DATA.parent
BY = ("date:first", "date:last", "count:last", "count:first", "funding:last", "funding:first")


class Page:
    """All that is said in one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._base = knowledge()
        # The day of the last check stands for today, so that the page changes with the data only.
        today = max(topic.checked for topic in self._base.topics.values())
        self._renderer = Renderer(self._base, language, introduced=True, today=today)
        self._answerer = Answerer(self._base)
        self._words: Dict[str, str] = yaml.load((ROOT / "scripts" / "answers.yml").read_text("utf-8"), YAML)[language]

    def text(self) -> str:
        parts = [f"# {self._words['title']}", self._words["intro"]]
        for topic in sorted(self._base.topics.values(), key=lambda topic: topic.topic):
            parts += [f"## {self._renderer.label(topic.topic)}", *self._of_topic(topic)]
        parts += [f"## {self._words['compared']}", *self._compared()]
        parts += [f"## {self._words['reckoned']}", "\n".join(dict.fromkeys(self._reckoned()))]
        parts += [f"## {self._words['absent']}", *self._absent()]
        parts += [f"## {self._words['guide']}", *self._guide()]
        parts += [f"## {self._words['responses']}", *self._responses()]
        return "\n\n".join(parts) + "\n"

    def _said(self, answer: Answer) -> str:
        return self._renderer.say(answer).body.replace("\n", "\n  ")

    def _line(self, key: str, text: str) -> str:
        return f"- *{self._words[key]}* {text}"

    def _of_topic(self, topic: Topic) -> Iterator[str]:
        for fact in topic.facts:
            label = self._base.attributes[fact.attribute].label[self._language]
            about = ", ".join(self._renderer.named(name) for name in fact.about)
            heading = f"{label} ({about})" if about else label
            yield "\n".join([f"### {heading}", "", *self._of_fact(fact)])

    def _of_fact(self, fact: Fact) -> List[str]:
        plainly = Answer(FACTS, fact.attribute, (fact.topic,), (fact,))
        said = self._renderer.say(plainly)
        lines = [self._line("open", said.body.replace("\n", "\n  "))]
        seen = {said.body}
        if said.source_line:
            lines.append(f"- {said.source_line}")
        for key, answer in self._asked_otherwise(fact):
            text = self._said(answer)
            if text not in seen:
                lines.append(self._line(key, text))
                seen.add(text)
        for key, one in (("shorter", self._renderer.shorter([fact])), ("plain", self._renderer.plain(fact))):
            if one.body not in seen:
                lines.append(self._line(key, one.body))
                seen.add(one.body)
        return lines

    def _asked_otherwise(self, fact: Fact) -> Iterator[tuple]:
        """The same fact asked with yes or no, of a value it holds and of one it does not, and as it is today."""
        if not fact.absent:
            held = fact.value.values[:1]
            other = next((name for name in ("student", "bank") if name not in fact.value.values), "student")
            for key, narrowed in (("yes_no", ()), ("yes_no_held", tuple(held)), ("yes_no_other", (other,))):
                asked = Question(fact.attribute, topics=(fact.topic,), form=YES_NO, narrowed_by=narrowed)
                answer = self._answerer.answer(asked)
                of_this = answer.kind == FACTS and answer.facts[:1] == (fact,) and bool(narrowed or key == "yes_no")
                says = answer.verdict and answer.verdict.says
                if of_this and (key != "yes_no_other" or fact.if_not_said or says == NO):
                    yield key, answer
        if fact.since is not None:
            yield "changes", Answer(CHANGES, "update", (fact.topic,), (fact,))
            yield "dates", Answer(DATES, "year", (fact.topic,), (fact,))

    def _compared(self) -> Iterator[str]:
        for by in BY:
            answer = self._answerer.answer(Question(by.partition(":")[0], topics=("cluster",), form=COMPARE, by=by))
            if answer.kind == COMPARISON:
                yield f"- {self._said(answer)}"
        types = tuple(self._base.facts_of("cluster", "types")[0].value.topics)
        yield f"- {self._said(self._answerer.answer(Question('difference', topics=types)))}"

    def _reckoned(self) -> Iterator[str]:
        """Figures worked out: of each two types, of the parts of a topic, and of each topic."""
        types = self._base.facts_of("cluster", "types")[0].value.topics
        asked = [
            Question(attribute, topics=pair, reckon=reckon)
            for pair in itertools.combinations(types, 2)
            for attribute, reckon in (("count", SUM), ("count", GAP), ("date", GAP))
        ]
        for topic in self._base.topics:
            parts = tuple(self._base.parts_of(topic)[:2])
            asked += [Question("funding", topics=(topic,), reckon=by, narrowed_by=parts) for by in (SUM, GAP) if parts]
            asked += [Question(attribute, topics=(topic,), reckon=EACH) for attribute in ("amount", "size")]
            asked += [Question("date", topics=(topic,), reckon=AGE)]
            shares = [fact for fact in self._base.facts_of(topic, "count") if fact.value.unit == "%"]
            asked += [Question("count", topics=(topic,), form=HOW_MANY, narrowed_by=fact.about[:1]) for fact in shares]
        answers = map(self._answerer.answer, asked)
        yield from (f"- {self._said(answer)}" for answer in answers if answer.kind == RECKONED)

    def _absent(self) -> Iterator[str]:
        """What no source says, of each type of cluster."""
        types = [topic for topic in self._base.topics.values() if topic.kind == "cluster_type"]
        for attribute in self._base.attributes:
            answers = [self._answerer.answer(Question(attribute, topics=(topic.topic,))) for topic in types]
            silent = [f"- {self._said(answer)}" for answer in answers if answer.kind == ABSENT]
            if silent:
                label = self._base.attributes[attribute].label[self._language]
                yield "\n".join([f"### {label}", "", *silent])

    def _guide(self) -> Iterator[str]:
        data = guide_data()
        speaker = Speaker(data, self._base, self._language)
        for criterion in data.criteria:
            lines = [f"### {speaker.question(criterion.id)}", "", f"- {speaker.explanation(criterion.id)}"]
            lines += [
                f"- {speaker.set(a.label)} · {speaker.set(a.said)} · {speaker.set(a.not_said)}"
                for a in criterion.answers
            ]
            yield "\n".join(lines)
        for answer in data.criterion("need").answers:
            answers = {"need": (answer.id,)}
            result = speaker.result(Ranking(data, answers), answers)
            yield "\n".join([f"### {speaker.set(answer.label)}", "", str(result["text"])])

    def _responses(self) -> Iterator[str]:
        responses = yaml.load((ROOT / "domain.yml").read_text("utf-8"), YAML)["responses"]
        for name, variations in responses.items():
            texts = [one["text"] for one in variations if _speaks(one, self._language)]
            if texts and not name.endswith("_too"):
                yield "\n".join(f"- `{name}` {typeset(text, self._language)}" for text in texts)


def _speaks(variation: dict, language: str) -> bool:
    return any(one.get("name") == "language" and one.get("value") == language for one in variation.get("condition", []))


def path_of(language: str) -> Path:
    return ROOT / "docs" / f"answers.{language}.md"


def main(arguments: List[str]) -> int:
    stale = []
    for language in LANGUAGES:
        text, path = Page(language).text(), path_of(language)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"Not current: {', '.join(stale)}. Run `make answers`.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
