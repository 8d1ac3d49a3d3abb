"""Scores, what to ask next, when to stop and why. Answers are a set: their order changes nothing.

The score of a path is the sum of the weights of the answers given; an answer that was denied takes away what it would
have added. docs/decisions/0007 says why no more than that.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, List, Mapping, Optional, Tuple

from bot.guide.model import NOT, Choice, Criterion, GuideData

_TELLING = 2  # weight from which a denied answer is told as what speaks against a path
Answers = Mapping[str, Tuple[str, ...]]  # criterion id -> ids of its answers; empty where the person does not know


@dataclasses.dataclass(frozen=True)
class Reason:
    """An answer that counted for or against a path, and by how much."""

    criterion: str
    answer: str
    weight: int


@dataclasses.dataclass(frozen=True)
class Ranked:
    """A path with its score and the answers that made it."""

    path: str
    score: int
    reasons: Tuple[Reason, ...]  # heaviest first
    against: Tuple[Reason, ...]


class Ranking:
    """The paths as the answers rank them."""

    def __init__(self, data: GuideData, answers: Answers) -> None:
        self._data = data
        self._answers = answers
        self.ranked = sorted(
            (self._rank(name) for name in data.paths), key=lambda r: (-r.score, data.paths.index(r.path))
        )

    def _given(self) -> List[Tuple[Criterion, Choice, str]]:
        return [
            (criterion, criterion.answer(answer), answer)
            for criterion in self._data.criteria
            for answer in sorted(self._answers.get(criterion.id, ()))
        ]

    def _rank(self, name: str) -> Ranked:
        counted = [
            Reason(criterion.id, given, weight)
            for criterion, answer, given in self._given()
            if (weight := weight_of(answer, given, name))
        ]
        explained = [reason for reason in counted if reason.criterion in self._data.traits.get(name, {})]
        reasons = sorted((r for r in explained if r.weight > 0), key=lambda r: -r.weight)
        # A denied answer of little weight is no argument against a path.
        told = [r for r in explained if r.weight < 0 and not (r.answer.startswith(NOT) and r.weight > -_TELLING)]
        against = sorted(told, key=lambda r: r.weight)
        return Ranked(name, sum(reason.weight for reason in counted), tuple(reasons), tuple(against))

    def of(self, name: str) -> Ranked:
        """A path's place; KeyError for a path that is none."""
        for ranked in self.ranked:
            if ranked.path == name:
                return ranked
        raise KeyError(name)

    def open_criteria(self) -> List[Criterion]:
        return [criterion for criterion in self._data.criteria if criterion.id not in self._answers]

    def remaining(self) -> List[str]:
        """Paths that could still come first, whatever is answered to the open questions; best first."""
        best = self.ranked[0]
        gains = {
            name: sum(self._span(criterion, name)[1] for criterion in self.open_criteria()) for name in self._data.paths
        }
        losses = sum(self._span(criterion, best.path)[0] for criterion in self.open_criteria())
        return [r.path for r in self.ranked if r.score + gains[r.path] >= best.score + losses]

    def _span(self, criterion: Criterion, name: str) -> Tuple[int, int]:
        """The least and the most a criterion can add to a path."""
        weights = [answer.weights.get(name, 0) for answer in criterion.answers]
        most = sum(w for w in weights if w > 0) if criterion.several else max(weights)
        least = sum(w for w in weights if w < 0) if criterion.several else min(weights)
        return min(least, 0), max(most, 0)

    def next_question(self) -> Optional[Criterion]:
        """The next open question; None when a path leads clearly, or all is asked.

        Needs, partners and activity come first, in this order; of the others, the one that most separates the leaders.
        """
        known = sum(1 for answers in self._answers.values() if answers)
        lead = self.ranked[0].score - self.ranked[1].score
        opened = self.open_criteria()
        if not opened or len(self._answers) >= self._data.most_questions:
            return None
        if known >= self._data.enough and lead >= self._data.lead:
            return None
        if known > 1 and lead >= 2 * self._data.lead:  # what is still to be asked would hardly change it
            return None
        first = [criterion for criterion in self._data.criteria[:3] if criterion.id not in self._answers]
        if first:
            return first[0]
        contenders = [r.path for r in self.ranked if r.score >= self.ranked[0].score - self._data.lead]
        apart = {criterion.id: self._separation(criterion, contenders) for criterion in opened}
        best = max(opened, key=lambda criterion: apart[criterion.id])
        return best if apart[best.id] > 0 else None

    @staticmethod
    def _separation(criterion: Criterion, contenders: List[str]) -> float:
        """How far apart the answers to a question drive the contenders, on average."""
        apart = 0
        for answer in criterion.answers:
            weights = [answer.weights.get(name, 0) for name in contenders]
            apart += max(weights) - min(weights)
        return apart / len(criterion.answers)

    def fits(self) -> bool:
        """Whether the first path is more than the least bad, and enough is known to say so.

        It is where the need is told, or with whom, or two things more. A trade or a size by itself, or that there is
        nobody and no label wanted, says nothing of what would help.
        """
        told = {
            criterion.id for criterion, choice, given in self._given() if not (choice.deny or given.startswith(NOT))
        }
        known = len(told) > 1 or any(criterion.id in told for criterion in self._data.criteria[:2])
        return known and self.ranked[0].score >= self._data.fits_from

    def scores(self) -> Dict[str, int]:
        return {ranked.path: ranked.score for ranked in self.ranked}


def weight_of(answer: Choice, given: str, path: str) -> int:
    """What a given answer weighs for a path; denied, it takes away what it would have added, and adds nothing."""
    weight = answer.weights.get(path, 0)
    return -max(weight, 0) if given.startswith(NOT) else weight
