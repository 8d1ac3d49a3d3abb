"""What the bot said, as messages Graph takes: few of them, none too long, every choice kept."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from bot.channels.messenger.events import SENT_BY_US
from bot.channels.messenger.split import LONGEST_TEXT, length, split
from bot.channels.messenger.titles import short_titles
from bot.channels.messenger.wording import wording

MOST_QUICK_REPLIES = 13
MOST_TEMPLATE_BUTTONS = 3
LONGEST_PAYLOAD = 1000
LONGEST_TEMPLATE_TEXT = 640

Message = Dict[str, Any]


def shape(said: Sequence[Message], language: str) -> List[Message]:
    """Graph `message` objects, in order, for what one turn said.

    Neighbouring texts share a message where they fit; choices are quick replies of the last text before them, and
    those beyond thirteen, like links, go to templates of three above it.
    """
    messages: List[Message] = []
    texts: List[str] = []
    for message in said:
        sequence = split(str(message.get("text") or ""))
        if sequence:
            texts = _join(texts, sequence[0]) + sequence[1:]
        buttons = _valid(message.get("buttons") or [])
        if buttons:
            messages += [_text(text) for text in texts[:-1]]
            messages += _choices(texts[-1] if texts else wording().more_choices[language], buttons, language)
            texts = []
    messages += [_text(text) for text in texts]
    return messages


def _join(texts: List[str], text: str) -> List[str]:
    if texts and length(texts[-1]) + 2 + length(text) <= LONGEST_TEXT:
        return [*texts[:-1], f"{texts[-1]}\n\n{text}"]
    return [*texts, text]


def _valid(buttons: Sequence[Any]) -> List[Dict[str, str]]:
    """Buttons with a title and a payload Messenger can give back, or a link."""
    kept = []
    for button in buttons:
        if not isinstance(button, dict) or not str(button.get("title") or "").strip():
            continue
        target = button.get("url") or button.get("payload")
        if isinstance(target, str) and 0 < len(target) <= LONGEST_PAYLOAD:
            kept.append(button)
    return kept


def _choices(text: str, buttons: List[Dict[str, str]], language: str) -> List[Message]:
    titles = short_titles([str(button["title"]) for button in buttons], language)
    named = list(zip(titles, buttons, strict=True))
    links = [pair for pair in named if pair[1].get("url")]
    plain = [pair for pair in named if not pair[1].get("url")]
    over = max(0, len(plain) - MOST_QUICK_REPLIES)
    above, last = [*links, *plain[:over]], plain[over:]
    if not above:
        return [_with_quick_replies(text, last)]
    messages: List[Message] = []
    heading = text
    if length(text) > LONGEST_TEMPLATE_TEXT:
        messages.append(_text(text))
        heading = wording().more_choices[language]
    for start in range(0, len(above), MOST_TEMPLATE_BUTTONS):
        messages.append(_template(heading, above[start : start + MOST_TEMPLATE_BUTTONS]))
        heading = wording().more_choices[language]
    return [*messages, _with_quick_replies(heading, last)] if last else messages


def _text(text: str) -> Message:
    return {"text": text, "metadata": SENT_BY_US}


def _with_quick_replies(text: str, named: Sequence[Any]) -> Message:
    replies = [{"content_type": "text", "title": title, "payload": button["payload"]} for title, button in named]
    return {**_text(text), "quick_replies": replies}


def _template(text: str, named: Sequence[Any]) -> Message:
    buttons = [
        {"type": "web_url", "title": title, "url": button["url"]}
        if button.get("url")
        else {"type": "postback", "title": title, "payload": button["payload"]}
        for title, button in named
    ]
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}, "metadata": SENT_BY_US}
