"""What tests do in a page that holds the widget."""

from __future__ import annotations

from typing import Any, Callable, Dict

from playwright.sync_api import Page

OpenPage = Callable[..., Page]
LAUNCHER: Dict[str, str] = {"fr": "Une question", "en": "A question"}


ROOT = "document.querySelector('cacima-assistant').shadowRoot"


def launch(page: Page, language: str = "fr") -> None:
    """Opens the dialog, unless the page has opened it again by itself."""
    page.wait_for_function("() => document.querySelector('cacima-assistant')?.shadowRoot?.querySelector('.launcher')")
    if not page.evaluate(f"{ROOT}.querySelector('dialog').open"):
        page.locator(".launcher", has_text=LAUNCHER[language]).click()
    page.get_by_role("dialog").wait_for()
    moving = "root.querySelector('dialog').getAnimations({subtree: true}).map((each) => each.finished)"
    # An animation whose element goes away is aborted, which is no fault.
    shadow(page, f"Promise.allSettled({moving}).then(() => true)")


def shadow(page: Page, expression: str) -> Any:
    """The value of a JavaScript expression in which `root` is the widget's shadow root."""
    return page.evaluate(f"(() => {{ const root = {ROOT}; return {expression}; }})()")


def box(page: Page, selector: str) -> Dict[str, float]:
    """Where an element of the widget is in the window."""
    found = page.locator(selector).last.bounding_box()
    assert found is not None, selector
    return dict(found)


def in_view(page: Page, selector: str) -> bool:
    """Whether an element of the widget is wholly in the window, and under nothing else."""
    return bool(
        page.locator(selector).last.evaluate(
            """(element) => {
                const box = element.getBoundingClientRect();
                const root = element.getRootNode();
                const middle = root.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return box.top >= -0.5 && box.left >= -0.5 && box.bottom <= innerHeight + 0.5
                    && box.right <= innerWidth + 0.5 && (element === middle || element.contains(middle));
            }"""
        )
    )


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


def talk(page: Page, *texts: str) -> None:
    """Asks one thing after the other, in a conversation that has just begun."""
    for turn, text in enumerate(texts, 1):
        ask(page, text)
        answered(page, turn)


def walk_to_the_result(page: Page, start: str) -> None:
    """Presses the first answer of each of the guide's questions."""
    talk(page, start)
    for turn in range(2, 14):
        if page.locator(".tools").count():
            return
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
    raise AssertionError("the guide came to no result")
