"""The widget talking with the real bot: what its own tests show on a stand-in holds end to end."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.conftest import ServedBot
from tests.web_axe import check_accessible
from tests.web_holder import holding
from tests.web_pages import OpenPage, answered, ask, launch, shadow
from tests.web_replies import HOSTILE
from tests.website_client import HOLDER


@pytest.mark.parametrize(
    ("language", "question", "date"),
    [("fr", "Quel financement pour un PTCE ?", "2015"), ("en", "What funding is there for a PTCE?", "2015")],
)
def test_a_conversation(open_site: OpenPage, language: str, question: str, date: str) -> None:
    page = open_site(f"/{language}")
    launch(page, language)
    ask(page, question)
    answered(page)
    told = page.locator(".message.bot").last
    expect(told).to_have_attribute("lang", language)
    expect(told).to_contain_text("PTCE")
    check_accessible(page)
    page.reload()
    launch(page, language)
    expect(page.locator(".message.you")).to_contain_text(question)
    assert page.locator(".message.bot").last.inner_text() == told.inner_text()


def test_clear_forgets_on_the_server(open_site: OpenPage) -> None:
    page = open_site("/fr")
    launch(page)
    page.get_by_role("button", name="Qui peut rejoindre").click()
    answered(page)
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.get_by_text("Conversation effacée.")).to_be_visible()
    page.reload()
    launch(page)
    page.wait_for_timeout(500)
    assert page.locator(".message.you").count() == 0


def test_an_opinion_reaches_the_bot(open_site: OpenPage) -> None:
    page = open_site("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.get_by_role("button", name="Oui, utile").click()
    expect(page.locator(".feedback")).to_contain_text("Merci")
    assert page.locator(".message.you").count() == 1
    page.reload()
    launch(page)
    expect(page.locator(".feedback")).to_contain_text("Merci")
    assert page.locator(".message.you").count() == 1


@pytest.mark.parametrize(("language", "start"), [("fr", "Quel cluster pour moi"), ("en", "Which cluster is right")])
def test_a_reload_at_every_question_of_the_guide(open_site: OpenPage, language: str, start: str) -> None:
    page = open_site(f"/{language}")
    launch(page, language)
    page.get_by_role("button", name=start).click()
    answered(page)
    for turn in range(2, 10):
        asked = page.locator(".message.bot").last.inner_text()
        page.reload()
        launch(page, language)
        again = page.locator(".message.bot").last
        expect(again).to_contain_text(asked.split("\n")[0])
        again.locator(".choice").first.click()
        answered(page, turn)
        if not page.locator(".message.bot").last.locator(".progress").count():
            check_accessible(page)
            return
    raise AssertionError("the guide never ended")


def test_hostile_text_is_shown_as_text(open_site: OpenPage) -> None:
    page = open_site("/fr")
    launch(page)
    ask(page, HOSTILE)
    answered(page)
    expect(page.locator(".message.you")).to_contain_text(HOSTILE)
    assert page.evaluate("window.hacked") is None


def test_one_line_in_another_sites_page(open_site: OpenPage, site: ServedBot) -> None:
    options = 'data-lang="en" data-title="Ask us" data-color="#005a3c" data-examples="What is a PTCE?|Who are you?"'
    html = f'<h1>Autre site</h1><script src="{site.url}/widget.js" {options} defer></script>'
    policy = f"default-src 'none'; img-src data:; script-src {site.url}; connect-src {site.url}"
    with holding(html, policy):
        page = open_site(f"{HOLDER}/", url=HOLDER)
        launch(page, "en")
        expect(page.get_by_role("heading", name="Ask us")).to_be_visible()
        page.get_by_role("button", name="What is a PTCE?").click()
        answered(page)
        expect(page.locator(".message.bot").last).to_contain_text("2015")
        assert shadow(page, "getComputedStyle(root.querySelector('.send')).backgroundColor") == "rgb(0, 90, 60)"
        page.get_by_role("button", name="Clear the conversation").click()
        page.get_by_role("button", name="Yes, clear it").click()
        expect(page.get_by_text("Conversation cleared.")).to_be_visible()
        assert page.context.cookies() == []


def test_without_javascript_the_contact_stands_there(open_page: OpenPage) -> None:
    page = open_page("/fr", java_script_enabled=False)
    expect(page.get_by_role("link", name="janick.cormier@cacima.fr")).to_be_visible()


def test_texts_are_the_same_in_both_languages() -> None:
    from bot.channels.pages import WEB

    french, english = (json.loads((WEB / f"texts.{code}.json").read_text(encoding="utf-8")) for code in ("fr", "en"))
    assert list(french) == list(english)
    for key, text in french.items():
        words = text if isinstance(text, str) else "\n".join(text)
        other = english[key] if isinstance(english[key], str) else "\n".join(english[key])
        assert not re.search(r"[^\u00a0\s][:;?!»](\s|$)| [:;?!»]|« ", words), f"{key}: no-break space missing"
        assert "'" not in words + other, f"{key}: typographic apostrophe missing"
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", other))
