"""What the guide says, in one language: reasons, what remains, the result and its summary. All words are data."""

from __future__ import annotations

from typing import Any, Dict, List, Optional
from urllib.parse import quote

from bot.guide.model import GuideData
from bot.guide.ranking import Answers, Ranked, Ranking, Reason
from bot.knowledge.answering import FACTS, Answer
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.rendering import Renderer

MOST_REASONS = 3


class Speaker:
    """Puts the guide's findings into words."""

    def __init__(self, data: GuideData, base: KnowledgeBase, language: str) -> None:
        self._data = data
        self._base = base
        self._language = language

    def say(self, key: str, **values: object) -> str:
        return self._data.wording[key][self._language].format(**values)

    def label(self, name: str) -> str:
        return self._base.topics[name].name[self._language]

    def question(self, criterion: str) -> str:
        return self._data.criterion(criterion).question[self._language]

    def explanation(self, criterion: str) -> str:
        return self._data.criterion(criterion).explain[self._language]

    def said(self, answers: Answers) -> str:
        """The answers as the person would hear them back, joined."""
        return ", ".join(
            criterion.answer(answer).said[self._language]
            for criterion in self._data.criteria
            for answer in answers.get(criterion.id, ())
        )

    def reason(self, name: str, reason: Reason) -> str:
        """A reason: the person's answer and the type's trait; each comes from a criterion that counted."""
        trait = self._data.traits[name][reason.criterion]
        said = self._data.criterion(reason.criterion).answer(reason.answer).said[self._language]
        return self.say(
            "reason" if reason.weight > 0 else "counter", said=said, trait=trait[self._language], page=trait.page
        )

    def reasons(self, ranked: Ranked) -> List[str]:
        return [self.reason(ranked.type, reason) for reason in ranked.reasons[:MOST_REASONS]]

    def against(self, ranked: Ranked) -> List[str]:
        return [self.reason(ranked.type, reason) for reason in ranked.against[:MOST_REASONS]]

    def why_not(self, name: str, ranking: Ranking) -> str:
        """Why a type has fallen, or that it has not."""
        ranked = ranking.of(name)
        if ranked.against:
            return self.say(
                "why_not_dropped", type=self.label(name), reasons=self.say("separator").join(self.against(ranked))
            )
        if ranking.ranked[0].type == name or not any(ranking.scores().values()):
            return self.say("why_not_open", type=self.label(name))
        return self.say("why_not_less", type=self.label(name), leader=self.label(ranking.ranked[0].type))

    def progress(self, ranking: Ranking, criterion: str, step: int) -> Dict[str, Any]:
        """For clients that show which types are still possible, and why the others fell."""
        remaining = ranking.remaining()
        return {
            "question": criterion,
            "step": step,
            "most": self._data.most_questions,
            "remaining": [{"id": name, "label": self.label(name)} for name in remaining],
            "dropped": [
                {"id": name, "label": self.label(name), "why": self.why_not(name, ranking)}
                for name in self._data.types
                if name not in remaining
            ],
        }

    def result(self, ranking: Ranking, answers: Answers) -> Dict[str, Any]:
        """The result in parts, and whole: `text` to read, `summary` to copy, `mailto` to send."""
        best: Optional[Ranked] = ranking.ranked[0] if ranking.fits() else None
        steps = [step[self._language] for step in self._data.steps]
        text = self._recommendation(best, ranking) if best else self.say("nothing_fits")
        ending = [self.say("steps"), *[f"{n}. {step}" for n, step in enumerate(steps, 1)], self.say("disclaimer")]
        title = self.label(best.type) if best else ""
        whole = "\n".join([text, *ending])
        summary = "\n".join([self.say("summary_title"), self.say("my_answers", said=self.said(answers)), whole])
        subject = self.say("mail_subject", type=title).rstrip(" :\u00a0")
        return {
            "text": whole,
            "ranked": [
                {
                    "id": ranked.type,
                    "label": self.label(ranked.type),
                    "score": ranked.score,
                    "reasons": self.reasons(ranked),
                    "against": self.against(ranked),
                }
                for ranked in ranking.ranked
            ]
            if best
            else [],
            "steps": steps,
            "summary": summary,
            "mailto": f"mailto:{self._data.mail_to}?subject={quote(subject)}&body={quote(summary)}",
        }

    def _recommendation(self, best: Ranked, ranking: Ranking) -> str:
        recommended = self._data.recommended[best.type]
        facts = tuple(self._base.fact(fact) for fact in recommended.facts)
        lines = [self.say("recommendation", type=self.label(best.type))]
        lines += [self.say("why", reasons=self.say("separator").join(self.reasons(best)))] if best.reasons else []
        lines += [self.say("against", reasons=self.say("separator").join(self.against(best)))] if best.against else []
        lines += [Renderer(self._base, self._language).say(Answer(FACTS, "definition", facts=facts)).body]
        lines += [recommended.here[self._language]]
        second = ranking.ranked[1]
        if second.score > 0 and second.reasons:
            lines += [
                self.say("second", type=self.label(second.type))
                + " "
                + self.say("why", reasons=self.reasons(second)[0])
            ]
        return "\n".join(lines)
