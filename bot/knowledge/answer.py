"""What to say to one question: which facts, in which way. No wording here."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, List, Optional, Tuple

from bot.knowledge.model import Fact
from bot.knowledge.operators import Verdict

if TYPE_CHECKING:
    from bot.knowledge.reckoning import Reckoning

FACTS, CHANGES, DATES, ABSENT, COMPARISON, SELECTION, CHOOSE = (
    "facts",
    "changes",
    "dates",
    "absent",
    "comparison",
    "selection",
    "choose",
)
RECKONED = "reckoned"
UPDATE, YEAR, DIFFERENCE, DEFINITION = "update", "year", "difference", "definition"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What to say to one question.

    kind: FACTS (say them), CHANGES (what has changed of these facts), DATES (which date they have), ABSENT (no source
    says it; `facts` are near ones), COMPARISON (`facts` sorted; `missing` have no value), SELECTION (`topics` of
    `among`), CHOOSE (which of `choices` is meant?), RECKONED (`reckoning` is worked out from `facts`). verdict: yes, no
    ... of a yes/no question. limit: the value, or the person's own words, that no fact is about. of: the topic whose
    parts `topics` are, or are compared. besides: `topics` are those that `facts` name besides one set aside.
    """

    kind: str
    attribute: str = DEFINITION
    topics: Tuple[str, ...] = ()
    facts: Tuple[Fact, ...] = ()
    verdict: Optional[Verdict] = None
    limit: Optional[str] = None
    choices: Tuple[str, ...] = ()
    among: Tuple[str, ...] = ()
    missing: Tuple[str, ...] = ()
    by: Optional[str] = None
    of: Tuple[str, ...] = ()
    besides: bool = False
    reckoning: Optional[Reckoning] = None

    @property
    def ids(self) -> List[str]:
        """Ids of the facts said; `<topic>.<attribute>.absent` where none is, `<topic>.update` for what has changed."""
        if self.kind == ABSENT:
            return [f"{(self.topics or ('none',))[0]}.{self.attribute}.absent", *(fact.id for fact in self.facts)]
        if self.kind == CHANGES:
            return [*(f"{topic}.update" for topic in self.topics), *(fact.id for fact in self.facts)]
        if self.kind == SELECTION:
            return [f"{topic}.{self.attribute}" for topic in self.topics]
        return [fact.id for fact in self.facts]
