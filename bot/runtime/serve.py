"""Serves the bot, or chats with it in the terminal: `python -m bot.runtime.serve [shell]`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import warnings
from typing import Any

from bot import stand_ins
from bot.guide.model import guide_data
from bot.knowledge.load import KnowledgeError, knowledge
from bot.runtime import adaptations, start, terminal
from bot.runtime.connection_limits import read_limits
from bot.settings import ROOT, BadSettings, data_folder, model_path, read_settings, unknown_names
from bot.store.settings import database_url


def host() -> str:
    """The address served on: CACIMA_HOST, or this machine's own, which nobody else reaches."""
    return read_settings().host


def main() -> None:
    shell = sys.argv[1:] == ["shell"]
    terminal.accept_any()
    os.umask(0o077)  # what people wrote is for nobody else on this machine
    try:
        knowledge()
        guide_data()
        port = start.check(os.environ, model_path(), data_folder())
        start.keep_private(data_folder())
        held = start.hold(data_folder())
        start.check_port(host(), port)
        read_limits(os.environ)
    except (KnowledgeError, BadSettings) as error:
        sys.exit(str(error))
    for line in unknown_names(os.environ):
        print(line, file=sys.stderr, flush=True)
    os.chdir(ROOT)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # nothing about the people here goes to anybody else
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    with held:
        serve(port, shell)


def serve(port: int, shell: bool = False) -> None:
    """Runs until stopped. In a shell, the conversation is the terminal's."""
    from bot.observability import logs, metrics

    # Until Sanic has its own way of stopping: the model is unpacked in /tmp, and taken away only by who ends in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("sanic.error").addFilter(lambda record: (record.exc_info or [None])[0] is not SystemExit)
    logs.configure(shell)
    if adaptations.wanted():
        stand_ins.leave_out("matplotlib")
    import sanic.app  # noqa: F401 – it switches deprecation warnings on

    warnings.filterwarnings("ignore")
    from rasa.core.run import serve_application
    from rasa.utils.common import configure_logging_and_warnings

    from bot.desk import listeners as desk
    from bot.privacy import retention
    from bot.runtime import connections, watchdog
    from bot.runtime.adaptations import shell_choices
    from bot.runtime.service import Service
    from bot.store.conversations import StoreUnavailable

    adaptations.apply()
    if shell and adaptations.wanted():
        shell_choices.apply()
    # Whatever CACIMA_STOCK_RASA says: one bad request would stop everybody's server.
    connections.apply(read_limits(os.environ))
    if not adaptations.wanted():
        print(adaptations.UNMASKED, flush=True)
    configure_logging_and_warnings(logging.WARNING, None, True, None)
    try:
        endpoints = read_endpoints()
    except StoreUnavailable as error:
        sys.exit(str(error))
    service = Service(endpoints.tracker_store, "" if shell else _ready_line(port))
    serve_application(
        model_path=str(model_path()),
        channel="cmdline" if shell else None,
        credentials=None if shell else "credentials.yml",
        interface=host(),
        port=port,
        enable_api=False,
        endpoints=endpoints,
        server_listeners=[
            *service.listeners(),
            *logs.listeners(),
            *metrics.listeners(),
            *retention.listeners(),
            *desk.listeners(),
            *([] if shell else watchdog.listeners()),  # a shell waits for its person
        ],
    )


def read_endpoints() -> Any:
    """Rasa's AvailableEndpoints: the actions in this process, and our store. Raises StoreUnavailable."""
    from rasa.core.utils import AvailableEndpoints

    from bot.runtime.actions import InProcessActions
    from bot.store.conversations import ConversationStore
    from bot.store.locks import ConversationLocks

    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = InProcessActions(enable_selective_domain=True)
    endpoints.lock_store = ConversationLocks()
    endpoints.tracker_store = ConversationStore(url=database_url(os.environ, data_folder()))
    return endpoints


def _ready_line(port: int) -> str:
    from bot.channels.rest import read_access

    url = f"http://127.0.0.1:{port}"
    if not read_access(os.environ).local:
        return f"Ready on {url}"
    example = '{"sender": "me", "message": "C\'est quoi un PTCE ?"}'.replace("'", "'\\''")
    return f"Ready on {url} – try: curl -s {url}/webhooks/rest/webhook -d '{example}'"


if __name__ == "__main__":
    main()
