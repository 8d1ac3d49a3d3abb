"""Who wants to be alone waits for those inside and keeps out those who come later; others pass side by side."""

from __future__ import annotations

import contextlib
import fcntl
import threading
import time
from pathlib import Path
from typing import List

from tests.alone import entered


class Visit(threading.Thread):
    """Somebody who enters, and stays until told to leave."""

    def __init__(self, folder: Path, *, alone: bool) -> None:
        super().__init__(daemon=True)
        self._files = [folder / "gate", folder / "room"]
        for file in self._files:
            file.touch()
        self._alone = alone
        self.inside, self.may_leave = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with entered(self._alone, *self._files):
            self.inside.set()
            self.may_leave.wait(30)

    def leave(self) -> None:
        assert self.inside.wait(30)
        self.may_leave.set()
        self.join(30)


def is_taken(file: Path) -> bool:
    with file.open("rb") as opened, contextlib.suppress(BlockingIOError):
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    return True


def test_one_who_is_alone_is_alone(tmp_path: Path) -> None:
    first, second = (Visit(tmp_path, alone=False) for _ in range(2))
    assert first.inside.wait(30)
    assert second.inside.wait(30)
    alone = Visit(tmp_path, alone=True)
    first.leave()
    begun = time.monotonic()
    while not is_taken(tmp_path / "gate"):
        assert time.monotonic() - begun < 30
        time.sleep(0.01)
    assert not alone.inside.is_set()
    later: List[Visit] = [Visit(tmp_path, alone=False) for _ in range(2)]
    second.leave()
    assert alone.inside.wait(30)
    assert not any(visit.inside.wait(0.2) for visit in later)
    alone.leave()
    for visit in later:
        visit.leave()
