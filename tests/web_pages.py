"""What tests do in a page that holds the widget."""

from __future__ import annotations

from typing import Callable, Dict

from playwright.sync_api import Page

OpenPage = Callable[..., Page]
LAUNCHER: Dict[str, str] = {"fr": "Une question", "en": "A question"}


def launch(page: Page, language: str = "fr") -> None:
    page.get_by_role("button", name=LAUNCHER[language]).click()
    page.get_by_role("dialog").wait_for()


def ask(page: Page, text: str) -> None:
    page.get_by_role("dialog").get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def answered(page: Page, count: int = 1) -> None:
    """Waits until `count` of the person's messages have an answer after them and nothing is under way."""
    page.wait_for_function(
        """(count) => {
            const root = document.querySelector("cacima-assistant").shadowRoot;
            const mine = root.querySelectorAll(".message.you");
            return mine.length >= count && !root.querySelector("dialog.busy")
                && mine[mine.length - 1].nextElementSibling?.matches(".bot");
        }""",
        arg=count,
    )
