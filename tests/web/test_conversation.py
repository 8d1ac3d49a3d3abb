"""Nothing a person wrote is lost, doubled, or said to have gone when it has not."""

from __future__ import annotations

import json
from typing import List

import pytest
from playwright.sync_api import Page, Route, expect

from bot.channels.tokens import Session, Tokens
from tests.web_axe import check_accessible
from tests.web_pages import OpenPage, answered, ask, in_view, launch, shadow
from tests.web_replies import HOSTILE, MESSAGES, hostile, hostile_result, reply_with
from tests.website_client import SECRET

API = "**/webhooks/website/**"


def said(page: Page) -> int:
    return page.locator(".message.you").count()


def count_posts(page: Page) -> List[str]:
    posted: List[str] = []

    def note(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(route.request.post_data_json["id"])
        route.fallback()

    page.route(MESSAGES, note)
    return posted


def test_a_question_that_did_not_go_out_is_marked_and_has_its_own_retry(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.clock.install()
    launch(page)
    page.clock.run_for(1000)
    page.route(API, lambda route: route.abort())
    ask(page, "C’est quoi un PTCE ?")
    for _ in range(15):
        page.clock.run_for(1000)
        page.wait_for_timeout(30)
        words = page.get_by_role("status").inner_text()
        # Nothing claims that it has gone.
        assert "bien partie" not in words
    unsent = page.locator(".you.unsent")
    expect(unsent).to_contain_text("Message non envoyé")
    expect(page.get_by_role("status")).to_contain_text("janick.cormier@cacima.fr")
    assert in_view(page, ".unsent h3")
    check_accessible(page)
    page.unroute(API)
    page.clock.resume()
    # Another question may be asked meanwhile; the first keeps its retry.
    ask(page, "Combien de pôles ?")
    answered(page, 2)
    unsent.get_by_role("button", name="Réessayer").click()
    page.wait_for_function(
        "() => !document.querySelector('cacima-assistant').shadowRoot.querySelector('.unsent, .busy')"
    )
    order = page.locator(".message.you h3").all_inner_texts()
    assert [words.split("\n")[-1][:8] for words in order] == ["Combien ", "C’est qu"]
    expect(page.locator(".message.bot").last).to_contain_text("territorial")


def test_it_stays_marked_after_a_reload_and_a_failed_erasure(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    ask(page, "C’est quoi un PTCE ?")
    expect(page.locator(".unsent")).to_have_count(1)
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.get_by_role("status")).to_contain_text("L’effacement n’a pas abouti")
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    page.context.set_offline(False)
    answered(page)
    assert said(page) == 1


def test_offline_then_back(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    ask(page, "C’est quoi un PTCE ?")
    expect(page.get_by_role("status")).to_contain_text("plus en ligne")
    check_accessible(page)
    ask(page, "Combien de pôles ?")
    expect(page.locator(".unsent")).to_have_count(2)
    page.context.set_offline(False)
    page.wait_for_function(
        "() => !document.querySelector('cacima-assistant').shadowRoot.querySelector('.unsent, .busy')"
    )
    assert said(page) == 2
    assert page.locator(".message.bot").count() == 3


@pytest.mark.parametrize("gap", [0, 150, 250, 450, 1500])
@pytest.mark.parametrize("which", ["example", "option"])
def test_a_double_press_sends_once(open_page: OpenPage, which: str, gap: int) -> None:
    page = open_page("/fr")
    launch(page)
    turns = 1
    if which == "option":
        ask(page, "Quel cluster pour moi ?")
        answered(page)
        turns = 2
    posted = count_posts(page)
    button = page.locator(".choice", has_text="Quel financement" if which == "example" else "Innover par la recherche")
    button.evaluate("(button, gap) => { button.click(); setTimeout(() => button.click(), gap); }", gap)
    page.wait_for_timeout(gap + 600)
    answered(page, turns)
    assert said(page) == turns
    assert len(posted) == 1
    # Once something else was said, the same press is a new one.
    ask(page, "Combien de pôles ?")
    answered(page, turns + 1)
    button.click()
    answered(page, turns + 2)
    assert said(page) == turns + 2


def test_text_too_long_is_cut_with_a_word_about_it(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    field = page.get_by_role("dialog").get_by_role("textbox")
    field.fill("é" * 995 + "fin😀😀😀")
    assert len(field.input_value()) == 999  # no half of a character that takes two
    expect(page.get_by_role("status")).to_contain_text("la fin a été coupée")
    field.fill("court")
    expect(page.get_by_role("status")).to_be_empty()


def test_the_page_stays_usable_on_a_desktop(open_page: OpenPage) -> None:
    page = open_page("/fr", 1280, 800)
    launch(page)
    assert not page.get_by_role("dialog").evaluate("(dialog) => dialog.matches(':modal')")
    # A click beside it does not close it; the page takes it.
    page.get_by_role("link", name="English").first.hover()
    page.mouse.click(20, 400)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("link", name="English").first.focus()
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.evaluate("document.querySelector('cacima-assistant').close()")
    # The focus stays with whoever is in the page.
    assert page.evaluate("document.activeElement.tagName") == "A"


def test_a_phone_shows_it_full_screen_and_modal(open_page: OpenPage) -> None:
    page = open_page("/fr", 390, 844)
    launch(page)
    assert page.get_by_role("dialog").evaluate("(dialog) => dialog.matches(':modal')")
    # Turned or resized, it becomes what fits, with what was written.
    page.get_by_role("dialog").get_by_role("textbox").fill("à moitié")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(200)
    assert not page.get_by_role("dialog").evaluate("(dialog) => dialog.matches(':modal')")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(200)
    assert page.get_by_role("dialog").evaluate("(dialog) => dialog.matches(':modal')")
    assert page.get_by_role("dialog").get_by_role("textbox").input_value() == "à moitié"
    assert shadow(page, "root.querySelector('.launcher').hidden")


def test_open_state_and_draft_go_from_page_to_page(open_page: OpenPage) -> None:
    page = open_page("/fr", 1280, 800)
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.keyboard.type("et combien")
    page.get_by_role("link", name="English").first.click()
    page.wait_for_url("**/en")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page.locator(".message.you")).to_contain_text("C’est quoi un PTCE")
    assert dialog.get_by_role("textbox").input_value() == "et combien"
    # A page just opened keeps its own focus.
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Fermer").click()
    page.reload()
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_phone_keeps_the_next_page_in_view(open_page: OpenPage) -> None:
    page = open_page("/fr", 390, 844)
    launch(page)
    page.goto(page.url.replace("/fr", "/en"))
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog")).to_have_count(0)
    launch(page, "en")
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize(("name", "words"), [("Oui, utile", "Merci"), ("Non, pas utile", "écrivez à la CACIMA")])
def test_an_opinion_is_two_icons_tied_to_their_answer(open_page: OpenPage, name: str, words: str) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    ask(page, "Combien de pôles ?")
    answered(page, 2)
    # Only the last answer asks: the server takes an opinion to be about what it has just said.
    expect(page.locator(".feedback")).to_have_count(1)
    button = page.get_by_role("group", name="Cette réponse vous aide-t-elle").get_by_role("button", name=name)
    assert button.inner_text() == ""
    button.click()
    box = page.locator(".message.bot").last.locator(".card .feedback")
    expect(box).to_contain_text(words)
    assert said(page) == 2
    assert page.locator(".message.bot").count() == 3
    before = page.locator(".log").inner_text()
    page.reload()
    launch(page)
    expect(page.locator(".feedback")).to_contain_text(words)
    assert said(page) == 2
    assert page.locator(".log").inner_text() == before


def test_reload_and_a_second_tab_show_the_same_conversation(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    told = page.locator(".message.bot").last.inner_text()
    page.reload()
    launch(page)
    expect(page.locator(".message.you")).to_contain_text("C’est quoi un PTCE ?")
    assert page.locator(".message.bot").last.inner_text() == told
    second = page.context.new_page()
    second.goto(page.url)
    launch(second)
    expect(second.locator(".message.you")).to_have_count(1)
    ask(second, "Et combien ?")
    answered(second, 2)
    # The first tab follows.
    expect(page.locator(".message.you")).to_have_count(2)


def test_clear_forgets_here_and_on_the_server(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Non, la garder").click()
    assert said(page) == 1
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.get_by_text("Conversation effacée.")).to_be_visible()
    assert said(page) == 0
    page.reload()
    launch(page)
    page.wait_for_timeout(500)
    assert said(page) == 0


def test_a_lost_answer_is_asked_for_again_and_said_once(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.fetch())  # the server has had it; the answer does not come
        return route.abort()

    page.route(MESSAGES, lose)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    assert len(lost) == 1
    assert said(page) == 1
    page.reload()
    launch(page)
    expect(page.locator(".message.you")).to_have_count(1)


@pytest.mark.parametrize("had", [False, True])
def test_a_message_cut_off_by_a_reload_is_answered_once(open_page: OpenPage, had: bool) -> None:
    """Whether the server has had it or not when the page goes away."""
    page = open_page("/fr")
    launch(page)
    held = []

    def hold(route: Route) -> None:
        if route.request.method != "POST" or held:
            return route.fallback()
        held.append(route.fetch() if had else route)  # and never answered
        return None

    page.route(MESSAGES, hold)
    ask(page, "C’est quoi un PTCE ?")
    expect(page.locator(".message.you")).to_have_count(1)
    while not held:
        page.wait_for_timeout(50)
    for _ in range(2):
        page.reload()
        launch(page)
        answered(page)
        page.wait_for_timeout(300)
        assert said(page) == 1
        expect(page.locator(".message.you")).to_contain_text("C’est quoi un PTCE ?")
        assert page.locator(".message.bot").count() == 2


def test_a_server_that_is_down_is_explained(open_page: OpenPage) -> None:
    page = open_page("/en")
    launch(page, "en")
    page.wait_for_timeout(300)
    page.route(API, lambda route: route.abort())
    ask(page, "What is a PTCE?")
    expect(page.get_by_role("status")).to_contain_text("connection was lost")
    expect(page.get_by_role("status")).to_contain_text("janick.cormier@cacima.fr", timeout=20_000)
    check_accessible(page)
    page.unroute(API)
    page.get_by_role("button", name="Try again").click()
    answered(page)
    assert said(page) == 1


def test_too_many_messages_wait_and_go(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    refused = []

    def refuse(route: Route) -> None:
        if route.request.method != "POST" or refused:
            return route.fallback()
        refused.append(route.request.post_data_json["id"])
        body = {"error": "slow_down", "message": "…"}
        return route.fulfill(status=429, json=body, headers={"Retry-After": "1"})

    page.route(MESSAGES, refuse)
    ask(page, "C’est quoi un PTCE ?")
    expect(page.get_by_role("status")).to_contain_text("repartira dans 1")
    answered(page)
    assert len(refused) == 1


def test_an_expired_conversation_begins_afresh(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.wait_for_timeout(500)
    expired = Tokens(SECRET.encode()).write(Session("website:someone", 1_600_000_000))
    page.evaluate(
        """(token) => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("cacima"));
            localStorage.setItem(key, JSON.stringify({token, since: Date.now()}));
        }""",
        expired,
    )
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    expect(page.locator(".message.bot").last).to_contain_text("2015")


def test_a_long_wait_is_explained(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.clock.install()
    launch(page)
    held = []
    page.route(MESSAGES, lambda route: held.append(route) if route.request.method == "POST" else route.fallback())
    ask(page, "C’est quoi un PTCE ?")
    expect(page.locator(".dots")).to_be_visible()
    page.clock.run_for(6000)
    expect(page.get_by_role("status")).to_contain_text("plus long que d’habitude")
    page.clock.run_for(12000)
    expect(page.get_by_role("status")).to_contain_text("jeannette.boiret@cacima.fr")
    held[0].fallback()
    page.clock.resume()
    answered(page)
    expect(page.locator(".dots")).to_have_count(0)


@pytest.mark.parametrize(
    ("event", "sent"),
    [({"isComposing": True}, 0), ({"keyCode": 229}, 0), ({"shiftKey": True}, 0), ({"keyCode": 13}, 1)],
)
def test_an_enter_that_ends_a_composition_sends_nothing(open_page: OpenPage, event: dict, sent: int) -> None:
    page = open_page("/fr")
    launch(page)
    page.get_by_role("dialog").get_by_role("textbox").fill("にほん")
    shadow(
        page,
        "root.querySelector('textarea').dispatchEvent(new KeyboardEvent('keydown', "
        f"{{ key: 'Enter', bubbles: true, cancelable: true, ...{json.dumps(event)} }}))",
    )
    page.wait_for_timeout(200)
    assert said(page) == sent


def test_hostile_text_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, HOSTILE)
    answered(page)
    expect(page.locator(".message.you")).to_contain_text(HOSTILE)
    reply_with(page, hostile(), hostile_result())
    ask(page, "encore")
    answered(page, 2)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".log img, .log script, .log [href^=javascript]").count() == 0
    expect(page.locator(".log")).to_contain_text(HOSTILE)


def test_the_persons_language_wins(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "What is a competitiveness cluster, please?")
    answered(page)
    expect(page.get_by_role("heading", name="CACIMA’s assistant")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    answered(page, 2)
    expect(page.get_by_role("heading", name="Assistant de la CACIMA Programme")).to_be_visible()
    ask(page, "PTCE")
    answered(page, 3)
    expect(page.locator(".message.bot").last).to_have_attribute("lang", "fr")


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/fr")
    outside = "document.activeElement.tagName"
    inside = "document.querySelector('cacima-assistant').shadowRoot.activeElement"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(outside) == "CACIMA-ASSISTANT":
            break
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(f"{inside}.tagName") == "TEXTAREA"
    page.keyboard.type("C’est quoi un PTCE ?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Enter")
    answered(page)
    names = set()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        names.add(page.evaluate(f"{inside}?.title || {inside}?.textContent"))
    assert {"English", "Effacer la conversation", "Fermer", "Imprimer"} <= names
    shadow(page, "root.querySelector('textarea').focus()")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for _ in range(40):  # the focus returns a moment after the dialog has closed; wait_for_function would need eval
        if page.evaluate(f"{inside}?.className") == "launcher":
            break
        page.wait_for_timeout(50)
    assert page.evaluate(f"{inside}?.className") == "launcher"
