"""The pages served at the root: how they are sent, what they hold, that any browser reads them."""

from __future__ import annotations

import gzip
import html
import re
from typing import Any, Dict

import brotli
import pytest
import requests
from playwright.sync_api import expect

from bot.channels.pages import WEB
from tests.conftest import ServedBot
from tests.web_axe import check_accessible
from tests.web_pages import OpenPage, answered

PAGES = ["/", "/fr", "/en", "/fr/bulletin", "/en/bulletin", "/fr/confidentialite", "/en/privacy"]
FILES = [*PAGES, "/widget.js", "/invite.js", "/widget.d.ts", "/demo.css", "/icon.svg"]


def get(url: str, method: str = "GET", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, url, headers={"Accept-Encoding": "identity", **named}, timeout=30, stream=True)


@pytest.mark.parametrize("path", FILES)
def test_each_is_sent_as_the_browser_takes_it(stand_in: ServedBot, path: str) -> None:
    url = stand_in.url + path
    plain = get(url)
    body = plain.raw.read()
    assert plain.status_code == 200
    assert "Content-Encoding" not in plain.headers
    squeezed: Dict[str, Any] = {"br": brotli.decompress, "gzip": gzip.decompress}
    for accepted, coding in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0", ""),
    ]:
        answer = get(url, Accept_Encoding=accepted)
        assert answer.headers.get("Content-Encoding", "") == coding
        assert squeezed.get(coding, bytes)(answer.raw.read()) == body
        assert "Accept-Encoding" in answer.headers["Vary"]
    head = get(url, "HEAD")
    assert head.status_code == 200
    assert head.raw.read() == b""
    assert head.headers["Content-Length"] == str(len(body))
    again = get(url, If_None_Match=plain.headers["ETag"])
    assert again.status_code == 304
    assert again.raw.read() == b""


@pytest.mark.parametrize("path", ["/widget.js", "/widget.d.ts"])
def test_any_site_may_load_the_widget(site: ServedBot, path: str) -> None:
    answer = get(site.url + path, Origin="https://anyone.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert get(site.url + path, "HEAD", Origin="https://anyone.example").status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_break_no_automatic_rule(open_page: OpenPage, path: str, scheme: str) -> None:
    for width in (1280, 320):
        page = open_page(path, width, 800, color_scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("language", "sentence"), [("fr", "71 pôles de compétitivité"), ("en", "71 competitiveness")])
def test_the_bulletin_is_shown_by_page(open_page: OpenPage, language: str, sentence: str) -> None:
    page = open_page(f"/{language}/bulletin#p3")
    for number in range(1, 5):
        assert page.locator(f"section#p{number} li").count() > 3
    assert page.locator("#p3").evaluate("(section) => Math.abs(section.getBoundingClientRect().top) < 40")
    expect(page.locator("main")).to_contain_text(sentence)
    assert "'" not in page.locator("main").inner_text()
    assert not re.search(r"<!--", page.content())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_demo_page_lets_one_try(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}")
    page.locator("[data-cacima-open]").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.locator("figure button").first.click()
    answered(page)
    expect(page.locator(".message.you")).to_contain_text(page.locator(".asked").first.inner_text())
    other = page.locator("header a").last
    assert other.get_attribute("lang") != language


def test_no_text_a_person_reads_uses_a_typewriter_apostrophe() -> None:
    from bot.channels.pages import WEB

    for path in sorted(WEB.glob("*.html")):
        if not path.name.startswith("privacy"):
            words = re.sub(r"<[^>]*>|&\w+;", "", path.read_text(encoding="utf-8"))
            assert "'" not in words, path.name
            if ".fr." in path.name:
                assert not re.search(r"\w[:;?!»](\s|$)| [;?!»]|« ", words), path.name


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_exchanges_of_the_demo_page_are_what_the_bot_says(bot: ServedBot, language: str) -> None:
    page = html.unescape((WEB / f"demo.{language}.html").read_text(encoding="utf-8"))
    shown = re.findall(r'<p class="asked">(.*?)</p><div class="told">(.*?)</div></blockquote>', page)
    assert len(shown) >= 2
    for number, (question, told) in enumerate(shown):
        said = plain(bot.say(f"demo-{language}-{number}", question)[0]["text"])
        for kind, words in re.findall(r"<p(?: class=\"(\w+)\")?>(.*?)</p>", told):
            # The first answer of a conversation names the bulletin in full.
            parts = words.partition(":")[2].split("·")[1:] if kind == "from" else [words]
            for part in parts:
                assert plain(part.strip()) in said, (part, said)


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")
