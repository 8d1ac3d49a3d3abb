"""What a page may call and hear, as widget.d.ts says."""

from __future__ import annotations

import re
from typing import Any, List

from playwright.sync_api import Page, expect

from bot.channels.pages import WEB
from tests.web_pages import OpenPage, answered, launch

ELEMENT = "document.querySelector('cacima-assistant')"
TYPES = (WEB / "widget.d.ts").read_text(encoding="utf-8")


def listen(page: Page) -> None:
    names = re.findall(r'"(cacima:\w+)"', TYPES)
    assert len(names) == 5
    page.evaluate(
        """(names) => {
            window.told = [];
            const hear = ({ type, detail }) => window.told.push([type, detail]);
            for (const name of names) document.addEventListener(name, hear);
        }""",
        names,
    )


def told(page: Page) -> List[Any]:
    return list(page.evaluate("window.told.splice(0)"))


def test_open_close_toggle(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.locator(".launcher").wait_for()
    listen(page)
    dialog = page.get_by_role("dialog")
    page.evaluate(f"{ELEMENT}.open()")
    expect(dialog).to_be_visible()
    page.evaluate(f"{ELEMENT}.open()")
    page.evaluate(f"{ELEMENT}.close()")
    expect(dialog).to_have_count(0)
    page.wait_for_function("window.told.length === 2")  # the browser tells of a closed dialog a moment later
    page.evaluate(f"{ELEMENT}.toggle()")
    expect(dialog).to_be_visible()
    page.evaluate(f"{ELEMENT}.toggle()")
    expect(dialog).to_have_count(0)
    page.wait_for_function("window.told.length === 4")
    assert [name for name, _ in told(page)] == ["cacima:open", "cacima:close"] * 2
    page.evaluate(f"{ELEMENT}.open(false)")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")


def test_ask_and_what_is_heard_of_it(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.locator(".launcher").wait_for()
    listen(page)
    page.evaluate(f"{ELEMENT}.ask('Combien de pôles ?')")
    answered(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    events = told(page)
    assert [name for name, _ in events] == ["cacima:open", "cacima:question", "cacima:answer"]
    # What a person says is not the page's business; what is answered may be.
    assert events[1][1] == {"language": "fr"}
    assert events[2][1]["facts"] == ["pole_competitivite.count"]
    assert "55" in events[2][1]["text"]
    for odd in ("''", "null", "'   '", "undefined"):
        page.evaluate(f"{ELEMENT}.ask({odd})")
    page.evaluate(f"{ELEMENT}.ask('é'.repeat(3000))")
    answered(page, 2)
    assert len(page.locator(".you h3").last.inner_text()) <= 1010
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Oui, effacer").click()
    expect(page.get_by_text("Conversation effacée.")).to_be_visible()
    assert told(page)[-1][0] == "cacima:clear"


def test_asked_while_it_answers_the_words_wait_in_the_field(open_page: OpenPage) -> None:
    page = open_page("/fr")
    launch(page)
    page.evaluate(f"{ELEMENT}.ask('Combien ?'); {ELEMENT}.ask('Et après ?')")
    answered(page)
    assert page.get_by_role("dialog").get_by_role("textbox").input_value() == "Et après ?"
    assert page.locator(".message.you").count() == 1


def test_the_types_name_every_method() -> None:
    script = (WEB / "assistant.js").read_text(encoding="utf-8")
    for name in re.findall(r"^  (\w+)\(", TYPES, re.MULTILINE):
        assert re.search(rf"^  (async )?{name}\(", script, re.MULTILINE), name
    for name in re.findall(r'"cacima:(\w+)"', TYPES):
        assert f'this.emit("{name}"' in script, name
