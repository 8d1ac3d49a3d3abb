"""The form in the widget, by keyboard alone, and what it says when something is missing."""

from __future__ import annotations

from typing import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

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
    expect(form.get_by_role("alert")).not_to_be_empty()
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
    expect(form.get_by_role("alert")).to_contain_text("accord")
    expect(form.locator("[name=consent]")).to_be_focused()
    assert post.about("Sans Accord") == []


def test_it_weighs_little() -> None:
    assert len(_gzip(squeeze.script((WEB / "request.js").read_text(encoding="utf-8")).encode())) <= LONGEST_GZIP
