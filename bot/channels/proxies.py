"""Whose address a request comes from, behind the proxies a deployment says there are."""

from __future__ import annotations

import logging

from sanic.request import Request

logger = logging.getLogger(__name__)


class Proxies:
    """`count`: how many proxies each add the address they were called from to X-Forwarded-For (CACIMA_PROXIES).

    What the first of them was sent is anybody's word, and not believed.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._told = False

    def address(self, request: Request) -> str:
        """The visitor's; the nearest proxy's where the chain is shorter than it should be."""
        chain = [part.strip() for header in request.headers.getall("x-forwarded-for", []) for part in header.split(",")]
        chain = [part for part in chain if part]
        if chain and not self._count:
            self._tell(
                logging.ERROR,
                "Requests come through a proxy (X-Forwarded-For), and CACIMA_PROXIES is not set: all visitors share "
                "one rate limit, and a few of them shut out the rest. Set CACIMA_PROXIES to the number of proxies.",
            )
        elif len(chain) < self._count:
            self._tell(
                logging.WARNING,
                f"A request came through {len(chain)} proxies, and CACIMA_PROXIES is {self._count}: those who come "
                "this way share one rate limit. Set CACIMA_PROXIES right, and let each proxy add to X-Forwarded-For.",
            )
        return chain[-self._count] if 0 < self._count <= len(chain) else request.ip

    def _tell(self, level: int, line: str) -> None:
        """Once: whoever is misled by it reads the first lines after a start."""
        if not self._told:
            self._told = True
            logger.log(level, line)
