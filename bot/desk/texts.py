"""What the desk says, from texts.fr.yml and texts.en.yml: the same keys in both."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Dict, List

import yaml

from bot.settings import YAML
from bot.words.typography import typeset

HERE = Path(__file__).parent


@functools.cache
def table(language: str) -> Dict[str, Any]:
    """All texts of a language: sections of keys; a list where several words mean the same."""
    return dict(yaml.load((HERE / f"texts.{language}.yml").read_text(encoding="utf-8"), Loader=YAML))


def say(language: str, section: str, key: str, **values: object) -> str:
    """A text, filled in and typeset. What is filled in is not read as a pattern. Raises KeyError."""
    return typeset(str(table(language)[section][key]), language).format(**values)


def words(language: str, section: str, key: str) -> List[str]:
    """Words that mean the same. Raises KeyError."""
    return list(table(language)[section][key])
