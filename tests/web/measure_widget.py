"""What the widget weighs and how fast it is on a slow phone.

`python -m tests.web.measure_widget` writes the numbers of docs/widget.md.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from typing import Any, Dict

import requests
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import ROOT
from tests.ports import free_port
from tests.web_browser import FLAGS, chromium
from tests.web_pages import ROOT as SHADOW
from tests.web_pages import answered

BUDGET = 16 * 1024  # bytes of script, style and both languages, gzipped
READY_WITHIN, ANSWERED_WITHIN = 2.0, 1.5  # seconds
# Chromium's "3G": 562 ms to and fro, 1.4 Mbit/s down, 0.7 up; and a processor four times slower.
SLOW = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
RUNS = 5


def sizes(url: str) -> Dict[str, int]:
    """Bytes on the wire, by encoding."""
    return {
        coding: len(
            requests.get(f"{url}/widget.js", headers={"Accept-Encoding": coding}, stream=True, timeout=30).raw.read()
        )
        for coding in ("identity", "gzip", "br")
    }


def speeds(browser: Browser, url: str) -> Dict[str, float]:
    """Seconds until the button is there, and from the click on a first question to its answer, on a slow phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    context.add_init_script(
        """(() => {
            const ready = () => {
                const root = document.querySelector("cacima-assistant")?.shadowRoot;
                if (root?.querySelector(".launcher")?.checkVisibility()) window.ready = performance.now();
                else requestAnimationFrame(ready);
            };
            ready();
        })()"""
    )
    page.goto(f"{url}/fr")
    page.wait_for_function("() => window.ready")
    # Whoever reads the greeting before choosing leaves the session time to come.
    page.locator(".launcher").click()
    page.wait_for_function("() => Object.keys(localStorage).length")
    page.evaluate(
        f"""() => {{
            const root = {SHADOW};
            root.addEventListener("click", () => (window.asked = performance.now()), {{ capture: true, once: true }});
            const look = () => {{
                if (root.querySelectorAll(".message.bot")[1]?.checkVisibility()) window.answered = performance.now();
                else requestAnimationFrame(look);
            }};
            look();
        }}"""
    )
    page.locator(".choice").first.click()
    answered(page)
    page.wait_for_function("() => window.answered")
    transferred = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert all(name.startswith(url) for name in transferred), transferred
    measured = page.evaluate("({ ready: window.ready / 1000, answered: (window.answered - window.asked) / 1000 })")
    context.close()
    return dict(measured)


def measure(url: str) -> Dict[str, Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        runs = [speeds(browser, url) for _ in range(RUNS)]
        browser.close()
    return {**sizes(url), **{name: statistics.median(run[name] for run in runs) for name in runs[0]}}


def main() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "-m", "tests.web_stand_in", str(port)], cwd=ROOT)
    try:
        for _ in range(100):
            try:
                requests.get(f"{url}/webhooks/website/", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        found = measure(url)
    finally:
        server.terminate()
        server.wait(30)
    lines = [
        "| | measured | at most |",
        "|---|---|---|",
        f"| script, style and both languages, gzip | {found['gzip']:,} B | {BUDGET:,} B |",
        f"| the same, brotli | {found['br']:,} B | |",
        f"| the same, as it is | {found['identity']:,} B | |",
        f"| button there, 3G, processor 4× slower (median of {RUNS}) | {found['ready']:.2f} s | {READY_WITHIN} s |",
        f"| from a first question to its answer, the same | {found['answered']:.2f} s | {ANSWERED_WITHIN} s |",
    ]
    path = ROOT / "docs" / "widget.md"
    written = re.sub(
        r"(<!-- measured -->\n).*?(\n<!-- end -->)",
        lambda marks: marks[1] + "\n".join(lines) + marks[2],
        path.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    path.write_text(written, encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
