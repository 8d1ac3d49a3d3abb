"""Groups questions that are nearly the same, the most frequent and newest first."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Dict, List, Sequence

from rapidfuzz import fuzz, process

from bot.desk.journal import ANSWERED, NOT_GIVEN, OUTSIDE, UNSURE, Asked
from bot.words.folding import fold

ALIKE = 88.0  # of 100, whatever the order of the words
MOST_GROUPS = 400
DOWN = "down"
AGAIN = "again"
REASONS = (NOT_GIVEN, OUTSIDE, UNSURE, DOWN, AGAIN)


@dataclasses.dataclass
class Group:
    """Questions alike. `mark` names it, by its first text; `reasons`: why they are here."""

    mark: str
    text: str
    folded: str
    language: str
    count: int = 0
    last: float = 0.0
    reply: str = ""
    reasons: Dict[str, int] = dataclasses.field(default_factory=dict)
    others: List[str] = dataclasses.field(default_factory=list)


def mark_of(text: str) -> str:
    """Names a question, however it is cased, accented or spaced."""
    return hashlib.sha256(fold(text).encode("utf-8", "replace")).hexdigest()


def reason(asked: Asked) -> str:
    """Why a question is worth a look; "" where it is not."""
    if not asked.typed or not any(char.isalpha() for char in asked.text):
        return ""
    if asked.rated == "negative":
        return DOWN
    if asked.outcome in (NOT_GIVEN, OUTSIDE, UNSURE):
        return asked.outcome
    return AGAIN if asked.again and asked.outcome == ANSWERED else ""


def grouped(asked: Sequence[Asked]) -> List[Group]:
    """Most frequent first, newest first among as frequent; each language apart."""
    groups: Dict[str, List[Group]] = {}
    for one in sorted(asked, key=lambda each: -each.at):
        why = reason(one)
        if not why:
            continue
        known = groups.setdefault(one.language, [])
        folded = fold(one.text)
        found = process.extractOne(
            folded, [group.folded for group in known], scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE
        )
        if found is not None:
            group = known[found[2]]
        elif len(known) < MOST_GROUPS:
            group = Group(mark_of(one.text), one.text, folded, one.language, last=one.at, reply=one.reply)
            known.append(group)
        else:
            continue
        group.count += 1
        group.reasons[why] = group.reasons.get(why, 0) + 1
        if one.text not in (group.text, *group.others) and len(group.others) < 3:
            group.others.append(one.text)
    return sorted((group for each in groups.values() for group in each), key=lambda group: (-group.count, -group.last))
