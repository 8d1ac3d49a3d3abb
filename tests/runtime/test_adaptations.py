"""What bot/runtime/adaptations replaces is still there, and still what it was, in the Rasa installed."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
from pathlib import Path

import pytest

from bot.runtime.adaptations.tensorflow_free import REPLACED

# Fingerprints of the functions replaced, in Rasa 3.6.21. A new one: read what changed, then mend the adaptation.
KNOWN = {
    ("rasa.core.actions.action", "RemoteAction._validate_action_result"): "c528806a75ee2938",
    ("rasa.shared.core.events", "Event.resolve_by_type"): "4b50cbf0b383a34f",
    ("rasa.engine.storage.storage", "ModelMetadata.from_dict"): "aa7574713dfca0bb",
    ("rasa.core.processor", "MessageProcessor._has_session_expired"): "3e205957b56501d1",
    ("rasa.core.actions.action", "ActionSessionStart._slot_set_events_from_tracker"): "362fc94faa42e0f1",
    ("rasa.core.agent", "Agent._create_tracker_store"): "9f2419421b0ab801",
}


def source_of(module: str, name: str) -> str:
    """A method's source as shipped, read from the file: it may be replaced in this process."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    holder, method = name.split(".")
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == holder:
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == method:
                    return ast.dump(inner)
    raise AssertionError(f"{module}.{name} is gone")


@pytest.mark.parametrize(("module", "name"), KNOWN)
def test_what_is_replaced_is_unchanged(module: str, name: str) -> None:
    assert hashlib.sha256(source_of(module, name).encode()).hexdigest()[:16] == KNOWN[(module, name)]


@pytest.mark.parametrize("module", REPLACED)
def test_train_utils_still_imports_these_names(module: str) -> None:
    spec = importlib.util.find_spec("rasa.utils.train_utils")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    imported = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == module]
    assert {alias.name for node in imported for alias in node.names} == set(REPLACED[module])


RESULTS = {
    "nothing said": {"events": [], "responses": []},
    "a slot": {"events": [{"event": "slot", "name": "language", "value": "fr", "timestamp": None}], "responses": []},
    "words": {"events": [{"event": "followup", "name": "action_listen"}], "responses": [{"text": "Bonjour"}]},
    "no list": {"events": "none"},
    "an event of no kind": {"events": [{"event": "party"}], "responses": []},
    "an event without a name": {"events": [{"name": "language"}], "responses": []},
    "a slot without a name": {"events": [{"event": "slot", "value": "fr"}], "responses": []},
    "a time that is none": {
        "events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}],
        "responses": [],
    },
    "no event": {"events": ["slot"], "responses": []},
    "an event named by a list": {"events": [{"event": ["slot"]}], "responses": []},
}


@pytest.mark.parametrize("name", RESULTS)
def test_action_results_are_still_checked(name: str) -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    from bot.runtime.adaptations import action_results

    original = RemoteAction._validate_action_result
    try:
        action_results.apply()
        action = RemoteAction("action_x", None)
        judged = []
        for validate in (original, RemoteAction._validate_action_result):
            try:
                judged.append(validate(action, RESULTS[name]))
            except ValidationError:
                judged.append(False)
        assert judged[0] == judged[1]
    finally:
        RemoteAction._validate_action_result = original
    assert inspect.isfunction(original)
