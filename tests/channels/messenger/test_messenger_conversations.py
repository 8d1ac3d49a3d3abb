"""Conversations through signed webhooks, against the served bot."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from tests.channels.messenger.fake_graph import text_of
from tests.channels.messenger.messenger_meta import Meta, event, new_mid, new_person, press, text


def buttons_of(message: Dict[str, Any]) -> Dict[str, str]:
    return {reply["title"]: reply["payload"] for reply in message.get("quick_replies", [])}


def test_answers_are_the_websites_in_french(meta: Meta) -> None:
    person = new_person()
    for words in ("C'est quoi un PTCE ?", "et combien y en a-t-il ?", "Qui finance les grappes d'entreprises ?"):
        said = meta.bot.say(f"web-{person}", words)
        assert meta.ask(person, words) == "\n\n".join(message["text"] for message in said)


def test_answers_are_the_websites_in_english(meta: Meta) -> None:
    person = new_person()
    for words in ("What is a competitiveness cluster?", "How many are there?", "Who funds PTCEs?"):
        said = meta.bot.say(f"web-{person}", words)
        answer = meta.ask(person, words)
        assert answer == "\n\n".join(message["text"] for message in said)
        assert not {"le", "la", "les", "des"} & set(answer.split())


def test_a_switch_of_language_is_followed(meta: Meta) -> None:
    person = new_person()
    assert "écouter" in _sticker(meta, person, "audio")
    meta.ask(person, "How many business clusters are there?")
    assert "listen" in _sticker(meta, person, "audio")
    meta.ask(person, "Qui peut rejoindre une grappe d'entreprises ?")
    assert "écouter" in _sticker(meta, person, "audio")


def _sticker(meta: Meta, person: str, kind: str) -> str:
    before = len(meta.graph.to(person))
    attachment = {"type": kind, "payload": {"url": "https://example.com/x"}}
    meta.deliver(event(person, message={"mid": new_mid(), "attachments": [attachment]}))
    return meta.graph.wait_for(person, before + 1)[-1]


def test_choices_are_quick_replies_and_can_be_pressed(meta: Meta) -> None:
    person = new_person()
    meta.deliver(press(person, "GET_STARTED", "Démarrer"))
    welcome = meta.graph.wait_for(person)[0]
    assert welcome.startswith("Bonjour")
    offered = buttons_of(meta.graph.to(person)[0])
    assert "/capabilities" in offered.values()
    assert "Je réponds en français" in meta.choose(person, "/capabilities", "Que savez-vous ?")
    assert "English" in meta.choose(person, offered["In English"], "In English")
    assert "I answer" in meta.choose(person, "/capabilities", "Que savez-vous ?")


def test_typing_is_shown_once_before_the_answer(meta: Meta) -> None:
    person = new_person()
    meta.ask(person, "C'est quoi un PTCE ?")
    assert [action["sender_action"] for action in meta.graph.actions] == ["typing_on"]
    assert len(meta.graph.calls) == 2


@pytest.mark.parametrize("typed", ["/restart", '/ask_count{"topic": "ptce"}', "/session_start", "//guide"])
def test_typed_commands_are_only_words(meta: Meta, typed: str) -> None:
    person = new_person()
    meta.ask(person, "How many PTCEs are there?")
    answer = meta.ask(person, typed)
    assert answer
    log = meta.bot.log.read_text(encoding="utf-8")
    assert "Traceback" not in log


def test_unknown_payloads_are_read_as_their_title(meta: Meta) -> None:
    person = new_person()
    answer = meta.choose(person, '/restart{"x": 1}', "What is a PTCE?")
    assert answer == meta.ask(new_person(), "What is a PTCE?")


def test_first_press_speaks_the_language_of_the_button(meta: Meta) -> None:
    person = new_person()
    meta.deliver(press(person, '/ask_definition{"topic": "cluster"}', "What is a cluster?"))
    english = meta.graph.wait_for(person)[0]
    other = new_person()
    meta.deliver(press(other, '/ask_definition{"topic": "cluster"}', "Qu'est-ce qu'un cluster ?"))
    french = meta.graph.wait_for(other)[0]
    assert "companies" in english
    assert "entreprises" in french


@pytest.mark.parametrize(
    ("ref", "told"), [("ptce", "PTCE"), ("en-ptce", "economic cooperation"), ("inconnu", "Bonjour"), ("en", "Hello")]
)
def test_links_with_a_reference_are_understood(meta: Meta, ref: str, told: str) -> None:
    person = new_person()
    meta.deliver(event(person, referral={"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}))
    assert told in meta.graph.wait_for(person)[0]
    starter = new_person()
    meta.deliver(event(starter, postback={"mid": new_mid(), "payload": "GET_STARTED", "referral": {"ref": ref}}))
    assert told in meta.graph.wait_for(starter)[0]


@pytest.mark.parametrize("kind", ["image", "audio", "video", "file", "location", "fallback", "something_new"])
def test_what_is_not_text_is_answered_kindly(meta: Meta, kind: str) -> None:
    answer = _sticker(meta, new_person(), kind)
    assert "question" in answer
    assert "example.com" not in answer


def test_long_words_emojis_and_control_characters(meta: Meta) -> None:
    person = new_person()
    for words in ("👍🎉", "\u0000\u0007", "///", "a" * 1999, "?" * 500, "\u202e" + "PTCE"):
        before = len(meta.graph.to(person))
        assert meta.deliver(text(person, words)).status == 200
        assert all(meta.graph.wait_for(person, before + 1))


@pytest.mark.parametrize(
    ("asked", "greeting"), [("Quel cluster pour moi ?", "Bonjour"), ("Which cluster is right for me?", "Hello")]
)
def test_the_guide_can_be_walked_by_pressing(meta: Meta, asked: str, greeting: str) -> None:
    """The first answer to every question is pressed, until the result."""
    person = new_person()
    meta.ask(person, greeting)
    assert meta.ask(person, asked)
    pressed = 0
    while pressed < 20:
        last = meta.graph.to(person)[-1]
        offered = [pair for pair in buttons_of(last).items() if pair[1].startswith("/guide_answer")]
        offered = [pair for pair in offered if '"control"' not in pair[1]]  # "change my answers" after the result
        if not offered:
            break
        before = len(meta.graph.to(person))
        meta.choose(person, offered[0][1], offered[0][0])
        meta.quiet(person)
        assert all(text_of(message).strip() for message in meta.graph.to(person)[before:])
        pressed += 1
    assert 3 <= pressed <= 7
    assert "janick.cormier@cacima.fr" in meta.graph.texts(person)[-1]
    assert "PTCE" in meta.ask(person, "PTCE ?")
