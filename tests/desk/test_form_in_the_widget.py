"""The form in the widget, by keyboard alone, and what it says when something is missing."""

from __future__ import annotations

import re
from typing import Iterator, List

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.channels import squeeze
from bot.channels.pages import WEB, _gzip
from tests.conftest import ServedBot
from tests.desk.post import Post, body
from tests.web_axe import check_accessible
from tests.web_browser import _opener
from tests.web_pages import OpenPage, answered, ask, launch

WISH = {"fr": "je voudrais parler à quelqu'un", "en": "I want to talk to a person"}
SEND = {"fr": "Envoyer à la CACIMA", "en": "Send to CACIMA"}
SENT = {"fr": "C’est envoyé à la CACIMA", "en": "It has been sent to CACIMA"}
LONGEST_GZIP = 2048


@pytest.fixture
def open_desk(browser: Browser, desk: ServedBot) -> Iterator[OpenPage]:
    yield from _opener(browser, desk.url)


def opened(open_desk: OpenPage, language: str) -> Page:
    page = open_desk(f"/{language}")
    launch(page, language)
    ask(page, WISH[language])
    answered(page)
    page.locator("form.request").wait_for()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("language", WISH)
def test_by_keyboard_alone(open_desk: OpenPage, post: Post, language: str) -> None:
    page = opened(open_desk, language)
    check_accessible(page)
    form = page.locator("form.request")
    form.locator("[name=question]").focus()
    page.keyboard.type("Puis-je louer un quai ?")
    press(page, "Tab")
    page.keyboard.type(f"Clavier {language}")
    press(page, "Tab")
    page.keyboard.type("nulle part")
    press(page, "Tab", "Tab", "Space", "Tab")
    expect(form.get_by_role("button", name=SEND[language])).to_be_focused()
    press(page, "Enter")
    # Refused in words, the field named wrong has the focus, and nothing is lost.
    expect(form.locator(".wrong")).not_to_be_empty()
    contact = form.locator("[name=contact]")
    expect(contact).to_be_focused()
    expect(contact).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=question]")).to_have_value("Puis-je louer un quai ?")
    check_accessible(page)
    contact.press("Control+a")
    page.keyboard.type(f"clavier.{language}@example.pm")
    press(page, "Tab", "Tab", "Tab", "Enter")
    expect(page.locator(".message.bot").last).to_contain_text(SENT[language])
    expect(form).to_have_count(0)
    check_accessible(page)
    assert "Puis-je louer un quai ?" in body(post.wait(f"Clavier {language}"))
    page.reload()
    page.wait_for_function(
        "() => document.querySelector('cacima-assistant')?.shadowRoot?.querySelector('dialog')?.open"
    )
    expect(page.locator(".message.bot").last).to_contain_text(SENT[language])
    expect(page.locator("form.request")).to_have_count(0)


def test_without_consent_nothing_goes(open_desk: OpenPage, post: Post) -> None:
    page = opened(open_desk, "fr")
    form = page.locator("form.request")
    for name, words in (("question", "Combien ?"), ("name", "Sans Accord"), ("contact", "sans@example.pm")):
        form.locator(f"[name={name}]").fill(words)
    form.get_by_role("button", name=SEND["fr"]).click()
    expect(form.locator(".wrong")).to_contain_text("accord")
    expect(form.locator("[name=consent]")).to_be_focused()
    assert post.about("Sans Accord") == []


def test_what_is_said_of_the_form(open_desk: OpenPage, post: Post) -> None:
    page = opened(open_desk, "fr")
    form = page.locator("form.request")
    fields = form.locator("input, textarea")
    # Nothing is wrong before anything is written, and what is wrong is said with the fields that it is about.
    assert (
        fields.evaluate_all("(all) => all.filter((each) => each.matches(':invalid, [aria-invalid=true]')).length") == 0
    )
    form.locator("[name=question]").fill("Puis-je louer un quai ?")
    form.locator("[name=name]").fill("Lecteur")
    held: List[Route] = []
    page.route("**/request", lambda route: route.continue_() if held else held.append(route))
    form.get_by_role("button").press("Enter")
    page.wait_for_timeout(200)
    # On its way, the button keeps the focus.
    expect(form.get_by_role("button")).to_be_focused()
    held[0].continue_()
    expect(form.locator("[name=contact]")).to_be_focused()
    expect(form.locator("[name=contact]")).to_have_accessible_description(re.compile("Il manque"))
    expect(form.locator("[name=name]")).to_have_accessible_description("")
    expect(form.get_by_role("alert")).to_have_count(0)
    form.locator("[name=contact]").fill("lecteur@example.pm")
    form.locator("[name=consent]").check()
    form.get_by_role("button").press("Enter")
    expect(page.locator(".message.bot").last).to_contain_text(SENT["fr"])
    # Not lost with the form.
    expect(page.locator(".message.bot").last).to_be_focused()


def test_it_weighs_little() -> None:
    assert len(_gzip(squeeze.script((WEB / "request.js").read_text(encoding="utf-8")).encode())) <= LONGEST_GZIP
