"""Pictures of docs/bureau.md, written to docs/images/ (`make pictures`)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT, ServedBot
from tests.desk.test_bureau_in_a_browser import Open, desk, opened  # noqa: F401 – fixtures

FOLDER = ROOT / "docs" / "images"


def save(page: Page, name: str, **options: Any) -> None:
    page.screenshot(path=FOLDER / f"bureau-{name}.png", **options)


@pytest.mark.parametrize(
    ("name", "path", "height"),
    [
        ("questions", "questions", 560),
        ("reponse", "reponses/ptce.count", 900),
        ("fraicheur", "fraicheur", 620),
        ("chiffres", "chiffres", 760),
        ("demandes", "demandes", 480),
    ],
)
def test_pages(opened: Open, desk: ServedBot, name: str, path: str, height: int) -> None:  # noqa: F811
    page = opened(path, viewport={"width": 1000, "height": height})
    save(page, name)


def test_log_in(opened: Open) -> None:  # noqa: F811
    page = opened("entrer", logged_in=False, viewport={"width": 1000, "height": 380})
    save(page, "entrer")


def test_a_question(opened: Open) -> None:  # noqa: F811
    page = opened("questions", viewport={"width": 1000, "height": 640})
    page.locator("td a").first.click()
    save(page, "question")
