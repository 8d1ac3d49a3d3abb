"""Which of the choices shown a typed reply means: its title, its number or its place."""

from __future__ import annotations

import re
from typing import Optional, Sequence, Tuple

from bot.words.folding import fold
from bot.words.lexicon import any_of, lexicons

_SHORT = 4  # words of a reply that is but a number or a place
_SURROUNDING = re.compile(r"^[\s.,;:!?()\"'«»“”-]+|[\s.,;:!?()\"'«»“”-]+$")


def plain(text: str) -> str:
    """A title or a reply as it is compared: folded, without marks around it."""
    return _SURROUNDING.sub("", fold(text.replace("\u00a0", " ").replace("\u202f", " ")))


def chosen(text: str, offered: Sequence[Tuple[str, str]]) -> Optional[str]:
    """The payload of the choice a reply means; None where it means none. `offered`: titles and payloads, in order."""
    reply = plain(text)
    for title, payload in offered:
        if reply and reply == plain(title):
            return payload
    place = _place(reply)
    if place is None or not -len(offered) <= place < len(offered):
        return None
    return offered[place][1]


def _place(reply: str) -> Optional[int]:
    """Which place a short reply names: "2", "number two", "la deuxième", "the last one"."""
    words = reply.split()
    if not words or len(words) > _SHORT:
        return None
    if re.fullmatch(
        r"(?:n[o°]?\.?\s*|number\s+|numero\s+|option\s+|choix\s+|choice\s+|le\s+|la\s+|the\s+)?(\d{1,2})[.)]?", reply
    ):
        return int(re.sub(r"\D", "", reply)) - 1
    for lexicon in lexicons().values():
        found = re.fullmatch(
            r"(?:le |la |les |l'|the |number |numero |option |choix )?"
            rf"({any_of([*lexicon.ordinals, *lexicon.number_words])})"
            r"(?: one| option| choix| reponse| choice)?",
            reply,
        )
        if found:
            word = found.group(1)
            return lexicon.ordinals[word] if word in lexicon.ordinals else lexicon.number_words[word] - 1
    return None
