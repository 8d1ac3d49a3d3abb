"""Which language to speak: the person's choice, what this message says, what was spoken last, the page's, French."""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional, Tuple

from bot.settings import LANGUAGES
from bot.words.folding import fold
from bot.words.lexicon import any_of, lexicons

SENTENCE = 5  # words from which a text is no slip of the keyboard
SURE = 0.95  # from here on, fewer will do
WISH, WISHED = "choose_language", 0.5  # the intent, and the confidence from which it is meant
# "I don't speak", "je ne comprends pas": what stands before a language that is not wanted.
_UNSPOKEN = (
    r"(?:n't|\bnot|\bno|\bcannot)\s+(?:\w+\s+){0,2}(?:speak|read|understand|write|know)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:parle|comprend|comprends|lis|connais)\s+pas\s+(?:\w+['\s]+){0,2}$"
)
COURTESIES = ("greet", "goodbye", "thanks", "affirm", "deny")


def named_language(text: str) -> Optional[str]:
    """The language a text asks for ("in English please", "I don't speak French"), if any; the last named wins.

    Empty for one that is not spoken here ("do you speak Portuguese?").
    """
    folded = fold(text)
    names = {name: code for lexicon in lexicons().values() for name, code in lexicon.languages.items()}
    found = list(re.finditer(any_of(names), folded))
    if not found:
        return None
    last = found[-1]
    negated = re.search(_UNSPOKEN, folded[: last.start()])
    code = names[last.group()]
    return next(other for other in LANGUAGES if other != code) if negated and code else code


def speaks(text: str, language: str) -> bool:
    """Whether a text is a sentence, or holds a common word of a language: gibberish must not change what is spoken."""
    lexicon = lexicons()[language]
    common = {*lexicon.question_words, *lexicon.openers, *lexicon.function_words, *lexicon.courtesies, *lexicon.telling}
    common = {word for word in common if len(word) > 2}  # "an", "on" and "a" are words of both
    words = fold(text).replace("'", "' ").replace("?", " ").split()
    return len(words) >= SENTENCE or any(word in common for word in words)


def decide(message: Mapping[str, Any], language: str, basis: str) -> Tuple[str, str]:
    """The language after a message, and its basis: none, hint, client, detected or chosen.

    message: Rasa's parse data with `language` of bot.nlu.language_detector. language, basis: those before it.
    """
    text = str(message.get("text") or "")
    intent = (message.get("intent") or {}).get("name")
    wished = intent == WISH and float((message.get("intent") or {}).get("confidence") or 0.0) >= WISHED
    detected = message.get("language") or {}
    if wished or WISH in (message.get("besides") or []):
        named = named_language(text)
        chosen = detected.get("name") if named is None else named
        if chosen in LANGUAGES:
            return str(chosen), "chosen"
    client = (message.get("metadata") or {}).get("language")
    if basis == "chosen" and not (detected.get("decided") and detected["confidence"] >= SURE and _is_long(text)):
        return language, basis
    if text.startswith("/"):  # a button decides nothing; before anything was said, the client's language holds
        return (client, "client") if basis in ("none", "hint") and client in LANGUAGES else (language, basis)
    if basis not in ("none", "hint") and intent in COURTESIES and not _is_long(text):
        return language, basis  # "ok bye" is said in French too
    heard = bool(detected.get("decided"))
    if heard and language != detected["name"] and basis != "none":
        unreadable = intent in ("out_of_scope", "nlu_fallback")
        one_word = len(text.split()) == 1  # "cons" is a word of both
        heard = (detected["confidence"] >= SURE and not unreadable and not one_word) or speaks(text, detected["name"])
    if heard:
        return detected["name"], "detected"
    if basis in ("none", "hint"):
        if client in LANGUAGES:
            return str(client), "client"
        if detected.get("hint"):
            return detected["name"], "hint"
    return language, basis


def _is_long(text: str) -> bool:
    return len(text.split()) >= SENTENCE
