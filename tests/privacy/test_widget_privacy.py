"""The widget: the notice in its greeting, and nothing left on the screen once the conversation is erased."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.privacy.notice import notice_path
from tests.web_pages import OpenPage, answered, ask, launch

WORDS = {
    "fr": ("Ma brasserie Salamandre a 12 salariés", "efface mes données", "Oui, effacer", "conversation est effacée"),
    "en": ("My Salamandre brewery has 12 staff", "delete my data", "Yes, erase it", "conversation is erased"),
}


@pytest.mark.parametrize("language", WORDS)
def test_the_greeting_links_the_notice(open_site: OpenPage, language: str) -> None:
    page = open_site(f"/{language}")
    launch(page, language)
    address = page.locator(".message.bot p.quiet a").first.get_attribute("href")
    assert address is not None
    assert address.endswith(notice_path(language))
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", WORDS)
def test_an_erased_conversation_leaves_the_screen(open_site: OpenPage, language: str) -> None:
    told, wish, yes, done = WORDS[language]
    page = open_site(f"/{language}")
    launch(page, language)
    ask(page, told)
    answered(page)
    ask(page, wish)
    answered(page, 2)
    page.locator(".choice", has_text=yes).last.click()
    expect(page.locator(".message.bot").last).to_contain_text(done)
    expect(page.locator(".message.you")).to_have_count(0)
    assert "Salamandre" not in page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    page.reload()
    launch(page, language)
    expect(page.locator(".message.you")).to_have_count(0)
    expect(page.locator(".message.bot")).to_have_count(1)  # the greeting
