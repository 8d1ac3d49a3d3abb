"""`python -m bot.knowledge.check`: everything under data/ is sound, and both languages hold the same."""

from __future__ import annotations

import re
import sys
from typing import Any, Dict, Iterator, List, Set, Tuple

import yaml

from bot.guide.model import guide_data
from bot.knowledge.load import KnowledgeError, knowledge
from bot.knowledge.model import LANGUAGES
from bot.settings import DATA

# Each language has its own way of describing, so these files need not hold the same intents.
_OF_ONE_LANGUAGE = ("described.yml",)
# Lists of what people type, which need not be well written.
_TYPED = ("words", "aliases", "cues", "described", "near_misses", "controls", "people", "nouns")


def main() -> None:
    try:
        base, guide = knowledge(), guide_data()
    except KnowledgeError as error:
        sys.exit(str(error))
    problems = [*same_files(), *same_responses(), *house_style()]
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
    """Every intent has examples in each language, in files of the same name."""
    first, second = (examples(language) for language in LANGUAGES)
    problems = [
        f"data/nlu: {name}: {sorted(first.get(name, set()) ^ second.get(name, set()))}"
        for name in sorted(set(first) | set(second))
        if name not in _OF_ONE_LANGUAGE and first.get(name) != second.get(name)
    ]
    everywhere = [set().union(*found.values()) for found in (first, second)]
    return [*problems, *(f"data/nlu: {name}" for name in sorted(everywhere[0] ^ everywhere[1]))]


def same_responses() -> List[str]:
    """Each response of the domain has as many texts in each language, and the same buttons."""
    responses: Dict[str, Any] = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))["responses"]
    problems = []
    for name, variations in responses.items():
        languages = [variation["condition"][0]["value"] for variation in variations]
        counts = {languages.count(language) for language in LANGUAGES}
        buttons = {str([b["payload"] for b in variation.get("buttons", [])]) for variation in variations}
        if set(languages) != set(LANGUAGES) or len(counts) != 1 or len(buttons) != 1:
            problems.append(f"domain.yml: {name}: {languages}")
    return problems


def sentences(value: Any) -> Iterator[Tuple[str, str]]:
    """(language, text) of every sentence a person reads in a data file."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in LANGUAGES and isinstance(inner, str):
                yield name, inner
            elif name not in _TYPED:
                yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)


def house_style() -> List[str]:
    """What style.yml forbids in a sentence, found anywhere in data/."""
    rules = yaml.safe_load((DATA / "style.yml").read_text(encoding="utf-8"))
    forbidden = {
        language: [(re.compile(pattern), why) for pattern, why in rules[language].items()] for language in LANGUAGES
    }
    problems = []
    for path in [*(DATA / "knowledge").rglob("*.yml"), *DATA.glob("*.yml")]:
        if path.name == "style.yml":
            continue
        for language, text in sentences(yaml.safe_load(path.read_text(encoding="utf-8"))):
            for pattern, why in forbidden[language]:
                if found := pattern.search(text):
                    problems.append(f"{path.name}: “{found.group()}” ({why}): {text[:70]}")
    return problems


if __name__ == "__main__":
    main()
