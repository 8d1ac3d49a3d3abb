"""Reads answers to the guide's questions out of what a person writes: several at once, denied or not, in any order."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from bot.guide.model import NOT, Choice, Criterion, GuideData
from bot.knowledge.load import knowledge
from bot.settings import LANGUAGES
from bot.words.folding import aligned, fold, stem
from bot.words.lexicon import any_of, lexicons
from bot.words.tokens import Word, words_of

Found = Dict[str, Tuple[str, ...]]
ACTIVITY = "activity"
TOO_SHORT = 2  # letters of a word that answers only alone
LONGEST_CONTROL = 9  # words of a message that is but a wish to go back or stop
_REACH = 7  # words over which a denial reaches

_SENTENCE = re.compile(r"[.!?;:\n]|,\s")


class _Phrase(NamedTuple):
    stems: Tuple[str, ...]
    criterion: str
    answer: str


class Reader:
    """Finds the words of guide.yml in a text; the longest wins, and a word is used once in a criterion."""

    def __init__(self, data: GuideData) -> None:
        self._data = data
        phrases = [
            _Phrase(_stems(phrase), criterion.id, answer.id)
            for criterion in data.criteria
            for answer in criterion.answers
            for phrase in self._words(answer)
        ]
        self._idle = [_stems(phrase) for phrase in data.idle.all()]
        self._denying = {stem(fold(word)) for word in data.negations.all() if " " not in word}
        self._phrases = sorted(phrases, key=lambda phrase: -len(phrase.stems))
        self._denies = re.compile(any_of(map(fold, data.negations.all())) + r"|n't(?!\w)|(?<!\w)n'")
        self._affirms = re.compile(any_of(map(fold, data.affirmed.all())) + r"|\bne\b(?:\s+\S+){1,3}\s+qu")
        self._unneeded = re.compile(rf"^(?:\s+\S+){{0,4}}?\s+{any_of(map(fold, data.unneeded.all()))}")
        sold = any_of(map(fold, data.sold_to.all()))
        towards = r"(?:a(?= (?:des|la|l'|un|une|nos)\b)|aux|au|chez|to|for|into)"
        self._sold_to = re.compile(rf"{sold}(?:\s+\S+){{0,4}}?\s+{towards}(?:\s+[\w']+){{0,2}}\s*$")
        self._concluding = {_stems(phrase) for phrase in data.concluding.all()}
        self._contrasts = re.compile(any_of(map(fold, data.contrasts.all())))

    @staticmethod
    def _words(answer: Choice) -> List[str]:
        values = [knowledge().values[name] for name in answer.values]
        return [*answer.words.all(), *(word for value in values for word in value.words.all())]

    def answers(self, text: str, asked: Optional[str] = None) -> Found:
        """Answers found, by criterion; an id behind NOT was denied.

        asked: the question just put, to which a bare number or one of its `whole` words is an answer.
        """
        words = words_of(text)
        stems = tuple(word.stem for word in words)
        found: Dict[str, List[str]] = {}
        idle = {
            at for phrase in self._idle for start in _places(phrase, stems) for at in range(start, start + len(phrase))
        }
        taken: Dict[str, set] = {criterion.id: set() for criterion in self._data.criteria}
        for phrase in self._phrases:
            if phrase.stems != stems and len("".join(phrase.stems)) <= TOO_SHORT:
                continue  # "IT" is an answer, the "it" of a sentence is none
            for start in _places(phrase.stems, stems):
                places = set(range(start, start + len(phrase.stems)))
                if places & taken[phrase.criterion] or (places & idle and phrase.stems not in self._idle):
                    continue  # "with our own money" answers another question than "money"
                taken[phrase.criterion] |= places
                if phrase.criterion == ACTIVITY and self._sold_to.search(aligned(text[: words[start].start])):
                    continue
                behind = text[words[start + len(phrase.stems) - 1].end :]
                denied = phrase.stems[0] not in self._denying and (
                    self._is_denied(text, words[start].start) or self._is_unneeded(behind)
                )  # "pas de partenaires" holds its denial
                answer = self._data.criterion(phrase.criterion).answer(phrase.answer)
                given = (answer.contrary or NOT + answer.id) if denied else answer.id
                found.setdefault(phrase.criterion, []).append(given)
        self._count(text, words, asked, found)
        if asked is not None:
            self._by_whole(text, self._data.criterion(asked), found)
        for criterion in self._data.criteria if not found and asked is not None else ():
            self._by_whole(text, criterion, found)  # "alone", asked what is needed
        return {criterion: self._kept(criterion, answers) for criterion, answers in found.items()}

    def _kept(self, criterion: str, answers: List[str]) -> Tuple[str, ...]:
        """Each answer once; what is said prevails over a denial of the same, and one answer where only one is right."""
        unique = [a for a in dict.fromkeys(answers) if not (a.startswith(NOT) and a[1:] in answers)]
        if self._data.criterion(criterion).several:
            return tuple(unique)
        said = [answer for answer in unique if not answer.startswith(NOT)]
        return tuple((said or unique)[:1])

    def _is_denied(self, text: str, start: int) -> bool:
        """Whether a word stands behind a denial, in the same part of a sentence."""
        before = aligned(text[:start])
        begins = max((found.end() for found in _SENTENCE.finditer(before)), default=0)
        part = before[begins:]
        contrast = list(self._contrasts.finditer(part))
        denials = list(self._denies.finditer(part))
        if not denials:
            return False
        last = denials[-1]
        if any(found.start() > last.end() for found in contrast if not _inside(found, denials)):
            return False
        return not (len(part[last.end() :].split()) > _REACH or self._affirms.search(part))

    def _is_unneeded(self, behind: str) -> bool:
        """Whether what stands behind a word says that it is not wanted ("sales are not the point")."""
        return bool(self._unneeded.search(_SENTENCE.split(aligned(behind), maxsplit=1)[0]))

    def _by_whole(self, text: str, criterion: Criterion, found: Dict[str, List[str]]) -> None:
        reply = fold(text).strip(" .!?,;:")
        for answer in criterion.answers:
            labels = {fold(answer.label[language]) for language in LANGUAGES}
            if reply in labels or reply in map(fold, answer.whole.all()):
                found[criterion.id] = [answer.id]

    # Numbers: of people a size, of companies a group.

    def _count(self, text: str, words: Sequence[Word], asked: Optional[str], found: Dict[str, List[str]]) -> None:
        number, at = self._number(text, words)
        if number is None or number < 1:
            return
        after = [word.stem for word in words[at + 1 : at + 4]]
        of_companies = any(stem(fold(noun)) in after for noun in self._data.companies.all())
        if of_companies and number > 1:
            found.setdefault("with", []).append("with_companies")
            return
        of_people = any(stem(fold(noun)) in after for noun in self._data.people.all())
        counted = re.search(any_of(map(fold, self._data.counting.all())), aligned(text))
        bare = asked == "size" and len(words) <= LONGEST_CONTROL
        alone = number == 1 and not bare and not of_people
        if (of_people or counted or bare) and not alone and not (number > 1 and self._is_denied(text, words[at].start)):
            found["size"] = [self._size(number)]

    def _number(self, text: str, words: Sequence[Word]) -> Tuple[Optional[int], int]:
        """The first number of a text, as digits or words, and the place of its last word; of a range, the larger."""
        spoken = {stem(w): n for lexicon in lexicons().values() for w, n in lexicon.number_words.items()}
        spoken.update({stem(w): n for w, n in {**self._data.collective.fr, **self._data.collective.en}.items()})
        values: List[Tuple[int, int]] = []
        measures = {stem(fold(noun)) for noun in self._data.measures.all()}
        for at, word in enumerate(words):
            if re.fullmatch(r"[0-9]{1,6}", word.typed):
                number = int(word.typed)
            elif word.stem in spoken and word.typed not in ("un", "une", "one"):
                number = spoken[word.stem]
            else:
                continue
            if at + 1 < len(words) and words[at + 1].stem in measures:  # "eleven metres", "in three or four years"
                values = [value for value in values if at - value[1] > 2]
            else:
                values.append((number, at))
        if not values:
            return None, 0
        if len(values) > 1 and values[1][1] - values[0][1] <= 2:
            return max(values[0][0], values[1][0]), values[1][1]
        return values[0]

    def _size(self, number: int) -> str:
        answers = self._data.criterion("size").answers
        return next(a.id for a in answers if a.up_to is None or number <= a.up_to)

    def concludes(self, text: str) -> bool:
        """Whether a text is but a word that asks for the result where one is awaited ("so?")."""
        return _stems(text) in self._concluding

    def control(self, text: str) -> Optional[str]:
        """The wish a short message says (back, stop ...), if any; why_not and result in one of any length."""
        stems = _stems(text)
        if self.concludes(text):
            return "result"
        for name, words in self._data.controls.items():
            if name not in ("why_not", "result") and len(stems) > LONGEST_CONTROL:
                continue
            if any(_places(_stems(phrase), stems) for phrase in words.all()):
                return name
        return None


def _inside(found: re.Match[str], others: Sequence[re.Match[str]]) -> bool:
    return any(other.start() <= found.start() < other.end() for other in others)


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> Tuple[str, ...]:
    return tuple(word.stem for word in words_of(text))


def _places(phrase: Sequence[str], stems: Sequence[str]) -> List[int]:
    size = len(phrase)
    return [start for start in range(len(stems) - size + 1) if tuple(stems[start : start + size]) == tuple(phrase)]
