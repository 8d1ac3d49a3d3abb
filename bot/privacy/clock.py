"""When retention last looked at this machine's clock and believed it: kept in the data folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Optional

FILE = "clock"


class Doubtful(Exception):
    """Deleting what looks old could be a mistake; the text says why, and how to go on."""


def look(folder: Path) -> None:
    """The clock is believed now."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(str(int(time.time())), encoding="ascii")


def seen_at(folder: Path) -> Optional[float]:
    """Seconds since 1970; None before the first time."""
    try:
        return float((folder / FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
