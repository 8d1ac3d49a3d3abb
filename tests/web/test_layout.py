"""Close and composer stay in view, whatever the window and the browser's font; options follow their question."""

from __future__ import annotations

from typing import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.web_browser import FLAGS, chromium
from tests.web_pages import OpenPage, answered, ask, box, in_view, launch, shadow

WINDOWS = [(1280, 800), (1280, 720), (390, 844), (844, 390), (320, 640), (320, 256), (320, 200)]
TALL = 'textarea[id="question"]'


def conversations(page: Page) -> Iterator[int]:
    """The same page with ever more in it."""
    yield 0
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    yield 1
    ask(page, "Quel cluster pour moi ?")
    answered(page, 2)
    yield 2
    for turn in (3, 4):
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
    yield 3


def fits(page: Page) -> None:
    for control in ('[aria-label="Fermer"]', TALL, ".send"):
        assert in_view(page, control), (control, box(page, control))
    assert shadow(page, "root.querySelector('.log').clientHeight") > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    over = """[...root.querySelectorAll("dialog, dialog *")]
        .filter((each) => each.checkVisibility() && !each.matches(".hidden, svg, svg *, textarea"))
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().left < -1)
        .map((each) => each.outerHTML.slice(0, 80))"""
    assert shadow(page, over) == []


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_close_and_composer_are_always_in_view(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page("/fr", width, height)
    launch(page)
    for _ in conversations(page):
        fits(page)
        small = """[...root.querySelectorAll("button, .button")].filter((each) => each.checkVisibility())
            .map((each) => [each.className || each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < 43.9)
            .map(([name, box]) => [name, box.width, box.height])"""
        assert shadow(page, small) == []
    whole = box(page, "dialog")
    if width <= 480 or height <= 480:
        assert [round(whole[side]) for side in ("x", "y", "width", "height")] == [0, 0, width, height]


@pytest.fixture(scope="module")
def large(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose own font is of 32 pixels, as people set it who see little."""
    launched = playwright.chromium.launch(
        executable_path=chromium(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"]
    )
    yield launched
    launched.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (844, 390), (390, 844)])
def test_sizes_follow_the_browsers_font(large: Browser, stand_in: object, width: int, height: int) -> None:
    page = large.new_page(viewport={"width": width, "height": height})
    page.goto(f"{stand_in.url}/fr")  # type: ignore[attr-defined]
    launch(page)
    assert shadow(page, "getComputedStyle(root.querySelector('.log')).fontSize") == "32px"
    for _ in conversations(page):
        fits(page)
    if width == 1280:
        assert box(page, ".top")["height"] < height / 4
        assert box(page, ".log")["height"] > height / 2
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (360, 640), (844, 390)])
def test_options_stand_right_under_their_question(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page("/fr", width, height)
    launch(page)
    ask(page, "Quel cluster pour moi ?")
    answered(page)
    gap = box(page, ".options")["y"] - (box(page, ".asks")["y"] + box(page, ".asks")["height"])
    assert 0 <= gap <= 16
    log = box(page, ".log")
    first = page.locator(".options .choice").first.bounding_box()
    assert first is not None
    assert first["y"] < log["y"] + log["height"]
    if height >= 800:
        assert box(page, ".options")["y"] + box(page, ".options")["height"] <= log["y"] + log["height"]
    assert "0" not in page.locator(".message.bot").last.inner_text().split("\n")
    # What is left and why is one line, until it is asked for.
    assert page.get_by_text("Types encore possibles : 6").is_visible()
    expect(page.get_by_text("Pôles d’innovation pour l’artisanat")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (844, 390), (320, 256)])
def test_a_choice_made_keeps_the_focus_in_view(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page("/fr", width, height)
    launch(page)
    page.get_by_role("button", name="Quel cluster pour moi ?").press("Enter")
    for turn in range(1, 4):
        answered(page, turn)
        focused = shadow(page, "root.activeElement.className")
        assert focused == "message bot"
        seen = """(() => {
            const log = root.querySelector(".log").getBoundingClientRect();
            const box = root.activeElement.getBoundingClientRect();
            return box.top >= log.top - 1 && box.top < log.bottom - 16;
        })()"""
        assert shadow(page, seen)
        if turn < 3:
            page.keyboard.press("Tab")
            assert "choice" in shadow(page, "root.activeElement.className")
            assert shadow(page, seen)
            page.keyboard.press("Enter")


def test_the_disclaimer_is_one_line_after_the_first_answer(open_page: OpenPage) -> None:
    page = open_page("/fr", 390, 844)
    launch(page)
    expect(page.get_by_text("Je suis un programme automatique")).to_be_visible()
    ask(page, "Quel cluster pour moi ?")
    answered(page)
    header = box(page, ".top")
    assert header["height"] <= 60
    # The line that stays.
    assert in_view(page, ".sub")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 256)])
def test_no_word_of_a_comparison_is_broken(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page("/fr", width, height)
    launch(page)
    ask(page, "Quelle différence entre elles ?")
    answered(page)
    # The longest that heads a row of a comparison.
    page.locator("th").first.evaluate("(th) => (th.textContent = 'Pôles de compétitivité')")
    lines = """(th) => {
        const range = document.createRange();
        const { firstChild, textContent } = th;
        range.setStart(firstChild, textContent.lastIndexOf(" ") + 1);
        range.setEnd(firstChild, textContent.length);
        return range.getClientRects().length;
    }"""
    assert page.locator("th").first.evaluate(lines) == 1
    assert page.locator(".log").evaluate("(log) => log.scrollWidth <= log.clientWidth")
