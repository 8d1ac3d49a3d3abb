"""What our graph components share: how Rasa makes them, and when what its cache keeps of them is stale."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any, Dict, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from typing_extensions import Self

from bot.knowledge.load import digest


@functools.cache
def data_and_code() -> str:
    """A fingerprint of the knowledge, the lexicons and the code that reads messages.

    Rasa's own looks at a component's class alone, not at what the class uses.
    """
    total = hashlib.sha256(digest().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


class Component(GraphComponent):
    """A component that keeps nothing: made from its configuration."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls.made(config, model_storage, resource)

    @classmethod
    def made(cls, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> Self:
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        return data_and_code()


class TrainedComponent(Component):
    """A component whose `save` writes what `train` learnt into a folder of the model, and whose `restore` reads it."""

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config)
        self._storage = storage
        self._resource = resource

    @classmethod
    def made(cls, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> Self:
        return cls(config, storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        component = cls.made(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.restore(folder)
        return component

    def kept(self) -> Resource:
        """What `train` returns once it has learnt."""
        with self._storage.write_to(self._resource) as folder:
            self.save(folder)
        return self._resource

    def save(self, folder: Path) -> None:
        raise NotImplementedError

    def restore(self, folder: Path) -> None:
        raise NotImplementedError
