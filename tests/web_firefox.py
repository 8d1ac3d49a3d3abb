"""Debian's Firefox, driven over WebDriver BiDi, which it speaks by itself: as much of it as the widget's tests need."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Optional

import websockets


def firefox() -> Optional[str]:
    return os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window of a headless Firefox with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        profile = folder / "profile"
        profile.mkdir(parents=True)
        # No page of its own, no look for updates: nothing but what the tests ask for.
        (profile / "user.js").write_text(
            'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
            'user_pref("app.normandy.enabled", false);\nuser_pref("browser.startup.page", 0);\n'
            'user_pref("network.captive-portal-service.enabled", false);\n'
            'user_pref("network.connectivity-service.enabled", false);\n'
            'user_pref("app.update.disabledForTesting", true);\n',
            encoding="utf-8",
        )
        self._log = folder / "firefox.log"
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(firefox()),
                    "--headless",
                    "--no-remote",
                    "--profile",
                    str(profile),
                    "--remote-debugging-port",
                    "0",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(folder), "MOZ_HEADLESS": "1"},
            )
        self._socket: Any = None
        try:
            self._loop.run_until_complete(self._connect())
            self.command("session.new", capabilities={})
            self._context = self.command("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    async def _connect(self) -> None:
        self._socket = await websockets.connect(f"{self._address()}/session", max_size=None, ping_interval=None)

    def _address(self) -> str:
        for _ in range(300):
            found = re.search(r"WebDriver BiDi listening on (\S+)", self._log.read_text(errors="replace"))
            if found:
                return found[1]
            time.sleep(0.2)
        raise AssertionError(self._log.read_text(errors="replace")[-2000:])

    def command(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)

        async def ask() -> Any:
            await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
            while True:
                answer = json.loads(await asyncio.wait_for(self._socket.recv(), 60))
                if answer.get("id") == number:
                    return answer

        answer = self._loop.run_until_complete(ask())
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, url: str, width: int = 1100, height: int = 760) -> None:
        self.command("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})
        self.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, expression: str) -> Any:
        """The value of an expression in which `root` is the widget's shadow root; awaited where it is a promise."""
        code = (
            "(async () => { const root = document.querySelector('cacima-assistant')?.shadowRoot; "
            f"return JSON.stringify((await ({expression})) ?? null); }})()"
        )
        answer = self.command(
            "script.evaluate",
            expression=code,
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def wait(self, expression: str) -> None:
        for _ in range(200):
            if self.run(expression):
                return
            time.sleep(0.05)
        raise AssertionError(f"never: {expression}")

    def keys(self, text: str) -> None:
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.command(
            "input.performActions",
            context=self._context,
            actions=[{"type": "key", "id": "keyboard", "actions": pressed}],
        )

    def picture(self, path: Path) -> None:
        import base64

        shot = self.command("browsingContext.captureScreenshot", context=self._context)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        if self._socket is not None:
            self._loop.run_until_complete(self._socket.close())
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._loop.close()
