"""Serving without TensorFlow, which none of our components uses.

Replaces: modules rasa.utils.tensorflow.callback and .data_generator, which rasa.utils.train_utils imports for names
only neural components call. TensorFlow costs 20 s of start and 350 MB of memory.
"""

from __future__ import annotations

import sys
import types

REPLACED = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}


def apply() -> None:
    for module, names in REPLACED.items():
        if module not in sys.modules:
            stub = types.ModuleType(module)
            for name in names:
                setattr(stub, name, type(name, (), {"__init__": _refuse}))
            sys.modules[module] = stub


def _refuse(self: object, *args: object, **kwargs: object) -> None:
    raise RuntimeError("TensorFlow is left out when serving (CACIMA_STOCK_RASA=1 brings it back).")
