"""Printed: the conversation or the result alone, black on white, with its date and address; never the page around."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ServedBot
from tests.web_holder import holding
from tests.web_pages import OpenPage, answered, ask, launch, shadow
from tests.website_client import HOLDER

# What is under test is what would be printed: the browser's own dialog stays closed.
STAY = "window.print = () => (window.printed = true)"


def printed(page: Page, folder: Path) -> str:
    """The words of what the browser prints."""
    page.pdf(path=folder / "page.pdf", format="A4", print_background=True)
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext: apt-get install poppler-utils (Debian)")
    told = subprocess.run(["pdftotext", str(folder / "page.pdf"), "-"], capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_conversation_alone_is_printed(open_page: OpenPage, tmp_path: Path, scheme: Any, size: Any) -> None:
    page = open_page("/fr", *size, color_scheme=scheme)
    page.evaluate(STAY)
    launch(page)
    for turn, text in enumerate(["Quel financement pour un PTCE ?", "Quelle différence ?", "Quel cluster ?"], 1):
        ask(page, text)
        answered(page, turn)
    page.get_by_role("button", name="Imprimer").first.click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator("h1").first).to_be_hidden()
    expect(page.locator(".paper")).to_be_visible()
    dark = """[...root.querySelectorAll(".paper, .paper *")].filter((each) => each.checkVisibility())
        .filter((each) => getComputedStyle(each).color !== "rgb(0, 0, 0)"
            || !["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"].includes(getComputedStyle(each).backgroundColor))
        .map((each) => each.outerHTML.slice(0, 60))"""
    assert shadow(page, dark) == []
    words = printed(page, tmp_path)
    for expected in ("Assistant de la CACIMA", "2026", "127.0.0.1", "Quel financement", "Oui, une aide", "55 depuis"):
        assert expected in words
    assert "coorace.org/node/16520" in words
    for unwanted in ("Ce qu’il fait", "Une question ?", "Votre question", "Qui peut entrer", "Réessayer"):
        assert unwanted not in words
    # The page is whole again.
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("h1").first).to_be_visible()
    assert page.locator(".paper").count() == 0


def test_a_result_alone_is_printed(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/en")
    page.evaluate(STAY)
    launch(page, "en")
    ask(page, "Which cluster is right for me?")
    answered(page)
    for turn in (2, 3):
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
    page.locator(".tools").get_by_role("button", name="Print").click()
    words = printed(page, tmp_path)
    for expected in ("A business cluster fits you best", "In favour", "To keep in mind", "This week", "Second:"):
        assert expected in words
    for unwanted in ("official label matter", "What it does", "Copy", "Change an answer"):
        assert unwanted not in words


def test_printing_the_page_prints_the_page(open_page: OpenPage, stand_in: ServedBot, tmp_path: Path) -> None:
    with holding(f'<main><h1>Autre site</h1></main><script src="{stand_in.url}/widget.js" defer></script>'):
        page = open_page(f"{HOLDER}/", url=HOLDER)
        launch(page)
        ask(page, "Combien ?")
        answered(page)
        # Whoever writes in the dialog means the conversation.
        words = printed(page, tmp_path)
        assert "Ils sont 55" in words
        assert "Autre site" not in words
        page.evaluate("document.querySelector('cacima-assistant').shadowRoot.activeElement.blur()")
        words = printed(page, tmp_path)
        assert words.strip() == "Autre site"


def test_an_element_of_the_pages_own_prints_alone_too(open_page: OpenPage, stand_in: ServedBot, tmp_path: Path) -> None:
    body = "<main><h1>Autre site</h1><div><cacima-assistant></cacima-assistant><p>x</p></div></main>"
    with holding(f'{body}<script src="{stand_in.url}/widget.js" defer></script>'):
        page = open_page(f"{HOLDER}/", url=HOLDER)
        launch(page)
        ask(page, "Combien ?")
        answered(page)
        words = printed(page, tmp_path)
        assert "Ils sont 55" in words
        assert "Autre site" not in words
