"""What is asked, and what the conversation spoke of before. Knows nothing of Rasa."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Optional, Tuple


@dataclasses.dataclass(frozen=True)
class Question:
    """What is asked.

    aspect: None for that of the question before, or `otherwise` where there was none. topics: named. cues: hinted at,
    best first. guess: surely described, beside nothing named but a vague topic. ordinals: "the former" is 0.
    other: "the other one". points_back: it says "they", "these". says_it: it says "it", which may point at anything.
    bare: topics and no more ("France Clusters?"). against: it compares with what it names ("from a grappe").
    in_all: it asks for the whole ("altogether"). words: stems typed, for facts that wait for one of them.
    """

    aspect: Optional[str]
    topics: Tuple[str, ...] = ()
    cues: Tuple[str, ...] = ()
    guess: Optional[str] = None
    otherwise: Optional[str] = None
    ordinals: Tuple[int, ...] = ()
    other: bool = False
    points_back: bool = False
    says_it: bool = False
    bare: bool = False
    against: bool = False
    in_all: bool = False
    words: FrozenSet[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Context:
    """What the conversation spoke of last."""

    topics: Tuple[str, ...] = ()
    aspect: Optional[str] = None
    compared: Tuple[str, ...] = ()  # the last topics named together: "the former", "the latter"
    asked: Tuple[str, ...] = ()  # the aspects asked together last ("when did they start and how many are there?")
