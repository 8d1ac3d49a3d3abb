"""Writes .env.example and the table of docs/exploitation.md from bot/settings.py: `python -m scripts.settings`."""

from __future__ import annotations

import re
from typing import Any, Dict

import yaml

from bot.settings import ROOT, variables

TEXTS = ROOT / "deploy" / "settings.yml"
EXAMPLE = ROOT / ".env.example"
PAGE = ROOT / "docs" / "exploitation.md"
BEGIN, END = "<!-- made by `make settings` from bot/settings.py -->\n", "<!-- end -->\n"


def texts() -> Dict[str, Dict[str, Any]]:
    """What each setting is for: by variable, by language, and what holds without it."""
    return dict(yaml.safe_load(TEXTS.read_text(encoding="utf-8")))


def example() -> str:
    """The content of .env.example: every setting, commented out, with its default."""
    lines = ["# Settings of a deployment; docs/exploitation.md tells of them in French. Uncomment what you change.", ""]
    for name, text in texts().items():
        default = variables()[name].default
        unset = text.get("unset", {}).get("en")
        lines += [f"# {text['en']}" + (f" (without it: {unset})" if unset else "")]
        lines += [f"#{name}={'' if unset or default is None else _plain(default)}", ""]
    return "\n".join(lines)


def table() -> str:
    """The table of docs/exploitation.md."""
    lines = ["| variable | rôle | sans elle |", "|---|---|---|"]
    for name, text in texts().items():
        default = variables()[name].default
        unset = text.get("unset", {}).get("fr") or (f"`{_plain(default)}`" if default is not None else "–")
        lines.append(f"| `{name}` | {text['fr']} | {unset} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/exploitation.md with the table as it is to be."""
    parts = re.split(f"({re.escape(BEGIN)}|{re.escape(END)})", PAGE.read_text(encoding="utf-8"))
    before, begin, _, end, after = parts
    return before + begin + table() + end + after


def _plain(default: Any) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)


def main() -> None:
    EXAMPLE.write_text(example(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
