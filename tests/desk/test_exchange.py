"""What a message makes of a request that is being put together."""

from __future__ import annotations

import dataclasses

import pytest

from bot.desk import texts
from bot.desk.exchange import (
    AGAIN,
    CANCEL,
    CHAT,
    CONTACT,
    NAME,
    NEXT,
    QUESTION,
    REVIEW,
    SEND,
    Draft,
    hear,
    read_contact,
)
from bot.desk.settings import requests_days, smtp
from bot.store.settings import BadSettings

FULL = Draft(step=REVIEW, question="Combien ?", name="Ana", contact="ana@example.pm")


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("mon mail : ana.l@example.pm, merci", "ana.l@example.pm"),
        ("au 41 12 34", "41 12 34"),
        ("+508 55 12 34", "+508 55 12 34"),
        ("(709) 555-1234", "(709) 555-1234"),
        ("je ne sais pas", ""),
        ("en 2015", ""),
        ("ana@", ""),
    ],
)
def test_contacts_are_read(text: str, contact: str) -> None:
    assert read_contact(text) == contact


def test_step_by_step() -> None:
    draft = Draft()
    for said, step in (("Puis-je adhérer ?", NAME), ("Ana Lafitte", CONTACT), ("ana@example.pm", REVIEW)):
        heard = hear(draft, said)
        assert heard is not None
        draft, outcome = heard
        assert (draft.step, outcome) == (step, NEXT)
    assert (draft.question, draft.name, draft.contact) == ("Puis-je adhérer ?", "Ana Lafitte", "ana@example.pm")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("oui", SEND), ("Yes", SEND), ("annuler", CANCEL), ("never mind", CANCEL), ("joindre la conversation", CHAT)],
)
def test_a_review_is_answered_in_words_of_either_language(said: str, outcome: str) -> None:
    heard = hear(FULL, said)
    assert heard is not None
    assert heard[1] == outcome


def test_a_review_is_answered_by_nothing_else() -> None:
    assert hear(FULL, "c'est quoi un PTCE ?") is None
    assert hear(FULL, "oui mais combien de PTCE ?") is None


@pytest.mark.parametrize("said", ["C'est quoi un PTCE ?", "efface tout, et supprime mes données", "delete my data"])
def test_what_is_about_something_else_is_left_to_the_bot(said: str) -> None:
    assert hear(Draft(step=NAME, question="x"), said) is None


def test_a_contact_that_is_none_is_asked_again_and_nothing_is_lost() -> None:
    draft = Draft(step=CONTACT, question="Combien ?", name="Ana")
    assert hear(draft, "chez moi") == (draft, AGAIN)


def test_a_draft_survives_being_kept() -> None:
    assert Draft.from_json(FULL.to_json()) == FULL
    assert dataclasses.replace(FULL, contact="").missing() == CONTACT
    assert Draft().missing() == QUESTION


def test_both_languages_say_the_same_things() -> None:
    french, english = texts.table("fr"), texts.table("en")
    assert french.keys() == english.keys()
    for section, said in french.items():
        assert said.keys() == english[section].keys(), section
        for key, text in said.items():
            kinds = type(text), type(english[section][key])
            assert kinds[0] is kinds[1], key
            if isinstance(text, str):
                assert set(_names(text)) == set(_names(english[section][key])), key


def _names(text: str) -> list:
    import string

    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_settings_that_cannot_be_right_are_refused() -> None:
    assert smtp({}) is None
    good = smtp({"CACIMA_SMTP_URL": "smtps://a%40b:p%3Aw@mail.example.pm", "CACIMA_DESK_MAIL": "x@example.pm"})
    assert good is not None
    assert (good.user, good.password, good.port, good.tls) == ("a@b", "p:w", 465, True)
    away = smtp({"CACIMA_SMTP_URL": "smtp://mail.example.pm", "CACIMA_DESK_MAIL": "x@example.pm"})
    assert away is not None
    assert away.starttls  # nobody's question leaves this machine in the clear
    for wrong in (
        {"CACIMA_SMTP_URL": "smtp://mail.example.pm"},
        {"CACIMA_DESK_MAIL": "x@example.pm"},
        {"CACIMA_SMTP_URL": "http://mail.example.pm", "CACIMA_DESK_MAIL": "x@example.pm"},
        {"CACIMA_SMTP_URL": "smtp://mail.example.pm:port", "CACIMA_DESK_MAIL": "x@example.pm"},
        {"CACIMA_SMTP_URL": "smtp://mail.example.pm", "CACIMA_DESK_MAIL": "nobody"},
    ):
        with pytest.raises(BadSettings, match="CACIMA_"):
            smtp(wrong)
    assert requests_days({"CACIMA_REQUESTS_DAYS": "12"}) == 12
    for given in ("0", "soon", "-3", "99999"):
        with pytest.raises(BadSettings):
            requests_days({"CACIMA_REQUESTS_DAYS": given})


def test_buttons_fit_messenger() -> None:
    for language in ("fr", "en"):
        for key in ("send", "chat", "change", "cancel", "pass_on"):
            assert len(texts.say(language, "exchange", key)) <= 20, key
