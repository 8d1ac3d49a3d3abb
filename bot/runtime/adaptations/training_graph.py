"""A served model without the plan of its training.

Replaces: rasa.engine.storage.storage.ModelMetadata.from_dict. The metadata of a model names every component of its
training graph; resolving them imports Rasa's validator and with it every neural component.
"""

from __future__ import annotations

from typing import Any, Callable, Dict


def apply() -> None:
    from rasa.engine.storage.storage import ModelMetadata

    if getattr(ModelMetadata.from_dict, "adapted", False):
        return
    original: Callable[..., Any] = ModelMetadata.from_dict

    def from_dict(serialized: Dict[str, Any]) -> Any:
        return original({**serialized, "train_schema": {"nodes": {}}})

    from_dict.adapted = True  # type: ignore[attr-defined]
    ModelMetadata.from_dict = staticmethod(from_dict)
