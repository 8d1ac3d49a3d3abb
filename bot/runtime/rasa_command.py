"""Rasa's own command, `rasa`, in the light environment: `.venv/bin/rasa`, or `python -m bot.runtime.rasa_command`."""

from __future__ import annotations

import os
import sys
import warnings

from bot.settings import BadSettings


def main() -> None:
    """Runs Rasa's command line with the arguments given; importing `bot` has put the stand-ins in place."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries older than this Python, about themselves
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    try:
        rasa()
    except BadSettings as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
