"""A bot with a mail server, for the tests of the desk."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.conftest import ServedBot
from tests.desk.post import TO, Post
from tests.website_client import HOLDER, SECRET


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    server = Post().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, post: Post) -> Iterator[ServedBot]:
    """The bot, able to pass questions on."""
    settings = {
        "CACIMA_SECRET": SECRET,
        "CACIMA_SMTP_URL": post.url,
        "CACIMA_DESK_MAIL": TO,
        "CACIMA_REQUESTS_DAYS": "30",
        "CACIMA_WEBSITE_ORIGINS": HOLDER,
        "CACIMA_WEBSITE_PER_TOKEN": "100000",
        "CACIMA_WEBSITE_PER_ADDRESS": "100000",
    }
    served = ServedBot(tmp_path_factory.mktemp("desk"), settings).start()
    yield served
    served.stop()
