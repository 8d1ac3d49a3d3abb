"""Pictures of the widget's main states, written to screenshots/ (`make screenshots`)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.web_pages import OpenPage, answered, ask, launch

FOLDER = ROOT / "screenshots"


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


@pytest.mark.parametrize(
    ("language", "question"), [("fr", "Quel financement pour un PTCE ?"), ("en", "What funding is there for a PTCE?")]
)
def test_conversation(open_page: OpenPage, language: str, question: str) -> None:
    page = open_page(f"/{language}")
    save(page, f"page-{language}")
    launch(page, language)
    save(page, f"greeting-{language}")
    ask(page, question)
    answered(page)
    save(page, f"answer-{language}")


@pytest.mark.parametrize(("name", "width", "height"), [("phone", 390, 844), ("narrow", 320, 480), ("zoomed", 320, 256)])
def test_small(open_page: OpenPage, name: str, width: int, height: int) -> None:
    page = open_page("/fr", width, height)
    launch(page)
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    save(page, name)


def test_dark(open_page: OpenPage) -> None:
    page = open_page("/fr", color_scheme="dark")
    launch(page)
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    save(page, "dark")


def test_guide(open_page: OpenPage) -> None:
    page = open_page("/fr", height=900)
    launch(page)
    ask(page, "Quel cluster pour moi ?")
    answered(page)
    for turn in range(2, 10):
        if page.locator(".result").count():
            break
        save(page, "guide")
        page.locator(".message.bot").last.get_by_role("button").first.click()
        answered(page, turn)
    save(page, "result")


def test_trouble(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    ask(page, "C'est quoi un PTCE ?")
    page.get_by_role("button", name="Réessayer").wait_for()
    save(page, "offline")
    page.context.set_offline(False)
    answered(page)
    page.get_by_role("button", name="Effacer la conversation").click()
    save(page, "clear")


def test_print(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    page.emulate_media(media="print")
    save(page, "print")
