"""Where a guide stands: plain values that survive in a conversation's slot."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Tuple

from bot.guide.ranking import Answers


@dataclasses.dataclass(frozen=True)
class State:
    """`answers`: by criterion, empty where the person does not know. `asked`: questions put, the last one open.

    `misses`: answers in a row that could not be read. `trail`: the answers before each change, for going back.
    """

    answers: Mapping[str, Tuple[str, ...]] = dataclasses.field(default_factory=dict)
    asked: Tuple[str, ...] = ()
    misses: int = 0
    trail: Tuple[Mapping[str, Tuple[str, ...]], ...] = ()

    @property
    def current(self) -> Optional[str]:
        return self.asked[-1] if self.asked else None

    def with_answers(self, found: Answers, several: Mapping[str, bool]) -> State:
        """New answers replace old ones ("in fact we are twelve"); where several are right, they are added."""
        merged = dict(self.answers)
        for criterion, answers in found.items():
            kept = merged.get(criterion, ()) if several.get(criterion) else ()
            merged[criterion] = tuple(dict.fromkeys([*kept, *answers]))
        return dataclasses.replace(self, answers=merged, misses=0, trail=(*self.trail, self.answers))

    def asking(self, criterion: str) -> State:
        return self if criterion == self.current else dataclasses.replace(self, asked=(*self.asked, criterion))

    def back(self) -> Optional[State]:
        """As before the last answer; None at the beginning."""
        if not self.trail:
            return None
        answers = self.trail[-1]
        asked = tuple(criterion for criterion in self.asked if criterion in answers)
        return State(answers=answers, asked=asked, trail=self.trail[:-1])

    def missed(self) -> State:
        return dataclasses.replace(self, misses=self.misses + 1)

    def as_json(self) -> Dict[str, Any]:
        return {
            "answers": {criterion: list(answers) for criterion, answers in self.answers.items()},
            "asked": list(self.asked),
            "misses": self.misses,
            "trail": [{c: list(a) for c, a in answers.items()} for answers in self.trail],
        }

    @classmethod
    def from_json(cls, value: Optional[Mapping[str, Any]]) -> State:
        value = value or {}
        trail: List[Dict[str, Tuple[str, ...]]] = [
            {c: tuple(a) for c, a in answers.items()} for answers in value.get("trail", [])
        ]
        return cls(
            answers={c: tuple(a) for c, a in value.get("answers", {}).items()},
            asked=tuple(value.get("asked", ())),
            misses=int(value.get("misses", 0)),
            trail=tuple(trail),
        )
