"""Stands in for the modules that Rasa imports for features nothing here uses, where libraries are not installed.

Rasa 3.6 imports all of its components, channels, brokers and stores at once: TensorFlow, Slack, Kafka, DynamoDB and
some fifty libraries more, 2 GB of them. The light environment leaves these out (docs/decisions/0018); an import of a
module that needs one of them gets empty classes of the right names instead. Using one says what is missing. Where the
library is installed, as in the environment of `make stock`, Rasa's own module is imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from typing import Any, Dict, NamedTuple, Optional, Sequence, Set, Tuple


class StandIn(NamedTuple):
    """A module stood in for: the library it needs, the classes importers take from it, other values."""

    needs: str
    classes: Tuple[str, ...] = ()
    values: Tuple[Tuple[str, Any], ...] = ()


_NEURAL = {
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.utils.tensorflow.model_data": (
        "Data",
        "RasaModelData",
        "FeatureSignature",
        "FeatureArray",
        "ragged_array_to_ndarray",
    ),
}
_CHANNELS = {
    "facebook": ("fbmessenger", "FacebookInput"),
    "hangouts": ("cachecontrol", "HangoutsInput"),
    "slack": ("slack_sdk", "SlackInput"),
    "socketio": ("socketio", "SocketIOInput"),
    "telegram": ("aiogram", "TelegramInput"),
    "twilio": ("twilio", "TwilioInput"),
    "twilio_voice": ("twilio", "TwilioVoiceInput"),
    "webexteams": ("webexteamssdk", "WebexTeamsInput"),
}
# Libraries themselves: modules that are used import these for the sake of stores and brokers that are not.
LIBRARIES = {
    "aio_pika": StandIn("aio_pika"),
    "aio_pika.exceptions": StandIn("aio_pika", ("AMQPConnectionError",), (("CONNECTION_EXCEPTIONS", ()),)),
    "aiormq": StandIn("aiormq"),
    "aiormq.exceptions": StandIn("aiormq", ("ChannelNotFoundEntity",)),
    "boto3": StandIn("boto3"),
    "boto3.dynamodb": StandIn("boto3"),
    "boto3.dynamodb.conditions": StandIn("boto3", ("Key",)),
    "botocore": StandIn("botocore"),
    "botocore.exceptions": StandIn("botocore", ("BotoCoreError",)),
    "pymongo": StandIn("pymongo"),
    "pymongo.collection": StandIn("pymongo", ("Collection",)),
    "pymongo.errors": StandIn("pymongo", ("ConnectionFailure", "OperationFailure")),
}
STAND_INS: Dict[str, StandIn] = {
    **{module: StandIn("tensorflow", classes) for module, classes in _NEURAL.items()},
    **{f"rasa.core.channels.{name}": StandIn(needs, (entry,)) for name, (needs, entry) in _CHANNELS.items()},
    "rasa.core.brokers.pika": StandIn("aio_pika", ("PikaEventBroker",)),
    "rasa.utils.plotting": StandIn("matplotlib", ("plot_confusion_matrix", "plot_curve", "plot_paired_histogram")),
    **LIBRARIES,
}


_without: Set[str] = set()


class Missing(ImportError):
    """What was to be used needs a library that the light environment leaves out."""


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of `STAND_INS` whose library is not installed, before Python looks for them itself."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]] = None, target: Optional[types.ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        stand_in = STAND_INS.get(fullname)
        if stand_in is None or _installed(stand_in.needs):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=fullname in LIBRARIES)

    def exec_module(self, module: types.ModuleType) -> None:
        stand_in = STAND_INS[module.__name__]
        for name in stand_in.classes:
            setattr(module, name, _empty(name, module.__name__, stand_in.needs))
        for name, value in stand_in.values:
            setattr(module, name, value)


def install() -> None:
    """To be called before anything of Rasa is imported; importing `bot` does. Calling it again changes nothing."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, StandInFinder())


def leave_out(*libraries: str) -> None:
    """Stands in for what needs these libraries even where they are installed: a server has no use for them."""
    _without.update(libraries)


def _installed(library: str) -> bool:
    """Whether a library is to be used, and Python itself would find it: our finder does not count."""
    return library not in _without and importlib.machinery.PathFinder.find_spec(library) is not None


def _empty(name: str, module: str, needs: str) -> type:
    """A class that cannot be made, and is an error where Rasa catches it as one."""

    def refuse(self: object, *args: object, **kwargs: object) -> None:
        raise Missing(f"{name} needs {needs}, which is left out here: `make stock` installs all that Rasa asks for.")

    def channel_name(cls: type) -> str:
        return module.rpartition(".")[2]

    members = {"__init__": refuse, "__module__": module, "name": classmethod(channel_name)}
    return type(name, (Exception,) if module.endswith(("errors", "exceptions")) else (), members)
