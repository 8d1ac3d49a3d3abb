"""A real browser for the tests of the widget: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any, Iterator, List, Optional

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.web_pages import OpenPage
from tests.website_client import HOLDER

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW = "no Chromium: apt-get install chromium (Debian), or name one in CHROMIUM"


def chromium() -> Optional[str]:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "browser" not in getattr(item, "fixturenames", ()) or chromium():
        return
    pytest.skip(HOW)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    # Asked of the reports, which come from every worker to the process that writes the summary.
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report.nodeid for report in skipped if HOW in str(report.longrepr)]
    if left_out:
        terminalreporter.section("left out")
        terminalreporter.line(f"{len(left_out)} tests of the widget were left out, {HOW}")
        for name in left_out:
            terminalreporter.line(f"  {name}")


# A module long, no more: while Playwright runs, no other test may run an event loop.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    yield launched
    launched.close()


class Watch:
    """What went wrong in a page, and where it sent requests."""

    def __init__(self, page: Page) -> None:
        self.errors: List[str] = []
        self.heard: List[str] = []
        self.urls: List[str] = []
        # A refused or lost request is reported as an error too; tests that cause one look at what is said of it.
        self._expected = ["Failed to load resource"]
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._hear(message))
        page.on("request", lambda request: self.urls.append(request.url))

    def expected(self, *words: str) -> None:
        """What the console may say in this test."""
        self._expected += words

    def _hear(self, message: Any) -> None:
        self.heard.append(message.text)
        if message.type in ("error", "warning") and not any(words in message.text for words in self._expected):
            self.errors.append(message.text)


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The bot's pages with a conversation that is always the same (tests/web_stand_in.py)."""
    from tests.conftest import ServedBot

    served = ServedBot(tmp_path_factory.mktemp("stand-in"), {"CACIMA_WEBSITE_ORIGINS": HOLDER})
    served.command = [sys.executable, "-m", "tests.web_stand_in", str(served.port)]
    yield served.start()
    served.stop()


def _opener(browser: Browser, home: str) -> Iterator[OpenPage]:
    contexts = []
    watches = []

    def opened(path: str = "/fr", width: int = 1100, height: int = 760, url: str = home, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.watch = Watch(page)
        watches.append((page.watch, url))
        page.goto(path if path.startswith("http") else url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    for watch, url in watches:
        assert watch.errors == []
        assert [asked for asked in watch.urls if not asked.startswith((url, home, "data:"))] == []


@pytest.fixture
def open_page(browser: Browser, stand_in: Any) -> Iterator[OpenPage]:
    """Opens a page of the stand-in in a context of its own; at the end none may have broken its CSP or asked another
    host."""
    yield from _opener(browser, stand_in.url)


@pytest.fixture
def open_site(browser: Browser, site: Any) -> Iterator[OpenPage]:
    """The same, on the real bot."""
    yield from _opener(browser, site.url)
