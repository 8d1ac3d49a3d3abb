"""Cuts what a person typed into clauses, so that each can be read by itself."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Pattern

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Component
from bot.nlu.payloads import is_allowed_command
from bot.nlu.topic_extractor import NEAR_MISS
from bot.words.cleaning import clean
from bot.words.folding import aligned
from bot.words.lexicon import lexicons

CLAUSES = "clauses"  # set on the whole message: how many clause messages follow it
PARTS = "parts"  # how many of these are parts of the last clause, which asks one thing or two
MOST_CLAUSES = 8
SHORT = 6  # words of a thing in a list

_SENTENCE_END = re.compile(
    r"(?<=[?!;…])\s+|(?<=\w{3}[.:])\s+|(?<=\w['’]\w[.:])\s+|(?<=\s[a-z]{2}\.)(?<!\b(?:st|mr|dr|ms|mt|me|no)\.)\s+|(?<=\s:)\s+"
    r"|(?<=[a-z0-9à-ÿ]\?)(?=\w)|\s+(?=(?:\d|[a-c])[).]\s)"
)
_COMMAND_NAME = re.compile(r"/\w+_\w+(?:\{.*\})?", re.DOTALL)
_LINE_START = re.compile(r"[-*•–]|\d+[).]|[A-ZÀ-Þ]")


@functools.cache
def _patterns() -> Dict[str, Pattern[str]]:
    """The lexicons' joining words, question words and courtesies, as patterns over folded text."""

    def any_of(*names: str) -> str:
        words = {word for lexicon in lexicons().values() for name in names for word in getattr(lexicon, name)}
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    joiner = rf"(?:{any_of('joiners')})(?:(?<=')|\s+)"  # "ainsi qu'une adresse"
    return {
        "joint": re.compile(rf"\s*,\s+(?:{joiner})?|\s+{joiner}"),
        "question": re.compile(rf"(?<!\w)(?:{any_of('question_words')})(?!\w)"),
        "asked_first": re.compile(rf"(?:(?:{any_of('prepositions')})\s+)?(?<!\w)(?:{any_of('question_words')})(?!\w)"),
        "opener": re.compile(rf"(?<!\w)(?:{any_of('openers', 'yes_no_first')})(?:(?<=')|(?!\w))"),
        "comma": re.compile(r"\s*,\s+"),
        "and": re.compile(rf"\s+{joiner}"),
        "courtesy": re.compile(rf"(?:{any_of('courtesies')})(?:[\s,.!:;-]+(?:{any_of('courtesies')}))*"),
        "courtesy_first": re.compile(rf"(?:(?:{any_of('courtesies')})[\s,.!:;-]+)+(?=\w)"),
        "courtesy_last": re.compile(rf"(?:[\s,.!;-]+(?:{any_of('courtesies')}))+[\s.!?]*$"),
    }


def has_question_word(text: str) -> bool:
    return bool(_patterns()["question"].search(aligned(text)))


def is_requested(text: str) -> bool:
    """Whether a clause has a question word, or begins as a request does ("I'd like ...")."""
    return has_question_word(text) or bool(_patterns()["opener"].match(aligned(text)))


def is_asked(text: str) -> bool:
    """Whether a clause has the form of a question or a request: a mark, a question word, an opening."""
    return "?" in text or is_requested(text)


def is_courtesy(clause: str) -> bool:
    """Whether a clause is a greeting or thanks and no more."""
    return bool(_patterns()["courtesy"].fullmatch(aligned(clause).strip(" .!?,;:-")))


def _lines(text: str) -> List[str]:
    """Lines that begin anew; one wrapped in mid-sentence goes on."""
    lines: List[str] = []
    for line in text.split("\n"):
        begins = bool(_LINE_START.match(line)) or is_requested(line) or (lines and lines[-1][-1] in ".?!:;")
        if lines and not begins:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


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


def _halves(sentence: str) -> List[str]:
    """A sentence cut where a second question follows a first: both sides must ask something."""
    folded, patterns = aligned(sentence), _patterns()
    for joint in patterns["joint"].finditer(folded):
        left, right = folded[: joint.start()], folded[joint.end() :]
        asks_left = patterns["question"].search(left) or patterns["opener"].match(left)
        asks_right = patterns["asked_first"].match(right) or patterns["opener"].match(right)
        if asks_left and asks_right and len(right.split()) > 1:
            return [sentence[: joint.start()], *_halves(sentence[joint.end() :])]
    return [sentence]


def split(text: str) -> List[str]:
    """The clauses of a cleaned text, in order; one where there is nothing to cut."""
    clauses = []
    for line in _lines(text):
        for sentence in _SENTENCE_END.split(line):
            for part in _without_courtesies(sentence):
                clauses += [half.strip(" ,-*•–") for half in _halves(part)]
    return [clause for clause in clauses if re.search(r"\w", clause)][:MOST_CLAUSES]


def parts_of_list(text: str) -> List[str]:
    """A clause cut where it may ask two or three things of one topic ("the budget and the sectors of PTCEs")."""
    folded, patterns = aligned(text), _patterns()
    asked = max((found.end() for found in patterns["opener"].finditer(folded)), default=0)
    joints = sorted(found.span() for name in ("and", "comma") for found in patterns[name].finditer(folded, asked))
    ends = [*(start for start, _ in joints), len(text)]
    things = [text[start:end].strip() for start, end in zip([0, *(end for _, end in joints)], ends, strict=True)]
    if 2 < len(things) <= 4 and all(0 < len(thing.split()) <= SHORT for thing in things[1:]):
        return things
    joint = next((found for found in (patterns[n].search(folded, asked) for n in ("and", "comma")) if found), None)
    halves = [text[: joint.start()].strip(), text[joint.end() :].strip()] if joint else []
    return halves if all(halves) else []


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseSplitter(Component):
    """Puts one message a clause behind the whole message; QuestionParser joins their readings again."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Messages as typed in; each cleaned, followed by its clauses where it has several."""
        read: List[Message] = []
        for message in messages:
            typed = message.get(TEXT) or ""
            if is_allowed_command(typed):
                message.set(CLAUSES, 0)
                read.append(message)
                continue
            if _COMMAND_NAME.fullmatch(typed.strip()):
                message.set(NEAR_MISS, True)  # "/session_start", typed by a person, is no question of sessions
            text = clean(typed)
            clauses = split(text)
            telling = [clause for clause in clauses if not is_courtesy(clause)]
            parts = parts_of_list(telling[-1]) if telling else []
            several = clauses if len(clauses) > 1 else []
            message.set(TEXT, text.replace("\n", " "), add_to_output=True)
            message.set(CLAUSES, len(several) + len(parts))
            message.set(PARTS, len(parts))
            read += [message, *map(Message.build, [*several, *parts])]
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are single clauses already."""
        return training_data
