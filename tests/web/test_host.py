"""Pages that hold the widget: their scripts, their styles, their colours, their navigation."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.conftest import ServedBot
from tests.web_axe import check_accessible
from tests.web_holder import HEAD, holding
from tests.web_pages import ROOT, OpenPage, answered, ask, box, launch, shadow
from tests.website_client import HOLDER

FIND = "document.querySelectorAll('cacima-assistant').length"


def script(server: ServedBot, options: str = "defer") -> str:
    return f'<script src="{server.url}/widget.js" {options}></script>'


def show(open_page: OpenPage, **options: Any) -> Page:
    return open_page(f"{HOLDER}/", url=HOLDER, **options)


def style_of(page: Page, selector: str, name: str) -> str:
    return str(shadow(page, f"getComputedStyle(root.querySelector('{selector}')).{name}"))


@pytest.mark.parametrize(
    "css",
    [
        "*{all:unset}",
        "*{font-size:9px!important}",
        "*{font:10px Papyrus!important;text-transform:uppercase!important;line-height:1!important;color:red!important}",
        "*{letter-spacing:1em;word-spacing:2em;text-align:center;direction:rtl}",
        "html{font-size:62.5%;direction:rtl;text-transform:uppercase}",
        "body{filter:grayscale(1)} main{display:block;height:4000px}",
        "body{transform:translateX(0);zoom:2} main{display:block;height:4000px}",
        "html{display:grid;gap:3rem;height:100%} body{contain:strict}",
        "cacima-assistant{display:none;position:relative;width:5000px;opacity:.1}",
        "button,textarea,dialog,p,a,h2,table{display:none;border:9px solid red!important}",
    ],
)
def test_nothing_of_the_pages_style_gets_in(open_page: OpenPage, stand_in: ServedBot, css: str) -> None:
    with holding(f"<style>{css}</style><main><h1>Site</h1></main>{script(stand_in)}"):
        page = show(open_page)
        before = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        launcher = box(page, ".launcher")
        assert 700 < launcher["y"] + launcher["height"] <= 760
        assert 1000 < launcher["x"] + launcher["width"] <= 1100
        launch(page)
        ask(page, "Quel financement pour un PTCE ?")
        answered(page)
        assert style_of(page, ".then p", "fontSize") == "16px"
        assert style_of(page, ".then p", "lineHeight") == "24px"
        assert style_of(page, ".then p", "textTransform") == "none"
        assert style_of(page, ".then p", "direction") == "ltr"
        assert style_of(page, ".then p", "letterSpacing") == "normal"
        assert "system-ui" in style_of(page, ".then p", "fontFamily")
        assert style_of(page, ".then p", "color") != "rgb(255, 0, 0)"
        expect(page.locator(".lead")).to_be_visible()
        # It takes none of the page's room.
        after = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert after == before
        page.locator("cacima-assistant").evaluate("(element) => element.remove()")
        page.wait_for_timeout(50)
        assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == before


SWAPS = {
    "innerHTML": "document.body.innerHTML = '<h1>Autre</h1>'",
    "turbo": "document.body.replaceWith("
    "Object.assign(document.createElement('body'), { innerHTML: '<h1>Autre</h1>' }))",
    "pjax": "document.querySelector('main').innerHTML = '<p>Autre</p>'; history.pushState({}, '', '/x')",
    "everything": "document.documentElement.replaceChildren(document.createElement('head'), "
    "document.createElement('body'))",
    "removed": "document.documentElement.removeChild(document.querySelector('cacima-assistant'))",
}


@pytest.mark.parametrize("swap", SWAPS)
def test_it_survives_navigation_without_a_load_once_only(open_page: OpenPage, stand_in: ServedBot, swap: str) -> None:
    with holding(f"<main><h1>Site</h1></main>{script(stand_in)}"):
        page = show(open_page)
        launch(page)
        ask(page, "C’est quoi un PTCE ?")
        answered(page)
        for _ in range(2):
            page.evaluate(f"() => {{ {SWAPS[swap] if swap != 'pjax' else SWAPS[swap] + ';'} }}")
            # Navigation of that kind runs the scripts of the new page again.
            page.evaluate(
                """(url) => new Promise((done) => {
                    const script = Object.assign(document.createElement("script"), { src: url, onload: done });
                    document.body.append(script);
                })""",
                f"{stand_in.url}/widget.js",
            )
            assert page.evaluate(FIND) == 1
            expect(page.get_by_role("dialog")).to_be_visible()
            expect(page.locator(".message.you")).to_have_count(1)
            assert shadow(page, "root.querySelector('.launcher').hidden")
        ask(page, "Combien ?")
        answered(page, 2)
        # One listener each, not one a navigation.
        assert page.locator(".message.bot").count() == 3


def test_taken_out_on_purpose_it_stays_out(open_page: OpenPage, stand_in: ServedBot) -> None:
    with holding(f"<main><h1>Site</h1></main>{script(stand_in)}"):
        page = show(open_page)
        page.locator("cacima-assistant").evaluate("(element) => element.remove()")
        page.evaluate("document.body.innerHTML = ''")
        page.wait_for_timeout(100)
        assert page.evaluate(FIND) == 0


def test_an_element_of_the_pages_own_is_used(open_page: OpenPage, stand_in: ServedBot) -> None:
    pages = {
        "/": f'<main><cacima-assistant data-lang="en">fallback</cacima-assistant></main>{script(stand_in)}',
    }
    with holding(pages):
        page = show(open_page)
        launch(page, "en")
        assert page.evaluate(FIND) == 1
        assert page.evaluate("document.querySelector('cacima-assistant').parentElement.localName") == "main"


@pytest.mark.parametrize(
    ("tag", "how"),
    [
        ("defer", "classic"),
        ("async", "classic"),
        ("", "classic"),
        ('type="module"', "module"),
        ('crossorigin="anonymous" defer integrity="{integrity}"', "checked"),
        ('type="module" crossorigin="anonymous" integrity="{integrity}"', "checked module"),
    ],
)
@pytest.mark.parametrize("place", ["head", "body"])
def test_any_kind_of_script_tag_works(open_page: OpenPage, stand_in: ServedBot, tag: str, how: str, place: str) -> None:
    code = requests.get(f"{stand_in.url}/widget.js", timeout=30).content
    integrity = f"sha384-{base64.b64encode(hashlib.sha384(code).digest()).decode()}"
    line = script(stand_in, tag.format(integrity=integrity) + ' data-title="Demandez-nous"')
    body = "<body><main><h1>Site</h1></main>"
    with holding(line + body if place == "head" else body + line):
        page = show(open_page)
        launch(page)
        expect(page.get_by_role("heading", name="Demandez-nous")).to_be_visible()
        ask(page, "Combien ?")
        answered(page)


def test_an_import_finds_its_server(open_page: OpenPage, stand_in: ServedBot) -> None:
    with holding(f'<main><h1>Site</h1></main><script type="module">import "{stand_in.url}/widget.js";</script>'):
        page = show(open_page)
        launch(page)
        ask(page, "Combien ?")
        answered(page)


@pytest.mark.parametrize(
    ("css", "os", "dark"),
    [
        ("", "dark", False),
        ("", "light", False),
        ("html{color-scheme:light dark}", "dark", True),
        ("html{color-scheme:light dark}", "light", False),
        ("html{color-scheme:only light}", "dark", False),
        ("html{color-scheme:dark}", "light", True),
    ],
)
def test_it_follows_the_pages_light_or_dark(
    open_page: OpenPage, stand_in: ServedBot, css: str, os: Any, dark: bool
) -> None:
    with holding(f"<style>{css}</style><main><h1>Site</h1></main>{script(stand_in)}"):
        page = show(open_page, color_scheme=os)
        launch(page)
        assert (style_of(page, ".card", "backgroundColor") == "rgb(23, 28, 34)") is dark
        # A page that changes while it is open is followed.
        page.evaluate(f"document.documentElement.style.colorScheme = '{'light' if dark else 'dark'}'")
        page.wait_for_timeout(50)
        assert (style_of(page, ".card", "backgroundColor") == "rgb(23, 28, 34)") is not dark


def test_a_meta_tag_tells_the_scheme_too(open_page: OpenPage, stand_in: ServedBot) -> None:
    head = HEAD + '<meta name="color-scheme" content="light dark">'
    with holding(f"<main><h1>Site</h1></main>{script(stand_in)}", head=head):
        page = show(open_page, color_scheme="dark")
        launch(page)
        assert style_of(page, ".card", "backgroundColor") == "rgb(23, 28, 34)"


CONTRAST = """(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    };
    const pairs = [".launcher", ".send", ".you h3", ".next .choice", ".sources a", ".lead", ".now"].map((name) => {
        const style = getComputedStyle(root.querySelector(name));
        let back = root.querySelector(name);
        while (getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
        const [low, high] = [light(style.color), light(getComputedStyle(back).backgroundColor)].sort((a, b) => a - b);
        return [name, (high + 0.05) / (low + 0.05)];
    });
    return pairs.filter(([, contrast]) => contrast < 4.5);
})()"""
COLOURS = [
    "#ffd400",
    "#005a3c",
    "#000",
    "#fff",
    "#777",
    "red",
    "rgb(0 120 255)",
    "hsl(60 100% 50%)",
    "oklch(70% 0.2 150)",
]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_colour_stays_readable(open_page: OpenPage, stand_in: ServedBot, colour: str, theme: str) -> None:
    with holding(
        f"<main><h1>Site</h1></main>{script(stand_in, f'''data-color='{colour}' data-theme={theme} defer''')}"
    ):
        page = show(open_page, reduced_motion="reduce")
        launch(page)
        ask(page, "Quel financement pour un PTCE ?")
        answered(page)
        assert shadow(page, CONTRAST) == []
        check_accessible(page)


@pytest.mark.parametrize("colour", ["", "none", "url(x)", "javascript:alert(1)", "12px"])
def test_what_is_no_colour_is_left_aside(open_page: OpenPage, stand_in: ServedBot, colour: str) -> None:
    with holding(f"<main><h1>Site</h1></main>{script(stand_in, f'''data-color='{colour}' defer''')}"):
        page = show(open_page)
        launch(page)
        assert style_of(page, ".send", "backgroundColor") == "rgb(11, 79, 138)"


def test_custom_properties_and_attributes_place_it(open_page: OpenPage, stand_in: ServedBot) -> None:
    options = 'data-position="left" data-offset="40 90" data-z-index="7" data-font="Georgia, serif" defer'
    with holding(f"<main><h1>Site</h1></main>{script(stand_in, options)}"):
        page = show(open_page)
        launcher = box(page, ".launcher")
        assert launcher["x"] == 40
        assert launcher["y"] + launcher["height"] == 760 - 90
        launch(page)
        dialog = box(page, "dialog")
        assert dialog["x"] == 40
        assert style_of(page, ".card", "fontFamily").startswith("Georgia")
        host = page.locator("cacima-assistant")
        assert host.evaluate("(host) => getComputedStyle(host).zIndex") == "7"
    css = "cacima-assistant{--cacima-offset-y:5rem;--cacima-z-index:3;--cacima-accent:#ffd400;--cacima-font:Georgia}"
    with holding(f"<style>{css}</style><main><h1>Site</h1></main>{script(stand_in)}"):
        page = show(open_page)
        launcher = box(page, ".launcher")
        assert launcher["y"] + launcher["height"] == 760 - 80
        assert style_of(page, ".launcher", "backgroundColor") == "rgb(255, 212, 0)"
        assert style_of(page, ".launcher", "color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize(
    "kept",
    [
        '"[]"',
        "[]",
        "3",
        "{}",
        "not json",
        '[null, 3, "x"]',
        '[{"from": "bot"}]',
        '[{"from": "bot", "text": 3, "buttons": {}}]',
        '{"map": 1}',
        '[{"from": "you", "id": [], "unsent": "sending"}]',
    ],
)
def test_kept_data_of_any_shape_never_stops_it(open_page: OpenPage, kept: str) -> None:
    page = open_page("/fr")
    page.evaluate(
        """(kept) => {
            for (const area of [localStorage, sessionStorage]) {
                for (const end of ["", " draft", " open", " turn", " invited"]) {
                    area.setItem(`cacima-assistant ${location.origin}${end}`, kept);
                }
            }
        }""",
        kept,
    )
    page.reload()
    launch(page)
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_visible()
    ask(page, "C’est quoi un PTCE ?")
    page.locator(".message.bot", has_text="territorial").wait_for()


PROTOTYPE = """
Array.prototype.toJSON = function () { return "[" + this.map((each) => JSON.stringify(each)) + "]"; };
String.prototype.toJSON = function () { return '"' + this + '"'; };
Object.prototype.toJSON = function () { return "object"; };
"""


def test_a_toJSON_of_the_pages_own_changes_nothing(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.context.add_init_script(PROTOTYPE)
    page.reload()
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    answered(page)
    assert page.evaluate("JSON.stringify(['a'])") != '["a"]'
    page.reload()
    launch(page)
    expect(page.locator(".message.you")).to_contain_text("C’est quoi un PTCE ?")
    page.keyboard.press("Escape")


@pytest.mark.parametrize("days", [-400, -2, 0.9, 2, 30, 4000])
def test_a_clock_wrong_by_days_stops_nothing(open_page: OpenPage, days: float) -> None:
    page = open_page("/fr")
    page.context.add_init_script(f"const real = Date.now; Date.now = () => real() + {days} * 86400e3;")
    page.reload()
    sessions = []
    page.on("request", lambda request: sessions.append(request.url) if request.url.endswith("/session") else None)
    launch(page)
    for turn, text in enumerate(["C’est quoi un PTCE ?", "Combien ?"], 1):
        ask(page, text)
        answered(page, turn)
    assert len(sessions) == 1
    # A clock set right meanwhile only renews the token.
    page.evaluate("Date.now = () => performance.timeOrigin + performance.now()")
    ask(page, "Et encore ?")
    answered(page, 3)
    assert page.locator(".message.bot").count() == 4


def test_a_wrong_origin_is_told_to_whoever_installs(open_page: OpenPage, stand_in: ServedBot) -> None:
    with holding(f"<main><h1>Site</h1></main>{script(stand_in)}"):
        page = open_page(f"{HOLDER.replace('localhost', '127.0.0.1')}/", url="http://127.0.0.1")
        page.watch.expected("CORS", "CACIMA_WEBSITE_ORIGINS")
        launch(page)
        ask(page, "C’est quoi un PTCE ?")
        expect(page.get_by_role("status")).to_contain_text("ne répond pas pour le moment")
        assert "coupée" not in page.get_by_role("status").inner_text()
        (told,) = [words for words in page.watch.heard if "CACIMA_WEBSITE_ORIGINS" in words]
        assert HOLDER.replace("localhost", "127.0.0.1") in told
        assert stand_in.url in told


def test_a_proxy_that_takes_the_token_off_is_told_too(open_page: OpenPage) -> None:
    page = open_page("/fr")
    page.watch.expected("Authorization")

    def strip(route: Any) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "authorization"}
        route.continue_(headers=headers)

    page.route("**/webhooks/website/**", strip)
    launch(page)
    ask(page, "C’est quoi un PTCE ?")
    expect(page.get_by_role("status")).to_contain_text("ne répond pas pour le moment")
    expect(page.locator(".unsent")).to_have_count(1)
    assert any("Authorization" in words for words in page.watch.heard)


def test_a_sandboxed_frame_is_no_lost_connection(open_page: OpenPage, stand_in: ServedBot) -> None:
    frame = f"<h1>x</h1><script src={stand_in.url}/widget.js></script>"
    with holding(
        f'<main><h1>Site</h1></main><iframe sandbox="allow-scripts" srcdoc="{frame}" width=700 height=700></iframe>'
    ):
        page = show(open_page)
        page.watch.expected("CORS", "CACIMA_WEBSITE_ORIGINS")
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="Une question").click()
        inside.get_by_role("textbox").fill("x")
        page.keyboard.press("Enter")
        expect(inside.get_by_role("status")).to_contain_text("ne répond pas pour le moment")


def test_a_strict_page_is_enough_for_it(open_page: OpenPage, stand_in: ServedBot) -> None:
    policy = (
        f"default-src 'none'; img-src data:; script-src {stand_in.url}; connect-src {stand_in.url}; "
        "require-trusted-types-for 'script'"
    )
    with holding(
        f"<main><h1>Site</h1></main>{script(stand_in, '''data-color='#ffd400' data-invite='0.1' defer''')}", policy
    ):
        page = show(open_page)
        launch(page)
        ask(page, "C’est quoi un PTCE ?")
        answered(page)
        assert page.evaluate(f"{ROOT} !== null")


def test_the_invitation_is_made_once_and_never_over_content(open_page: OpenPage, stand_in: ServedBot) -> None:
    pages = {
        "/": f"<main><h1>Site</h1></main>{script(stand_in, 'data-invite=0.2 defer')}",
        "/full": f"<h1>{'Du texte partout. ' * 200}</h1>{script(stand_in, 'data-invite=0.2 defer')}",
        "/without": f"<main><h1>Site</h1></main>{script(stand_in)}",
    }
    with holding(pages):
        page = show(open_page)
        expect(page.locator(".invite.shown")).to_contain_text("Une question sur les clusters")
        assert page.evaluate("document.activeElement === document.body")
        check_accessible(page)
        page.locator(".invite .plain").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator(".invite")).to_have_count(0)
        page.get_by_role("button", name="Fermer").click()
        page.reload()
        page.wait_for_timeout(600)
        expect(page.locator(".invite")).to_have_count(0)
        for path in ("/full", "/without"):
            other = open_page(f"{HOLDER}{path}", url=HOLDER)
            other.wait_for_timeout(800)
            expect(other.locator(".invite")).to_have_count(0)
