"""What people type is masked before it reaches the store or the log, on every channel."""

from __future__ import annotations

from pathlib import Path

from bot.privacy.wording import wording
from tests.channels.messenger.conftest import graph, meta, meta_served  # noqa: F401 – fixtures
from tests.channels.messenger.messenger_meta import Meta
from tests.conftest import ServedBot
from tests.privacy.kept import events_of, holds
from tests.website_client import Visitor

SECRETS = {"email": "tatiana.detcheverry@example.pm", "phone": "06 98 76 54 32", "card": "4111 1111 1111 1111"}
TEXT = "Combien de PTCE ? Nous sommes 12 depuis 2015 : {email}, {phone}, carte {card}."
MASKED = TEXT.format(**wording().marks)


def assert_masked(folder: Path, sender: str, texts: int = 1) -> None:
    said = [event["text"] for event in events_of(folder, sender) if event["event"] == "user"]
    assert said == [MASKED] * texts
    for secret in SECRETS.values():
        assert not holds(folder, secret)


def test_over_rest(bot: ServedBot) -> None:
    answer = bot.say("masked", TEXT.format(**SECRETS), metadata={"language": "fr", "note": SECRETS["email"]})
    assert "23" in answer[0]["text"]  # the question is still understood
    assert_masked(bot.folder, "masked")


def test_on_the_website(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    assert "23" in visitor.say(TEXT.format(**SECRETS))[0]["text"]
    assert visitor.history()[0]["text"] == MASKED
    for secret in SECRETS.values():
        assert not holds(site.folder, secret)


def test_in_messenger(meta: Meta) -> None:  # noqa: F811
    meta.ask("masked-person", TEXT.format(**SECRETS))
    assert_masked(meta.bot.folder, "messenger:masked-person")


def test_rasa_as_shipped_masks_nothing(tmp_path: Path) -> None:
    """The switch that leaves Rasa alone leaves this out too; the start says so."""
    stock = ServedBot(tmp_path, {"CACIMA_STOCK_RASA": "1"}).start()
    try:
        stock.say("stock", TEXT.format(**SECRETS))
        assert "CACIMA_STOCK_RASA" in stock.log.read_text(encoding="utf-8")
        assert [e["text"] for e in events_of(tmp_path, "stock") if e["event"] == "user"] == [TEXT.format(**SECRETS)]
    finally:
        stock.stop()
