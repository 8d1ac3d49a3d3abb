"""Pictures of the widget's main states, written to screenshots/ (`make screenshots`)."""

from __future__ import annotations

from typing import Any, List

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.web_pages import OpenPage, answered, ask, launch

FOLDER = ROOT / "screenshots"
WINDOWS = {"desktop": (1280, 800), "phone": (390, 844), "landscape": (844, 390), "zoomed": (320, 256)}
FUNDING = {"fr": "Quel financement pour un PTCE ?", "en": "What funding is there for a PTCE?"}


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


def talk(page: Page, *texts: str) -> None:
    for turn, text in enumerate(texts, 1):
        if text:
            ask(page, text)
        else:
            page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)


STATES: List[Any] = [
    ("greeting", []),
    ("answer", [FUNDING["fr"]]),
    ("comparison", ["Quelle différence entre pôle et grappe ?"]),
    ("guide", ["Quel cluster pour moi ?"]),
    ("result", ["Quel cluster pour moi ?", "", ""]),
]


@pytest.mark.parametrize(("state", "texts"), STATES)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states(open_page: OpenPage, state: str, texts: List[str], window: str, scheme: Any) -> None:
    page = open_page("/fr", *WINDOWS[window], color_scheme=scheme)
    launch(page)
    talk(page, *texts)
    save(page, f"{state}-{window}-{scheme}")


def test_english(open_page: OpenPage) -> None:
    page = open_page("/en", 1280, 800)
    launch(page, "en")
    talk(page, FUNDING["en"])
    save(page, "answer-desktop-en")


@pytest.mark.parametrize("path", ["/fr", "/en", "/fr/bulletin", "/fr/confidentialite"])
def test_pages(open_page: OpenPage, path: str) -> None:
    page = open_page(path, 1280, 800)
    save(page, "page" + path.replace("/", "-"))


def test_trouble(open_page: OpenPage) -> None:
    page = open_page("/fr", 1280, 800)
    launch(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    ask(page, "C’est quoi un PTCE ?")
    page.get_by_role("button", name="Réessayer").wait_for()
    save(page, "offline")
    page.get_by_role("button", name="Effacer la conversation").click()
    save(page, "clear")


def test_print(open_page: OpenPage) -> None:
    page = open_page("/fr", 900, 1100)
    page.evaluate("window.print = () => {}")
    launch(page)
    talk(page, *STATES[-1][1])
    page.locator(".tools").get_by_role("button", name="Imprimer").click()
    page.emulate_media(media="print")
    save(page, "print")
