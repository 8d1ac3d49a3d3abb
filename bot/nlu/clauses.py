"""Cleans what a person typed and cuts it into clauses, so that each can be read by itself."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Pattern

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.commands import is_allowed_command
from bot.nlu.component import Component
from bot.nlu.corrections import without_what_is_not_meant
from bot.nlu.lexicon import lexicons
from bot.text import aligned

LONGEST = 1000  # characters read of a message; a question needs far fewer
TENTATIVE = "tentative_clauses"  # how many of the last clauses are but a guess at how a DIVIDED one divides
DIVIDED = "divided"  # on a clause: True where halves of it follow
CLAUSES = "clauses"  # set on the whole message: how many clause messages follow it
MOST_CLAUSES = 8
_LONGEST_LIST = 4
SHORT = 5  # words of an afterthought that asks the same of another topic

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f​-‏‪-‮⁦-⁩﻿]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_SENTENCE_END = re.compile(
    r"(?<=[?!;…])\s+|(?<=\w{3}[.:])\s+|(?<=\w['’]\w[.:])\s+|(?<=\s[a-z]{2}\.)(?<!\b(?:st|mr|dr|ms|mt|me|no)\.)\s+|(?<=\s:)\s+|\s*\n+\s*|(?<=[a-z0-9à-ÿ]\?)(?=\w)"
    r"|\s+(?=(?:\d|[a-c])[).]\s)"
)


def clean(text: str) -> str:
    """Text fit to be read: no control characters, tags or leading slash, at most LONGEST characters."""
    text = _UNPRINTABLE.sub(" ", _TAG.sub(" ", text[: 4 * LONGEST]))
    return " ".join(text[:LONGEST].split()).lstrip("/ ")


@functools.cache
def _patterns() -> Dict[str, Pattern[str]]:
    """The lexicons' joining words, question words and courtesies, as patterns over folded text."""

    def any_of(name: str) -> str:
        words = {word for lexicon in lexicons().values() for word in getattr(lexicon, name)}
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    joiner = rf"(?:{any_of('joiners')})(?:(?<=')|\s+)"  # "ainsi qu'une adresse"
    linkers = any_of("linkers")
    return {
        "joint": re.compile(rf"\s*,\s+(?:{joiner})?|\s+(?:{joiner}|(?:{linkers})\s+)"),
        "question": re.compile(
            rf"(?<!\w)(?:(?:{any_of('question_words')})(?!\w)|(?:{any_of('last_words')})(?=[^\w,]*$))"
        ),
        "opener": re.compile(rf"(?<!\w)(?:{any_of('openers')})(?:(?<=')|(?!\w))"),
        "comma": re.compile(r"\s*,\s+"),
        "and": re.compile(rf"\s+{joiner}"),
        "besides": re.compile(rf"(?:{any_of('besides')})(?:(?<=')|\s+)"),
        "courtesy": re.compile(rf"(?:{any_of('courtesies')})(?:[\s,.!:;-]+(?:{any_of('courtesies')}))*"),
        "courtesy_first": re.compile(rf"(?:(?:{any_of('courtesies')})[\s,.!:;-]+)+(?=\w)"),
        "courtesy_last": re.compile(rf"(?:[\s,.!;-]+(?:{any_of('courtesies')}))+[\s.!?]*$"),
    }


def _halves(sentence: str) -> List[str]:
    """A sentence cut where a second question follows a first: both sides must ask something."""
    folded, patterns = aligned(sentence), _patterns()
    for joint in patterns["joint"].finditer(folded):
        left, right = folded[: joint.start()], folded[joint.end() :]
        asks_left = patterns["question"].search(left) or patterns["opener"].match(left)
        asks_right = patterns["question"].search(right) or patterns["opener"].match(right)
        if asks_left and asks_right:
            return [sentence[: joint.start()], *_halves(sentence[joint.end() :])]
        if asks_left and "," in joint.group() and joint.group().strip(" ,") and len(right.split()) <= SHORT:
            return [sentence[: joint.start()], sentence[joint.start() :]]  # "..., and the private ones?"
    return [sentence]


