"""The intent of a clause once it is known what it names: asked again, outside, or of a name."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List

import pytest

from bot.knowledge.question import HOW_MANY, OPEN, YES_NO
from bot.nlu.intent_settling import SAME, Signs, settle_attribute, settle_intent
from bot.nlu.naming import Named

NOTHING = Named(
    topics=(),
    narrowed=(),
    denied=(),
    aside=(),
    refused=(),
    hinted=(),
    described=None,
    unknown=(),
    beside=(),
    plainly=False,
    bare=False,
    dated=False,
)
SILENT = Signs(
    points_at=(),
    by=None,
    counts=False,
    asks=True,
    worded=False,
    brief=True,
    courteous=False,
    exists=False,
    against=False,
    whether=False,
    alike=False,
    past=False,
)


def ranked(*guesses: Any) -> List[Dict[str, Any]]:
    return [{"name": name, "confidence": confidence} for name, confidence in guesses]


def named(**values: Any) -> Named:
    return dataclasses.replace(NOTHING, **values)


def signs(**values: Any) -> Signs:
    return dataclasses.replace(SILENT, **values)


@pytest.mark.parametrize(
    ("guess", "names", "shows", "intent"),
    [
        (("ask_count", 0.9), {}, {}, "ask_count"),
        (("ask_sectors", 0.3), {"narrowed": ("childcare",)}, {"whether": True}, SAME),  # "would a nursery fit in?"
        (("ask_sectors", 0.3), {"narrowed": ("regional",)}, {"whether": True}, "ask_sectors"),  # a level is no member
        (("ask_services", 0.3), {}, {"points_at": ("he",)}, SAME),  # "what does he do there?"
        (("ask_services", 0.3), {"topics": ("ptce",)}, {"points_at": ("he",)}, "ask_services"),
        (("describe_self", 0.8), {"narrowed": ("tourism",)}, {"brief": False}, SAME),  # "and a guest house, two rooms?"
        (("describe_self", 0.8), {"narrowed": ("tourism",)}, {"asks": False}, "describe_self"),
        (("describe_self", 0.8), {"narrowed": ("tourism",)}, {"worded": True}, "describe_self"),  # "..., what now?"
        (("distress", 0.5), {}, {}, "out_of_scope"),
        (("more", 0.9), {"topics": ("cluster_prive",)}, {}, "ask_definition"),  # "tell me more about private clusters"
        (("more", 0.9), {}, {}, "more"),
        (("out_of_scope", 0.6), {"topics": ("ptce",), "plainly": True}, {}, "ask_definition"),
        (("out_of_scope", 0.97), {"topics": ("ptce",), "plainly": True}, {}, "out_of_scope"),
    ],
)
def test_the_intent(guess: tuple, names: Dict[str, Any], shows: Dict[str, Any], intent: str) -> None:
    assert settle_intent(ranked(guess), named(**names), signs(**shows))[0] == intent


@pytest.mark.parametrize(("narrowed", "sure"), [(("tourism",), 0.5), (("regional",), 0.3), ((), 0.3)])
def test_whether_a_trade_can_join_can_be_looked_up(narrowed: tuple, sure: float) -> None:
    names = named(topics=("cluster",), narrowed=narrowed)
    assert settle_intent(ranked(("ask_members", 0.3)), names, signs(whether=True, brief=False))[1] == sure


@pytest.mark.parametrize(
    ("intent", "form", "names", "shows", "asked"),
    [
        ("ask_date", HOW_MANY, {"topics": ("ptce",)}, {}, ("count", HOW_MANY)),  # "how many when it came out?"
        ("ask_evaluations", HOW_MANY, {"topics": ("ptce",)}, {}, ("evaluations", HOW_MANY)),
        ("ask_existence", YES_NO, {"topics": ("ptce",)}, {"counts": True}, ("count", YES_NO)),
        (SAME, YES_NO, {"topics": ("ptce",), "bare": True}, {}, (None, OPEN)),
        ("ask_calls", YES_NO, {"topics": ("ptce",)}, {"exists": True}, ("open_calls", YES_NO)),  # one to answer now
        ("ask_calls", YES_NO, {"topics": ("ptce",)}, {"exists": True, "past": True}, ("calls", YES_NO)),
    ],
)
def test_the_attribute(intent: str, form: str, names: Dict[str, Any], shows: Dict[str, Any], asked: tuple) -> None:
    assert settle_attribute(intent, 0.8, named(**names), signs(**shows), form) == asked
