"""Mends slips of the finger into words that were learnt from: "combein" counts as "combien", "whatis" as two words."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Set

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4  # letters; shorter words are too near each other
_TWO_SLIPS = 8  # letters from which two slips are allowed
_TOO_RARE = 15.0  # inverse document frequency of two words together; rarer ones were not run together
_REMEMBERED = 4096  # words whose mending is kept; people repeat themselves


def misspelt(rarity: Mapping[str, float], real: Set[str]) -> Dict[str, str]:
    """Words learnt from that are slips themselves ("nationl"), each with the commonest real word one slip away.

    rarity: the inverse document frequency of each word learnt from. real: every folded word of the languages.
    """
    slips = [word for word in rarity if word.isalpha() and len(word) > _SHORTEST and word not in real]
    meant = [word for word in rarity if word.isalpha() and len(word) >= _SHORTEST and word in real]
    found: Dict[str, str] = {}
    for word in slips:
        near = process.extract(word, meant, scorer=OSA.distance, score_cutoff=1, limit=None)
        best = min((known for known, _, _ in near), key=lambda known: rarity[known], default=None)
        if best is not None and rarity[best] < rarity[word]:
            found[word] = best
    return found


class Spelling:
    """Mends words.

    rarity: the inverse document frequency of each known word; of words equally near, the commonest is meant. slips:
    known words that are slips themselves, with what they stand for (`misspelt`).
    """

    def __init__(self, rarity: Mapping[str, float], slips: Optional[Mapping[str, str]] = None) -> None:
        self._rarity = rarity
        self._slips = slips or {}
        self._targets = [word for word in rarity if len(word) >= _SHORTEST]
        self._mended: Dict[str, str] = {}

    def mend(self, text: str) -> str:
        """A text of folded words between single spaces, each as known as can be."""
        return " ".join(self._word(word) for word in text.split())

    def mended(self, text: str) -> Dict[str, str]:
        """The words of a text that are slips, each with the known word it stands for."""
        known = {word: self._slips.get(word) or self._word(word) for word in text.split()}
        return {word: meant for word, meant in known.items() if meant != word and " " not in meant}

    def unknown(self, text: str) -> List[str]:
        """Words of a text that are not known and are no slip of a known one."""
        return [word for word in text.split() if word.isalpha() and len(word) > 3 and self._is_unknown(word)]

    def _is_unknown(self, word: str) -> bool:
        return any(part not in self._rarity for part in self._word(word).split())

    def _word(self, word: str) -> str:
        if word in self._rarity or len(word) < _SHORTEST or not word.isalpha():
            return word
        if word not in self._mended:
            if len(self._mended) >= _REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> str:
        """The known word one slip away; else two known words run together; else the one two slips away; else itself."""
        allowed = 2 if len(word) >= _TWO_SLIPS else 1
        near = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        fewest = min((slips for _, slips, _ in near), default=allowed)
        nearest = [known for known, slips, _ in near if slips == fewest]
        if fewest > 1 or not nearest:
            nearest = self._run_together(word) or nearest
        return min(nearest, key=lambda known: self._rarity.get(known, 0.0), default=word)

    def _run_together(self, word: str) -> List[str]:
        cuts = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [(first, second) for first, second in cuts if first in self._rarity and second in self._rarity]
        together = {f"{a} {b}": self._rarity[a] + self._rarity[b] for a, b in known}
        return [min(together, key=together.__getitem__)] if min(together.values(), default=99) <= _TOO_RARE else []