def has_question_word(text: str) -> bool:
    return bool(_patterns()["question"].search(aligned(text)))


def is_requested(text: str) -> bool:
    """Whether a clause has a question word, or begins as a request does ("I'd like ...")."""
    return has_question_word(text) or bool(_patterns()["opener"].match(aligned(text)))


def is_asked(text: str) -> bool:
    """Whether a clause has the form of a question or a request: a mark, a question word, an opening."""
    return "?" in text or is_requested(text)


def _without_courtesies(sentence: str) -> List[str]:
    """Greetings and thanks around a sentence, as clauses of their own."""
    folded, patterns = aligned(sentence), _patterns()
    first = patterns["courtesy_first"].match(folded)
    start = first.end() if first else 0
    last = patterns["courtesy_last"].search(folded, start)
    end = last.start() if last else len(sentence)
    core = folded[start:end]
    if len(core.split()) < 3 and not patterns["question"].search(core):
        return [sentence]  # "thanks a lot": what is left says nothing by itself
    return [sentence[:start], sentence[start:end], sentence[end:]]


def is_courtesy(clause: str) -> bool:
    """Whether a clause is a greeting or thanks and no more."""
    return bool(_patterns()["courtesy"].fullmatch(aligned(clause).strip(" .!?,;:-")))


def split(text: str) -> List[str]:
    """The clauses of a cleaned text, in order; one where there is nothing to cut."""
    clauses = []
    for sentence in _SENTENCE_END.split(text):
        for part in _without_courtesies(sentence):
            clauses += [half.strip(" ,") for half in _halves(part)]
    return [clause for clause in clauses if re.search(r"\w", clause)][:MOST_CLAUSES]


def parts_of_list(text: str) -> List[str]:
    """A text cut at its first "and" or comma: two things may be asked of one topic ("the budget and the sectors").

    A list of three or four short things is cut at each ("budget, sectors and website").
    """
    folded, patterns = aligned(text), _patterns()
    besides = patterns["besides"].match(folded)
    if besides:  # "besides its aims, I'd like its budget"
        joint = patterns["comma"].search(folded, besides.end())
        return [text[besides.end() : joint.start()], text[joint.end() :]] if joint else []
    # From where it asks: "I run a joinery, and I'd like the budget and the sectors".
    asked = max((found.end() for found in patterns["opener"].finditer(folded)), default=0)
    joints = sorted(found.span() for name in ("and", "comma") for found in patterns[name].finditer(folded, asked))
    ends = [*(start for start, _ in joints), len(text)]
    things = [text[start:end].strip() for start, end in zip([0, *(end for _, end in joints)], ends, strict=True)]
    if 2 < len(things) <= _LONGEST_LIST and all(0 < len(thing.split()) <= SHORT for thing in things[1:]):
        return things
    firsts = [pattern.search(folded, at) for at in (asked, 0) for pattern in (patterns["and"], patterns["comma"])]
    joint = next((found for found in firsts if found), None)
    halves = [text[: joint.start()].strip(), text[joint.end() :].strip()] if joint else []
    return halves if all(halves) else []


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseSplitter(Component):
    """Puts one message a clause behind the whole message; QuestionReader joins their readings again."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Messages as typed in; each cleaned, followed by its clauses where it has several."""
        read: List[Message] = []
        for message in messages:
            typed = message.get(TEXT) or ""
            if is_allowed_command(typed):
                message.set(CLAUSES, 0)
                read.append(message)
                continue
            text = without_what_is_not_meant(clean(typed))
            clauses = split(text)
            telling = [clause for clause in clauses if not is_courtesy(clause)]
            halves = parts_of_list(telling[-1]) if telling else []
            parts = [Message.build(clause) for clause in clauses] if len(clauses) > 1 else []
            for part in parts:
                part.set(DIVIDED, bool(halves) and part.get(TEXT) == telling[-1])
            parts += [Message.build(half) for half in halves]
            message.set(TENTATIVE, len(halves))
            message.set(TEXT, text, add_to_output=True)
            message.set(CLAUSES, len(parts))
            read += [message, *parts]
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are single clauses already."""
        return training_data
