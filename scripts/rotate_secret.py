"""A new key for the website's tokens: `python -m scripts.rotate_secret`, or `make rotate-secret`."""

from __future__ import annotations

import os
import sys

from bot.settings import BadSettings, data_folder
from bot.store.keys import rotate

SECRET, PREVIOUS = "CACIMA_SECRET", "CACIMA_SECRET_PREVIOUS"


def main() -> None:
    """Rotates the key of CACIMA_DATA; ends with status 1 and one line where it cannot."""
    if os.environ.get(SECRET):
        sys.exit(f"{SECRET} is set: put its value into {PREVIOUS}, a new one into {SECRET}, and restart.")
    try:
        rotate(data_folder())
    except BadSettings as error:
        sys.exit(str(error))
    print(
        "The key is new. Restart the bot; those who are talking to it notice nothing. "
        f"(Where the bot is given a {SECRET} that this command does not see, that one signs, and nothing changed.)"
    )


if __name__ == "__main__":
    main()
