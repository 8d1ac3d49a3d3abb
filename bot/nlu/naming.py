"""What a clause names, hints at, describes and sets aside, and whether that is all it says."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any, Dict, List, Mapping, Optional, Pattern, Sequence, Tuple

from rasa.shared.nlu.constants import ENTITIES, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.knowledge.question import YES_NO
from bot.nlu.clause_splitter import has_question_word, is_courtesy, is_requested
from bot.nlu.forms import form_of
from bot.nlu.intent_classifier import UNKNOWN_WORDS
from bot.nlu.topic_classifier import NOTHING
from bot.nlu.topic_extractor import CUES, GUESSES, TOPIC, TOPIC_SPANS, is_vague
from bot.nlu.values import find_values
from bot.words.folding import aligned
from bot.words.lexicon import any_of, lexicons
from bot.words.tokens import Word, is_function_word, words_of

ASK = "ask_"
_ALSO_VALUES = ("theme", "concept", "place")  # kinds of topic whose names may name a value as well
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AMBIGUOUS = ("grappe", "pole", "cluster")  # names that are common nouns
_SME = 250  # employees from which a company is a large one (Recommendation 2003/361/EC, annex, article 2)


@dataclasses.dataclass(frozen=True)
class Named:
    """What a clause names.

    topics, narrowed: ids of topics and values. denied, aside, refused: topics said not to be meant, topics set aside
    ("besides the FUI"), values said not to be meant. hinted: topics hinted at, likeliest first; described: the one
    surely described. unknown: words that limit the clause and are in no example. beside: words outside names. plainly:
    a name means nothing else ("grappe" alone is said of fruit). bare: the clause names and says no more. dated: a
    year is named.
    """

    topics: Tuple[str, ...]
    narrowed: Tuple[str, ...]
    denied: Tuple[str, ...]
    aside: Tuple[str, ...]
    refused: Tuple[str, ...]
    hinted: Tuple[str, ...]
    described: Optional[str]
    unknown: Tuple[str, ...]
    beside: Tuple[Word, ...]
    plainly: bool
    bare: bool
    dated: bool

    @property
    def only_names(self) -> bool:
        """Whether the clause names something, a topic, a value or a year, and says no more."""
        return self.bare and bool(self.narrowed or self.topics or self.dated)

    @property
    def is_specific(self) -> bool:
        return any(not is_vague(topic) for topic in self.topics)


def named_in(message: Message, language: str, meant: Mapping[str, str], sure_from: float, guessed_from: float) -> Named:
    """What the text of a message names.

    meant: folded words with what they stand for. sure_from, guessed_from: chances from which a description is taken as
    meant, and as hinted at.
    """
    text = message.get(TEXT) or ""
    folded = aligned(text)
    spans = [(start, end, kind) for start, end, kind in message.get(TOPIC_SPANS) or []]
    entities = _without_vocative([e for e in message.get(ENTITIES, []) if e["entity"] == TOPIC], folded)
    denied = [e["value"] for e in entities if _is_denied(folded, e["start"], language)]
    aside = [e["value"] for e in entities if _is_set_aside(folded, e["start"], language)]
    whether = form_of(folded, language) == YES_NO  # "does the bulletin speak of Bpifrance?" is asked of the bulletin
    quoted = [e["value"] for e in entities if _is_attributed(folded, e, language) and not whether]
    topics = list(dict.fromkeys(e["value"] for e in entities if e["value"] not in (*denied, *aside)))
    if set(topics) - set(quoted):
        topics = [topic for topic in topics if topic not in quoted]  # "a cluster as Philippe Clerc sees it"
    taken = [(s, e) for s, e, kind in spans if kind not in _ALSO_VALUES or (kind == "place" and _is_long(text[s:e]))]
    values = [(_sized(name, folded[:at], language), at, end) for name, at, end in find_values(text, taken, meant)]
    refused = [name for name, start, _ in values if _is_denied(folded, start, language)]
    described, chance = _described(message.get(GUESSES) or [], message.get(INTENT_RANKING_KEY) or [])
    vague = all(is_vague(topic) for topic in topics)
    hinted = list(message.get(CUES) or [])
    if described is not None and chance >= guessed_from and vague:
        hinted = list(dict.fromkeys([described, *hinted]))
    places = [(start, end) for start, end, _ in spans]
    kinds = {name: knowledge().values[name].kind for name, _, _ in values}
    places += [
        (s, e) for name, s, e in values if kinds[name] == "part" or (kinds[name] == "activity" and _is_long(text[s:e]))
    ]
    return Named(
        topics=tuple(topics),
        narrowed=tuple(dict.fromkeys(name for name, _, _ in values if name not in refused)),
        denied=tuple(denied),
        aside=tuple(aside),
        refused=tuple(refused),
        hinted=tuple(hinted),
        described=described if chance >= sure_from and vague else None,
        unknown=_unknown(text, folded, message.get(UNKNOWN_WORDS) or [], language),
        beside=tuple(word for word in words_of(text) if not _inside(word, places)),
        plainly=any(not is_vague(e["value"]) and _is_plain(text[e["start"] : e["end"]]) for e in entities),
        bare=_is_bare(text, spans, hinted, values),
        dated=bool(_YEAR.search(text)),
    )


def _sized(value: str, before: str, language: str) -> str:
    """A company's size for a number of employees ("even with four employees?"); any other value as it is."""
    numbers = lexicons()[language].number_words
    last = (re.findall(r"[\w-]+", before) or [""])[-1]
    count = int(last) if last.isdigit() else numbers.get(last)
    if value != "employees" or count is None:
        return value
    return "micro_small" if count < _SME else "large_company"


