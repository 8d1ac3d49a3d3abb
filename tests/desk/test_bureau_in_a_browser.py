"""The desk in Chromium, by keyboard alone, without an axe violation on any page; and the pictures of docs/bureau.md."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.desk.exchange import Draft
from bot.desk.requests import Requests
from tests.conftest import ServedBot
from tests.desk.clerk import PASSWORD, accounts_of, engine_of, text_of
from tests.web_axe import check_accessible
from tests.web_browser import Watch
from tests.website_client import SECRET

PAGES = ("questions", "reponses", "reponses/ptce.count", "fraicheur", "chiffres", "demandes", "compte", "rien")

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    served = ServedBot(tmp_path_factory.mktemp("bureau"), {"CACIMA_SECRET": SECRET}).start()
    accounts_of(served).set_password("Ana", PASSWORD)
    for sender, said in (
        ("p1", "Combien coûte l'adhésion à un PTCE ?"),
        ("p2", "combien coute l'adhesion a un PTCE"),
        ("p3", "Quel temps fait-il à Miquelon ?"),
        ("p4", "What is the price of cod?"),
        ("p5", "C'est quoi un PTCE ?"),
        ("p5", "/feedback_negative"),
        ("p6", "How many PTCEs are there?"),
    ):
        served.say(sender, said)
    draft = Draft(question="Puis-je louer un quai ?", name="Yann Le Goff", contact="yann@example.pm")
    Requests(engine_of(served)).add("p7", "rest", draft)
    yield served
    served.stop()


@pytest.fixture
def opened(browser: Browser, desk: ServedBot) -> Iterator[Open]:
    contexts = []
    watches = []

    def open_page(path: str = "", logged_in: bool = True, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1100, "height": 760}, "locale": "fr-FR", **options}  # type: ignore[arg-type]
        )
        contexts.append(context)
        if logged_in:
            cookie = {"name": "cacima_bureau", "value": accounts_of(desk).begin("Ana"), "url": f"{desk.url}/bureau"}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        watches.append(Watch(page))
        page.goto(f"{desk.url}/bureau/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    for watch in watches:
        assert watch.errors == []
        assert [url for url in watch.urls if not url.startswith((desk.url, "data:"))] == []


def tab_to(page: Page, role: str, name: str) -> None:
    """By the Tab key alone, as far as it takes."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(400):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_breaks_a_rule_of_axe(opened: Open, language: str, scheme: str) -> None:
    page = opened("entrer", logged_in=False, color_scheme=scheme)
    page.goto(f"{page.url}?langue={language}")
    check_accessible(page)
    page = opened(f"questions?langue={language}", color_scheme=scheme)
    home = page.url.split("/questions")[0]
    for path in PAGES:
        page.goto(f"{home}/{path}")
        check_accessible(page)
    page.goto(f"{home}/questions")
    page.locator("td a").first.click()
    check_accessible(page)


@pytest.mark.parametrize("width", [320, 1100])
def test_no_page_is_wider_than_its_window(opened: Open, width: int) -> None:
    page = opened("questions", viewport={"width": width, "height": 700})
    home = page.url.split("/questions")[0]
    for path in PAGES:
        page.goto(f"{home}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_by_keyboard_alone(opened: Open, desk: ServedBot) -> None:
    """Log in, see what was asked, mend an answer, answer a request, log out."""
    page = opened("", logged_in=False)
    tab_to(page, "textbox", "Nom")
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type("mauvais")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    tab_to(page, "textbox", "Mot de passe")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions")

    tab_to(page, "link", "Réponses")
    page.keyboard.press("Enter")
    tab_to(page, "searchbox", "Chercher un mot")
    page.keyboard.type("ptce.count")
    page.keyboard.press("Enter")
    tab_to(page, "link", "les chiffres")
    page.keyboard.press("Enter")
    tab_to(page, "textbox", "En français")
    page.keyboard.press("Control+a")
    page.keyboard.type("Fin 2015, la France comptait 23 PTCE, par le clavier.")
    tab_to(page, "textbox", "Nombre")
    page.keyboard.press("Control+a")
    page.keyboard.type("22")
    tab_to(page, "button", "Enregistrer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("22")
    expect(page.get_by_label("En français", exact=True)).to_have_value(
        "Fin 2015, la France comptait 23 PTCE, par le clavier."
    )
    tab_to(page, "textbox", "Nombre")
    page.keyboard.press("Control+a")
    page.keyboard.type("23")
    tab_to(page, "button", "Enregistrer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La réponse est changée")
    expect(page.locator(".card").first).to_contain_text("par le clavier")
    assert "par le clavier" in text_of(desk.say("keyboard", "Combien de PTCE ?"))

    tab_to(page, "link", "Demandes")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_contain_text("Puis-je louer un quai ?")
    tab_to(page, "combobox", "État")
    page.keyboard.press("ArrowDown")
    tab_to(page, "button", "Enregistrer")
    page.keyboard.press("Enter")
    expect(page.locator("article .mark")).to_have_text("traitée")
    tab_to(page, "button", "Quitter (Ana)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Entrer")


def test_it_prints_what_it_says_and_no_buttons(opened: Open) -> None:
    page = opened("chiffres")
    page.emulate_media(media="print")
    expect(page.locator("table").first).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    page = opened("demandes")
    page.emulate_media(media="print")
    expect(page.locator("blockquote").first).to_be_visible()
    assert page.get_by_role("button").count() == 0
