"""How sure each classifier may be: the sharpness that gives honest probabilities on examples held out.

`make calibration` prints it beside the one in use, which stands where each classifier is made (bot/nlu).
"""

from __future__ import annotations

from typing import Any, List, Sequence

import numpy as np

from bot.nlu.linear_classifier import SEED, LinearTextClassifier, softmax
from bot.runtime import train

HELD_OUT = 0.1
SHARPNESS = np.geomspace(0.5, 16, 31)

_fit = LinearTextClassifier.fit


def fit(self: LinearTextClassifier, texts: Sequence[str], labels: Sequence[str], **settings: Any) -> None:
    """Learns as before, once it has learnt from nine tenths and been measured on the rest."""
    rows = np.random.default_rng(SEED).permutation(len(labels))
    at = int(len(labels) * HELD_OUT)
    rehearsal = LinearTextClassifier(self.views)
    _fit(rehearsal, [texts[i] for i in rows[at:]], [labels[i] for i in rows[at:]], **{**settings, "sharpness": 1.0})
    known = {label: column for column, label in enumerate(rehearsal.labels)}
    held_out = [i for i in rows[:at] if labels[i] in known]
    margins = np.log(rehearsal.chances([texts[i] for i in held_out]))
    right = [known[labels[i]] for i in held_out]
    best = min(SHARPNESS, key=lambda sharpness: _surprise(margins * sharpness, right))
    print(f"{len(known)} labels, {len(labels)} examples: {best:.1f} (in use: {settings['sharpness']})", flush=True)
    _fit(self, texts, labels, **settings)


def _surprise(margins: np.ndarray, right: List[int]) -> float:
    return float(-np.log(softmax(margins)[np.arange(len(right)), right] + 1e-9).mean())


if __name__ == "__main__":
    LinearTextClassifier.fit = fit  # type: ignore[method-assign]
    train.main()