def _is_long(name: str) -> bool:
    """Whether a name has several words: the Miquelon of "Saint-Pierre-et-Miquelon" limits nothing."""
    return len(words_of(name)) > 1


def _is_plain(name: str) -> bool:
    """Whether a name means nothing else: "grappe", "pole" and "cluster" alone are said of fruit and of illness too."""
    words = words_of(name)
    return len(words) > 1 or words[0].stem not in _AMBIGUOUS


def _without_vocative(entities: List[Dict[str, Any]], folded: str) -> List[Dict[str, Any]]:
    """Without the one who is spoken to ("CACIMA, what is a PTCE?"), where something else is named after it."""
    if len(entities) < 2 or entities[0]["value"] != "cacima":
        return entities
    before, after = folded[: entities[0]["start"]], folded[entities[0]["end"] :]
    greeting = re.sub(r"\b(?:la|the)\s*$|@\s*$", "", before)
    paused = after.lstrip().startswith(",")
    called = paused or (greeting == before and is_requested(after.strip(" ,")))  # "la CACIMA peut-elle" calls nobody
    addressed = not greeting.strip(" ,") or is_courtesy(greeting.strip(" ,"))
    return entities[1:] if addressed and called else entities


def _is_denied(folded: str, start: int, language: str) -> bool:
    """Whether what stands at a place is said not to be meant."""
    return bool(re.search(rf"{any_of(lexicons()[language].not_meant)}(?:\s+[\w']+){{0,1}}\s*$", folded[:start]))


def _is_set_aside(folded: str, start: int, language: str) -> bool:
    return bool(re.search(rf"{any_of(lexicons()[language].besides)}(?:\s+[\w']+){{0,2}}\s*$", folded[:start]))


def _is_attributed(folded: str, entity: Dict[str, Any], language: str) -> bool:
    """Whether a person or a publication is named as the one who says something, not as what is asked about."""
    if knowledge().topics[entity["value"]].kind not in ("person", "document"):
        return False
    lexicon = lexicons()[language]
    before = rf"{any_of(lexicon.attributed_before)}(?:\s+[\w']+){{0,2}}\s*$"
    behind = rf"^\s*(?:\w+\s+)?{any_of(lexicon.attributed_after)}"
    return bool(re.search(before, folded[: entity["start"]]) or re.search(behind, folded[entity["end"] :]))


def _unknown(text: str, folded: str, words: Sequence[str], language: str) -> Tuple[str, ...]:
    """Words in no example that limit a question: behind "in", "for", "dans", "pour"."""
    found = []
    for word in words:
        place = re.search(rf"\b(?:in|for|on|about|dans|en|pour|sur|aux?)\s+(?:the|les|la|le|l')?\s*{word}\b", folded)
        if place:
            found.append(text[place.end() - len(word) : place.end()])
    return tuple(found)


def _is_bare(text: str, spans: Sequence[Any], hinted: Sequence[str], values: Sequence[Any]) -> bool:
    """Whether a clause names or hints at something and says no more ("France Clusters?", "and for crafts?")."""
    if not (spans or hinted or values or _YEAR.search(text)) or has_question_word(text) or re.search(r"[#$€£%]", text):
        return False
    places = [(start, end) for start, end, _ in spans]
    places += [(start, end) for name, start, end in values if knowledge().values[name].kind != "aim"]
    places += [found.span() for found in _YEAR.finditer(text)]
    around = [found.span() for found in _around().finditer(aligned(text))]
    telling = [word for word in words_of(text) if not is_function_word(word) and not _inside(word, around)]
    beside = [word for word in telling if not _inside(word, places)]
    return not beside if places else len(telling) <= 2 and not is_requested(text)


def _inside(word: Word, places: Sequence[Tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in places)


@functools.cache
def _around() -> Pattern[str]:
    """What is said around a name and asks nothing: "and", "please", "sorry, I meant"."""
    names = ("joiners", "courtesies", "correcting")
    return re.compile(any_of(w for lexicon in lexicons().values() for name in names for w in getattr(lexicon, name)))


def _described(guesses: Sequence[Tuple[str, float]], ranking: Sequence[Dict[str, Any]]) -> Tuple[Optional[str], float]:
    """The topic a clause likeliest describes, given what it may ask of it, and its chance; None where it is nothing."""
    asked = [(str(g["name"])[len(ASK) :], g["confidence"]) for g in ranking if str(g["name"]).startswith(ASK)]
    total = sum(chance for _, chance in asked)
    if not guesses or not total:
        return None, 0.0
    base = knowledge()

    def sense(topic: str) -> float:
        if topic == NOTHING or topic not in base.topics:
            return 0.5
        return sum(c * (1.0 if a not in base.attributes or base.has(topic, a) else 0.3) for a, c in asked) / total

    chances = [(topic, chance * sense(topic)) for topic, chance in guesses]
    best, chance = max(chances, key=lambda pair: pair[1])
    return (None if best == NOTHING else best), chance / (sum(chance for _, chance in chances) or 1.0)
