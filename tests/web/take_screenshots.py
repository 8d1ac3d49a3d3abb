"""Pictures of the main states of the widget on the real bot, in screenshots/, and the README's (`make screenshots`)."""

from __future__ import annotations

from typing import Any, List

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.web_pages import OpenPage, ask, launch, talk, walk_to_the_result

FOLDER = ROOT / "screenshots"
WINDOWS = {"desktop": (1280, 800), "phone": (390, 844), "landscape": (844, 390), "zoomed": (320, 256)}
FUNDING = {"fr": "Quel financement pour un PTCE ?", "en": "What funding is there for a PTCE?"}


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


START = "Quel cluster pour moi ?"
STATES: List[Any] = [
    ("greeting", []),
    ("answer", [FUNDING["fr"]]),
    ("comparison", ["Quelle différence entre pôle et grappe ?"]),
    ("guide", [START]),
    ("result", [START]),
]


@pytest.mark.parametrize(("state", "texts"), STATES)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states(open_site: OpenPage, state: str, texts: List[str], window: str, scheme: Any) -> None:
    page = open_site("/fr", *WINDOWS[window], color_scheme=scheme)
    launch(page)
    if state == "result":
        walk_to_the_result(page, START)
    else:
        talk(page, *texts)
    save(page, f"{state}-{window}-{scheme}")


def test_english(open_site: OpenPage) -> None:
    page = open_site("/en", 1280, 800)
    launch(page, "en")
    talk(page, FUNDING["en"])
    save(page, "answer-desktop-en")


def test_the_picture_of_the_readme(open_site: OpenPage) -> None:
    page = open_site("/en", 1100, 760)
    launch(page, "en")
    talk(page, "What is a PTCE?", "and how many are there?")
    page.get_by_role("dialog").get_by_role("textbox").blur()
    page.wait_for_timeout(300)
    page.screenshot(path=ROOT / "docs" / "images" / "widget.png")


@pytest.mark.parametrize("path", ["/fr", "/en", "/fr/bulletin", "/fr/confidentialite"])
def test_pages(open_site: OpenPage, path: str) -> None:
    page = open_site(path, 1280, 800)
    save(page, "page" + path.replace("/", "-"))


def test_trouble(open_site: OpenPage) -> None:
    page = open_site("/fr", 1280, 800)
    launch(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    ask(page, "C’est quoi un PTCE ?")
    page.get_by_role("button", name="Réessayer").wait_for()
    save(page, "offline")
    page.get_by_role("button", name="Effacer la conversation").click()
    save(page, "clear")


def test_print(open_site: OpenPage) -> None:
    page = open_site("/fr", 900, 1100)
    page.evaluate("window.print = () => {}")
    launch(page)
    walk_to_the_result(page, START)
    page.locator(".tools").get_by_role("button", name="Imprimer").click()
    page.emulate_media(media="print")
    save(page, "print")
