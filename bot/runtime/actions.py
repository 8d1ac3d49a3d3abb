"""Custom actions run in the server's own process, by rasa_sdk's executor, without a second server.

They run in a thread of their own: one that hangs is left behind after a time limit, and the others go on in a new one.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
from typing import Any, Dict, List, Optional

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

logger = logging.getLogger(__name__)

ANSWERS_WITHIN = 4.0  # seconds; ours take milliseconds
MOST_LEFT = 16  # threads left behind that hang still


class ActionTimeout(Exception):
    """An action did not come back in time."""


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server; same request in, same answer out."""

    def __init__(self, package: str = "actions", **options: Any) -> None:
        super().__init__(url="in-process", **options)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._worker = _Worker()
        self._left: List[_Worker] = []

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Optional[Any]:
        """Runs the action named in `json`.

        Raises ClientResponseError as an action server's 400 and 404 would, ActionTimeout after ANSWERS_WITHIN.
        """
        call: Dict[str, Any] = kwargs["json"]
        try:
            result = await self._run(call)
        except ActionExecutionRejection as error:
            text = f'{{"error": "{error}", "action_name": "{error.action_name}"}}'
            raise ClientResponseError(400, "rejected", text) from error
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "no such action", "") from error
        # An action server answers with JSON of its own: what it said must not be shared with what it keeps.
        return copy.deepcopy(result)

    async def _run(self, call: Dict[str, Any]) -> Any:
        worker = self._worker
        running = asyncio.run_coroutine_threadsafe(self._executor.run(call), worker.loop)  # type: ignore[arg-type]
        try:
            return await asyncio.wait_for(asyncio.wrap_future(running), ANSWERS_WITHIN)
        except asyncio.TimeoutError:
            self._leave(worker)
            logger.error("The action %s did not answer within %.0f s.", call.get("next_action"), ANSWERS_WITHIN)
            raise ActionTimeout(str(call.get("next_action"))) from None

    def _leave(self, worker: _Worker) -> None:
        """Goes on in a new thread, unless too many have been left behind and hang still."""
        self._left = [left for left in self._left if left.thread.is_alive()]
        if self._worker is worker and len(self._left) < MOST_LEFT:
            self._worker = _Worker()
            self._left.append(worker)
            worker.leave()


class _Worker:
    """A thread with an event loop. A daemon: one that never comes back must not hold up a stop."""

    def __init__(self) -> None:
        self.loop = asyncio.SelectorEventLoop()
        self.thread = threading.Thread(target=self._work, name="actions", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def leave(self) -> None:
        """Ends once what holds it up comes back."""
        self.loop.call_soon_threadsafe(self.loop.stop)
