"""Whether something the bot depends on is down: one log line when it goes, one when it is back."""

from __future__ import annotations

import logging
import time
from typing import Callable, Optional

logger = logging.getLogger(__name__)


class Outage:
    """`name` is what the log calls it. `pause`: seconds for which it is not tried again (0: always tried)."""

    def __init__(self, name: str, pause: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._pause = pause
        self._clock = clock
        self._since: Optional[float] = None
        self._tried = 0.0

    @property
    def is_on(self) -> bool:
        return self._since is not None

    @property
    def is_resting(self) -> bool:
        """Whether it failed so lately that it is not worth trying."""
        return self.is_on and self._clock() - self._tried < self._pause

    def begin(self, error: BaseException) -> None:
        """Only the kind of error is logged: its text may quote what a person wrote, or a password."""
        self._tried = self._clock()
        if self._since is None:
            self._since = self._tried
            logger.error("%s does not answer (%s).", self._name, type(error).__name__)

    def end(self) -> None:
        if self._since is not None:
            logger.warning("%s answers again, after %.0f s.", self._name, self._clock() - self._since)
            self._since = None
