"""What people hear who do not see the page: languages, names, announcements, focus."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from playwright.sync_api import Page, expect

from tests.web_axe import check_accessible
from tests.web_pages import ROOT, OpenPage, answered, ask, launch, shadow


def listen(page: Page) -> None:
    """Keeps what live regions say from now on."""
    page.evaluate(
        """() => {
            window.heard = [];
            const root = document.querySelector("cacima-assistant").shadowRoot;
            for (const region of root.querySelectorAll('[aria-live="polite"], [role="status"]')) {
                new MutationObserver(() => region.textContent && window.heard.push(region.textContent.trim()))
                    .observe(region, { childList: true, subtree: true, characterData: true });
            }
        }"""
    )


def heard(page: Page) -> List[str]:
    page.wait_for_timeout(150)
    return [words.replace("\u00a0", " ") for words in page.evaluate("window.heard.splice(0)")]


def test_every_message_says_its_language(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    ask(page, "What is the funding for a PTCE?")
    answered(page, 2)
    languages = "[...root.querySelectorAll('.message')].map((each) => each.lang)"
    expected = ["fr", "fr", "fr", "en", "en"]
    assert shadow(page, languages) == expected
    expect(page.get_by_role("dialog", name="CACIMA’s assistant")).to_be_visible()
    page.reload()
    launch(page, "en")
    page.wait_for_function(
        "() => document.querySelector('cacima-assistant').shadowRoot.querySelectorAll('.you').length === 2"
    )
    # The greeting follows the interface, what was said does not.
    assert shadow(page, languages)[1:] == expected[1:]


def test_one_short_announcement_an_answer(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.wait_for_timeout(300)
    listen(page)
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    words = heard(page)
    assert len(words) == 1, words
    assert words[0].startswith("Oui, une aide publique existait.")
    assert words[0].endswith("2 choix proposés.")
    assert "Quel financement" not in words[0]
    assert "utile" not in words[0]
    assert "Sources" not in words[0]
    for turn, text in enumerate(["Quelle différence entre pôle et grappe ?", "Quel cluster pour moi ?"], 2):
        ask(page, text)
        answered(page, turn)
        (said,) = heard(page)
        assert 10 < len(said) <= 260, said
    assert said == "Que cherchez-vous d’abord ? 6 choix proposés."
    for turn in (4, 5):
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
        (said,) = heard(page)
        assert len(said) <= 260
    assert said == "Une grappe d’entreprises vous convient le mieux."


def test_a_log_laid_out_again_is_not_announced(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.reload()
    page.wait_for_function("() => document.querySelector('cacima-assistant')?.shadowRoot")
    listen(page)
    launch(page)
    page.wait_for_timeout(600)
    assert heard(page) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_the_accessibility_tree_holds(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}")
    launch(page, language)
    ask(page, {"fr": "C’est quoi un PTCE ?", "en": "What is a PTCE?"}[language])
    answered(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Accessibility.enable")
    tree = devtools.send("Accessibility.getFullAXTree")["nodes"]
    nodes = [node for node in tree if not node["ignored"]]

    def of(role: str) -> List[Dict[str, Any]]:
        return [node for node in nodes if node["role"]["value"] == role]

    def properties(node: Dict[str, Any]) -> Dict[str, Any]:
        return {each["name"]: each["value"].get("value") for each in node["properties"]}

    (dialog,), (log,), (field,) = of("dialog"), of("log"), of("textbox")
    assert all(node["name"]["value"] for node in (dialog, log, field))
    # Beside the page, not over it.
    assert not properties(dialog).get("modal")
    assert properties(log).get("live", "off") == "off"
    assert len(of("article")) == 3
    questions = [node["name"]["value"] for node in of("heading")]
    assert any("PTCE" in name for name in questions)
    controls = of("button") + of("link")
    assert len(controls) > 5
    assert all(node["name"]["value"].strip() for node in controls)
    # Quick replies act, they are no switches.
    assert [node for node in nodes if "pressed" in properties(node)] == []


def test_what_was_chosen_stays_chosen(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.get_by_role("button", name="Quel cluster pour moi ?").click()
    answered(page)
    page.locator(".message.bot").last.get_by_role("button", name="Innover près du marché").click()
    answered(page, 2)

    def chosen() -> List[str]:
        return [text.replace("\u00a0", " ") for text in page.locator(".chosen").all_inner_texts()]

    before = chosen()
    assert [words.split("\n")[0] for words in before] == ["Quel cluster pour moi ?", "Innover près du marché"]
    assert all("choisi" in words for words in before)
    page.reload()
    launch(page)
    page.wait_for_function(
        "() => document.querySelector('cacima-assistant').shadowRoot.querySelectorAll('.chosen').length === 2"
    )
    assert chosen() == before


def test_the_erase_question_is_a_named_group_that_starts_on_no(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.get_by_role("button", name="Effacer la conversation").click()
    group = page.get_by_role("group", name="Effacer cette conversation, ici et sur le serveur")
    expect(group).to_be_visible()
    expect(group.get_by_role("button", name="Non, la garder")).to_be_focused()
    check_accessible(page)
    # Escape leaves the question, not the dialog.
    page.keyboard.press("Escape")
    expect(group).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Effacer la conversation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_focus_moves_before_anything_goes_away(open_page: OpenPage) -> None:
    # What goes away under a screen reader takes its place along: Orca then said nothing of the dialog, nor of its end.
    page = open_page("/fr")
    page.wait_for_function("() => document.querySelector('cacima-assistant')?.shadowRoot")
    press = "(root.querySelector('.launcher').focus(), root.querySelector('.launcher').click()"
    assert shadow(page, f"{press}, [root.activeElement.id, root.querySelector('.launcher').hidden])") == [
        "question",
        False,
    ]
    expect(page.locator(".launcher")).to_be_hidden()
    expect(page.get_by_role("dialog", name="Assistant de la CACIMA")).to_have_accessible_description(
        "Programme automatique"
    )
    shut = "new Promise((done) => root.querySelector('dialog').addEventListener('close', () => done(shown())))"
    shown = "const shown = () => root.querySelector('.launcher').checkVisibility();"
    closing = f"const closed = {shut}; document.querySelector('cacima-assistant').close(); return closed;"
    assert page.evaluate(f"() => {{ const root = {ROOT}; {shown} {closing} }}") is False
    expect(page.locator(".launcher")).to_be_focused()


def test_no_language_changes_under_words(open_page: OpenPage) -> None:
    # Firefox tells a screen reader of no `lang` that changes, nor of one that its surroundings in the widget have too.
    page = open_page("/fr")
    launch(page)
    page.evaluate(
        """() => {
            window.changed = [];
            const root = document.querySelector("cacima-assistant").shadowRoot;
            new MutationObserver((all) => window.changed.push(...all.map(({ target }) => target.textContent.trim())))
                .observe(root, { subtree: true, attributeFilter: ["lang"] });
        }"""
    )
    ask(page, "What is the funding for a PTCE?")
    answered(page)
    assert shadow(page, "root.querySelector('.you h3').innerText").startswith("You:")
    # Pressed in what stays French.
    page.get_by_role("button", name="C’est quoi un pôle de compétitivité ?").click()
    answered(page, 2)
    assert "(choisi)" in page.locator(".chosen").inner_text()
    assert [words for words in page.evaluate("window.changed") if words] == []
    nested = "[...root.querySelectorAll('[lang] [lang]')].filter((each) => each.textContent.trim()).length"
    assert shadow(page, nested) == 0
    said = "[...root.querySelectorAll('[aria-live=polite] > *, .sure span, #name > *, #sub > *, label > *')]"
    assert shadow(page, f"{said}.filter((each) => each.textContent && !each.closest('[lang]')).length") == 0


def test_an_announcement_does_not_stay(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.clock.install()
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    region = page.locator("p[aria-live=polite]")
    expect(region).to_contain_text("Oui, une aide")
    page.clock.fast_forward(11_000)
    expect(region).to_be_empty()


def test_after_clearing_the_field_alone_takes_the_focus(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    page.get_by_role("button", name="Effacer la conversation").click()
    watched = "addEventListener('focusin', (event) => window.went.push(event.target.localName))"
    page.evaluate(f"() => {{ window.went = []; {ROOT}.{watched} }}")
    page.get_by_role("button", name="Oui, effacer").press("Enter")
    expect(page.locator(".status")).to_have_text("Conversation effacée.")
    # And before the question goes away, as above.
    assert page.evaluate("window.went") == ["button", "textarea"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_automatic_rule_is_broken(open_page: OpenPage, scheme: Any, language: str) -> None:
    page = open_page(f"/{language}", color_scheme=scheme, reduced_motion="reduce")
    check_accessible(page)
    launch(page, language)
    check_accessible(page)
    questions = {
        "fr": ["Quel financement pour un PTCE ?", "Quelle différence entre elles ?", "Quel cluster pour moi ?"],
        "en": ["What is the funding?", "What is the difference?", "Which cluster is right for me?"],
    }[language]
    for turn, text in enumerate(questions, 1):
        ask(page, text)
        answered(page, turn)
        check_accessible(page)
    for turn in (4, 5):
        page.locator(".message.bot").last.locator(".choice").first.click()
        answered(page, turn)
        for summary in page.locator("summary").all():
            summary.click()
        check_accessible(page)
    assert shadow(page, "getComputedStyle(root.querySelector('dialog')).animationName") == "none"


@pytest.mark.parametrize("preference", [{"forced_colors": "active"}, {"contrast": "more"}])
def test_contrast_asked_for(open_page: OpenPage, preference: Any) -> None:
    page = open_page("/fr", **preference)
    launch(page)
    ask(page, "Quel financement pour un PTCE ?")
    answered(page)
    check_accessible(page)
    if "contrast" in preference:
        assert shadow(page, "getComputedStyle(root.querySelector('.choice')).borderTopColor") == "rgb(22, 27, 34)"
