"""What Messenger shows around the conversation, brought up to date: `python -m bot.channels.messenger.profile`.

Prints the difference first, sends only what differs, and nothing where nothing does. With --dry-run, only prints.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import os
import sys
from typing import Any, Dict, List, Optional

from bot.channels.messenger.events import GET_STARTED
from bot.channels.messenger.graph import Graph, Outcome
from bot.channels.messenger.health import Health
from bot.channels.messenger.settings import BadSettings, Settings, read_settings
from bot.channels.messenger.wording import Offer, Profile, wording
from bot.knowledge.model import LANGUAGES

FIELDS = ("get_started", "greeting", "persistent_menu", "ice_breakers")
Properties = Dict[str, Any]


class ProfileError(Exception):
    """Graph did not answer as it should; the text is for whoever runs the command."""


def wanted() -> Properties:
    """The Messenger Profile of data/messenger.yml, as Graph takes it."""
    profile = wording().profile
    return {
        "get_started": {"payload": GET_STARTED},
        "greeting": _by_locale(profile, lambda language: {"text": profile.greeting[language]}),
        "persistent_menu": _by_locale(
            profile,
            lambda language: {
                "composer_input_disabled": False,
                "call_to_actions": [
                    {"type": "postback", "title": offer.title[language], "payload": offer.payload}
                    for offer in profile.menu
                ],
            },
        ),
        "ice_breakers": _by_locale(
            profile,
            lambda language: {"call_to_actions": [_ice_breaker(offer, language) for offer in profile.ice_breakers]},
        ),
    }


def _by_locale(profile: Profile, make: Any) -> List[Properties]:
    return [{"locale": locale, **make(language)} for language in LANGUAGES for locale in profile.locales[language]]


def _ice_breaker(offer: Offer, language: str) -> Dict[str, str]:
    return {"question": offer.title[language], "payload": offer.payload}


def difference(there: Properties, here: Properties) -> str:
    """A unified diff of the properties we set; "" where Graph has them as they should be."""
    before, after = (_lines({field: side[field] for field in FIELDS if field in side}) for side in (there, here))
    return "\n".join(difflib.unified_diff(before, after, "Messenger", "data/messenger.yml", lineterm=""))


def changed(there: Properties, here: Properties) -> Properties:
    """The properties to send. A menu needs get_started, so that one goes along with it."""
    found = {field: here[field] for field in FIELDS if _canonical(there.get(field)) != _canonical(here[field])}
    return {"get_started": here["get_started"], **found} if found else {}


def _canonical(value: Any) -> Any:
    """The same for values that differ only in the order of their locales."""
    if isinstance(value, list) and all(isinstance(item, dict) and "locale" in item for item in value):
        return sorted(value, key=lambda item: str(item["locale"]))
    return value


def _lines(properties: Properties) -> List[str]:
    canonical = {field: _canonical(value) for field, value in properties.items()}
    return json.dumps(canonical, ensure_ascii=False, indent=2, sort_keys=True).splitlines()


async def update(settings: Settings, dry_run: bool = False) -> str:
    """Brings the page's profile up to date; the difference there was, "" where there was none. Raises ProfileError."""
    graph = Graph(settings, Health())
    await graph.start()
    try:
        answer = _checked(await graph.call("GET", f"me/messenger_profile?fields={','.join(FIELDS)}"))
        data = answer.get("data")
        there = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        here = wanted()
        found = changed(there, here)
        if not found:
            return ""
        shown = difference(there, here)
        print(shown, flush=True)
        if not dry_run:
            _checked(await graph.call("POST", "me/messenger_profile", found))
        return shown
    finally:
        await graph.close()


def _checked(outcome: Optional[Outcome]) -> Properties:
    if outcome is None or not outcome.ok:
        reason = outcome.reason if outcome else "stopped"
        raise ProfileError(f"Graph did not take the profile ({reason}). docs/messenger.md lists what the codes mean.")
    return outcome.answer


def main(arguments: List[str]) -> None:
    """Ends with status 1 and one line where it cannot be done."""
    try:
        settings = read_settings(os.environ)
    except BadSettings as error:
        sys.exit(str(error))
    if settings is None:
        sys.exit("Messenger is off: set its CACIMA_MESSENGER_* secrets first (docs/messenger.md).")
    dry_run = "--dry-run" in arguments
    try:
        shown = asyncio.run(update(settings, dry_run))
    except ProfileError as error:
        sys.exit(str(error))
    print("Nothing to change." if not shown else "Nothing was sent (--dry-run)." if dry_run else "Sent to Messenger.")


if __name__ == "__main__":
    main(sys.argv[1:])
