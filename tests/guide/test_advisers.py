"""Personas by advisers who had not read guide.yml, through the served bot: what is advised first, and who is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import pytest
import yaml

from bot.guide.model import guide_data
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from tests.conftest import ServedBot

FOLDER = Path(__file__).parent / "advisers"
START = {"fr": "Quel cluster pour moi ?", "en": "Which cluster is right for me?"}
UNSURE = {"fr": "je ne sais pas", "en": "I don't know"}
OFFERED = "/guide"
MOST_TURNS = 14
# How the bodies of the personas are named in a result; a cluster of mainland France is advised by its kind.
NAMED = {
    "cacima": "CACIMA",
    "archipel_developpement": "Archipel Développement",
    "collectivite": "Collectivité",
    "cluster_maritime": "luster maritime",
    "caffe": "CAFF",
    "ifremer": "Ifremer",
    "bpifrance": "Bpifrance",
    "pole_metropole": "pôle de",
}
# Of forty, what was reached when the personas had become development data (docs/decisions/0007), a little less.
RIGHT, NEVER, BODIES = 27, 2, 36


def personas(language: str) -> List[Dict[str, Any]]:
    return list(yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8")))


def asked(messages: List[Dict[str, Any]]) -> Optional[str]:
    """The question of the guide whose answers are shown as buttons."""
    for button in (button for message in messages for button in message.get("buttons", [])):
        if '"criterion"' in button["payload"]:
            return str(json.loads(button["payload"][button["payload"].index("{") :])["criterion"])
    return None


def advised(bot: ServedBot, language: str, persona: Dict[str, Any]) -> Tuple[str, str]:
    """The path advised first, CACIMA where nothing fits, and the words of the result."""
    speaker, sender, said = (
        Speaker(guide_data(), knowledge(), language),
        f"{language}-{persona['name']}",
        persona["opens"],
    )
    for _ in range(MOST_TURNS):
        messages = bot.say(sender, said)
        text = "\n".join(message.get("text", "") for message in messages)
        found = next((path for path in guide_data().paths if speaker.fits(path) in text), None)
        if found or speaker.say("nothing_fits") in text:
            return found or "cacima", text
        criterion = asked(messages)
        payloads = [button["payload"] for message in messages for button in message.get("buttons", [])]
        if criterion is not None:
            said = persona["answers"].get(criterion, UNSURE[language])
        else:
            said = OFFERED if OFFERED in payloads else START[language]
    raise AssertionError(f"no result within {MOST_TURNS} turns: {persona['name']}")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_adviser_would_agree(bot: ServedBot, language: str) -> None:
    people = personas(language)
    assert len(people) == 40
    results = {persona["name"]: advised(bot, language, persona) for persona in people}
    path = {name: found for name, (found, _) in results.items()}
    right = [p["name"] for p in people if path[p["name"]] in p["paths"]]
    never = [p["name"] for p in people if path[p["name"]] in p["never"]]
    named = [p["name"] for p in people if any(NAMED[body] in results[p["name"]][1] for body in p["bodies"])]
    assert len(never) <= NEVER, never
    assert len(named) >= BODIES, [name for name in path if name not in named]
    assert len(right) >= RIGHT, {name: found for name, found in path.items() if name not in right}
