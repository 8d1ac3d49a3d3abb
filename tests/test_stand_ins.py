"""What the light environment leaves out of Rasa is stood in for, is not needed, and says so when it is asked for."""

from __future__ import annotations

import ast
import functools
import importlib
import re
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import List, Tuple

import pytest

from bot import stand_ins
from bot.stand_ins import STAND_INS, Missing
from tests.conftest import ROOT

RASA = Path(next(iter(importlib.import_module("rasa").__path__)))
LEFT_OUT = {"tensorflow", "boto3", "confluent_kafka", "pymongo", "slack_sdk", "aiogram", "twilio", "webexteamssdk"}


def test_the_light_environment_has_none_of_what_it_leaves_out() -> None:
    needed = {stand_in.needs for stand_in in STAND_INS.values()} - {"matplotlib"} | LEFT_OUT
    assert [library for library in sorted(needed) if PathFinder.find_spec(library)] == []


@functools.cache
def imports() -> List[Tuple[str, ast.ImportFrom]]:
    """Of each module of Rasa that is imported as it is, the names it takes from others at its import."""
    found = []
    for path in sorted(RASA.rglob("*.py")):
        name = ".".join(path.relative_to(RASA.parent).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        if name not in STAND_INS and not re.search("^(import|from) (tensorflow|keras)", source, re.MULTILINE):
            found += [(name, node) for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    return found


@pytest.mark.parametrize("module", sorted(set(STAND_INS) - stand_ins.LIBRARIES.keys() - {"rasa.utils.plotting"}))
def test_it_has_every_name_that_rasa_imports_from_it(module: str) -> None:
    stand_in = importlib.import_module(module)
    assert stand_in.__spec__ is not None
    assert type(stand_in.__spec__.loader).__name__ == "StandInFinder"
    wanted = [(name, alias.name) for name, node in imports() if node.module == module for alias in node.names]
    assert [(name, taken) for name, taken in wanted if not hasattr(stand_in, taken)] == []


def test_using_one_says_what_is_missing() -> None:
    from rasa.core.channels.slack import SlackInput
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier

    assert SlackInput.name() == "slack"
    for made, library in ((SlackInput, "slack_sdk"), (DIETClassifier, "tensorflow")):
        with pytest.raises(Missing, match=f"{library}.*make stock"):
            made()


def test_no_store_and_no_broker_of_others_is_needed() -> None:
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
    from rasa.utils.endpoints import EndpointConfig

    assert isinstance(TrackerStore.create(EndpointConfig(type="in_memory")), InMemoryTrackerStore)
    assert EventBroker is not None


@pytest.mark.parametrize(
    "arguments", ["--version", "train --help", "run actions --help", "test nlu --help", "export --help"]
)
def test_rasas_own_command_starts(arguments: str) -> None:
    command = [sys.executable, "-m", "bot.runtime.rasa_command", *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_a_library_that_is_installed_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.stand_ins import StandInFinder

    monkeypatch.setitem(STAND_INS, "rasa.made_up", STAND_INS["rasa.core.channels.slack"]._replace(needs="yaml"))
    assert StandInFinder().find_spec("rasa.made_up") is None
    assert StandInFinder().find_spec("rasa.core.channels.slack") is not None


def test_a_library_left_out_on_purpose_is_stood_in_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_ins, "_without", set())
    finder = stand_ins.StandInFinder()
    assert finder.find_spec("rasa.utils.plotting") is None
    stand_ins.leave_out("matplotlib")
    assert finder.find_spec("rasa.utils.plotting") is not None


def test_serving_imports_nothing_that_only_training_needs() -> None:
    code = (
        "import sys; from tests.nlu.reading import Model; from bot import stand_ins; stand_ins.leave_out('matplotlib');"
        "import rasa.server, rasa.core.run; Model().read('how many grappes are there?');"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'sklearn', 'joblib', 'matplotlib', 'PIL'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
