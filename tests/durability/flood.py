"""One person who floods a bot: so many messages at a time in one conversation, in a process of its own.

`python -m tests.durability.flood URL TOKEN AT_ONCE` goes on until it is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import uuid
from typing import Iterator

import aiohttp

from tests.conftest import ROOT


async def flood(url: str, token: str, at_once: int) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(headers=headers, connector=connector) as session:

        async def go_on() -> None:
            while True:
                body = {"id": uuid.uuid4().hex, "text": "What is a PTCE?", "language": "en"}
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.post(f"{url}/webhooks/website/messages", json=body) as answer:
                        await answer.read()

        await asyncio.gather(*(go_on() for _ in range(at_once)))


@contextlib.contextmanager
def flooding(url: str, token: str, at_once: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "tests.durability.flood", url, token, str(at_once)], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(flood(sys.argv[1], sys.argv[2], int(sys.argv[3])))
