"""Button titles in the twenty characters Messenger shows."""

from __future__ import annotations

import re
from typing import List, Sequence

from bot.channels.messenger.split import length
from bot.channels.messenger.wording import wording

LONGEST_TITLE = 20
_SUBJECT = re.compile(r"^(?P<subject>.+?)\s?: (?P<rest>.+)$")  # "PTCE : financement", "PTCE: funding"


def short_titles(titles: Sequence[str], language: str) -> List[str]:
    """Each title in at most LONGEST_TITLE characters, still telling the buttons of one message apart.

    A subject they all share goes first (the text above names it), then the words the language says shorter, then
    articles; only then is a title cut, at the end of a word.
    """
    found = [" ".join(title.split(" ")).strip() for title in titles]
    if any(length(title) > LONGEST_TITLE for title in found):
        found = _without_shared_subject(found)
    found = [_shorten(title, language) for title in found]
    for index, title in enumerate(found):
        if title in found[:index]:
            number = f"{index + 1}. "
            found[index] = number + _cut(title, LONGEST_TITLE - len(number))
    return found


def _without_shared_subject(titles: List[str]) -> List[str]:
    matches = [_SUBJECT.match(title) for title in titles]
    subjects = [match["subject"].strip() for match in matches if match]
    shared = next((subject for subject in subjects if subjects.count(subject) > 1), None)
    if shared is None or len(set(subjects)) > 1:
        return titles
    return [_capital(match["rest"]) if match else title for match, title in zip(matches, titles, strict=True)]


def _shorten(title: str, language: str) -> str:
    words = wording()
    for long, short in words.shorter[language].items():
        if length(title) <= LONGEST_TITLE:
            return title
        title = re.sub(rf"(?<!\w){re.escape(long)}(?!\w)", short, title, flags=re.IGNORECASE)
    if length(title) > LONGEST_TITLE:
        articles = "|".join(re.escape(article) for article in words.articles[language])
        title = _capital(re.sub(rf"(?<!\w)(?:{articles})", "", title, flags=re.IGNORECASE).strip())
    return _cut(title, LONGEST_TITLE)


def _cut(title: str, longest: int) -> str:
    """The words that fit, and an ellipsis where some do not."""
    if length(title) <= longest:
        return title
    kept = title
    while length(kept) > longest - 1:
        kept = kept[:-1]
    whole = kept if title[len(kept) : len(kept) + 1] == " " else kept.rpartition(" ")[0]
    if length(whole) < longest // 2:
        whole = kept
    return re.sub(r"[\s\W]+$", "", whole) + "…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
