"""Training examples that are read and compared once, never copied and never fingerprinted.

Replaces: rasa.shared.nlu.training_data.message.Message.__hash__ and its deep copies, the argument of
get_nlu_data of CombinedDataImporter and E2EImporter in rasa.shared.importers.importer, and
rasa.engine.training.graph_trainer.TrainingHook. Rasa copies and hashes every example at each of the four stages that
read them, for each language asked for, though no file is read otherwise for one; nobody looks at what a stage gave but
the next one. After every component it fingerprints them all, through JSON and MD5, for a cache that `make train` does
not ask. An example's text alone tells nearly all apart (`__eq__` is Rasa's own still). Together they are a third of a
training.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, Optional


def apply() -> None:
    from rasa.engine.graph import GraphNodeHook
    from rasa.engine.training import graph_trainer
    from rasa.shared.importers.importer import CombinedDataImporter, E2EImporter
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    if "__deepcopy__" in vars(Message):
        return

    def by_text(message: Any) -> int:
        return hash(message.data.get(TEXT))

    def itself(message: Any, memo: Dict[int, Any]) -> Any:
        return message

    class NoFingerprints(GraphNodeHook):
        def __init__(self, **_: Any) -> None:
            pass

        def on_before_node(self, *_: Any, **__: Any) -> Dict[str, Any]:
            return {}

        def on_after_node(self, *_: Any, **__: Any) -> None:
            pass

    read, merge = CombinedDataImporter.get_nlu_data, E2EImporter.get_nlu_data  # remember what they gave for an argument

    def read_once(importer: Any, language: Optional[str] = None) -> Any:
        return read(importer)

    def merged_once(importer: Any, language: Optional[str] = None) -> Any:
        return copy.copy(merge(importer))  # a copy remembers for itself which of its examples have an intent

    CombinedDataImporter.get_nlu_data = read_once
    E2EImporter.get_nlu_data = merged_once
    Message.__hash__ = by_text
    Message.__deepcopy__ = itself
    graph_trainer.TrainingHook = NoFingerprints
