"""Trains the model as `rasa train` does, in less time: `python -m bot.runtime.train`, or `make train`."""

from __future__ import annotations

import os
import sys

from bot.runtime import adaptations

OPTIONS = ["train", "--force", "--skip-validation", "--fixed-model-name", "cacima", "--out", "models"]


def main() -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    adaptations.apply_to_training()
    from rasa.__main__ import main as rasa

    sys.argv = ["rasa", *OPTIONS, *sys.argv[1:]]
    rasa()


if __name__ == "__main__":
    main()
