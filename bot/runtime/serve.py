"""Serves the bot, or chats with it in the terminal: `python -m bot.runtime.serve [shell]`."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any

from bot.guide.model import guide_data
from bot.knowledge.load import KnowledgeError, knowledge
from bot.observability.metrics import metrics_port
from bot.privacy.settings import public_url, retention_days
from bot.runtime import adaptations

ROOT = Path(__file__).resolve().parents[2]


def model_path() -> Path:
    """The model served: CACIMA_MODEL, or the one `make train` makes."""
    return Path(os.environ.get("CACIMA_MODEL") or ROOT / "models" / "cacima.tar.gz").resolve()


def data_folder() -> Path:
    """Where conversations are kept: CACIMA_DATA, or var/."""
    return Path(os.environ.get("CACIMA_DATA") or ROOT / "var").resolve()


def main() -> None:
    shell = sys.argv[1:] == ["shell"]
    try:
        knowledge()
        guide_data()
    except KnowledgeError as error:
        sys.exit(str(error))
    retention_days()
    public_url()
    metrics_port()
    if not model_path().exists():
        sys.exit("No model yet: run `make train` first.")
    os.chdir(ROOT)
    data_folder().mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # nothing about the people here goes to anybody else
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    serve(int(os.environ.get("PORT", "5005")), shell)


def serve(port: int, shell: bool = False) -> None:
    """Runs until stopped. In a shell, the conversation is the terminal's."""
    from bot.observability import logs, metrics

    logs.configure(shell)
    adaptations.apply_before_import()
    from rasa.core.run import serve_application
    from rasa.utils.common import configure_logging_and_warnings
    from sanic import Sanic

    from bot.privacy import retention

    adaptations.apply()
    if not adaptations.wanted():
        print("CACIMA_STOCK_RASA is set: nothing is masked, and nobody can erase a conversation by asking.", flush=True)
    configure_logging_and_warnings(logging.WARNING, None, True, None)
    endpoints = read_endpoints()

    async def ready(app: Sanic, loop: AbstractEventLoop) -> None:
        if not app.ctx.agent.is_ready():
            logging.getLogger(__name__).error("The model could not be loaded: run `make train`.")
            os._exit(1)
        if not shell:
            print(_ready_line(port), flush=True)

    serve_application(
        model_path=str(model_path()),
        channel="cmdline" if shell else None,
        credentials=None if shell else "credentials.yml",
        interface="127.0.0.1",
        port=port,
        enable_api=False,
        endpoints=endpoints,
        server_listeners=[
            (ready, "after_server_start"),
            *logs.listeners(),
            *metrics.listeners(),
            *retention.listeners(),
        ],
    )


def read_endpoints() -> Any:
    """Rasa's AvailableEndpoints: the file's, with the conversations in our folder and the actions in this process."""
    from rasa.core.utils import AvailableEndpoints

    from bot.runtime.actions import InProcessActions

    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = InProcessActions(enable_selective_domain=True)
    if endpoints.tracker_store is not None:
        endpoints.tracker_store.kwargs["db"] = str(data_folder() / "conversations.db")
    return endpoints


def _ready_line(port: int) -> str:
    url = f"http://127.0.0.1:{port}"
    example = '{"sender": "me", "message": "C\'est quoi un PTCE ?"}'.replace("'", "'\\''")
    return f"Ready on {url} – try: curl -s {url}/webhooks/rest/webhook -d '{example}'"


if __name__ == "__main__":
    main()
