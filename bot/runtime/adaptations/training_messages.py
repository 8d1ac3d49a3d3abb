"""Training examples that are compared, copied and fingerprinted in less time.

Replaces: rasa.shared.nlu.training_data.message.Message.__hash__ and its deep copies,
rasa.shared.nlu.training_data.training_data.TrainingData.fingerprint, and the argument of
rasa.shared.importers.importer.CombinedDataImporter.get_nlu_data. Rasa copies and hashes every example three times when
reading them, and fingerprints them after every component, through JSON and MD5, for a cache that `make train` does not
ask. An example's text alone tells nearly all apart (`__eq__` is Rasa's own still), and pickle copies and writes out
what `copy.deepcopy` and JSON do in a tenth of the time. The files are read anew for each language asked for, three
times in all, though no file is read otherwise for one. Together they are a third of a training.
"""

from __future__ import annotations

import hashlib
import pickle
from typing import Any, Dict, Optional


def apply() -> None:
    from rasa.shared.importers.importer import CombinedDataImporter
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    if "__deepcopy__" in vars(Message):
        return

    def by_text(message: Any) -> int:
        return hash(message.data.get(TEXT))

    def copied(message: Any, memo: Dict[int, Any]) -> Any:
        return pickle.loads(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def fingerprint(data: Any) -> str:
        held = [[example.data for example in data.training_examples], data.entity_synonyms, data.regex_features]
        held += [data.lookup_tables, data.responses]
        return hashlib.md5(pickle.dumps(held, pickle.HIGHEST_PROTOCOL), usedforsecurity=False).hexdigest()

    read = CombinedDataImporter.get_nlu_data  # remembers what it returned for each argument

    def read_once(importer: Any, language: Optional[str] = None) -> Any:
        return read(importer)

    CombinedDataImporter.get_nlu_data = read_once
    Message.__hash__ = by_text
    Message.__deepcopy__ = copied
    TrainingData.fingerprint = fingerprint
