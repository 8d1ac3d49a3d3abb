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
    ("rasa.engine.training.hooks", "TrainingHook.on_before_node"): "9ed744239fe74284",
    ("rasa.engine.training.hooks", "TrainingHook.on_after_node"): "10d40c9fbf7f956b",
    ("rasa.engine.training.graph_trainer", "GraphTrainer.train"): "8b34968572be9c0a",
    ("rasa.shared.importers.importer", "CombinedDataImporter.get_nlu_data"): "89fb1dc03449f93b",
    ("rasa.shared.importers.importer", "E2EImporter.get_nlu_data"): "aad9251cb53c8cc9",
    ("rasa.shared.nlu.training_data.training_data", "TrainingData.merge"): "196a897d07eca599",
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


@pytest.fixture
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What training_messages replaces is put back after the test."""
    from rasa.engine.training import graph_trainer
    from rasa.shared.importers.importer import CombinedDataImporter, E2EImporter
    from rasa.shared.nlu.training_data.message import Message

    monkeypatch.setattr(graph_trainer, "TrainingHook", graph_trainer.TrainingHook)
    monkeypatch.setattr(Message, "__hash__", Message.__hash__)
    monkeypatch.setattr(Message, "__deepcopy__", None, raising=False)
    monkeypatch.delattr(Message, "__deepcopy__")
    for importer in (CombinedDataImporter, E2EImporter):
        monkeypatch.setattr(importer, "get_nlu_data", importer.get_nlu_data)


def test_examples_are_merged_as_by_rasa(as_shipped: None) -> None:
    """Duplicates dropped and order kept."""
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.runtime.adaptations import training_messages

    def merged() -> List[Dict[str, Any]]:
        first = TrainingData([Message({"text": "a", "intent": "x"}), Message({"text": "a", "intent": "y"})])
        again = Message({"text": "a", "intent": "x"})
        second = TrainingData([Message({"text": "b", "metadata": {"l": ["fr"]}}), again])
        return [example.data for example in first.merge(second).training_examples]

    expected, original = merged(), Message.__hash__
    assert [example["text"] for example in expected] == ["a", "a", "b"]
    training_messages.apply()
    assert Message.__hash__ is not original
    assert merged() == expected


def test_examples_are_read_once_and_given_as_if_anew(as_shipped: None) -> None:
    """Whatever the language asked for; what one reader is told of the examples does not keep new ones from the next."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.shared.nlu.training_data.message import Message

    from bot.runtime.adaptations import training_messages

    def importer() -> Any:
        path = str(ROOT / "data" / "nlu" / "en" / "money.yml")
        return TrainingDataImporter.load_from_dict({}, None, str(ROOT / "domain.yml"), [path])

    read_by_rasa = [example.data for example in importer().get_nlu_data("fr").training_examples]
    training_messages.apply()
    read = importer()
    first = read.get_nlu_data()
    asked = len(first.intent_examples)
    again = read.get_nlu_data("de")
    assert [example.data for example in again.training_examples] == read_by_rasa
    assert again.training_examples is first.training_examples
    again.training_examples.append(Message({"text": "one more", "intent": "ask_cost"}))
    assert len(again.intent_examples) == asked + 1


def test_nothing_is_fingerprinted(as_shipped: None) -> None:
    from rasa.engine.training import graph_trainer

    from bot.runtime.adaptations import training_messages

    training_messages.apply()
    hook = graph_trainer.TrainingHook(cache=None, model_storage=None, pruned_schema=None)
    before = hook.on_before_node(node_name="a", execution_context=None, config={}, received_inputs={})
    assert before == {}
    hook.on_after_node(node_name="a", execution_context=None, config={}, output=1, input_hook_data=before)


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
