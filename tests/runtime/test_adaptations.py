"""What bot/runtime/adaptations replaces is still there, and still what it was, in the Rasa installed."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.conftest import ROOT

# Fingerprints of the functions replaced, in Rasa 3.6.21. A new one: read what changed, then mend the adaptation.
KNOWN = {
    ("rasa.core.actions.action", "RemoteAction._validate_action_result"): "24da0f6bdeb2d44f",
    ("rasa.shared.core.events", "Event.resolve_by_type"): "ffabe9999fc8f7f3",
    ("rasa.engine.storage.storage", "ModelMetadata.from_dict"): "503a1d15d6b3d371",
    ("rasa.core.processor", "MessageProcessor._has_session_expired"): "43037aef2d706f9b",
    ("rasa.core.actions.action", "ActionSessionStart._slot_set_events_from_tracker"): "ee74d1fa2f5c7140",
    ("rasa.core.agent", "Agent._create_tracker_store"): "44b81a5829031ff2",
    ("rasa.core.agent", "Agent.handle_message"): "05c7d977a721e664",
    ("rasa.core.processor", "MessageProcessor.save_tracker"): "e095ffbca650b72e",
    ("rasa.engine.runner.dask", "DaskGraphRunner.run"): "ce0438b9b8e79330",
    ("rasa.engine.storage.local_model_storage", "LocalModelStorage.create_model_package"): "964f210dc33b4503",
    ("rasa.shared.nlu.training_data.training_data", "TrainingData.fingerprint"): "c64ef77ef31a80a4",
    ("rasa.shared.nlu.training_data.message", "Message.__hash__"): "d3a427d28b0f9b37",
    ("rasa.shared.nlu.training_data.message", "Message.__eq__"): "114be17bce5eaf7a",
    ("rasa.shared.nlu.training_data.message", "Message.__init__"): "b89704fd4a6a2a37",
}


def source_of(module: str, name: str) -> str:
    """A method's source as shipped, read from the file: it may be replaced in this process."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    holder, method = name.split(".")
    source = Path(spec.origin).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == holder:
            for inner in node.body:
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.name == method:
                    return ast.get_source_segment(source, inner) or ""
    raise AssertionError(f"{module}.{name} is gone")


@pytest.mark.parametrize(("module", "name"), KNOWN)
def test_what_is_replaced_is_unchanged(module: str, name: str) -> None:
    assert hashlib.sha256(source_of(module, name).encode()).hexdigest()[:16] == KNOWN[(module, name)]


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


def nodes(needs: Dict[str, Dict[str, str]], functions: Dict[str, Any], original: Any) -> Any:
    """A graph runner over plain functions, as Rasa's own would be."""
    from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode
    from rasa.engine.runner.dask import DaskGraphRunner

    runner = object.__new__(DaskGraphRunner)
    schema = {
        name: SchemaNode(needs=wanted, uses=GraphComponent, constructor_name="create", fn="run", config={})
        for name, wanted in needs.items()
    }
    runner._graph_schema = GraphSchema(schema)
    runner._instantiated_nodes = {
        name: lambda *given, name=name: (name, functions[name](*[value for _, value in given])) for name in needs
    }
    runner._execution_context = None
    return lambda **given: original(runner, **given)


@pytest.mark.parametrize("targets", [["answer"], ["half", "answer"], ["alone"]])
def test_a_graph_gives_what_it_gave(targets: List[str]) -> None:
    from rasa.engine.runner.dask import DaskGraphRunner

    from bot.runtime.adaptations import graph_order

    needs = {
        "answer": {"a": "half", "b": "given"},
        "half": {"a": "given"},
        "alone": {},
        "unwanted": {"a": "answer"},
    }
    functions = {
        "answer": lambda half, given: (half, given),
        "half": lambda given: given // 2,
        "alone": lambda: None,
        "unwanted": lambda answer: 1 / 0,
    }
    results = []
    for run in (DaskGraphRunner.run, graph_order.run):
        play = nodes(needs, functions, run)
        results.append([play(inputs={"given": 8}, targets=targets), play(inputs={"given": 6}, targets=targets)])
    assert results[0] == results[1]
    if "answer" in targets:
        assert results[0][1]["answer"] == (3, 6)


def test_an_input_named_like_a_node_is_refused() -> None:
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    from bot.runtime.adaptations import graph_order

    for run in (DaskGraphRunner.run, graph_order.run):
        with pytest.raises(GraphRunError):
            nodes({"half": {}}, {"half": lambda: 1}, run)(inputs={"given": "half"}, targets=["half"])


def test_examples_are_merged_as_by_rasa() -> None:
    """Duplicates dropped, order kept, and the copies independent of what they were made from; files are read once."""
    from rasa.shared.importers.importer import CombinedDataImporter
    from rasa.shared.importers.rasa import RasaFileImporter
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.runtime.adaptations import training_messages

    def merged() -> List[Dict[str, Any]]:
        first = TrainingData([Message({"text": "a", "intent": "x"}), Message({"text": "a", "intent": "y"})])
        again = Message({"text": "a", "intent": "x"})
        second = TrainingData([Message({"text": "b", "metadata": {"l": ["fr"]}}), again])
        both = first.merge(second)
        both.training_examples[2].data["metadata"]["l"].append("en")
        assert second.training_examples[0].data["metadata"] == {"l": ["fr"]}
        return [example.data for example in both.training_examples]

    original, fingerprint, expected = Message.__hash__, TrainingData.fingerprint, merged()
    read = CombinedDataImporter.get_nlu_data
    path = str(ROOT / "data" / "nlu" / "en" / "money.yml")
    files = CombinedDataImporter([RasaFileImporter(training_data_paths=[path])])
    read_by_rasa = [example.data for example in files.get_nlu_data("fr").training_examples]
    assert [example["text"] for example in expected] == ["a", "a", "b"]
    try:
        training_messages.apply()
        assert Message.__hash__ is not original
        assert merged() == expected
        again = files.get_nlu_data("de")
        assert [example.data for example in again.training_examples] == read_by_rasa
        assert again is files.get_nlu_data()
        first, second, third = (TrainingData([Message({"text": text})]) for text in "aab")
        assert first.fingerprint() == second.fingerprint() != third.fingerprint()
    finally:
        Message.__hash__, TrainingData.fingerprint = original, fingerprint
        CombinedDataImporter.get_nlu_data = read
        del Message.__deepcopy__


def test_what_prints_choices_in_the_terminal_is_there_to_be_replaced() -> None:
    from rasa.core.channels import console

    assert {"message", "is_latest_message"} <= set(inspect.signature(console._print_bot_output).parameters)


def test_the_archive_of_a_model_is_compressed_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.engine.storage import local_model_storage

    from bot.runtime.adaptations import model_archive

    monkeypatch.setattr(local_model_storage, "TarSafe", local_model_storage.TarSafe)
    model_archive.apply()
    (tmp_path / "weights").write_bytes(bytes(range(256)) * 40)
    with local_model_storage.TarSafe.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "weights", arcname="weights")
    assert (tmp_path / "model.tar.gz").read_bytes()[8] == 4  # gzip's mark of its fastest level
    with local_model_storage.TarSafe.open(tmp_path / "model.tar.gz", "r:gz") as archive:
        assert archive.getnames() == ["weights"]
