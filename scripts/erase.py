"""Deletes from the command line: `python -m scripts.erase erase WHO`, or `... purge DAYS`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import warnings
from typing import Any, List

from bot.privacy.clock import Doubtful, look
from bot.privacy.settings import LONGEST
from bot.settings import ROOT, BadSettings, data_folder
from bot.store.settings import database_url

USAGE = "usage: make erase WHO=<sender id>   or   make purge OLDER_THAN=<days> [SURE=yes]"
DAY = 24 * 3600.0


def open_store() -> Any:
    """The ConversationStore the bot is served with. Raises StoreUnavailable."""
    from bot.store.conversations import ConversationStore

    return ConversationStore(url=database_url(os.environ, data_folder()))


async def erase_all(who: str) -> str:
    """Deletes what is kept of a conversation; says how much that was."""
    from bot.channels.messenger.erasure import erase_messenger

    events = await open_store().delete(who)
    waiting = await erase_messenger(data_folder(), who)
    return f"{events} events of this conversation were deleted, and {waiting} rows of Messenger's inbox."


async def purge_all(days: int, sure: bool) -> str:
    """Deletes what is older than so many days; says how much that was. Raises Doubtful, unless one is sure."""
    from bot.privacy import retention

    store = open_store()
    if not sure:
        await retention.check(store, days * DAY, data_folder())
    events = await store.purge(days * DAY)
    look(data_folder())
    return f"{events} events older than {days} days were deleted."


def main(arguments: List[str]) -> None:
    """Ends with status 1 and one line where nothing could be done."""
    if len(arguments) != 2 or arguments[0] not in ("erase", "purge") or not arguments[1].strip():
        sys.exit(USAGE)
    command, given = arguments[0], arguments[1].strip()
    if command == "purge" and not (re.fullmatch(r"[0-9]{1,4}", given) and int(given) <= LONGEST):
        sys.exit(f"OLDER_THAN must be a whole number of days up to {LONGEST}, not “{given[:20]}”.")
    os.umask(0o077)
    os.chdir(ROOT)
    warnings.filterwarnings("ignore")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    try:
        sure = os.environ.get("SURE", "") == "yes"
        print(asyncio.run(erase_all(given) if command == "erase" else purge_all(int(given), sure)))
    except BadSettings as error:
        sys.exit(str(error))
    except Doubtful as doubt:
        sys.exit(f"Stopped: {doubt}")
    except Exception as error:  # its own words may quote what people wrote
        sys.exit(f"Nothing was deleted: {type(error).__name__}. Is the database there, and CACIMA_DATA right?")


if __name__ == "__main__":
    main(sys.argv[1:])
