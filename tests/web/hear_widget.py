"""What a screen reader says of the widget: Orca and a real browser, driven by keyboard, with a voice that writes.

    python -m tests.web.hear_widget http://127.0.0.1:5005/fr firefox-esr PID

Debian has what it wants: orca at-spi2-core dbus-x11 xvfb openbox xdotool, and firefox-esr or chromium. PID, if any, is
the served bot's, which is stopped to hear an error. Orca runs once for each user: no other may be running.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, List, Optional

from tests.web_voice import Voice

FIREFOX = ("accessibility.force_disabled -1", "browser.aboutwelcome.enabled false", "app.normandy.enabled false",
           "datareporting.policy.dataSubmissionPolicyBypassNotification true")  # fmt: skip
CHROMIUM = ("--no-sandbox", "--no-first-run", "--force-renderer-accessibility", "--disable-background-networking",
            "--disable-features=Translate", "--password-store=basic")  # fmt: skip
BACK = "shift+Tab"


class Hearing:
    """A screen, a bus, Orca and a browser, all of them away again at the end."""

    def __init__(self, folder: Path, url: str, browser: str) -> None:
        self.folder, self.heard, self.read = folder, 0, 0
        self.running: List[Any] = []
        reading, writing = os.pipe()
        self.start("Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", pass_fds=[writing])
        os.environ.update(DISPLAY=f":{os.read(reading, 9).decode().strip()}", HOME=str(folder), LANG="C.UTF-8")
        os.environ.update(
            XDG_RUNTIME_DIR=str(folder), GNOME_ACCESSIBILITY="1", SPEECHD_ADDRESS=f"unix_socket:{folder}/voice"
        )
        self.voice = Voice(f"{folder}/voice")
        self.voice.start()
        self.start("/usr/libexec/at-spi-bus-launcher", "--launch-immediately")
        self.start("openbox")
        quiet = {
            "firstStart": False,
            "startingProfile": ["Default", "default"],
            "enableKeyEcho": False,
            "sayAllOnLoad": False,
        }
        profiles = {"default": {"profile": ["Default", "default"], "pronunciations": {}, "keybindings": {}}}
        settings = {"general": quiet, "profiles": profiles, "pronunciations": {}, "keybindings": {}}
        (folder / "user-settings.conf").write_text(json.dumps(settings), encoding="utf-8")
        time.sleep(1)
        self.start("orca", "--user-prefs", str(folder), "--debug-file", str(folder / "orca.log"))
        time.sleep(5)
        preferences = "".join('user_pref("{}", {});\n'.format(*each.split()) for each in FIREFOX)
        (folder / "user.js").write_text(preferences, encoding="utf-8")
        flags = (
            [*CHROMIUM, f"--user-data-dir={folder}"]
            if "chrom" in browser
            else ["--no-remote", "--profile", str(folder)]
        )
        self.start(browser, *flags, url)
        time.sleep(9)

    def start(self, *command: str, **more: Any) -> None:
        with (self.folder / "programs.log").open("ab") as log:
            self.running.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **more))

    def end(self) -> None:
        for program in reversed(self.running):
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def tell(self, title: str, quiet: float = 1.5) -> str:
        """Waits until nothing has been said for a while, then writes what was, and the languages asked of a voice."""
        count, since = -1, time.time()
        while time.time() - since < quiet:
            if count != len(self.voice.said) or self.voice.until > time.time():
                count, since = len(self.voice.said), time.time()
            time.sleep(0.1)
        said, self.heard = self.voice.said[self.heard : count], count
        log = (self.folder / "orca.log").read_bytes()
        asked, self.read = re.findall(rb"default voice requested with language='(\w\w)'", log[self.read :]), len(log)
        languages = ", ".join(sorted({each.decode() for each in asked}))
        print(f"\n{title} ({languages})", *said, sep="\n    ", flush=True)
        return " ".join(said)

    def press(self, *keys: str, quiet: float = 0.8) -> str:
        for key in keys:
            subprocess.run(["xdotool", "key", key], check=True)
            time.sleep(0.3)
        return self.tell(" ".join(keys), quiet)

    def until(self, words: str, key: str = BACK) -> None:
        """Presses a key until what is wanted has the focus."""
        if not any(words in self.press(key) for _ in range(30)):
            raise SystemExit(f"never heard: {words}")

    def type(self, text: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "25", text], check=True)
        if text:
            self.tell(f"“{text}” (typed)")

    def say(self, text: str) -> None:
        self.type(text)
        self.press("Return", quiet=4)


def journey(hearing: Hearing, served: Optional[int]) -> None:
    hearing.tell("The page loads")
    hearing.until("Une question ? Assistant", "Tab")
    hearing.press("Return", quiet=2)
    hearing.until("Effacer la conversation")
    hearing.press("Return")
    hearing.press("Tab")
    hearing.press("Return", quiet=2)
    hearing.say("Quel financement pour un PTCE ?")
    hearing.press(BACK)
    hearing.press("shift+h")
    hearing.press("Down", "Down", "Down", quiet=2)
    hearing.until("question entry", "Tab")
    hearing.say("What is a PTCE?")
    hearing.say("Which cluster is right for me?")
    hearing.until("Technology, research push button")
    while "Copy" not in hearing.press("Return", "Tab", quiet=3):
        pass
    hearing.press("Return", quiet=2)
    hearing.until("question entry", "Tab")
    hearing.say("I would like to talk to a person")
    hearing.until("Send")
    hearing.press("Return", quiet=3)
    for keys in (["Ana", "Tab"], ["ana@example.org", "Tab"], ["", "Tab"], ["", "space"], ["", "Tab"], ["", "Return"]):
        hearing.type(keys[0])
        hearing.press(keys[1], quiet=3 if keys[1] == "Return" else 0.8)
    hearing.until("question entry", "Tab")
    if served:
        os.kill(served, signal.SIGTERM)
        hearing.say("What is a PTCE?")
        hearing.tell("Later", quiet=8)
    hearing.press("Escape", quiet=2)


if __name__ == "__main__":
    if "HEARING" not in os.environ:
        os.environ["HEARING"] = "yes"
        os.execvp(
            "dbus-run-session", ["dbus-run-session", "--", sys.executable, "-m", "tests.web.hear_widget", *sys.argv[1:]]
        )
    hearing = Hearing(Path(tempfile.mkdtemp()), sys.argv[1], sys.argv[2])
    try:
        journey(hearing, int(sys.argv[3]) if len(sys.argv) > 3 else None)
    finally:
        hearing.end()
