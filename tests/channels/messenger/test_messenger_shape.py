"""Texts, titles and choices in the shape Messenger takes: every result is put before the fake Graph's own rules."""

from __future__ import annotations

import re
from typing import Any, Dict, List

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.choices import parse_choice
from bot.channels.messenger.shape import shape
from bot.channels.messenger.split import split
from bot.channels.messenger.titles import short_titles
from bot.channels.messenger.wording import wording
from bot.guide.model import guide_data
from bot.knowledge.load import knowledge
from bot.knowledge.model import LANGUAGES
from bot.knowledge.rendering import Renderer
from tests.channels.messenger.fake_graph import refuse_message, text_of, units

NO_BREAK = "\u00a0"


def refusals(messages: List[Dict[str, Any]]) -> List[str]:
    bodies = [{"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": message} for message in messages]
    return [refusal for refusal in map(refuse_message, bodies) if refusal]


def titles_of(message: Dict[str, Any]) -> List[str]:
    return [reply["title"] for reply in message.get("quick_replies", [])]


def test_a_short_text_is_one_message() -> None:
    assert [message["text"] for message in shape([{"text": " Bonjour. "}], "fr")] == ["Bonjour."]


def test_neighbouring_texts_share_a_message_where_they_fit() -> None:
    said = [{"text": "Bonjour !"}, {"text": "a" * 1500}, {"text": "b" * 1500}]
    texts = [text_of(message) for message in shape(said, "fr")]
    assert texts == ["Bonjour !\n\n" + "a" * 1500, "b" * 1500]


def test_a_text_is_cut_between_paragraphs_then_sentences() -> None:
    paragraphs = [f"Paragraphe {number}. " + "Une phrase de plus. " * 40 for number in range(5)]
    pieces = split("\n".join(paragraphs))
    assert all(piece.startswith("Paragraphe") and piece.endswith(".") for piece in pieces)
    assert len(pieces) == 3
    sentences = split("Voir p. 2 du bulletin, c'est bien. " * 120)
    assert all(piece.endswith("bien.") for piece in sentences)


def test_no_cut_before_french_double_punctuation() -> None:
    words = f"Est-ce vrai{NO_BREAK}? « Oui{NO_BREAK}» " * 200
    assert all(not re.match(r"[?»:;!]", piece) for piece in split(words))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.just("https://www.senat.fr/rap/a12-153-7/a12-153-714.html"),
                          st.just("janick.cormier@cacima.fr"), st.just("\n"), st.just("Fin."),
                          st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=60)),
                min_size=1, max_size=150))  # fmt: skip
def test_any_text_is_kept_whole_in_pieces_that_fit(words: List[str]) -> None:
    text = " ".join(words)
    pieces = split(text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < units(piece) < 2000 for piece in pieces)
    links = [word for word in text.split() if word.startswith("https://www.senat.fr") or "@cacima.fr" in word]
    found = [word for piece in pieces for word in piece.split() if "senat.fr" in word or "@cacima.fr" in word]
    assert [word for word in links if len(word) < 600] == [word for word in found if len(word) < 600]


def test_emojis_count_as_two() -> None:
    assert all(units(piece) < 2000 for piece in split("👍" * 1500))
    assert "".join(split("👍" * 1500)) == "👍" * 1500


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_the_knowledge_base_fits_and_stays_readable(language: str) -> None:
    renderer = Renderer(knowledge(), language)
    for topic in knowledge().topics.values():
        for fact in topic.facts:
            title = renderer.choice(topic.topic, fact.attribute)
            (short,) = short_titles([title], language)
            assert 2 <= units(short) <= 20, title
            assert re.search(r"\w[…?.)]?$", short.replace(NO_BREAK, "")), (title, short)
            if units(title) <= 20:
                assert short == title


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_one_message_differ(language: str) -> None:
    renderer = Renderer(knowledge(), language)
    types = [name for name, topic in knowledge().topics.items() if topic.kind == "cluster_type"]
    titles = short_titles([renderer.choice(name, "definition") for name in types], language)
    assert len(set(titles)) == len(titles) == 6
    attributes = sorted({fact.attribute for fact in knowledge().topics["ptce"].facts})
    titles = short_titles([renderer.choice("ptce", aspect) for aspect in attributes], language)
    assert len(set(titles)) == len(attributes)


