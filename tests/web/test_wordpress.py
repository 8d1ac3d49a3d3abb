"""The WordPress plugin: the line it writes, and what it takes for an option."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT, ServedBot
from tests.web_holder import holding
from tests.web_pages import OpenPage, answered, ask, launch, shadow
from tests.website_client import HOLDER

FOLDER = ROOT / "deploy" / "wordpress" / "cacima-assistant"
STUBS = Path(__file__).with_name("wordpress.php")
pytestmark = pytest.mark.skipif(not shutil.which("php"), reason="no PHP: apt-get install php-cli (Debian)")


def run(**asked: Any) -> Dict[str, Any]:
    done = subprocess.run(["php", str(STUBS)], input=json.dumps(asked), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.php")), ids=lambda path: path.name)
def test_it_is_sound_php(path: Path) -> None:
    assert "No syntax errors" in subprocess.run(["php", "-l", str(path)], capture_output=True, text=True).stdout


def test_without_an_address_it_writes_nothing() -> None:
    assert run()["line"] == ""
    assert run(options="broken")["line"] == ""
    home = {"server": "https://assistant.example", "everywhere": "home"}
    assert run(options=home, front=False)["line"] == ""
    assert "widget.js" in run(options=home, front=True)["line"]


def test_only_what_the_assistant_takes_is_kept() -> None:
    sent = {
        "server": " https://Assistant.example:5005/ ",
        "lang": "en",
        "color": "#ffd400",
        "position": "left",
        "offset": "16 80",
        "theme": "dark",
        "invite": "20",
        "everywhere": "home",
        "more": "x",
    }
    good = run(sent=sent)
    assert good["errors"] == []
    assert good["kept"] == {
        **{k: v for k, v in sent.items() if k != "more"},
        "server": "https://assistant.example:5005",
    }
    bad = dict.fromkeys(sent, '"><script>alert(1)</script>')
    kept = run(sent=bad, options={"server": "https://kept.example"})
    assert len(kept["errors"]) == 1
    assert kept["kept"] == {
        "server": "https://kept.example",
        "lang": "",
        "color": "",
        "position": "right",
        "offset": "",
        "theme": "",
        "invite": "",
        "everywhere": "all",
    }
    assert run(sent={name: ["x"] for name in sent})["kept"]["server"] == ""


@pytest.mark.parametrize(("locale", "words"), [("fr_FR", "Adresse du serveur"), ("en_CA", "Server address")])
def test_its_page_speaks_both_languages(locale: str, words: str) -> None:
    page = run(locale=locale, options={"color": '"><b>'})["page"]
    assert words in page
    assert "https://www.example.org:8443 " in page
    assert "<b>" not in page
    assert page.count("<label for=") == 8


def test_its_line_shows_the_assistant(open_page: OpenPage, stand_in: ServedBot) -> None:
    options = {"server": stand_in.url, "lang": "en", "color": "#ffd400", "position": "left"}
    with holding(f"<main><h1>Site</h1></main>{run(options=options)['line']}"):
        page = open_page(f"{HOLDER}/", url=HOLDER)
        launch(page, "en")
        ask(page, "How many are there?")
        answered(page)
        assert shadow(page, "getComputedStyle(root.querySelector('.send')).backgroundColor") == "rgb(255, 212, 0)"
        expect(page.locator(".message.bot").last).to_contain_text("55")
