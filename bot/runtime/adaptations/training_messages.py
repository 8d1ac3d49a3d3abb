"""Training examples that are compared and copied in less time.

Replaces: rasa.shared.nlu.training_data.message.Message.__hash__ and its deep copies. Reading the training data, Rasa
copies and hashes every example three times; a hash is a fingerprint of all of it, through JSON and MD5. Its text alone
tells nearly all examples apart (`__eq__` is Rasa's own still), and pickle copies what `copy.deepcopy` does in a tenth
of the time. Together they are a fifth of a training.
"""

from __future__ import annotations

import pickle
from typing import Any, Dict


def apply() -> None:
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    if "__deepcopy__" in vars(Message):
        return

    def by_text(message: Any) -> int:
        return hash(message.data.get(TEXT))

    def copied(message: Any, memo: Dict[int, Any]) -> Any:
        return pickle.loads(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    Message.__hash__ = by_text
    Message.__deepcopy__ = copied