def test_what_titles_share_is_left_out() -> None:
    shared_question = [
        f"Pôles de compétitivité{NO_BREAK}: présentation",
        f"PTCE{NO_BREAK}: présentation",
        "Autre chose",
    ]
    assert short_titles(shared_question, "fr") == ["Pôles comp.", "PTCE", "Autre chose"]
    shared_subject = ["Competitiveness clusters: funding", "Competitiveness clusters: aims", "Something else"]
    assert short_titles(shared_subject, "en") == ["Funding", "Aims", "Something else"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60).filter(lambda t: t.strip()), min_size=1, max_size=30))
def test_any_buttons_are_taken_by_graph(titles: List[str]) -> None:
    titles = [title.encode("utf-8", "replace").decode() for title in titles]
    buttons = [{"title": title, "payload": f"/guide{number}"} for number, title in enumerate(titles)]
    messages = shape([{"text": "Choisissez :", "buttons": buttons}], "fr")
    assert refusals(messages) == []


@pytest.mark.parametrize("count", [1, 3, 4, 13, 14, 20])
def test_every_choice_is_kept(count: int) -> None:
    buttons = [{"title": f"Choix {number}", "payload": f"/p{number}"} for number in range(count)]
    messages = shape([{"text": "Lequel ?", "buttons": buttons}], "fr")
    assert refusals(messages) == []
    payloads = [reply["payload"] for message in messages for reply in message.get("quick_replies", [])]
    for message in messages:
        payloads += [b["payload"] for b in message.get("attachment", {}).get("payload", {}).get("buttons", [])]
    assert sorted(payloads) == sorted(button["payload"] for button in buttons)
    assert text_of(messages[0]) == "Lequel ?"
    assert len(messages) == 1 + -(-max(0, count - 13) // 3)


def test_links_go_to_templates_of_three() -> None:
    links = [{"title": f"Lien {number}", "url": f"https://example.com/{number}"} for number in range(4)]
    messages = shape([{"text": "Voir :", "buttons": links}], "fr")
    assert refusals(messages) == []
    assert [len(message["attachment"]["payload"]["buttons"]) for message in messages] == [3, 1]


def test_choices_hang_on_the_last_piece_of_a_long_text() -> None:
    messages = shape([{"text": "Une phrase. " * 400, "buttons": [{"title": "Oui", "payload": "/guide"}]}], "fr")
    assert refusals(messages) == []
    assert [bool(titles_of(message)) for message in messages] == [False, False, True]


def test_payloads_messenger_cannot_carry_are_left_out() -> None:
    buttons = [
        {"title": "Trop", "payload": "/x" * 600},
        {"title": "", "payload": "/a"},
        {"title": "Bien", "payload": "/b"},
    ]
    assert [titles_of(message) for message in shape([{"text": "?", "buttons": buttons}], "fr")] == [["Bien"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guides_answers_are_read_whole(language: str) -> None:
    for criterion in guide_data().criteria:
        titles = short_titles([answer.label[language] for answer in criterion.answers], language)
        assert not [title for title in titles if title.endswith("…")]
        assert len(set(titles)) == len(titles)


def test_the_channels_own_buttons_do_something() -> None:
    words = wording()
    offers = [*words.welcome, *words.profile.menu, *words.profile.ice_breakers]
    for offer in offers:
        assert parse_choice(offer.payload) or offer.payload == "SWITCH_LANGUAGE", offer.payload
    assert all(parse_choice(payload) for payload in words.referrals.named.values())
    assert parse_choice(words.referrals.topic.replace("{ref}", "ptce"))
    for offer in words.welcome:
        assert all(units(offer.title[language]) <= 20 for language in LANGUAGES)


def test_french_sentences_have_their_no_break_spaces() -> None:
    words = wording()
    french = [reply.fr for reply in words.replies.values()] + [words.profile.greeting.fr, words.more_choices.fr]
    french += [offer.title.fr for offer in (*words.welcome, *words.profile.menu, *words.profile.ice_breakers)]
    assert [
        text for text in french if re.search(r"[^\u00a0/s][:;?!»](?:\s|$)|«[^\u00a0]", text.replace("https:", ""))
    ] == []
