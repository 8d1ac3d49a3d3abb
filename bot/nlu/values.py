"""Named values in a text: activities, kinds of member, places, levels (data/knowledge/values.yml)."""

from __future__ import annotations

import functools
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge.load import knowledge
from bot.words.folding import stem
from bot.words.tokens import Word, words_of

Span = Tuple[str, int, int]  # value id, start and end in the text


@functools.cache
def _phrases() -> Dict[Tuple[str, ...], str]:
    """The stems of each phrase that names a value."""
    return {
        tuple(word.stem for word in words_of(phrase)): name
        for name, value in knowledge().values.items()
        for phrase in value.words.all()
    }


@functools.cache
def _longest() -> int:
    return max(map(len, _phrases()))


def find_values(
    text: str, taken: Sequence[Tuple[int, int]] = (), meant: Optional[Mapping[str, str]] = None
) -> List[Span]:
    """Values named in a text, longest first where they overlap.

    taken: places of names of topics, where no value is looked for. meant: folded words with what they stand for.
    """
    meant = meant or {}
    words: List[Word] = [w._replace(stem=stem(meant[w.typed])) if w.typed in meant else w for w in words_of(text)]
    found: List[Span] = []
    at = 0
    while at < len(words):
        for size in range(min(_longest(), len(words) - at), 0, -1):
            some = words[at : at + size]
            start, end = some[0].start, some[-1].end
            name = _phrases().get(tuple(word.stem for word in some))
            if name is not None and not any(start < stop and begin < end for begin, stop in taken):
                found.append((name, start, end))
                at += size
                break
        else:
            at += 1
    return found
