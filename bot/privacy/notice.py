"""The privacy notice: its pages (bot/web/privacy.*.html) and their address."""

from __future__ import annotations

from pathlib import Path

from bot.privacy.settings import public_url, retention_days
from bot.privacy.wording import wording
from bot.settings import read_settings

WEB = Path(__file__).resolve().parents[1] / "web"


def notice_path(language: str) -> str:
    """Where this server answers with the notice."""
    return wording().notice[language]


def notice_url(language: str) -> str:
    """The notice's whole address, as people are given it."""
    return public_url() + notice_path(language)


def notice_page(language: str) -> str:
    """The notice as HTML, with this server's retention of conversations and of requests passed on."""
    page = (WEB / f"privacy.{language}.html").read_text(encoding="utf-8")
    return page.replace("{days}", str(retention_days())).replace("{requests}", str(read_settings().requests_days))
