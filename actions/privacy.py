"""What becomes of one's data: told, and erased once the person has said yes."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import language_of
from bot.privacy import turn
from bot.privacy.notice import notice_url
from bot.privacy.settings import retention_days
from bot.privacy.wording import wording
from bot.words.folding import fold

Events = List[Dict[str, Any]]
INTENTS = ("privacy", "erase_data", "erase_confirm", "erase_cancel")
ANSWERS = ("affirm", "deny")
YES = ("affirm", "erase_data")  # asking again for what one is asked about is a yes too


def is_asked(tracker: Tracker) -> bool:
    """Whether the last thing said before this message was "Shall I erase?"."""
    said = [event for event in tracker.events if event["event"] in ("bot", "user")]
    while said and said[-1]["event"] == "bot":  # what this turn has said so far
        said.pop()
    last = said[-2] if len(said) > 1 else {}
    return last.get("event") == "bot" and (last.get("metadata") or {}).get(turn.MARK) == turn.ASKED


def refuses(message: Dict[str, Any]) -> bool:
    """Whether a message holds a word of refusal: nothing is erased on a doubtful yes."""
    words = f" {fold(str(message.get('text') or ''))} ".replace("'", "' ")
    for mark in ",.;:!?":
        words = words.replace(mark, " ")
    return any(f" {word} " in words for words_of in wording().refusals.values() for word in map(_spelt, words_of))


def _spelt(word: str) -> str:
    return fold(word).replace("'", "' ").strip()


def told(tracker: Tracker) -> Dict[str, Any]:
    """What the responses about privacy are filled with."""
    return {"notice": notice_url(language_of(tracker)), "days": retention_days()}


def answer(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[str]:
    """Deals with a message about one's data, and with a yes or no to "Shall I erase?".

    What was said: told, asked, kept, erased, unable; None where the message is about something else.
    """
    message = tracker.latest_message
    intent = str((message.get("intent") or {}).get("name"))
    asked = is_asked(tracker)
    if intent == "privacy":
        return _say(dispatcher, "told", "utter_privacy", **told(tracker))
    if intent == "erase_cancel" or (asked and (intent == "deny" or (intent in YES and refuses(message)))):
        return _say(dispatcher, "kept", "utter_erase_kept")
    if intent == "erase_confirm" or (asked and intent in YES):
        if turn.can_erase():
            return _say(dispatcher, "erased", "utter_erased", **{turn.MARK: turn.DONE})
        return _say(dispatcher, "unable", "utter_erase_unavailable", **told(tracker))
    if intent == "erase_data":
        return _say(dispatcher, "asked", "utter_erase_sure", **{turn.MARK: turn.ASKED})
    return None


def _say(dispatcher: CollectingDispatcher, said: str, response: str, **filled: Any) -> str:
    dispatcher.utter_message(response=response, **filled)
    return said


class ActionErase(Action):
    """Asks whether to erase, and does as told."""

    def name(self) -> str:
        return "action_erase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        answer(dispatcher, tracker)
        return []


class ActionEraseAgain(Action):
    """After another language was chosen: "Shall I erase?" once more, in that language, if it was being asked."""

    def name(self) -> str:
        return "action_erase_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        if is_asked(tracker):
            _say(dispatcher, "asked", "utter_erase_sure", **{turn.MARK: turn.ASKED})
        return []


class ActionPrivacy(ActionErase):
    """Says what is kept, and where the notice is."""

    def name(self) -> str:
        return "action_privacy"


class ActionPrivacyLink(Action):
    """Behind the first greeting of a conversation: how long messages are kept, and where the notice is."""

    def name(self) -> str:
        return "action_privacy_link"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        said = [(event.get("metadata") or {}) for event in tracker.events if event["event"] == "bot"]
        if not any(metadata.get("utter_action") == "utter_privacy_link" for metadata in said):
            dispatcher.utter_message(response="utter_privacy_link", **told(tracker))
        return []
