"""Custom actions run in the server's own process, by rasa_sdk's executor, without a second server."""

from __future__ import annotations

import copy
from typing import Any, Dict, Optional

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server; same request in, same answer out."""

    def __init__(self, package: str = "actions", **options: Any) -> None:
        super().__init__(url="in-process", **options)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Optional[Any]:
        """Runs the action named in `json`. Raises ClientResponseError as an action server's 400 and 404 would."""
        call: Dict[str, Any] = kwargs["json"]
        try:
            result = await self._executor.run(call)  # type: ignore[arg-type]
        except ActionExecutionRejection as error:
            text = f'{{"error": "{error}", "action_name": "{error.action_name}"}}'
            raise ClientResponseError(400, "rejected", text) from error
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "no such action", "") from error
        # An action server answers with JSON of its own: what it said must not be shared with what it keeps.
        return copy.deepcopy(result)
