"""Answers as cards, by the form the channel documents."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.conftest import ServedBot
from tests.web_pages import OpenPage, answered, ask, box, launch, shadow, walk_to_the_result
from tests.web_replies import reply_with

QUESTIONS = {"fr": "Quel financement pour un PTCE ?", "en": "What funding is there for a PTCE?"}


@pytest.mark.parametrize(
    ("language", "lead", "then", "now", "line"),
    [
        (
            "fr",
            "Oui, une aide publique existait.",
            "Fin 2015",
            "Depuis le 18 décembre 2025",
            "Sources : bulletin, p. 3 · coorace.org (18 décembre 2025) · vérifié le 27 novembre 2026",
        ),
        (
            "en",
            "Yes, there was public funding.",
            "In late 2015",
            "Since December 18, 2025",
            "Sources: bulletin, p. 3 · coorace.org (December 18, 2025) · checked November 27, 2026",
        ),
    ],
)
def test_an_answer_is_a_card(
    open_page: OpenPage, stand_in: ServedBot, language: str, lead: str, then: str, now: str, line: str
) -> None:
    page = open_page(f"/{language}")
    launch(page, language)
    ask(page, QUESTIONS[language])
    answered(page)
    card = page.locator(".card").last
    expect(card.locator(".lead")).to_have_text(lead)
    assert int(card.locator(".lead").evaluate("(lead) => getComputedStyle(lead).fontWeight")) >= 600
    expect(card.locator(".then")).to_contain_text(then)
    expect(card.locator(".now")).to_contain_text(now)
    # Told apart by more than a colour.
    assert card.locator(".now").evaluate("(now) => parseFloat(getComputedStyle(now).borderInlineStartWidth)") >= 3
    assert card.locator(".sources").inner_text().replace("\u00a0", " ") == line
    bulletin = card.get_by_role("link", name="bulletin, p. 3")
    assert bulletin.get_attribute("href") == f"{stand_in.url}/{language}/bulletin#p3"
    # An address named in a sentence is a link there.
    assert card.locator(".now").get_by_role("link", name="cacima.fr").get_attribute("href") == "https://cacima.fr"
    told = {"fr": "S’ouvre dans un nouvel onglet", "en": "Opens in a new tab"}[language]
    expect(bulletin).to_have_accessible_description(told)
    expect(page.locator(".next").last.get_by_role("button")).to_have_count(2)


def test_without_a_lead_what_holds_today_is_heavy(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "Combien de pôles ?")
    answered(page)
    expect(page.locator(".now")).to_contain_text("55")
    assert int(page.locator(".now p").evaluate("(now) => getComputedStyle(now).fontWeight")) >= 600
    expect(page.locator(".sources")).to_contain_text("valable jusqu’au 31 décembre 2026")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_comparison_is_a_table(open_page: OpenPage, width: int) -> None:
    page = open_page("/fr", width, 800)
    launch(page)
    ask(page, "Quelle différence entre pôle et grappe ?")
    answered(page)
    table = page.get_by_role("table")
    expect(table.get_by_role("rowheader")).to_have_text(["Pôles de compétitivité", "Grappes d’entreprises"])
    expect(table.get_by_role("cell").first).to_contain_text("55 depuis mars 2023.")
    assert box(page, "table")["width"] <= box(page, ".card")["width"]
    # A link nobody wrote into a sentence is named below, with its year.
    expect(page.locator(".links")).to_contain_text("(adresse de 2015)")
    # A source without an address is a name.
    expect(page.locator(".sources").get_by_role("link")).to_have_count(1)


@pytest.mark.parametrize(
    ("language", "start", "title", "write", "copied", "change"),
    [
        (
            "fr",
            "Quel cluster pour moi ?",
            "Une grappe d’entreprises vous convient le mieux.",
            "Écrire à la CACIMA",
            "Résumé copié.",
            "Changer une réponse",
        ),
        (
            "en",
            "Which cluster is right for me?",
            "A business cluster fits you best.",
            "Write to CACIMA",
            "Summary copied.",
            "Change an answer",
        ),
    ],
)
def test_a_result_one_is_glad_to_get(
    open_page: OpenPage, language: str, start: str, title: str, write: str, copied: str, change: str
) -> None:
    page = open_page(f"/{language}", permissions=["clipboard-read", "clipboard-write"])
    launch(page, language)
    page.get_by_role("button", name=start).click()
    answered(page)
    for turn in (2, 3):
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
    heading = page.get_by_role("heading", name=title)
    expect(heading).to_be_visible()
    # Copy, print and write stand on top, in view with the heading.
    tools = box(page, ".tools")
    assert box(page, "h4")["y"] < tools["y"] < box(page, ".sides")["y"]
    expect(page.locator(".why li")).to_have_count(3)
    expect(page.locator(".against li")).to_have_count(2)
    expect(page.locator(".step").get_by_role("link", name="Archipel Développement")).to_be_visible()
    page.locator(".tools").get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_contain_text(copied)
    assert "CACIMA" in page.evaluate("navigator.clipboard.readText()")
    mailto = page.get_by_role("link", name=write).get_attribute("href") or ""
    # Mail programs that take no more than about 2,000 characters are served too; the cut is marked.
    assert len(mailto) <= 2000
    assert unquote(mailto).endswith("count.\n…")
    page.get_by_text(change).click()
    page.locator(".change .choice").first.click()
    answered(page, 4)
    expect(page.locator(".message.bot").last.locator(".progress")).to_be_visible()


def test_words_alone_are_laid_out_as_before(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    reply_with(page, {"text": "Voici :\n- un https://www.example.org/x/\n- deux\n\nÉcrivez à a.b@example.org."})
    ask(page, "x")
    answered(page)
    card = page.locator(".card").last
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card.get_by_role("link", name="example.org/x")).to_have_attribute("href", "https://www.example.org/x/")
    expect(card.get_by_role("link", name="a.b@example.org")).to_have_attribute("href", "mailto:a.b@example.org")
    assert page.locator(".feedback").count() == 0


START = {"fr": "Quel cluster pour moi ?", "en": "Which cluster is right for me?"}


@pytest.mark.parametrize(("language", "change"), [("fr", "Changer une réponse"), ("en", "Change an answer")])
def test_the_real_guide_ends_in_a_card(open_site: OpenPage, language: str, change: str) -> None:
    """On the bot itself: what it sends is what the widget knows how to lay out."""
    page = open_site(f"/{language}")
    launch(page, language)
    walk_to_the_result(page, START[language])
    last = page.locator(".message.bot").last
    expect(last.get_by_role("heading", level=4)).to_be_visible()
    expect(last.locator(".tools .plain")).to_have_count(3)
    assert last.locator(".why li").count() >= 1
    expect(last.locator(".step")).to_be_visible()
    expect(last.locator(".sources")).to_contain_text("bulletin")
    expect(last.locator(".row.next").last.locator(".choice")).to_have_count(2)
    last.locator(".change summary").click()
    question = last.locator(".change .choice").first.inner_text()
    last.locator(".change .choice").first.click()
    expect(page.locator(".message").last.locator(".progress")).to_be_visible()
    page.reload()
    launch(page, language)
    expect(page.locator(".message.you").last).to_contain_text(question.split(" ?")[0])


def test_a_form_it_does_not_know_keeps_its_buttons(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    buttons = [{"title": "Continuer", "payload": "/guide"}]
    reply_with(page, {"text": "Les mots.", "result": {"title": "x", "sources": [None]}, "buttons": buttons})
    ask(page, "x")
    answered(page)
    expect(page.locator(".message.bot").last).to_contain_text("Les mots.")
    expect(page.locator(".message.bot").last.get_by_role("button", name="Continuer")).to_be_visible()


@pytest.mark.parametrize(
    "odd",
    [
        {"answer": {}},
        {"answer": "yes"},
        {"answer": {"rows": "none", "sources": 3, "links": None}},
        {"answer": {"rows": [None], "sources": [{}], "links": [{"name": "("}]}},
        {"result": {"title": "x", "why": "y", "bodies": [None], "change": 3}},
        {"guide": {"step": "x", "remaining": [None]}},
        {"buttons": {"title": "x"}},
    ],
)
def test_a_form_it_does_not_know_still_shows_its_words(open_page: OpenPage, odd: dict) -> None:
    page = open_page("/fr")
    launch(page)
    reply_with(page, {"text": "Les mots.", **odd})
    ask(page, "x")
    answered(page)
    assert shadow(page, "root.querySelectorAll('.message.bot').length") == 2
    expect(page.locator(".message.bot").last).to_contain_text("Les mots.")
    ask(page, "y")
    answered(page, 2)
