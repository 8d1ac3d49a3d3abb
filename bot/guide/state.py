"""Where a guide stands: plain values that survive in a conversation's slot."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from bot.guide.model import NOT, Criterion, GuideData
from bot.guide.ranking import Answers

MOST_TRAIL = 12


@dataclasses.dataclass(frozen=True)
class State:
    """`answers`: by criterion, empty where the person does not know. `asked`: questions put, the last one open.

    `misses`: answers in a row that could not be read. `puts`: how often the open question was put. `trail`: the answers
    before each change, for going back. `reminders`: how often the open question was put again after an interruption,
    since the last answer. `told`: the path of the result said last.
    """

    answers: Mapping[str, Tuple[str, ...]] = dataclasses.field(default_factory=dict)
    asked: Tuple[str, ...] = ()
    misses: int = 0
    puts: int = 0
    trail: Tuple[Mapping[str, Tuple[str, ...]], ...] = ()
    reminders: int = 0
    told: Optional[str] = None

    @property
    def current(self) -> Optional[str]:
        return self.asked[-1] if self.asked else None

    def with_answers(self, found: Answers, data: GuideData) -> State:
        """New answers replace old ones ("in fact we are twelve").

        Where several are right they are added; an answer and its denial replace each other, and so do "nobody" and
        whoever is named.
        """
        merged = dict(self.answers)
        for name, answers in found.items():
            criterion = data.criterion(name)
            kept = merged.get(name, ()) if criterion.several else ()
            undone = {a[1:] if a.startswith(NOT) else NOT + a for a in answers}
            undone |= _excluded(criterion, answers)
            merged[name] = criterion.without_rest([*(a for a in kept if a not in undone), *answers])
        trail = (*self.trail, self.answers)[-MOST_TRAIL:]
        return dataclasses.replace(self, answers=merged, misses=0, trail=trail, reminders=0)

    def without(self, criterion: str) -> State:
        """With one question open again."""
        answers = {name: given for name, given in self.answers.items() if name != criterion}
        trail = (*self.trail, self.answers)[-MOST_TRAIL:]
        return dataclasses.replace(self, answers=answers, misses=0, trail=trail, asked=(*self.asked, criterion), puts=0)

    def given(self, criterion: str, answers: Sequence[str]) -> Tuple[str, ...]:
        """Those of these answers, denied or not, that were given."""
        named = {answer.lstrip(NOT) for answer in answers}
        return tuple(answer for answer in self.answers.get(criterion, ()) if answer.lstrip(NOT) in named)

    def without_answers(self, found: Answers) -> State:
        """Without these answers, denied or not; a question left without any is open again."""
        left = {
            name: tuple(answer for answer in given if answer not in self.given(name, found.get(name, ())))
            for name, given in self.answers.items()
        }
        answers = {name: given for name, given in left.items() if given or not self.answers[name]}
        trail = (*self.trail, self.answers)[-MOST_TRAIL:]
        return dataclasses.replace(self, answers=answers, misses=0, trail=trail)

    def asking(self, criterion: str) -> State:
        if criterion == self.current:
            return dataclasses.replace(self, puts=self.puts + 1)
        return dataclasses.replace(self, asked=(*self.asked, criterion), puts=1)

    def reminded(self) -> State:
        return dataclasses.replace(self, reminders=self.reminders + 1)

    def resumable(self) -> State:
        """As it is kept while the guide is put aside."""
        return dataclasses.replace(self, reminders=0, misses=0, puts=0)

    def back(self) -> Optional[State]:
        """As before the last answer; None at the beginning."""
        if not self.trail:
            return None
        return dataclasses.replace(
            self, answers=self.trail[-1], trail=self.trail[:-1], asked=self.asked[:-1], misses=0, puts=0
        )

    def missed(self) -> State:
        return dataclasses.replace(self, misses=self.misses + 1)

    def as_json(self) -> Dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, value: Optional[Mapping[str, Any]]) -> State:
        """A state kept earlier; an empty one where there is none."""
        value = value or {}
        trail: List[Mapping[str, Tuple[str, ...]]] = [_answers(one) for one in value.get("trail", ())]
        return cls(
            answers=_answers(value.get("answers", {})),
            asked=tuple(value.get("asked", ())),
            misses=int(value.get("misses", 0)),
            puts=int(value.get("puts", 0)),
            trail=tuple(trail),
            reminders=int(value.get("reminders", 0)),
            told=value.get("told"),
        )


def _excluded(criterion: Criterion, answers: Tuple[str, ...]) -> Set[str]:
    """What cannot stand beside new answers: nobody beside somebody, anybody beside nobody."""
    nobody = {answer.id for answer in criterion.answers if answer.deny}
    somebody = {answer.id for answer in criterion.answers} - nobody
    said = {answer for answer in answers if not answer.startswith(NOT)}
    return (somebody if said & nobody else set()) | (nobody if said & somebody else set())


def _answers(value: Mapping[str, Any]) -> Dict[str, Tuple[str, ...]]:
    return {name: tuple(given) for name, given in value.items()}
