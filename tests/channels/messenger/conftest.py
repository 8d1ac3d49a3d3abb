"""A served bot with Messenger on, and a fake Graph behind it."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment
from tests.conftest import ServedBot


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    served = Graph()
    yield served
    served.close()


@pytest.fixture(scope="module")
def meta_served(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    bot = ServedBot(tmp_path_factory.mktemp("messenger"), environment(graph)).start()
    yield Meta(bot, graph)
    bot.stop()


@pytest.fixture
def meta(meta_served: Meta) -> Iterator[Meta]:
    """The served bot; whatever a test had it send, Graph must have found nothing to refuse."""
    meta_served.graph.reset()
    yield meta_served
    assert meta_served.graph.refusals == []
