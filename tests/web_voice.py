"""A voice for a screen reader that writes what it is given to say."""

from __future__ import annotations

import html
import re
import socket
import threading
import time
from typing import Any, List, Optional, Set

RATE = 40  # characters a second


class Voice(threading.Thread):
    """A speech server (SSIP) in place of speech-dispatcher: takes the time of speaking, and can be cut short."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.said: List[str] = []
        self.until = 0.0
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(path)
        self.listening.listen()

    def run(self) -> None:
        for number in range(1, 100):
            threading.Thread(target=self.serve, args=(self.listening.accept()[0], number), daemon=True).start()

    def serve(self, client: socket.socket, number: int) -> None:
        lock, count = threading.Lock(), 0
        speaking: Set[int] = set()
        text: Optional[List[str]] = None

        def send(code: int, *lines: Any) -> None:
            with lock:
                told = [f"{code}{' ' if line is lines[-1] else '-'}{line}\r\n" for line in lines]
                client.sendall("".join(told).encode())

        def end(message: int) -> None:
            if message in speaking:
                speaking.discard(message)
                send(702, message, number, "END")

        for line in client.makefile(encoding="utf-8", newline="\r\n"):
            line = line.rstrip("\r\n")
            if text is not None and line != ".":
                text.append(line)
            elif text is not None:
                words, text, count = html.unescape(re.sub("<[^>]+>", "", " ".join(text))).strip(), None, count + 1
                self.said.append(words)
                self.until = max(self.until, time.time()) + len(words) / RATE
                speaking.add(count)
                send(225, count, "OK MESSAGE QUEUED")
                send(701, count, number, "BEGIN")
                threading.Timer(self.until - time.time(), end, [count]).start()
            elif line == "SPEAK":
                text = []
                send(230, "OK RECEIVING DATA")
            elif line.startswith(("CANCEL", "STOP")):
                if self.until > time.time() and self.said:
                    self.said[-1] += " (cut short)"
                for message in list(speaking):
                    speaking.discard(message)
                    send(703, message, number, "CANCELED")
                self.until = 0
                send(210, "OK STOPPED")
            elif line.startswith("HISTORY"):
                send(245, number, "OK CLIENT ID SENT")
            else:
                send(249 if line.startswith(("LIST", "GET")) else 200, "fr\tfr\tnone", "OK")
