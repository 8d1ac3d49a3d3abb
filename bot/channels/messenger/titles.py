"""Button titles in the twenty characters Messenger shows."""

from __future__ import annotations

import re
from typing import List, Sequence

from bot.channels.messenger.split import length
from bot.channels.messenger.wording import wording
from bot.words.typography import typeset

LONGEST_TITLE = 20
LEAST_SUBJECT = 6  # characters of a subject still worth reading
_PARTS = re.compile(r"^(?P<subject>.+?)\s?: (?P<question>.+)$")  # "PTCE : le financement", "PTCEs: funding"


def short_titles(titles: Sequence[str], language: str) -> List[str]:
    """Each title in at most LONGEST_TITLE characters, still telling the buttons of one message apart.

    What they all share goes first (the text above names it): the subject, or what is asked of each subject. Then the
    words the language says shorter, then first articles; only then is a title cut, at the end of a word.
    """
    found = [" ".join(title.split(" ")).strip().replace("’", "'") for title in titles]
    if any(length(title) > LONGEST_TITLE for title in found):
        found = _without_what_is_shared(found)
    found = [_shorten(title, language) for title in found]
    for index, title in enumerate(found):
        if title in found[:index]:
            number = f"{index + 1}. "
            found[index] = number + _cut(title, LONGEST_TITLE - len(number))
    return [typeset(title, language) for title in found]


def _without_what_is_shared(titles: List[str]) -> List[str]:
    """Titles of the form "subject: question" without the half they have in common; others stay ("Something else")."""
    matches = [_PARTS.match(title) for title in titles]
    parts = [match for match in matches if match]
    if len(parts) < 2:
        return titles
    for shared, telling in (("subject", "question"), ("question", "subject")):
        if len({match[shared] for match in parts}) == 1:
            pairs = zip(matches, titles, strict=True)
            return [_capital(match[telling]) if match else title for match, title in pairs]
    return titles


def _shorten(title: str, language: str) -> str:
    words = wording()
    for long, short in words.shorter[language].items():
        if length(title) <= LONGEST_TITLE:
            return title
        title = _tidy(re.sub(rf"(?<!\w){re.escape(long)}(?!\w)", short, title, flags=re.IGNORECASE))
    if length(title) > LONGEST_TITLE:
        articles = "|".join(re.escape(article) for article in words.articles[language])
        title = _tidy(re.sub(rf"(?:^|(?<=: ))(?:{articles})", "", title, flags=re.IGNORECASE))
    parts = _PARTS.match(title)
    question = title[parts.end("subject") :] if parts else ""
    room = LONGEST_TITLE - length(question)
    if parts and length(title) > LONGEST_TITLE and room >= LEAST_SUBJECT:
        return _cut(parts["subject"], room) + question  # what is asked tells buttons apart
    return _cut(title, LONGEST_TITLE)


def _tidy(title: str) -> str:
    """Without the blanks a word left behind; a no-break space stays what it is."""
    return _capital(re.sub(r" {2,}", " ", title).strip())


def _cut(title: str, longest: int) -> str:
    """The words that fit, and an ellipsis where some do not."""
    if length(title) <= longest:
        return title
    kept = title
    while length(kept) > longest - 1:
        kept = kept[:-1]
    whole = kept if title[len(kept) : len(kept) + 1] == " " else kept.rpartition(" ")[0]
    if length(whole) < longest // 3:
        whole = kept
    return re.sub(r"[\s\W]+$", "", whole) + "…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
