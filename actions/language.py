"""Which language to speak: the person's choice, what this message says, what was spoken last, the page's, French."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import utter
from bot.knowledge.model import LANGUAGES
from bot.nlu.lexicon import lexicons
from bot.text import fold

SENTENCE = 5  # words from which a text is no slip of the keyboard
SURE = 0.95  # from here on, fewer will do
WISH = "choose_language"
COURTESIES = ("greet", "goodbye", "thanks", "affirm", "deny")


def named_language(text: str) -> Optional[str]:
    """The language a text asks for ("in English please"), if it names one; the last one named wins."""
    named = [
        lexicon.languages[word]
        for word in fold(text).replace("'", " ").replace("-", " ").split()
        for lexicon in lexicons().values()
        if word.strip("?!.,;:") in lexicon.languages
        for word in [word.strip("?!.,;:")]
    ]
    return named[-1] if named else None


def speaks(text: str, language: str) -> bool:
    """Whether a text is a sentence, or holds a common word of a language: gibberish must not change what is spoken."""
    lexicon = lexicons()[language]
    common = {*lexicon.question_words, *lexicon.openers, *lexicon.function_words, *lexicon.courtesies, *lexicon.telling}
    words = fold(text).replace("'", "' ").replace("?", " ").split()
    return len(words) >= SENTENCE or any(word in common for word in words)


def _is_unreadable(message: Dict[str, Any]) -> bool:
    """Whether nothing of ours was read in a message: it may be of no language ("xqzt brrw")."""
    return (message.get("intent") or {}).get("name") in ("out_of_scope", "nlu_fallback")


def _is_courtesy(message: Dict[str, Any], text: str) -> bool:
    return (message.get("intent") or {}).get("name") in COURTESIES and len(text.split()) < SENTENCE


def decide(message: Dict[str, Any], language: str, basis: str) -> Tuple[str, str]:
    """The language after a message, and its basis: none, hint, client, detected or chosen."""
    text = str(message.get("text") or "")
    detected = message.get("language") or {}
    if (message.get("intent") or {}).get("name") == WISH or WISH in (message.get("besides") or []):
        chosen = named_language(text) or detected.get("name")
        if chosen in LANGUAGES:
            return chosen, "chosen"
    client = (message.get("metadata") or {}).get("language")
    if basis == "chosen":
        return language, basis
    if text.startswith("/"):  # a button decides nothing; before anything was said, the client's language holds
        return (client, "client") if basis in ("none", "hint") and client in LANGUAGES else (language, basis)
    if basis not in ("none", "hint") and _is_courtesy(message, text):
        return language, basis  # "ok bye" is said in French too
    heard = bool(detected.get("decided"))
    if heard and language != detected["name"] and basis != "none":
        sure = detected["confidence"] >= SURE and not _is_unreadable(message)
        heard = sure or speaks(text, detected["name"])
    if heard:
        return detected["name"], "detected"
    if basis in ("none", "hint"):
        if client in LANGUAGES:
            return client, "client"
        if detected.get("hint"):
            return detected["name"], "hint"
    return language, basis


class ActionGreet(Action):
    """Greets; in both languages while nothing tells which is spoken."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        utter(dispatcher, tracker, "utter_greet")
        return []


class ActionSetLanguage(Action):
    """Runs before anything else on each message, as the mapping of the slot `language`."""

    def name(self) -> str:
        return "action_set_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        before = str(tracker.get_slot("language") or "fr"), str(tracker.get_slot("language_basis") or "none")
        after = decide(tracker.latest_message, *before)
        changed = []
        if after[0] != before[0]:
            changed.append(SlotSet("language", after[0]))
        if after[1] != before[1]:
            changed.append(SlotSet("language_basis", after[1]))
        return changed
