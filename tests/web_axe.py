"""axe-core's rules over a page and the widget in it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Faded in by half, a word has half its contrast.
SETTLED = """() => [document, document.querySelector("cacima-assistant")?.shadowRoot]
  .flatMap((root) => root ? root.getAnimations() : [])
  .every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""


def check_accessible(page: Page) -> None:
    page.wait_for_function(SETTLED)
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert results.response["passes"], "axe looked at nothing"
    broken = [
        (each["id"], [(node["target"], node["failureSummary"]) for node in each["nodes"]])
        for each in results.response["violations"]
    ]
    assert not broken, broken
