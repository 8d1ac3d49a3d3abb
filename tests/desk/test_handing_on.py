"""A question handed on to a person: by conversation and by the form, mailed once, apart from what was said."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

from bot.store.marks import mark_of
from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment, new_person
from tests.conftest import ROOT, ServedBot
from tests.desk.post import TO, Post, body
from tests.ports import free_port
from tests.privacy.kept import events_of, holds
from tests.website_client import Visitor

SAY = {
    "fr": {"question": "Combien coûte l'adhésion à un PTCE ?", "wish": "je voudrais parler à quelqu'un", "name": "nom",
           "review": "Voici ce que j’enverrai", "send": "Envoyer", "yes": "oui", "sent": "C’est envoyé à la CACIMA",
           "no": "annuler", "cancelled": "je n’envoie rien", "again": "ni adresse e-mail"},
    "en": {"question": "How much does it cost to join a PTCE?", "wish": "I want to talk to a person", "name": "name",
           "review": "This is what I will send", "send": "Send", "yes": "yes", "sent": "It has been sent to CACIMA",
           "no": "cancel", "cancelled": "I am not sending anything", "again": "no e-mail address"},
}  # fmt: skip


def text_of(messages: List[Dict[str, Any]]) -> str:
    return "\n".join(message.get("text") or "" for message in messages).replace("\u00a0", " ")


def rows(bot: ServedBot, sender: str, table: str = "requests") -> List[Dict[str, Any]]:
    with sqlite3.connect(bot.folder / "conversations.db") as db:
        db.row_factory = sqlite3.Row
        found = db.execute(f"SELECT * FROM {table} WHERE mark = ?", (mark_of(sender),))
        return [dict(row) for row in found]


def put_together(bot: ServedBot, sender: str, language: str, name: str, contact: str) -> List[Dict[str, Any]]:
    """Up to the review."""
    words = SAY[language]
    bot.say(sender, words["question"])
    asked = bot.say(sender, words["wish"])
    assert words["name"] in text_of(asked)
    bot.say(sender, name)
    return bot.say(sender, contact)


@pytest.mark.parametrize("language", SAY)
@pytest.mark.parametrize("way", ["button", "words"])
def test_by_conversation(desk: ServedBot, post: Post, language: str, way: str) -> None:
    words, sender = SAY[language], f"asks-{language}-{way}"
    name, contact = f"Ondine {way} {language}", f"ondine.{way}.{language}@example.pm"
    review = put_together(desk, sender, language, name, contact)
    assert words["review"] in text_of(review)
    for shown in (words["question"].replace("'", "’"), name, contact, "30"):
        assert shown in text_of(review).replace("'", "’")
    assert rows(desk, sender) == []  # nothing goes before the person has said yes
    payload = {button["title"]: button["payload"] for button in review[-1]["buttons"]}[words["send"]]
    told = desk.say(sender, payload if way == "button" else words["yes"])
    assert words["sent"] in text_of(told)
    mail = post.wait(name)
    assert mail["To"] == TO
    assert contact in mail["Reply-To"]
    assert words["question"] in body(mail)
    (kept,) = rows(desk, sender)
    assert kept["id"] in text_of(told)
    assert kept["id"] in mail["Subject"]
    assert kept["mail"] == "sent"
    assert rows(desk, sender, "drafts") == []
    # What was given stands in no event of the conversation, the log included.
    assert name not in json.dumps(events_of(desk.folder, sender))
    assert contact not in json.dumps(events_of(desk.folder, sender))
    assert name not in desk.log.read_text(encoding="utf-8")
    # The chat was not asked for.
    assert "Vous :" not in body(mail)
    assert "You:" not in body(mail)


def test_the_chat_goes_along_when_asked_for(desk: ServedBot, post: Post) -> None:
    put_together(desk, "with-chat", "fr", "Perrine Chat", "41 22 33")
    review = desk.say("with-chat", "joindre la conversation")
    assert "Avec notre conversation" in text_of(review)
    desk.say("with-chat", "oui")
    told = body(post.wait("Perrine Chat"))
    assert "Combien coûte l’adhésion" in told.replace("'", "’")
    assert "[réponse/answer]" in told  # what was given is not in the chat
    assert "Pour répondre : 41 22 33" in told.replace("\u00a0", " ")


@pytest.mark.parametrize("language", SAY)
def test_it_can_be_given_up(desk: ServedBot, post: Post, language: str) -> None:
    words, sender = SAY[language], f"gives-up-{language}"
    put_together(desk, sender, language, f"Abandon {language}", "abandon@example.pm")
    assert words["cancelled"] in text_of(desk.say(sender, words["no"]))
    assert rows(desk, sender) == rows(desk, sender, "drafts") == []
    assert post.about(f"Abandon {language}") == []
    assert not holds(desk.folder, f"Abandon {language}")


@pytest.mark.parametrize("language", SAY)
def test_a_wrong_address_is_asked_again(desk: ServedBot, language: str) -> None:
    words, sender = SAY[language], f"wrong-{language}"
    assert words["again"] in text_of(put_together(desk, sender, language, "Gaspard", "chez moi"))
    assert words["review"] in text_of(desk.say(sender, "gaspard@example.pm"))


def test_a_question_in_between_is_answered_and_the_draft_waits(desk: ServedBot) -> None:
    desk.say("between", SAY["fr"]["question"])
    desk.say("between", SAY["fr"]["wish"])
    assert "23" in text_of(desk.say("between", "Combien de PTCE ?"))
    assert "quel est votre nom" in text_of(desk.say("between", SAY["fr"]["wish"])).lower()


def test_the_second_miss_and_no_source_offer_it(desk: ServedBot) -> None:
    def titles(said: List[Dict[str, Any]]) -> List[str]:
        return [button["title"] for message in said for button in message.get("buttons", [])]

    assert "Demander à la CACIMA" in titles(desk.say("offered", SAY["fr"]["question"]))
    first = desk.say("missed", "Quelle est la recette de la tarte aux pommes ?")
    assert "Demander à la CACIMA" not in titles(first)
    assert "Demander à la CACIMA" in titles(desk.say("missed", "Quel temps fera-t-il demain à Miquelon ?"))


def test_in_the_guide_it_comes_before_the_next_question(desk: ServedBot, post: Post) -> None:
    desk.say("guided", "Quel cluster pour moi ?")
    desk.say("guided", "je suis menuisier")
    assert "lui demander" in text_of(desk.say("guided", SAY["fr"]["wish"]))
    desk.say("guided", "Puis-je exposer mes meubles ?")
    desk.say("guided", "Menuisier Guidé")
    review = text_of(desk.say("guided", "menuisier@example.pm"))
    assert "Dit au guide" in review
    told = desk.say("guided", "oui")
    assert SAY["fr"]["sent"] in text_of(told)
    assert len(told) == 2  # and back to the guide
    assert "guide" in body(post.wait("Menuisier Guidé"))


def test_erasing_takes_requests_and_drafts_along(desk: ServedBot, post: Post) -> None:
    put_together(desk, "erases", "fr", "Eudyptes Premier", "eudyptes@example.pm")
    desk.say("erases", "oui")
    post.wait("Eudyptes Premier")
    put_together(desk, "erases", "fr", "Eudyptes Encore", "encore@example.pm")
    assert rows(desk, "erases")
    assert rows(desk, "erases", "drafts")
    desk.say("erases", "efface mes données")
    desk.say("erases", "oui")  # to the question put last, not to the request that waits
    assert len(post.about("Eudyptes")) == 1
    assert rows(desk, "erases") == rows(desk, "erases", "drafts") == []
    assert not holds(desk.folder, "Eudyptes")


def test_without_a_mail_server_addresses_are_given_as_before(bot: ServedBot) -> None:
    told = bot.say("no-smtp", SAY["fr"]["wish"])
    assert "janick.cormier@cacima.fr" in text_of(told)
    assert "quel est votre nom" not in text_of(bot.say("no-smtp", "Ana Lafitte")).lower()
    visitor = Visitor(bot.url)
    assert visitor.call("POST", "/request", {"id": "a" * 32}).status_code == 404


# The form.


def fill(**changed: Any) -> Dict[str, Any]:
    form = {"id": "0123456789abcdef", "question": "Puis-je adhérer ?", "name": "Ana", "contact": "ana@example.pm"}
    return {**form, "language": "fr", "consent": True, **changed}


def test_the_form_of_the_website(desk: ServedBot, post: Post) -> None:
    visitor = Visitor(desk.url)
    visitor.say(SAY["fr"]["question"])
    told = visitor.say(SAY["fr"]["wish"])
    form = told[-1]["request"]
    assert form["question"] == SAY["fr"]["question"]
    assert "30 jours" in form["words"]["consent"].replace("\u00a0", " ")
    answer = visitor.call("POST", "/request", fill(id=form["id"], name="Formulaire Fulmar"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["sent"] is True
    again = visitor.call("POST", "/request", fill(id=form["id"], name="Formulaire Fulmar"))
    assert again.json()["reference"] == answer.json()["reference"]
    said = visitor.send(choice='/human_handoff{"value": "sent"}').json()["messages"]
    assert answer.json()["reference"] in text_of(said)
    post.wait("Formulaire Fulmar")
    assert len(post.about("Formulaire Fulmar")) == 1
    assert "Formulaire" not in json.dumps(visitor.history())
    visitor.call("DELETE", "/messages")
    assert not holds(desk.folder, "Fulmar")


@pytest.mark.parametrize(
    ("changed", "fields", "words"),
    [
        ({"name": " "}, ["name"], "Votre nom"),
        ({"question": "", "contact": ""}, ["question", "contact"], "Votre question"),
        ({"contact": "chez moi"}, ["contact"], "adresse e-mail"),
        ({"consent": "yes"}, ["consent"], "accord"),
        ({"consent": None}, ["consent"], "accord"),
    ],
)
def test_a_form_that_lacks_something_says_what(
    desk: ServedBot, changed: Dict[str, Any], fields: List[str], words: str
) -> None:
    answer = Visitor(desk.url).call("POST", "/request", fill(**changed))
    assert answer.status_code == 400
    assert answer.json()["fields"] == fields
    assert words in answer.json()["message"]


def test_a_form_that_is_none_is_refused(desk: ServedBot) -> None:
    visitor = Visitor(desk.url)
    for wrong in (fill(name=3), fill(id="x"), fill(id="é" * 20), fill(question={"a": 1})):
        assert visitor.call("POST", "/request", wrong).status_code == 400
    assert visitor.call("POST", "/request", fill(), token="forged").status_code == 401
    assert visitor.call("GET", "/request").status_code == 405


def test_a_hostile_name_adds_no_header(desk: ServedBot, post: Post) -> None:
    visitor = Visitor(desk.url)
    hostile = "Eve\r\nBcc: all@example.com\n\n<script>alert(1)</script> {reference} {0.__class__}"
    answer = visitor.call("POST", "/request", fill(id="b" * 32, name=hostile, question="{name} %s ${7*7} Hostile"))
    assert answer.status_code == 200, answer.text
    mail = post.wait("Hostile")
    assert mail["Bcc"] is None
    assert mail["To"] == TO
    assert "{name} %s ${7*7} Hostile" in body(mail)


def test_one_conversation_cannot_flood_the_desk(desk: ServedBot) -> None:
    visitor = Visitor(desk.url)
    statuses = [visitor.call("POST", "/request", fill(id=f"{n:032x}")).status_code for n in range(7)]
    assert statuses == [200] * 5 + [429] * 2


def test_the_notice_names_what_is_given(bot: ServedBot) -> None:
    from tests.privacy.test_notice import get

    for path, words in (("/fr/confidentialite", "transmettre"), ("/en/privacy", "pass")):
        page = get(bot.url + path)
        assert words in page
        assert re.search(r"\b90\b", page)


# The other channels.


def test_in_the_shell(tmp_path: Path, post: Post) -> None:
    settings = {
        **os.environ,
        **{"CACIMA_DATA": str(tmp_path), "PORT": str(free_port()), "CACIMA_SMTP_URL": post.url, "CACIMA_DESK_MAIL": TO},
    }
    said = f"{SAY['fr']['wish']}\nPuis-je louer un quai ?\nCoquille Terminal\ncoquille@example.pm\noui\n/stop\n"
    done = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve", "shell"],
        cwd=ROOT, env=settings, input=said.encode(), capture_output=True, timeout=180,
    )  # fmt: skip
    assert SAY["fr"]["sent"] in done.stdout.decode().replace("\u00a0", " "), done.stdout[-3000:]
    assert "Puis-je louer un quai ?" in body(post.wait("Coquille Terminal"))


def test_in_messenger(tmp_path: Path, post: Post) -> None:
    graph = Graph()
    settings = environment(graph, CACIMA_SMTP_URL=post.url, CACIMA_DESK_MAIL=TO)
    served = ServedBot(tmp_path, settings).start()
    try:
        meta, person = Meta(served, graph), new_person()
        meta.ask(person, SAY["fr"]["question"])
        assert "nom" in meta.ask(person, SAY["fr"]["wish"])
        meta.ask(person, "Mouette Messagère")
        review = meta.ask(person, "mouette_m@example.pm")
        assert "mouette_m@example.pm" in review
        assert "Mouette Messagère" in review
        told = meta.choose(person, '/human_handoff{"value": "send"}', "Envoyer")
        assert SAY["fr"]["sent"] in told.replace("\u00a0", " ")
        assert SAY["fr"]["question"].replace("'", "’") in body(post.wait("Mouette")).replace("'", "’")
        meta.quiet(person)
        assert "Mouette" not in json.dumps(events_of(tmp_path, f"messenger:{person}"), ensure_ascii=False)
    finally:
        served.stop()
        graph.close()
