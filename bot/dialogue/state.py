"""What a conversation knows: plain values that survive in a slot."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Mapping, Optional, Tuple

from bot.knowledge.answer import ABSENT, CHANGES, CHOOSE, COMPARISON, DATES, SELECTION, Answer
from bot.knowledge.operators import NO
from bot.knowledge.question import Question

MOST_PEOPLE = 4
MOST_HEARD = 24
MOST_LISTED = 6  # topics asked about one after the other that "which of them is older?" compares


@dataclasses.dataclass(frozen=True)
class State:
    """What was spoken of.

    topics, attribute, form: of the last question answered; asked: attributes asked together. before: the topics before
    those. listed: topics shown last, in their order; enumerated: those of the last list of three and more. people:
    persons named, latest first. said: ids of the facts said last; heard: of those said lately. offered: titles and
    payloads of the choices shown last. awaits: the attribute for which the bot asked which topic is meant. part: which
    part of the topic was meant (its second call). reply: the text said last. misses: messages in a row that were not
    understood. introduced: the bulletin was named in full.
    """

    topics: Tuple[str, ...] = ()
    attribute: Optional[str] = None
    form: str = "open"
    asked: Tuple[str, ...] = ()
    before: Tuple[str, ...] = ()
    listed: Tuple[str, ...] = ()
    enumerated: Tuple[str, ...] = ()
    people: Tuple[str, ...] = ()
    said: Tuple[str, ...] = ()
    heard: Tuple[str, ...] = ()
    offered: Tuple[Tuple[str, str], ...] = ()
    awaits: Optional[str] = None
    part: Optional[str] = None
    reply: str = ""
    misses: int = 0
    introduced: bool = False

    def as_dict(self) -> Dict[str, Any]:
        """A plain value that JSON keeps, without what is empty."""
        return {k: v for k, v in dataclasses.asdict(self).items() if v not in (None, (), "", 0, False)}

    @classmethod
    def from_dict(cls, values: Optional[Mapping[str, Any]]) -> State:
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{k: _tuples(v) for k, v in (values or {}).items() if k in known})

    def after(self, question: Question, answer: Answer, persons: Tuple[str, ...] = ()) -> State:
        """What is known once an answer has been said."""
        if answer.kind == CHOOSE:
            return dataclasses.replace(self, awaits=answer.attribute, form=question.form, listed=answer.choices)
        presented = answer.facts[0].presents if answer.facts else None
        topics = (presented,) if presented else answer.of or answer.topics or self.topics
        if presented and answer.verdict is not None and answer.verdict.says == NO:
            # "is there a PTCE here?", no: "what does it cost?" asks of PTCEs, not of what there is instead
            topics = tuple(topic for topic in question.topics if topic not in answer.topics) or self.topics
        if answer.kind == DATES:
            return dataclasses.replace(self, awaits=None, misses=0)
        listed = self.listed
        if answer.kind in (COMPARISON, SELECTION) or len(topics) > 1:
            listed = answer.topics
        elif answer.facts and answer.facts[0].attribute in ("types", "level", "sectors"):
            listed = tuple(answer.facts[0].value.topics) or listed
        elif topics != self.topics and self.topics and topics[0] not in self.listed:
            grown = set(self.topics) <= set(self.listed) and len(self.listed) < MOST_LISTED
            listed = (*self.listed, *topics) if grown else (*self.topics, *topics)
        changed = topics != self.topics
        left = tuple(topic for topic in answer.among if topic not in answer.topics) if answer.kind == SELECTION else ()
        ids = tuple(fact.id for fact in answer.facts)
        kept = answer.kind == CHANGES and bool(self.attribute)
        return dataclasses.replace(
            self,
            topics=topics,
            attribute=self.attribute if kept else answer.attribute,
            form=question.form,
            # "and the rest?", of those not chosen
            before=left or (answer.topics if presented else self.topics if changed and self.topics else self.before),
            listed=listed,
            enumerated=listed if len(listed) > 2 else self.enumerated,
            people=tuple(dict.fromkeys([*persons, *self.people]))[:MOST_PEOPLE],
            said=ids if answer.kind != ABSENT else (),
            heard=tuple(dict.fromkeys([*ids, *self.heard]))[:MOST_HEARD],
            awaits=None,
            part=next((name for fact in answer.facts for name in fact.about if name in question.narrowed_by), None)
            or (None if changed else self.part),
            misses=0,
        )


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value
