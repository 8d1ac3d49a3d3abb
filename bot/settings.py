"""What every room needs to know: the languages spoken, where data lie, how YAML is read."""

from __future__ import annotations

from pathlib import Path

import yaml

LANGUAGES = ("fr", "en")
DATA = Path(__file__).resolve().parents[1] / "data"
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads in a seventh of the time
