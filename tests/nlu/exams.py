"""The exams held so far, scored again: of each turn, whether what would be said holds what it should.

Their cases are known now, so that the share says what a change gains or breaks, not how strangers are answered.
"""

from __future__ import annotations

import fnmatch
import functools
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence

import yaml

from bot.dialogue.state import State
from bot.knowledge import operators
from bot.settings import YAML
from tests.nlu.reading import HERE, ROOT, Model

MOST_BESIDE = 2  # facts said beside those expected, from which an answer is too much
YES_AND_NO = (operators.NOT_ONLY, operators.PARTLY, operators.CONTRARY)  # yes and no, each of something
AFFIRMING = (operators.YES, operators.THEN, operators.BOTH, *YES_AND_NO)
DENYING = (
    operators.NO,
    operators.NO_LONGER,
    operators.NOT_ALL,
    operators.NOT_YET,
    operators.ENDED,
    *YES_AND_NO,
)
REFUSED = (["out_of_scope"], ["nothing"])
GUIDED = (["guide"], ["describe_self"])


class Turn(NamedTuple):
    """One turn of an exam: what was said, the ids and the verdict of the reply, and whether that is right."""

    exam: str
    key: str
    text: str
    ids: List[str]
    verdict: Optional[str]
    right: bool


@functools.cache
def exams() -> Dict[str, List[Dict[str, Any]]]:
    """The cases of each exam, by its name."""
    paths = sorted((ROOT / "docs" / "measurements").glob("exam-*.yml"))
    return {path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=YAML) for path in paths}


@functools.cache
def expected() -> Dict[str, Dict[str, Dict[str, Any]]]:
    """What each turn should be answered with, by exam and by `<case>/<turn>`."""
    return dict(yaml.load((HERE / "exams.yml").read_text(encoding="utf-8"), Loader=YAML))


def turns(model: Model) -> Iterator[Turn]:
    """Every turn that something is expected of, read and answered in its dialogue."""
    wanted = expected()
    for exam, cases in exams().items():
        if exam not in wanted:
            continue
        for case in cases:
            state = State()
            for number, text in enumerate(case["say"]):
                ids, verdict, state = model.answer(text, state)
                want = wanted[exam].get(f"{case['id']}/{number}")
                if want is not None:
                    right = is_met(want, ids, verdict)
                    yield Turn(exam, f"{case['id']}/{number}", text, ids, verdict, right)


def is_met(want: Dict[str, Any], ids: Sequence[str], verdict: Optional[str]) -> bool:
    """Whether ids and verdict are what is wanted, without much beside."""

    def said(pattern: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for name in ids)

    expect = want["expect"]
    met = (bool(expect) and all(map(said, expect))) or any(map(said, want.get("or", [])))
    if expect == ["out_of_scope"]:
        met = met or list(ids) in REFUSED or ids[0].endswith(".absent")
    if expect == ["guide"]:
        met = met or list(ids) in GUIDED
    opens = {"yes": AFFIRMING, "no": DENYING}.get(want.get("opens", ""))
    return met and len(ids) <= max(len(expect), 1) + MOST_BESIDE and (opens is None or verdict in opens)
