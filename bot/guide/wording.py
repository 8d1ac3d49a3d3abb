"""What the guide says, in one language: what was heard, what remains, the result and its mail."""

from __future__ import annotations

from typing import Any, Dict, List, Optional
from urllib.parse import quote

from bot.guide.model import NOT, GuideData, Step
from bot.guide.ranking import Answers, Ranked, Ranking, Reason
from bot.knowledge.model import KnowledgeBase, Text
from bot.knowledge.rendering import Renderer
from bot.words.typography import typeset

MOST_REASONS = 2
MOST_BODIES = 3
LONGEST_MAIL = 1600  # characters of a mailto: link; mail programs cut longer ones


class Speaker:
    """Puts the guide's findings into words."""

    def __init__(self, data: GuideData, base: KnowledgeBase, language: str) -> None:
        self._data = data
        self._base = base
        self._language = language
        self._renderer = Renderer(base, language)

    def say(self, key: str, **values: object) -> str:
        return typeset(self._data.wording[key][self._language].format(**values), self._language)

    def set(self, text: Text) -> str:
        """A text of the data in this language, typeset."""
        return typeset(text[self._language], self._language)

    def label(self, path: str) -> str:
        if path == "cacima":
            return self.say("path_cacima")
        return typeset(self._base.topics[path].name[self._language], self._language)

    def question(self, criterion: str) -> str:
        return typeset(self._data.criterion(criterion).question[self._language], self._language)

    def explanation(self, criterion: str) -> str:
        return typeset(self._data.criterion(criterion).explain[self._language], self._language)

    def heard(self, criterion: str, given: str) -> str:
        """One answer as the person would hear it back; a denial is said as one."""
        answer = self._data.criterion(criterion).answer(given)
        text = answer.not_said if given.startswith(NOT) else answer.said
        return typeset(text[self._language], self._language)

    def said(self, answers: Answers) -> str:
        """The answers as the person would hear them back, joined."""
        return ", ".join(
            self.heard(criterion.id, given)
            for criterion in self._data.criteria
            for given in answers.get(criterion.id, ())
        )

    def reason(self, path: str, reason: Reason) -> str:
        """A reason: the person's answer and the path's trait; each comes from a criterion that counted."""
        trait = typeset(self._data.traits[path][reason.criterion][self._language], self._language)
        said = self.heard(reason.criterion, reason.answer)
        return self.say("reason" if reason.weight > 0 else "counter", said=said, trait=trait)

    def reasons(self, ranked: Ranked) -> List[str]:
        """At most two reasons, of different questions."""
        once = {reason.criterion: reason for reason in reversed(ranked.reasons)}
        kept = [reason for reason in ranked.reasons if once[reason.criterion] is reason]
        return [self.reason(ranked.path, reason) for reason in kept[:MOST_REASONS]]

    def against(self, ranked: Ranked) -> List[str]:
        return [self.reason(ranked.path, reason) for reason in ranked.against[:1]]

    def closed(self, path: str) -> str:
        closed = self._data.advice[path].closed
        return typeset(closed[self._language], self._language) if closed else ""

    def fits(self, path: str) -> str:
        return typeset(self._data.advice[path].fits[self._language], self._language)

    def why_not(self, path: str, ranking: Ranking) -> str:
        """Why a path has fallen, or that nothing speaks against it."""
        ranked = ranking.of(path)
        if ranked.against:
            return self.say(
                "why_not_dropped", path=self.label(path), reasons=self.say("separator").join(self.against(ranked))
            )
        if self.closed(path):
            return self.say("why_not_closed", path=self.label(path), closed=self.closed(path))
        return self.say("why_not_open", path=self.label(path))

    def progress(self, ranking: Ranking, criterion: str, step: int) -> Dict[str, Any]:
        """For clients that show which paths are still possible, and why the others fell."""
        remaining = ranking.remaining()
        return {
            "question": criterion,
            "step": step,
            "most": self._data.most_questions,
            "explain": self.explanation(criterion),
            "remaining": [{"id": name, "label": self.label(name)} for name in remaining],
            "dropped": [
                {"id": name, "label": self.label(name), "why": self.why_not(name, ranking)}
                for name in self._data.paths
                if name not in remaining
            ],
        }

    def _step(self, answers: Answers, path: str) -> Step:
        """This week's step, for the need that speaks most for a path; of such needs, the first that has one."""
        known = self._data.criterion("need")
        needs = [name for name in answers.get("need", ()) if not name.startswith(NOT)]
        steps = [step for step in self._data.steps if step.need is None or step.need in needs]
        return max(steps, key=lambda step: known.answer(step.need).weights.get(path, 0) if step.need else -100)

    def step(self, answers: Answers, path: str) -> str:
        """This week's step towards a path."""
        return typeset(self._step(answers, path)[self._language], self._language)

    def _bodies(self, step: Step, answers: Answers) -> List[str]:
        named = [body for activity in answers.get("activity", ()) for body in self._data.bodies.get(activity, ())]
        return list(dict.fromkeys([*step.bodies, *named]))

    def same_advice(self, path: str) -> str:
        """That what was advised before still is."""
        return self.say("same_advice", fits=_small(self.fits(path)))

    def why(self, best: Ranked) -> List[str]:
        """What speaks for a path, and what against it, a line each."""
        said = (("why", self.reasons(best)), ("against", self.against(best)))
        return [self.say(key, reasons=self.say("separator").join(reasons)) for key, reasons in said if reasons]

    @staticmethod
    def second(ranking: Ranking) -> Optional[Ranked]:
        """The path that comes next, where something speaks for it."""
        return next((ranked for ranked in ranking.ranked[1:] if ranked.score > 1), None)

    def second_choice(self, ranking: Ranking) -> str:
        """The path that comes next, with its reasons; that there is none where nothing speaks for one."""
        second = self.second(ranking)
        if second is None:
            return self.say("no_second")
        closed = self.closed(second.path)
        lines = [self.say("second", fits=_small(self.fits(second.path))), *self.why(second)]
        return "\n".join([*lines, closed] if closed else lines)

    def result(self, ranking: Ranking, answers: Answers) -> Dict[str, Any]:
        """The result in parts, and whole: `text` to read, `summary` to copy, `mailto` to send."""
        best: Optional[Ranked] = ranking.ranked[0] if ranking.fits() else None
        if best is None:
            return self._without_fit(answers)
        step = self._step(answers, best.path)
        title = self.fits(best.path)
        second = self.second(ranking)
        bodies = [body for body in self._bodies(step, answers) if body != "cacima"][:MOST_BODIES]
        lines = [title, *self.why(best)]
        lines += [self.closed(best.path)] if self.closed(best.path) else []
        week = typeset(step[self._language], self._language)
        lines += [self.say("week", step=week)]
        lines += [self.say("see_also", bodies=", ".join(self._named(b) for b in bodies))] if bodies else []
        lines += [self.say("write_to")]
        otherwise = self.say("second", fits=_small(self.fits(second.path))) if second else ""
        lines += [otherwise] if otherwise else []
        sources = self._sources(best)
        text = "\n".join([*lines, *self._source_line(sources)])
        body = self.say("mail_body", fits=title, said=self.said(answers) or self.say("nothing_said"))
        return {
            "text": text,
            "path": best.path,
            "title": title,
            "why": self.reasons(best),
            "against": self.against(best),
            "closed": self.closed(best.path),
            "step": week,
            "second": otherwise,
            "bodies": [{"name": self._named(body), "url": self._site(body)} for body in bodies],
            "sources": sources,
            "summary": "\n".join([self.said(answers), *lines]),
            "mailto": self._mail(self.say("mail_subject", path=self.label(best.path)), body),
        }

    def _without_fit(self, answers: Answers) -> Dict[str, Any]:
        """Nothing fits: a person does, with a summary of what was said."""
        text = self.say("nothing_fits")
        said = self.said(answers) or self.say("nothing_said")
        body = self.say("mail_body", fits=text, said=said)
        whole = f"{text}\n{self.say('write_to')}"
        mail = self._mail(self.say("mail_subject", path=self.label("cacima")), body)
        return {"text": whole, "path": None, "title": text, "summary": f"{said}\n{whole}", "mailto": mail}

    def _mail(self, subject: str, body: str) -> str:
        """A mailto: link with subject and body, cut so that every mail program takes it."""
        link = f"mailto:{self._data.mail_to}?subject={quote(subject)}&body="
        while len(link) + len(quote(body)) > LONGEST_MAIL:
            body = body[: -max(1, (len(link) + len(quote(body)) - LONGEST_MAIL) // 3)]
        return link + quote(body)

    def _named(self, body: str) -> str:
        return typeset(self._base.topics[body].named[self._language], self._language)

    def _site(self, body: str) -> Optional[str]:
        links = [link for fact in self._base.facts_of(body, "link") for link in fact.links if link.of is None]
        return str(links[0].url) if links else None

    def _sources(self, best: Ranked) -> List[Dict[str, Optional[str]]]:
        traits = [self._data.traits[best.path].get(reason.criterion) for reason in best.reasons[:MOST_REASONS]]
        keys = [*(trait.source for trait in traits if trait and trait.source), *self._data.advice[best.path].source]
        return self._renderer.sources(list(dict.fromkeys(keys)))

    def _source_line(self, sources: List[Dict[str, Optional[str]]]) -> List[str]:
        line = " · ".join(str(source["name"]) for source in sources)
        return [self._renderer.word("source" if len(sources) == 1 else "sources", sources=line)] if sources else []


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
