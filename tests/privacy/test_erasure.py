"""A conversation erased on demand: asked back first, gone from the store and its file afterwards, on every channel."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.channels.messenger.conftest import graph, meta, meta_served  # noqa: F401 – fixtures
from tests.channels.messenger.messenger_meta import Meta, new_person
from tests.conftest import ROOT, ServedBot
from tests.privacy.kept import age, events_of, holds
from tests.website_client import Visitor

WORDS = {
    "fr": {"ask": "Efface mes données", "sure": "Voulez-vous effacer", "done": "notre conversation est effacée",
           "kept": "rien n’est effacé", "yes": "oui", "no": "non", "button": "Oui, effacer", "keep": "Non, garder"},
    "en": {"ask": "Please delete my data", "sure": "Do you want to erase", "done": "our conversation is erased",
           "kept": "nothing has been erased", "yes": "yes", "no": "no",
           "button": "Yes, erase it", "keep": "No, keep it"},
}  # fmt: skip
CANARY = {
    "fr": "Ma conserverie Quiscale compte 12 salariés : c'est quoi un PTCE ?",
    "en": "My Quiscale cannery has 12 staff: what is a PTCE?",
}


def text_of(messages: List[Dict[str, Any]]) -> str:
    return "\n".join(message.get("text") or "" for message in messages)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("way", ["button", "words"])
def test_over_rest_nothing_is_left(bot: ServedBot, language: str, way: str) -> None:
    words, sender = WORDS[language], f"erased-{language}-{way}"
    bot.say(sender, CANARY[language].replace("Quiscale", sender))
    assert events_of(bot.folder, sender)
    asked = bot.say(sender, words["ask"])
    assert words["sure"] in text_of(asked)
    assert [button["title"] for button in asked[-1]["buttons"]] == [words["button"], words["keep"]]
    assert events_of(bot.folder, sender)  # nothing goes before the person has said yes
    answer = bot.say(sender, asked[-1]["buttons"][0]["payload"] if way == "button" else words["yes"])
    assert words["done"] in text_of(answer)
    assert events_of(bot.folder, sender) == []
    assert not holds(bot.folder, sender)  # neither in the store's file nor in the log
    assert text_of(bot.say(sender, "PTCE"))  # and one may begin again


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("way", ["button", "words", "sentence"])
def test_a_no_keeps_it(bot: ServedBot, language: str, way: str) -> None:
    words, sender = WORDS[language], f"kept-{language}-{way}"
    bot.say(sender, CANARY[language])
    asked = bot.say(sender, words["ask"])
    refusal = {"fr": "non, ne supprime pas mes données", "en": "no, don't delete my data"}[language]
    said = {"button": asked[-1]["buttons"][1]["payload"], "words": words["no"], "sentence": refusal}[way]
    assert words["kept"] in text_of(bot.say(sender, said))
    assert events_of(bot.folder, sender)
    assert words["done"] not in text_of(bot.say(sender, words["yes"]))  # the question is over
    assert events_of(bot.folder, sender)


@pytest.mark.parametrize(("language", "said"), [("fr", "ok, les incubateurs"), ("en", "right, incubators")])
def test_a_yes_that_names_a_subject_is_no_yes(bot: ServedBot, language: str, said: str) -> None:
    sender = f"subject-{language}"
    bot.say(sender, CANARY[language])
    bot.say(sender, WORDS[language]["ask"])
    reply = text_of(bot.say(sender, said))
    assert WORDS[language]["done"] not in reply
    assert {"fr": "incubateurs", "en": "ncubators"}[language] in reply
    assert events_of(bot.folder, sender)


@pytest.mark.parametrize("language", WORDS)
def test_another_question_in_between_is_no_yes(bot: ServedBot, language: str) -> None:
    words, sender = WORDS[language], f"between-{language}"
    bot.say(sender, words["ask"])
    assert "PTCE" in text_of(bot.say(sender, CANARY[language]))
    assert words["done"] not in text_of(bot.say(sender, words["yes"]))
    assert events_of(bot.folder, sender)


@pytest.mark.parametrize(
    ("language", "wish", "other"), [("fr", "in English please", "en"), ("en", "en français", "fr")]
)
def test_the_question_is_put_again_in_the_language_chosen(bot: ServedBot, language: str, wish: str, other: str) -> None:
    sender = f"again-{language}"
    bot.say(sender, WORDS[language]["ask"])
    assert WORDS[other]["sure"] in text_of(bot.say(sender, wish))
    assert WORDS[other]["done"] in text_of(bot.say(sender, WORDS[other]["yes"]))
    assert events_of(bot.folder, sender) == []


@pytest.mark.parametrize("language", WORDS)
def test_asking_twice_is_a_yes(bot: ServedBot, language: str) -> None:
    words, sender = WORDS[language], f"twice-{language}"
    bot.say(sender, words["ask"])
    assert words["done"] in text_of(bot.say(sender, words["ask"]))
    assert events_of(bot.folder, sender) == []


@pytest.mark.parametrize(
    ("language", "start", "reply"),
    [
        ("fr", "Quel cluster pour moi ?", "je suis menuisier"),
        ("en", "Which cluster is right for me?", "I am a carpenter"),
    ],
)
def test_in_the_middle_of_the_guide(bot: ServedBot, language: str, start: str, reply: str) -> None:
    words, sender = WORDS[language], f"guided-{language}"
    bot.say(sender, start)
    bot.say(sender, reply)
    assert words["sure"] in text_of(bot.say(sender, words["ask"]))
    kept = bot.say(sender, words["no"])
    assert words["kept"] in text_of(kept)
    assert len(kept) == 2  # and back to the guide
    assert words["sure"] in text_of(bot.say(sender, words["ask"]))
    assert words["done"] in text_of(bot.say(sender, words["yes"]))
    assert events_of(bot.folder, sender) == []
    assert "guide" not in bot.say(sender, words["yes"])[0]  # the guide is forgotten too


@pytest.mark.parametrize("language", WORDS)
def test_on_the_website(site: ServedBot, language: str) -> None:
    words, visitor = WORDS[language], Visitor(site.url)
    name = f"Zibeline{language}"
    visitor.say(CANARY[language].replace("Quiscale", name), language=language)
    asked = visitor.say(words["ask"], language=language)
    answer = visitor.send(choice=asked[-1]["buttons"][0]["payload"], language=language).json()
    assert words["done"] in text_of(answer["messages"])
    assert answer["erased"] is True
    assert answer["language"] == language
    assert visitor.call("GET", "/messages").status_code == 401  # the token died with its conversation
    assert not holds(site.folder, name)
    assert visitor.send(text="PTCE", language=language).status_code == 401
    assert visitor.call("POST", "/session").status_code == 401
    assert "erased" not in Visitor(site.url).send(text="PTCE", language=language).json()


def test_the_widgets_clear_leaves_nothing_in_the_file_either(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    visitor.say(CANARY["fr"].replace("Quiscale", "Gravelot"))
    assert holds(site.folder, "Gravelot")
    assert visitor.call("DELETE", "/messages").status_code == 200
    assert not holds(site.folder, "Gravelot")


@pytest.mark.parametrize("language", WORDS)
def test_in_messenger(meta: Meta, language: str) -> None:  # noqa: F811
    words, person = WORDS[language], new_person()
    name = f"Macareux{language}"
    meta.ask(person, CANARY[language].replace("Quiscale", name))
    assert words["sure"] in meta.ask(person, words["ask"])
    assert words["done"] in meta.choose(person, "/erase_confirm", words["button"])
    meta.quiet(person)
    assert events_of(meta.bot.folder, f"messenger:{person}") == []
    assert not holds(meta.bot.folder, name)
    with sqlite3.connect(meta.bot.folder / "messenger.db") as db:
        for table in ("inbox", "outbox", "unsent", "paused"):
            assert db.execute(f"SELECT count(*) FROM {table} WHERE person = ?", (person,)).fetchone() == (0,)


def test_in_the_shell(tmp_path: Path) -> None:
    environment = {**os.environ, "CACIMA_DATA": str(tmp_path), "PORT": "0"}
    from tests.ports import free_port

    environment["PORT"] = str(free_port())
    said = "Combien de PTCE, dit Eider ?\nefface mes données\noui\n/stop\n"
    done = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve", "shell"],
        cwd=ROOT, env=environment, input=said.encode(), capture_output=True, timeout=180,
    )  # fmt: skip
    assert WORDS["fr"]["done"] in done.stdout.decode().replace("\u00a0", " "), done.stdout[-3000:]
    assert not holds(tmp_path, "Eider")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CACIMA_DATA": str(folder)}
    return subprocess.run(["make", "-s", *arguments], cwd=ROOT, env=environment, capture_output=True, timeout=180)


def test_the_command_erases_one_conversation(bot: ServedBot) -> None:
    bot.say("cormoran", "Combien de PTCE ?")
    bot.say("sterne", "Combien de PTCE ?")
    count = len(events_of(bot.folder, "cormoran"))
    done = run(bot.folder, "erase", "WHO=cormoran")
    assert f"{count} events" in done.stdout.decode(), done
    assert events_of(bot.folder, "cormoran") == []
    assert not holds(bot.folder, "cormoran")
    assert events_of(bot.folder, "sterne")
    assert run(bot.folder, "erase", "WHO=").returncode != 0


def test_the_command_purges_what_is_old(bot: ServedBot) -> None:
    bot.say("harle", "Combien de PTCE ?")
    bot.say("garrot", "Combien de PTCE ?")
    age(bot.folder, "harle", 31)
    assert b" events older than 30 days" in run(bot.folder, "purge", "OLDER_THAN=30").stdout
    assert events_of(bot.folder, "harle") == []
    assert events_of(bot.folder, "garrot")
    assert run(bot.folder, "purge", "OLDER_THAN=soon").returncode != 0
