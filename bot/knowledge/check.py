"""`python -m bot.knowledge.check`: everything under data/ is sound, and both languages hold the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set

import yaml

from bot.guide.model import guide_data
from bot.knowledge.load import DATA, KnowledgeError, knowledge
from bot.knowledge.model import LANGUAGES

# In French a no-break space stands before these signs and inside guillemets.
_LOOSE_SPACE = re.compile(r"[^\s\u00a0\u202f] [:;!?»]|« ")


def main() -> None:
    try:
        base, guide = knowledge(), guide_data()
    except KnowledgeError as error:
        sys.exit(str(error))
    problems = [*same_files(), *same_responses(), *loose_spaces()]
    if problems:
        sys.exit("\n".join(problems))
    facts = sum(len(topic.facts) for topic in base.topics.values())
    print(f"data/: {len(base.topics)} topics, {facts} facts, {len(guide.criteria)} criteria: all sound")


def examples(language: str) -> Dict[str, Set[str]]:
    """The intents of each file of examples."""
    found: Dict[str, Set[str]] = {}
    for path in sorted((DATA / "nlu" / language).glob("*.yml")):
        found[path.name] = {entry["intent"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]}
    return found


def same_files() -> List[str]:
    first, second = (examples(language) for language in LANGUAGES)
    return [
        f"data/nlu: {name}: {sorted(first.get(name, set()) ^ second.get(name, set()))}"
        for name in sorted(set(first) | set(second))
        if first.get(name) != second.get(name)
    ]


def same_responses() -> List[str]:
    """Each response of the domain has one text a language, and the same buttons."""
    responses: Dict[str, Any] = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))["responses"]
    problems = []
    for name, variations in responses.items():
        languages = sorted(variation["condition"][0]["value"] for variation in variations)
        buttons = {str([b["payload"] for b in variation.get("buttons", [])]) for variation in variations}
        if languages != sorted(LANGUAGES) or len(buttons) != 1:
            problems.append(f"domain.yml: {name}: {languages}")
    return problems


def french(value: Any, key: str = "") -> Iterator[str]:
    """Every French sentence of a data file: the `fr` texts, not the lists of words people type."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "fr" and isinstance(inner, str):
                yield inner
            elif name not in ("words", "aliases", "cues", "described", "near_misses", "controls", "people"):
                yield from french(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from french(inner, key)


def loose_spaces() -> List[str]:
    problems = []
    for path in [*(DATA / "knowledge").rglob("*.yml"), *DATA.glob("*.yml")]:
        for text in french(yaml.safe_load(path.read_text(encoding="utf-8"))):
            for found in _LOOSE_SPACE.findall(text):
                problems.append(f"{Path(path).name}: «{found}» in: {text[:60]}")
    return problems


if __name__ == "__main__":
    main()
