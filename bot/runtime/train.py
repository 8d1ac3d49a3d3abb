"""Trains the model as `rasa train` does, in less time: `python -m bot.runtime.train`, or `make train`."""

from __future__ import annotations

import os
import sys

from bot.runtime import adaptations
from bot.settings import BadSettings

OPTIONS = ["train", "--force", "--skip-validation", "--fixed-model-name", "cacima", "--out", "models"]


def main() -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    try:
        adaptations.apply_to_training()
    except BadSettings as error:
        sys.exit(str(error))
    from rasa.__main__ import main as rasa

    sys.argv = ["rasa", *OPTIONS, *sys.argv[1:]]
    rasa()


if __name__ == "__main__":
    main()
