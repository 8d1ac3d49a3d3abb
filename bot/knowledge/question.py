"""What a message asks: the one representation that the NLU makes, the dialogue completes and the knowledge answers."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Mapping, Optional, Tuple

OPEN, YES_NO, WHICH, COMPARE, HOW_MANY, LIST = "open", "yes_no", "which", "compare", "how_many", "list"
OUT_OF_SCOPE = "out_of_scope"  # an act: what is asked is outside what the bot knows


@dataclasses.dataclass(frozen=True)
class Question:
    """One question of a message.

    attribute: what is asked, None where the clause does not say ("and the grappes?"). likely: attributes with their
    confidence, likeliest first. topics: ids of what is named; hinted: of what is hinted at; described: the one surely
    described. form: how it is asked. narrowed_by: ids of named values; numbers and years: said as they are. unknown:
    words that limit it and are in no list. denies: ids of topics and values said not to be meant. points_at: "they",
    "it", "he", "she", "other", "both", "of_them", "than" (that) or an ordinal such as "#0" and "#-1". nouns: stems of
    common nouns that point ("that fund"). only, today, past, negated, wholly: said along. denying: as in "never".
    bound: "more" or "less", where a number is one. by: "older", "more" ... in a comparison; whether: that asks with yes
    or no. either: puts one thing against another ("national or regional?"). alike: asks whether two are the same.
    reckon: "sum", "gap", "each", "up", "down" or "age", where a figure is to be worked out. must: asks what is
    required. yearly: of a number a year. bare: a name and no more. inherited: what is asked of comes from the
    conversation, not from the message. act: what a message does that asks no fact.
    """

    attribute: Optional[str] = None
    likely: Tuple[Tuple[str, float], ...] = ()
    topics: Tuple[str, ...] = ()
    hinted: Tuple[str, ...] = ()
    described: Optional[str] = None
    form: str = OPEN
    narrowed_by: Tuple[str, ...] = ()
    numbers: Tuple[int, ...] = ()
    years: Tuple[int, ...] = ()
    unknown: Tuple[str, ...] = ()
    denies: Tuple[str, ...] = ()
    besides: bool = False
    points_at: Tuple[str, ...] = ()
    only: bool = False
    today: bool = False
    past: bool = False
    negated: bool = False
    denying: bool = False
    bound: Optional[str] = None
    wholly: bool = False
    by: Optional[str] = None
    whether: bool = False
    either: bool = False
    alike: bool = False
    reckon: Optional[str] = None
    must: bool = False
    yearly: bool = False
    bare: bool = False
    inherited: bool = False
    nouns: Tuple[str, ...] = ()
    act: Optional[str] = None
    confidence: float = 1.0
    words: Tuple[str, ...] = ()

    def as_dict(self) -> Dict[str, Any]:
        """A plain value that JSON keeps, without what is empty."""
        values = dataclasses.asdict(self)
        return {key: value for key, value in values.items() if value not in (None, (), False)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Question:
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{key: _tuples(value) for key, value in values.items() if key in known})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value
