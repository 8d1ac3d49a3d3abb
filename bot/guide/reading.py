"""Reads answers to the guide's questions out of what a person writes: several at once, denied or not, in any order."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from bot.guide.counting import COMPANIES, Counter
from bot.guide.model import NOT, Choice, Criterion, GuideData, guide_data
from bot.knowledge.load import knowledge
from bot.settings import LANGUAGES
from bot.words.folding import aligned, fold, stem
from bot.words.lexicon import any_of
from bot.words.tokens import Word, words_of

Found = Dict[str, Tuple[str, ...]]
NEED, ACTIVITY, WITH, SIZE = "need", "activity", "with", "size"
TOO_SHORT = 2  # letters of a word that answers only alone
LONGEST_CONTROL = 9  # words of a message that is but a wish to go back or stop
# Wishes after a result: "does that change it?", "where do we start?", "why that one?", "and the second choice?"
OF_THE_ADVICE = ("reconsider", "first_step", "why_this", "second_choice")
ANY_LENGTH = ("why_not", "result", "noted", *OF_THE_ADVICE)  # wishes that stand in longer messages too
_REACH = 7  # words over which a denial reaches

_NO = re.compile(r"[\s,:]+(?:non|no)\s*(?:[.!,;]|$)")  # "a label, no"
_SENTENCE = re.compile(r"[.!?;:\n]|,\s")


class _Phrase(NamedTuple):
    stems: Tuple[str, ...]
    criterion: str
    answer: str
    if_asked: bool  # it answers only where its criterion is asked


class Reader:
    """Finds the words of guide.yml in a text; the longest wins, and a word is used once in a criterion."""

    def __init__(self, data: GuideData) -> None:
        self._data = data
        phrases = [
            _Phrase(_stems(phrase), criterion.id, answer.id, if_asked)
            for criterion in data.criteria
            for answer in criterion.answers
            for if_asked, words in ((False, self._words(answer)), (True, answer.if_asked.all()))
            for phrase in words
        ]
        self._idle = [_stems(phrase) for phrase in data.idle.all()]
        self._denying = {stem(fold(word)) for word in data.negations.all() if " " not in word}
        self._phrases: Dict[str, List[Tuple[int, _Phrase]]] = {}  # by their first stem, with their rank: longest first
        for rank, one in enumerate(sorted(phrases, key=lambda phrase: -len(phrase.stems))):
            self._phrases.setdefault(one.stems[0], []).append((rank, one))
        self._denies = re.compile(any_of(map(fold, data.negations.all())) + r"|n't(?!\w)|(?<!\w)n'")
        self._affirms = re.compile(any_of(map(fold, data.affirmed.all())) + r"|\bne\b(?:\s+\S+){1,3}\s+qu")
        self._unneeded = re.compile(rf"^(?:\s+\S+){{0,4}}?\s+{any_of(map(fold, data.unneeded.all()))}")
        sold = any_of(map(fold, data.sold_to.all()))
        towards = r"(?:a(?= (?:des|la|l'|un|une|nos)\b)|aux|au|chez|to|for|into)"
        self._sold_to = re.compile(rf"{sold}(?:\s+\S+){{0,4}}?\s+{towards}(?:\s+[\w']+){{0,2}}\s*$")
        self._stop = data.controls["stop"].all()
        self._concluding = {_stems(phrase) for phrase in data.concluding.all()}
        self._contrasts = re.compile(any_of(map(fold, data.contrasts.all())))
        own = any_of(map(fold, data.own_places.all()))
        self._is_joined = re.compile(rf"\s+{any_of(map(fold, data.joined_to.all()))}(?!\s+{own})")
        self._is_own = re.compile(rf"{any_of(map(fold, data.possessive.all()))}\s+{own}")
        self._wishes = re.compile(any_of(map(fold, data.wishes.all())))
        self._counter = Counter(data, self._is_denied)
        self._of_oneself = re.compile(any_of(map(fold, data.of_oneself.all())))
        self._of_what_one_does = re.compile(any_of(map(fold, data.of_what_one_does.all())))
        self._undecided = re.compile(rf"^[\s,]*(?:\S+\s+){{0,2}}?{any_of(map(fold, data.undecided.all()))}")
        self._is = re.compile(any_of(map(fold, data.being.all())))
        self._being = re.compile(rf"{self._is.pattern}\s*$")
        self._unsaid = re.compile(any_of(map(fold, data.unsaid.all())))
        self._gone = re.compile(any_of(map(fold, data.gone.all())))
        self._wishing = re.compile(any_of(map(fold, data.wishing.all())))
        self._instead = re.compile(any_of(map(fold, data.instead.all())))
        self._lacking = re.compile(any_of(map(fold, data.lacking.all())))
        exclaimed = rf"\W*(?:{any_of(map(fold, data.exclaimed.all()))}\W+)*"
        agreeing, refusing = (any_of(map(fold, words.all())) for words in (data.agreeing, data.refusing))
        self._leads = [(False, re.compile(exclaimed + refusing)), (True, re.compile(exclaimed + agreeing))]

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
        refused = asked is not None and self._is_refused(text, self._data.criterion(asked))
        last: Dict[Tuple[str, str], int] = {}
        taken: Dict[str, set] = {criterion.id: set() for criterion in self._data.criteria}
        ranked = self._starting_with(stems)
        for phrase in sorted(ranked, key=lambda phrase: phrase.criterion != asked):
            if phrase.stems != stems and len("".join(phrase.stems)) <= TOO_SHORT:
                continue  # "IT" is an answer, the "it" of a sentence is none
            if phrase.if_asked and not self._is_asked(phrase.criterion, asked, text):
                continue
            for start in _places(phrase.stems, stems):
                places = set(range(start, start + len(phrase.stems)))
                if places & taken[phrase.criterion] or (places & idle and phrase.stems not in self._idle):
                    continue  # "with our own money" answers another question than "money"
                if refused and asked is not None and places & taken[asked]:
                    continue  # "no, public money takes too long" tells of no need
                taken[phrase.criterion] |= places
                if phrase.criterion == ACTIVITY and self._is_of_others(text, words[start].start, asked):
                    continue
                if phrase.criterion == WITH and self._is_ones_own(text, words[start].start):
                    continue
                if (phrase.criterion, asked) == (NEED, WITH) and not self._wishing.search(aligned(text)):
                    continue  # "the town hall and a training outfit" tell of no need
                answer = self._data.criterion(phrase.criterion).answer(phrase.answer)
                behind = text[words[start + len(phrase.stems) - 1].end :]
                if self._undecided.match(aligned(behind)) or self._is_oneself(phrase, text, words[start].start):
                    continue
                if answer.deny and self._is_joined.match(aligned(behind)):
                    continue  # "just me and five other owners" are not nobody
                denied = phrase.stems[0] not in self._denying and (
                    self._is_denied(text, words[start].start) or self._is_unneeded(behind)
                )  # "pas de partenaires" holds its denial
                if denied and (phrase.if_asked or (phrase.criterion == ACTIVITY and asked not in (None, ACTIVITY))):
                    continue  # "not with the other garages" tells of no trade, "not now" of no label
                given = (answer.contrary or NOT + answer.id) if denied else answer.id
                found.setdefault(phrase.criterion, []).append(given)
                last[phrase.criterion, given] = max(start, last.get((phrase.criterion, given), 0))
        self._without_what_nobody_undoes(found, last)
        self._without_the_scene(text, words, found, last)
        self._take_count(text, words, asked, found)
        if asked is not None:
            self._by_whole(text, self._data.criterion(asked), found, own=True)
            refused = refused and found.pop(asked, None) is not None
            self._by_yes_or_no(text, self._data.criterion(asked), found, refused)
        for criterion in self._data.criteria if not found and asked is not None else ():
            self._by_whole(text, criterion, found)  # "alone", asked what is needed
        return {criterion: self._kept(criterion, answers) for criterion, answers in found.items()}

    def _starting_with(self, stems: Sequence[str]) -> List[_Phrase]:
        """The phrases whose first stem stands in a text, longest first: of thousands, the few that may match."""
        ranked = [entry for first in set(stems) for entry in self._phrases.get(first, ())]
        return [phrase for _, phrase in sorted(ranked, key=lambda entry: entry[0])]

    def _without_what_nobody_undoes(self, found: Dict[str, List[str]], last: Dict[Tuple[str, str], int]) -> None:
        """Of somebody and nobody, what is said last ("I used to work with a company, these days with nobody")."""
        for criterion, answers in found.items():
            alone = [a for a in answers if not a.startswith(NOT) and self._data.criterion(criterion).answer(a).deny]
            others = [a for a in answers if a not in alone and not a.startswith(NOT)]
            if alone and others and self._data.criterion(criterion).several:
                latest = max(alone + others, key=lambda answer: last[criterion, answer])
                found[criterion] = [latest] if latest in alone else [a for a in answers if a not in alone]

    def _is_asked(self, criterion: str, asked: Optional[str], text: str) -> bool:
        """Whether a criterion is the one asked; who begins the guide, or speaks of what he does, tells of his trade."""
        return criterion == asked or (
            criterion == ACTIVITY and (asked is None or bool(self._of_what_one_does.search(aligned(text))))
        )

    def _kept(self, criterion: str, answers: List[str]) -> Tuple[str, ...]:
        """Each answer once; what is said prevails over a denial of the same, and one answer where only one is right."""
        unique = [a for a in dict.fromkeys(answers) if not (a.startswith(NOT) and a[1:] in answers)]
        if self._data.criterion(criterion).several:
            return self._data.criterion(criterion).without_rest(unique)
        said = [answer for answer in unique if not answer.startswith(NOT)]
        if self._data.criterion(criterion).is_yes_or_no and len(said) > 1:
            return ()  # "public money yes, a label I don't care": neither yes nor no
        return tuple((said or unique)[:1])

    def _is_denied(self, text: str, start: int) -> bool:
        """Whether a word stands behind a denial, in the same part of a sentence.

        What cannot be done without is wanted ("sans argent public, la campagne ne se fera pas").
        """
        before = aligned(text[:start])
        begins = max((found.end() for found in _SENTENCE.finditer(before)), default=0)
        part = before[begins:]
        contrast = list(self._contrasts.finditer(part))
        denials = list(self._denies.finditer(part))
        if self._gone.search(part):
            return True
        if not denials:
            return False
        last = denials[-1]
        if any(found.start() > last.end() for found in contrast if not _inside(found, denials)):
            return False
        if len(part[last.end() :].split()) > _REACH or self._affirms.search(part):
            return False
        rest = _SENTENCE.split(aligned(text[start:]), maxsplit=1)[0]
        doubled = bool(denials[:-1]) or self._denies.search(rest)
        return not (self._lacking.fullmatch(last.group()) and doubled)

    def _is_unneeded(self, behind: str) -> bool:
        """Whether what stands behind a word says that it is not wanted ("sales are not the point")."""
        folded = aligned(behind)
        return bool(self._unneeded.search(_SENTENCE.split(folded, maxsplit=1)[0]) or _NO.match(folded))

    def _is_of_others(self, text: str, start: int, asked: Optional[str]) -> bool:
        """Whether a trade is a customer's, or that of those one works with, and not one's own."""
        if self._sold_to.search(aligned(text[:start])):
            return True
        return asked == WITH and not self._of_oneself.search(aligned(text))

    def _is_ones_own(self, text: str, start: int) -> bool:
        """Whether the word at a place is one's own place of work ("my workshop")."""
        return any(found.start() < start < found.end() for found in self._is_own.finditer(aligned(text)))

    def _without_the_scene(
        self, text: str, words: Sequence[Word], found: Dict[str, List[str]], last: Dict[Tuple[str, str], int]
    ) -> None:
        """Of needs, those named behind a wish ("I sell to tourists; what I'd like is to learn better techniques")."""
        wish = self._wishes.search(aligned(text))
        needs = found.get(NEED, [])
        wished = [need for need in needs if wish and words[last[NEED, need]].start >= wish.start()]
        if wished:
            found[NEED] = wished

    def _is_oneself(self, phrase: _Phrase, text: str, start: int) -> bool:
        """Whether a word says what one is, where it is asked with whom one works ("we are an association")."""
        return phrase.criterion == WITH and bool(self._being.search(aligned(text[:start])))

    def tells_of_oneself(self, text: str) -> bool:
        """Whether a text says, or corrects, what somebody is or does for a living."""
        patterns = (self._is, self._of_what_one_does, self._contrasts)
        return any(pattern.search(aligned(text)) for pattern in patterns)

    def leaves_open(self, text: str, asked: str) -> bool:
        """Whether a text names an answer to the question put and leaves it open ("a label, not necessarily")."""
        words = words_of(text)
        stems = tuple(word.stem for word in words)
        phrases = [phrase.stems for phrase in self._starting_with(stems) if phrase.criterion == asked]
        ends = [words[at + len(phrase) - 1].end for phrase in phrases for at in _places(phrase, stems)]
        return any(self._undecided.match(aligned(text[end:])) for end in ends)

    def takes_back(self, text: str) -> bool:
        """Whether a text replaces what was said before it ("scrap that, what we really want is ...")."""
        return bool(self._instead.search(aligned(text)))

    def unsaid(self, text: str) -> Optional[Tuple[str, str]]:
        """The part of a text that says what was never said, and the rest; None where no part does."""
        parts = re.split(rf"({_SENTENCE.pattern})", text)
        never = [part for part in parts if self._unsaid.search(aligned(part))]
        return (" ".join(never), "".join(part for part in parts if part not in never)) if never else None

    def _by_whole(self, text: str, criterion: Criterion, found: Dict[str, List[str]], own: bool = False) -> None:
        """Takes a reply that is but one of the whole words of an answer; `own`: or its label, of the open question."""
        replies = {fold(text).strip(" .!?,;:")}
        if own and not criterion.is_yes_or_no:  # "nobody, we just want customers"
            replies.add(fold(_SENTENCE.split(text, maxsplit=1)[0]).strip())
        for answer in criterion.answers:
            labels = {fold(answer.label[language]) for language in LANGUAGES} if own else set()
            if replies & labels or replies & set(map(fold, answer.whole.all())):
                found[criterion.id] = [answer.id]

    def _is_refused(self, text: str, criterion: Criterion) -> bool:
        """Whether a reply to a question of yes or no begins with its own no ("no, public money takes too long")."""
        first = _SENTENCE.split(aligned(text), maxsplit=1)[0].strip()
        return criterion.is_yes_or_no and bool(self._leads[0][1].fullmatch(first))

    def _by_yes_or_no(self, text: str, criterion: Criterion, found: Dict[str, List[str]], refused: bool) -> None:
        """Takes the yes or no that a reply ends with by itself ("what for? no"), else the one that it begins with.

        Only where nothing else was read ("no, we are four" corrects), or where the reply refuses.
        """
        parts = [part.strip() for part in _SENTENCE.split(aligned(text)) if part.strip()]
        if (found and not refused) or not parts:
            return
        agrees = next((agrees for agrees, lead in self._leads if lead.fullmatch(parts[-1])), None)
        if agrees is None:
            agrees = next((agrees for agrees, lead in self._leads if lead.match(parts[0])), None)
        for answer in criterion.answers:
            if answer.contrary is not None and answer.affirm == agrees:
                found[criterion.id] = [answer.id]

    def _take_count(self, text: str, words: Sequence[Word], asked: Optional[str], found: Dict[str, List[str]]) -> None:
        """Takes a number of people as a size, one of companies as a group."""
        counted = self._counter.count(text, words, asked == SIZE)
        if counted is None:
            return
        if counted.what == COMPANIES:
            found.setdefault(WITH, []).append("with_companies")
        else:
            found[SIZE] = [self._size(counted.number)]

    def _size(self, number: int) -> str:
        answers = self._data.criterion(SIZE).answers
        return next(a.id for a in answers if a.up_to is None or number <= a.up_to)

    def concludes(self, text: str) -> bool:
        """Whether a text is but a word that asks for the result where one is awaited ("so?")."""
        return _stems(text) in self._concluding

    def control(self, text: str, advised: bool = False) -> Optional[str]:
        """The wish a short message says (back, stop ...), if any; ANY_LENGTH in one of any length.

        advised: a result was told, of which a message may ask ("what if we were five?").
        """
        stems = _stems(text)
        if self.concludes(text):
            return "result"
        if any(_stems(phrase) == _stems(_SENTENCE.split(text, maxsplit=1)[0]) for phrase in self._stop):
            return "stop"  # "stop, enough advice, just tell me ..."
        for name, words in self._data.controls.items():
            if (name in OF_THE_ADVICE and not advised) or (name not in ANY_LENGTH and len(stems) > LONGEST_CONTROL):
                continue
            if any(_places(_stems(phrase), stems) for phrase in words.all()):
                return name
        return None


@functools.cache
def guide_reader() -> Reader:
    """The reader of the project's guide, made once: it stems thousands of phrases."""
    return Reader(guide_data())


def _inside(found: re.Match[str], others: Sequence[re.Match[str]]) -> bool:
    return any(other.start() <= found.start() < other.end() for other in others)


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> Tuple[str, ...]:
    return tuple(word.stem for word in words_of(text))


def _places(phrase: Sequence[str], stems: Sequence[str]) -> List[int]:
    size = len(phrase)
    return [start for start in range(len(stems) - size + 1) if tuple(stems[start : start + size]) == tuple(phrase)]
