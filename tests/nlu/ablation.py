"""What each rule of the understanding is worth: the development sets without it. `make ablation`.

Messages, turns of dialogues, whole dialogues and turns of past exams are counted apart; below zero, fewer are right
without the rule. A rule that is worth nothing is a candidate for deletion.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
from typing import Any, Callable, Dict, Iterator, List, Tuple
from unittest import mock

import yaml

from tests.dialogues.test_dialogues import dialogues, right_turns
from tests.nlu.exams import turns
from tests.nlu.reading import HERE, Model, is_right, messages

LANGUAGES = ("fr", "en")
Score = Tuple[int, int, int]


class ReadOnce(Model):
    """A model that reads each text once, until it is told to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        self._kept: Dict[str, Dict[str, Any]] = {}

    def read(self, text: str) -> Dict[str, Any]:
        if text not in self._kept:
            self._kept[text] = super().read(text)
        return self._kept[text]


def score(model: Model) -> Score:
    """Messages, turns and whole dialogues that are right, of both languages."""
    right = sum(is_right(m, model.ids(m["text"])[0]) for language in LANGUAGES for m in messages(language))
    told = [right_turns(model, dialogue) for language in LANGUAGES for dialogue in dialogues(language)]
    return right, sum(map(sum, told)), sum(map(all, told))


def exam_turns(model: Model) -> List[bool]:
    """Of each turn of the exams held so far, whether it is answered right."""
    return [turn.right for turn in turns(model)]


def neutral(rule: Callable[..., Any], off: Any) -> Callable[..., Any]:
    """A stand-in for a rule that changes nothing: gives its first argument, that in a list, or a value."""
    at = 1 if next(iter(inspect.signature(rule).parameters), "") == "self" else 0
    if off == "first":
        return lambda *given, **named: given[at]
    if off == "list":
        return lambda *given, **named: [given[at]]
    value = tuple(off) if isinstance(off, list) and len(off) > 1 else off
    return lambda *given, **named: value


@contextlib.contextmanager
def without(path: str, off: Any) -> Iterator[None]:
    """Runs with one rule off, wherever its module or class is used."""
    parts = path.split(".")
    depth = next(i for i, part in enumerate(parts) if part[:1].isupper() or i == len(parts) - 1)
    owner = importlib.import_module(".".join(parts[:depth]))
    for name in parts[depth:-1]:
        owner = getattr(owner, name)
    static = isinstance(inspect.getattr_static(owner, parts[-1]), staticmethod)
    stand_in = neutral(getattr(owner, parts[-1]), off)
    with mock.patch.object(owner, parts[-1], staticmethod(stand_in) if static else stand_in):
        yield


def main() -> None:
    model = ReadOnce()
    whole = score(model)
    exam = sum(exam_turns(model))
    print(f"{'with every rule':42} {whole[0]:6} messages {whole[1]:5} turns {whole[2]:4} dialogues {exam:5} of exams")
    rules: List[Dict[str, Any]] = yaml.safe_load((HERE / "ablation.yml").read_text(encoding="utf-8"))
    kept = dict(model._kept)
    for entry in rules:
        with without(entry["rule"], entry["neutral"]):
            if entry.get("read"):
                model.forget()
            less = [left - full for left, full in zip(score(model), whole, strict=True)]
            lost = sum(exam_turns(model)) - exam
        model._kept = dict(kept)
        name = entry["rule"].removeprefix("bot.")
        print(
            f"{name:42.42} {less[0]:+6} messages {less[1]:+5} turns {less[2]:+4} dialogues {lost:+5} of exams",
            flush=True,
        )


if __name__ == "__main__":
    main()
