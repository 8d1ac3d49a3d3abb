"""The widget in Firefox: the same conversation, layout, colours and survival as in Chromium."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.conftest import ServedBot
from tests.web_firefox import Firefox, firefox

pytestmark = pytest.mark.skipif(not firefox(), reason="no Firefox: apt-get install firefox-esr (Debian)")

ENTER, TAB, ESCAPE = "\ue007", "\ue004", "\ue00c"
ANSWERED = "root.querySelectorAll('.you').length === {} && !root.querySelector('.busy, .dots')"
OUTSIDE = """[...root.querySelectorAll("[aria-label=Fermer], textarea, .send")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth || !box.width;
}).map((each) => each.outerHTML)"""


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    running = Firefox(tmp_path_factory.mktemp("firefox"))
    yield running
    running.close()


def launch(fox: Firefox, url: str, width: int = 1100, height: int = 760) -> None:
    fox.open(url, width, height)
    fox.run("(sessionStorage.clear(), localStorage.clear())")
    fox.open(url, width, height)
    fox.wait("!!root")
    fox.run("root.querySelector('.launcher').click()")
    fox.wait("root.querySelector('dialog').open")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (844, 390), (320, 256)])
def test_a_conversation_in_any_window(fox: Firefox, stand_in: ServedBot, width: int, height: int) -> None:
    launch(fox, f"{stand_in.url}/fr", width, height)
    assert fox.run("root.activeElement.localName") == "textarea"
    assert fox.run("root.querySelector('dialog').matches(':modal')") is (width <= 480 or height <= 480)
    fox.keys("Quel financement pour un PTCE ?" + ENTER)
    fox.wait(ANSWERED.format(1))
    assert fox.run("root.querySelector('.lead').textContent") == "Oui, une aide publique existait."
    assert "Oui, une aide" in fox.run(
        "new Promise((done) => setTimeout(() => done(root.querySelector('[aria-live=polite]').textContent), 150))"
    )
    assert fox.run(OUTSIDE) == []
    fox.keys("Quel cluster pour moi ?" + ENTER)
    fox.wait(ANSWERED.format(2))
    for turn in (3, 4):
        # Driven this way, Firefox does not press a button at Enter, not even one of the page's own.
        option = "[...root.querySelectorAll('.options')].at(-1).querySelector('.choice')"
        fox.run(f"({option}.focus(), {option}.click())")
        fox.wait(ANSWERED.format(turn))
        assert fox.run("root.activeElement.className") == "message bot"
        assert fox.run(OUTSIDE) == []
    assert fox.run("root.querySelector('h4').textContent").startswith("Une grappe")
    assert fox.run("document.documentElement.scrollWidth <= innerWidth")
    fox.keys(ESCAPE)
    fox.wait("!root.querySelector('dialog').open")
    fox.wait("root.activeElement?.className === 'launcher'")


def test_it_survives_a_replaced_body(fox: Firefox, stand_in: ServedBot) -> None:
    launch(fox, f"{stand_in.url}/fr")
    fox.run("document.body.replaceWith(document.createElement('body'))")
    fox.run("document.documentElement.removeChild(document.querySelector('cacima-assistant'))")
    fox.wait("document.querySelectorAll('cacima-assistant').length === 1 && root.querySelector('dialog').open")
    fox.run("document.querySelector('cacima-assistant').ask('Combien ?')")
    fox.wait(ANSWERED.format(1))


@pytest.mark.parametrize("colour", ["#ffd400", "oklch(70% 0.2 150)", "navy"])
def test_colours_are_derived(fox: Firefox, stand_in: ServedBot, colour: str) -> None:
    launch(fox, f"{stand_in.url}/fr")
    fox.run(f"(document.querySelector('cacima-assistant').dataset.color = '{colour}')")
    fox.wait("getComputedStyle(root.querySelector('.send')).backgroundColor !== 'rgb(11, 79, 138)'")
    expected = "rgb(255, 255, 255)" if colour == "navy" else "rgb(0, 0, 0)"
    assert fox.run("getComputedStyle(root.querySelector('.send')).color") == expected


def test_it_prints_alone(fox: Firefox, stand_in: ServedBot) -> None:
    launch(fox, f"{stand_in.url}/fr")
    fox.run("document.querySelector('cacima-assistant').ask('Combien ?')")
    fox.wait(ANSWERED.format(1))
    fox.run("(window.print = () => {}, root.querySelector('[aria-label=Imprimer]').click())")
    assert fox.run("root.querySelector('.paper').textContent.includes('55 depuis')")
    assert fox.run("document.adoptedStyleSheets.length") == 1
    fox.run("dispatchEvent(new Event('afterprint'))")
    assert fox.run("document.adoptedStyleSheets.length") == 0
