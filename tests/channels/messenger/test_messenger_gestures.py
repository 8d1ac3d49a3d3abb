"""What people do in Messenger besides writing a question: they quote, send a thumb, or write more than is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment, event, new_mid, new_person, quote, text
from tests.conftest import ServedBot
from tests.observability.served import samples
from tests.ports import free_port

STICKERS = {"👍": 369239343222814, "heart": 126361874215276}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    """A bot of its own, whose counters nobody else moves."""
    graph = Graph()
    folder: Path = tmp_path_factory.mktemp("gestures")
    bot = ServedBot(folder, environment(graph, CACIMA_METRICS_PORT=str(free_port()))).start()
    yield Meta(bot, graph)
    bot.stop()
    graph.close()


def said_to(meta: Meta, person: str, happening: Dict[str, Any]) -> str:
    return meta._after(person, len(meta.graph.to(person)), 1, happening)


def opinions(meta: Meta) -> Dict[str, float]:
    found = samples(int(meta.bot._environment["CACIMA_METRICS_PORT"]))
    return {name: found[f'cacima_feedback_total{{feedback="{name}"}}'] for name in ("positive", "negative")}


@pytest.mark.parametrize(
    ("first", "then", "asked", "told"),
    [
        ("C'est quoi un PTCE ?", "Qui peut rejoindre une grappe d'entreprises ?", "combien ?", "23"),
        ("What is a competitiveness cluster?", "What is a PTCE?", "how many are there?", "71"),
    ],
)
def test_a_quoted_answer_is_what_is_asked_about(meta: Meta, first: str, then: str, asked: str, told: str) -> None:
    person = new_person()
    meta.ask(person, first)
    meta.ask(person, then)
    answer = said_to(meta, person, quote(person, asked, meta.graph.ids_to(person)[0]))
    assert told in answer
    assert meta.ask(person, asked) != answer or told in answer  # the quoted topic is the one spoken of now


def test_ones_own_question_can_be_quoted_over_a_restart(counted: Meta) -> None:
    person, mid = new_person(), new_mid()
    said_to(counted, person, text(person, "C'est quoi un pôle de compétitivité ?", mid))
    counted.ask(person, "C'est quoi un PTCE ?")
    counted.bot.stop()
    counted.bot.start()
    assert "71" in said_to(counted, person, quote(person, "combien ?", mid))
    assert "140" in said_to(counted, person, quote(person, "combien ?", counted.graph.ids_to(person)[1]))


def test_a_quote_of_nothing_known_changes_nothing(meta: Meta) -> None:
    person, stranger = new_person(), new_person()
    meta.ask(person, "C'est quoi un PTCE ?")
    meta.ask(stranger, "C'est quoi un pôle de compétitivité ?")
    for mid in ("m_never_seen", "x" * 500, meta.graph.ids_to(stranger)[0]):
        assert "23" in said_to(meta, person, quote(person, "combien de PTCE ?", mid))
        meta.ask(person, "merci")
    # Another person's message says nothing of theirs.
    assert "71" not in said_to(meta, person, quote(person, "combien ?", meta.graph.ids_to(stranger)[0]))


@pytest.mark.parametrize("form", ["message", "attachment"])
def test_the_thumb_sticker_is_an_opinion_and_others_are_not(counted: Meta, form: str) -> None:
    person = new_person()
    counted.ask(person, "Combien de PTCE ?")
    before = opinions(counted)
    for name, sticker in STICKERS.items():
        attachment = {"type": "image", "payload": {"url": "https://example.com/x", "sticker_id": sticker}}
        fields: Dict[str, Any] = {"attachments": [attachment]} if form == "attachment" else {"sticker_id": sticker}
        answer = said_to(counted, person, event(person, message={"mid": new_mid(), **fields}))
        assert answer.startswith("Merci" if name == "👍" else ("Merci", "Tant mieux")), answer
    after = opinions(counted)
    assert (after["positive"] - before["positive"], after["negative"] - before["negative"]) == (1, 0)


@pytest.mark.parametrize(
    ("question", "thumb", "kind", "told"),
    [
        ("Combien de PTCE ?", "👍🏽", "positive", "Merci"),
        ("Combien de PTCE ?", "👎", "negative", "autrement"),
        ("How many PTCEs are there?", "👍👍", "positive", "Thank you"),
        ("How many PTCEs are there?", "👎🏿", "negative", "other words"),
    ],
)
def test_a_typed_thumb_is_an_opinion_everywhere(counted: Meta, question: str, thumb: str, kind: str, told: str) -> None:
    before = opinions(counted)
    person = new_person()
    counted.ask(person, question)
    assert told in counted.ask(person, thumb)
    counted.bot.say(person, question)
    assert told in counted.bot.say(person, thumb)[0]["text"]
    assert opinions(counted)[kind] - before[kind] == 2


def test_a_thumb_before_anything_was_said_is_no_opinion(counted: Meta) -> None:
    before = opinions(counted)
    assert "rien pu lire" in counted.ask(new_person(), "👍")
    assert opinions(counted) == before


@pytest.mark.parametrize(("thumb", "answer"), [("👍", "Oui"), ("👎", "Non")])
def test_a_thumb_answers_the_guide(counted: Meta, thumb: str, answer: str) -> None:
    """As the button does where the question takes a yes or a no; elsewhere the question is put again."""
    before = opinions(counted)
    told = {}
    for reply in (thumb, answer):
        person = f"{reply}-guided"
        counted.bot.say(person, "Quel cluster pour moi ?")
        again = counted.bot.say(person, thumb)[-1]
        assert again["text"].endswith("De quoi avez-vous besoin avant tout\u00a0?")
        assert len(again["buttons"]) > 3
        told[reply] = answer_until_label(counted, person, reply)
    # What was pressed is not said back, what was sent is.
    assert all(said.endswith(as_pressed) for said, as_pressed in zip(told[thumb], told[answer], strict=True))
    assert told[thumb][0] != told[answer][0]
    assert opinions(counted) == before


def answer_until_label(meta: Meta, person: str, reply: str) -> List[str]:
    """Presses the first answer of each question until a label is asked about; the texts said after `reply` then."""
    messages = meta.bot.say(person, "Une initiative du territoire")
    for _ in range(8):
        if "label" in messages[-1]["text"]:
            return [message["text"] for message in meta.bot.say(person, reply)]
        messages = meta.bot.say(person, messages[-1]["buttons"][0]["payload"])
    raise AssertionError(f"the guide asked no label: {messages}")


def test_a_thumb_erases_nothing_and_takes_the_guide_offered(counted: Meta) -> None:
    counted.bot.say("careful", "combien de PTCE ?")
    assert "effacer toute" in counted.bot.say("careful", "efface mes données")[0]["text"]
    assert "effacée" not in counted.bot.say("careful", "👍")[0]["text"]
    offered = counted.bot.say("offered", "j'ai une brasserie de 12 salariés à Miquelon")
    assert "/guide" in [button["payload"] for button in offered[-1]["buttons"]]
    assert counted.bot.say("offered", "👍")[-1]["buttons"][0]["payload"].startswith("/guide_answer")


@pytest.mark.parametrize(
    ("filler", "question", "told"),
    [
        ("Je vous raconte notre histoire. ", "Combien de PTCE ?", "n’en ai lu que le début"),
        ("Let me tell you our story first. ", "How many PTCEs are there?", "read only its beginning"),
    ],
)
def test_a_text_that_is_cut_is_said_to_be(meta: Meta, filler: str, question: str, told: str) -> None:
    person = new_person()
    meta.ask(person, question)
    assert told not in meta.ask(person, question + " " + filler * 5)
    long = filler * 60 + question
    assert told.replace("’", "'") in meta.ask(person, long).replace("’", "'")
