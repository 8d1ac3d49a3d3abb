"""Interruption, correction, back, stop, resume and language switch at every question, in both languages."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
import yaml

from bot.guide.model import guide_data
from bot.guide.ranking import Ranking
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from tests.conftest import ROOT, ServedBot
from tests.guide.test_personas import walk

DATA = guide_data()
WORDS: Dict[str, Dict[str, str]] = {
    "fr": {
        "start": "Quel cluster pour moi ?",
        "unsure": "je ne sais pas",
        "question": "combien de PTCE ?",
        "answer": "23\u00a0PTCE",
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
DEPTHS = range(6)


def text(messages: List[Dict[str, Any]]) -> str:
    return "\n".join(message.get("text", "") for message in messages)


def go_to(bot: ServedBot, sender: str, language: str, depth: int) -> str:
    """Starts the guide and answers `depth` questions with "I don't know"; the words of the question then open."""
    reply = text(bot.say(sender, WORDS[language]["start"]))
    for _ in range(depth):
        reply = text(bot.say(sender, WORDS[language]["unsure"]))
    return next(c.question[language] for c in DATA.criteria if c.question[language] in reply)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_at_every_question(bot: ServedBot, language: str, depth: int) -> None:
    words, sender = WORDS[language], f"guide-{language}-{depth}"
    question = go_to(bot, sender, language, depth)
    interrupted = text(bot.say(sender, words["question"]))
    assert words["answer"] in interrupted
    reminder = DATA.wording["reminder"][language].format(question=question)
    assert reminder in interrupted
    corrected = text(bot.say(sender, words["size"]))
    medium = DATA.criterion("size").answer("size_medium").said[language]
    assert medium in corrected
    assert "?" in text(bot.say(sender, words["back"]))
    switched = text(bot.say(sender, words["switch"]))
    assert any(c.question[words["other"]] in switched for c in DATA.criteria)
    stopped = text(bot.say(sender, words["stop"]))
    assert DATA.wording["stopped"][words["other"]] in stopped


@pytest.mark.parametrize("language", ["fr", "en"])
def test_two_unreadable_answers_offer_to_leave(bot: ServedBot, language: str) -> None:
    sender = f"guide-lost-{language}"
    go_to(bot, sender, language, 0)
    first = text(bot.say(sender, "xqzt brrw"))
    assert DATA.wording["not_understood"][language].split("{")[0].strip() in first
    second = bot.say(sender, "zzkp qqrt")
    assert DATA.wording["offer_to_leave"][language].split("{")[0].strip() in text(second)
    assert any(button["title"] == DATA.wording["stop"][language] for m in second for button in m.get("buttons", []))


@pytest.mark.parametrize(
    ("language", "aside", "said"),
    [
        ("fr", "minute, d'abord, qu'est-ce qu'un cluster régional exactement", "initiative régionale"),
        ("en", "hold on, first, what exactly is a regional cluster", "regional initiative"),
    ],
)
def test_an_aside_without_a_question_mark_is_answered(bot: ServedBot, language: str, aside: str, said: str) -> None:
    """Though "regional" would be an answer to the question put."""
    sender = f"guide-aside-{language}"
    asked = go_to(bot, sender, language, 0)
    reply = text(bot.say(sender, aside))
    assert said in reply
    assert asked in reply


def test_the_guides_rule_lists_every_intent() -> None:
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    rules = yaml.safe_load((ROOT / "data" / "stories" / "guide.yml").read_text(encoding="utf-8"))["rules"]
    listed = {entry["intent"] for entry in rules[0]["steps"][0]["or"]}
    assert listed == {*intents, "nlu_fallback"}


FISHER = {
    "fr": (
        "je suis pêcheur à Miquelon, on est trois et on veut travailler avec l'Ifremer sur les algues",
        "Pourquoi pas un PTCE ?",
    ),
    "en": (
        "I'm a fisher in Miquelon, there are three of us and we want to work with Ifremer on seaweed",
        "Why not a PTCE?",
    ),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_after_the_result_why_not_is_answered_from_the_ranking(bot: ServedBot, language: str) -> None:
    sender, (story, why_not) = f"guide-why-not-{language}", FISHER[language]
    recommended = walk(bot, sender, language, story, lambda _: WORDS[language]["unsure"])
    assert recommended == "pole_competitivite"
    reply = text(bot.say(sender, why_not))
    assert DATA.wording["remaining"][language].split("{")[0].strip() in reply
    answers = {"aim": ("research",), "activity": ("sea",), "size": ("size_small",), "partners": ("partners_research",)}
    ranking = Ranking(DATA, answers)
    assert Speaker(DATA, knowledge(), language).why_not("ptce", ranking) in reply
