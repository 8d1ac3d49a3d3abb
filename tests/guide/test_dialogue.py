"""Interruption, correction, back, stop, resume and language switch at every question, in both languages."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from bot.guide.model import guide_data
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from tests.conftest import ServedBot

DATA = guide_data()
WORDS: Dict[str, Dict[str, str]] = {
    "fr": {
        "start": "Quel cluster pour moi ?",
        "unsure": "je ne sais pas",
        "question": "combien de PTCE ?",
        "answer": "23 PTCE",
        "back": "retour",
        "stop": "stop",
        "size": "en fait on est douze",
        "switch": "speak English please",
        "other": "en",
    },
    "en": {
        "start": "Which cluster is right for me?",
        "unsure": "I don't know",
        "question": "how many PTCEs are there?",
        "answer": "23 PTCEs",
        "back": "go back",
        "stop": "stop",
        "size": "in fact we are twelve",
        "switch": "parle français",
        "other": "fr",
    },
}
SPEAKERS = {language: Speaker(DATA, knowledge(), language) for language in WORDS}
DEPTHS = range(3)


def text(messages: List[Dict[str, Any]]) -> str:
    return "\n".join(message.get("text", "") for message in messages)


def go_to(bot: ServedBot, sender: str, language: str, depth: int) -> str:
    """Starts the guide and answers `depth` questions with "I don't know"; the question then open."""
    reply = text(bot.say(sender, WORDS[language]["start"]))
    for _ in range(depth):
        reply = text(bot.say(sender, WORDS[language]["unsure"]))
    return open_question(reply, language)


def open_question(reply: str, language: str) -> str:
    return next(c.id for c in DATA.criteria if SPEAKERS[language].question(c.id) in reply)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_at_every_question(bot: ServedBot, language: str, depth: int) -> None:
    words, sender = WORDS[language], f"guide-{language}-{depth}"
    asked = go_to(bot, sender, language, depth)
    interrupted = bot.say(sender, words["question"])
    assert words["answer"] in text(interrupted)
    assert SPEAKERS[language].say("reminder_1", question=SPEAKERS[language].question(asked)) in text(interrupted)
    corrected = text(bot.say(sender, words["size"]))
    assert SPEAKERS[language].heard("size", "size_medium") in corrected
    assert open_question(text(bot.say(sender, words["back"])), language)
    switched = text(bot.say(sender, words["switch"]))
    assert open_question(switched, words["other"])
    assert SPEAKERS[words["other"]].say("stopped") in text(bot.say(sender, words["stop"]))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_stopped_it_goes_on_where_it_was(bot: ServedBot, language: str) -> None:
    words, sender = WORDS[language], f"guide-resumed-{language}"
    asked = go_to(bot, sender, language, 1)
    bot.say(sender, words["stop"])
    assert open_question(text(bot.say(sender, words["start"])), language) == asked


@pytest.mark.parametrize("language", ["fr", "en"])
def test_two_unreadable_answers_offer_to_leave(bot: ServedBot, language: str) -> None:
    sender = f"guide-lost-{language}"
    go_to(bot, sender, language, 0)
    first = text(bot.say(sender, "xqzt brrw"))
    assert DATA.wording["not_understood"][language].split("{")[0].strip() in first.replace("’", "'")
    second = bot.say(sender, "zzkp qqrt")
    assert DATA.wording["offer_to_leave"][language].split("{")[0].strip() in text(second).replace("’", "'")
    assert any(button["title"] == SPEAKERS[language].say("stop") for m in second for button in m.get("buttons", []))


@pytest.mark.parametrize(
    ("language", "aside", "said"),
    [
        ("fr", "minute, d'abord, qu'est-ce qu'un cluster régional exactement", "initiative régionale"),
        ("en", "hold on, first, what exactly is a regional cluster", "regional initiative"),
    ],
)
def test_an_aside_without_a_question_mark_is_answered(bot: ServedBot, language: str, aside: str, said: str) -> None:
    """Though "regional" could be an answer to the question put."""
    sender = f"guide-aside-{language}"
    asked = go_to(bot, sender, language, 0)
    reply = text(bot.say(sender, aside))
    assert said in reply
    assert open_question(reply, language) == asked


@pytest.mark.parametrize(
    ("language", "denial", "never"),
    [
        ("fr", "je ne veux pas de recherche, des clients", "technology"),
        ("en", "no research, we need customers", "technology"),
    ],
)
def test_a_denial_is_never_noted_as_its_contrary(bot: ServedBot, language: str, denial: str, never: str) -> None:
    sender = f"guide-denial-{language}"
    go_to(bot, sender, language, 0)
    reply = text(bot.say(sender, denial))
    assert SPEAKERS[language].heard("need", never) not in reply
    assert SPEAKERS[language].heard("need", "customers") in reply
