"""How the channel is doing, for a health route and for the tests. One a process, kept in memory."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, Counter, Dict

from bot.observability import metrics


@dataclasses.dataclass
class Health:
    """Counters: refused_signature, refused_verification, unreadable, accepted, duplicate, ignored, sent, retried,
    unsent, failed_turn."""

    enabled: bool = False
    token_refused: bool = False  # by Graph (error 190); true until a call succeeds again
    counts: Counter[str] = dataclasses.field(default_factory=collections.Counter)

    @property
    def ok(self) -> bool:
        return not self.token_refused

    def report(self) -> Dict[str, Any]:
        """{"enabled": bool, "ok": bool, "token_refused": bool, "counts": {name: number}}"""
        counts = dict(sorted(self.counts.items()))
        return {"enabled": self.enabled, "ok": self.ok, "token_refused": self.token_refused, "counts": counts}


health = Health()
metrics.TOKEN_REFUSED.set_function(lambda: float(health.token_refused))
