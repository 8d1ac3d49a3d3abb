"""Reads what each clause asks, joins the clauses of a message, and gives Rasa the intent to route on."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any, Dict, List, Optional, Pattern, Sequence, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.knowledge.question import COMPARE, OPEN, WHICH, YES_NO, Question
from bot.nlu.clause_splitter import CLAUSES, PARTS, has_question_word, is_asked, is_courtesy, is_requested
from bot.nlu.component import Component
from bot.nlu.forms import bound_in, compared_by, form_of, is_negated, numbers_in, says_only, says_today, says_wholly
from bot.nlu.intent_classifier import MENDED, OUT, UNKNOWN_WORDS
from bot.nlu.language_detector import LANGUAGE
from bot.nlu.reference import pointers_in
from bot.nlu.topic_classifier import NOTHING
from bot.nlu.topic_extractor import CUES, GUESSES, NEAR_MISS, TOPIC, TOPIC_SPANS, is_vague
from bot.nlu.values import find_values
from bot.words.folding import aligned, fold, stem
from bot.words.lexicon import any_of, lexicons
from bot.words.tokens import Word, is_function_word, words_of

_ALSO_VALUES = ("theme", "concept", "place")  # kinds of topic whose names may name a value as well
ASK, SAME, GUIDE = "ask_", "same_question", "guide"
QUESTIONS = "questions"  # on a message: what is asked, bot.knowledge.question.Question as dicts
BESIDES = "besides"  # on a message: intents said along with the questions
DIFFERENCE, DEFINITION = "difference", "definition"
COURTESIES = ("greet", "thanks", "goodbye")
SAID_BESIDE = ("greet", "thanks", "goodbye", "choose_language", "provenance", "human_handoff", "bot_challenge")
# Intents that say nothing of what is wanted when something else is said too.
_ALONGSIDE = ("affirm", "deny", "greet", "thanks", "goodbye", "describe_self", OUT)
# Intents that a brief correction is taken for ("no, the private ones").
_TAKEN_FOR = (
    "deny",
    "affirm",
    "shorter",
    "never_mind",
    "stop",
    "wait",
    "why",
    "more",
    "feedback_negative",
    "report_error",
)
_DOUBTED = 0.5  # confidence below which a name and no more is not taken to ask anything new
_SURE = 0.9
_WHOLE = 0.7  # what the reading of a whole message counts beside that of its asking clause
_BRIEF = 6  # words of an afterthought
_OF_DIFFERENCE = ("definition", "difference", "services", "aims", "suits", "members", "drawbacks", "joining", "update")
_OUTSIDE_A_NAME = 0.95  # confidence up to which a message that names a topic is not out of scope
_SENSITIVE = ("distress", "erase_data")  # intents that must be surely meant
_SENSITIVE_FROM = 0.75
_WHO = ("suits", "members", "alone", "existence", "sectors", "joining", "foreign")  # asked for oneself


@dataclasses.dataclass
class Reading:
    """One clause as it was read."""

    text: str
    question: Question
    intent: str
    confidence: float
    ranking: List[Dict[str, Any]]
    asks: bool  # it has the form of a question or a request
    worded: bool  # it has a question word
    of_oneself: bool
    goes_on: bool  # it begins with "and", "also"
    near_miss: bool

    @property
    def is_question(self) -> bool:
        return self.intent.startswith(ASK) or self.intent == SAME

    @property
    def names(self) -> bool:
        return any(not is_vague(topic) for topic in self.question.topics)


def _language(message: Message) -> str:
    return str((message.get(LANGUAGE) or {}).get("name", "fr"))


def read(message: Message, sure_from: float, guessed_from: float) -> Reading:
    """What one clause says."""
    text, language = message.get(TEXT) or "", _language(message)
    folded = aligned(text)
    meant = _meant_words(message, language)
    spelt = re.sub(r"\w+", lambda word: meant.get(word.group(), word.group()), folded)  # as it is meant to be spelt
    ranking = message.get(INTENT_RANKING_KEY) or []
    intent = str((message.get(INTENT) or {}).get("name"))
    confidence = float((message.get(INTENT) or {}).get("confidence") or 0.0)
    spans = [(s, e, kind) for s, e, kind in message.get(TOPIC_SPANS) or []]
    entities = [e for e in message.get(ENTITIES, []) if e["entity"] == TOPIC]
    entities = _without_vocative(entities, folded)
    denied = [e["value"] for e in entities if _is_denied(folded, e["start"], language)]
    aside = [e["value"] for e in entities if _is_set_aside(folded, e["start"], language)]
    topics = list(dict.fromkeys(e["value"] for e in entities if e["value"] not in (*denied, *aside)))
    taken = [(s, e) for s, e, kind in spans if kind not in _ALSO_VALUES or (kind == "place" and _is_long(text[s:e]))]
    values = find_values(text, taken, meant)
    refused = [name for name, start, _ in values if _is_denied(folded, start, language)]
    narrowed = list(dict.fromkeys(name for name, _, _ in values if name not in refused))
    numbers, years = numbers_in(folded, language)
    described, chance = _described(message.get(GUESSES) or [], ranking)
    hinted = list(message.get(CUES) or [])
    sure = described is not None and chance >= sure_from and all(is_vague(topic) for topic in topics)
    if described is not None and chance >= guessed_from and all(is_vague(topic) for topic in topics):
        hinted = list(dict.fromkeys([described, *hinted]))
    bare = _is_bare(text, spans, hinted, values)
    if intent in _SENSITIVE and confidence < _SENSITIVE_FROM:
        intent = next((str(g["name"]) for g in ranking if g["name"] not in _SENSITIVE), OUT)
    pointers = pointers_in(folded, language)
    if numbers and "they" in pointers and not intent.startswith(ASK) and text.rstrip().endswith("?"):
        intent, confidence = f"{ASK}count", max(confidence, _SURE)  # "and there are 126 of them?"
    brief = len(words_of(text)) <= _BRIEF
    by = compared_by(spelt, language)
    if _goes_on(intent, confidence, bare, bool(narrowed or topics), bool(numbers), brief, by):
        intent, confidence = SAME, max(confidence, _SURE)
    kept = bool(values) and bool(topics) and confidence >= _SURE  # "part artisanat SPM" asks for the share
    intent = _asked_of_a_name(intent, confidence, ranking, topics)
    kept = kept or (form_of(spelt, language) == YES_NO and confidence >= _SURE)  # "is there one here?"
    attribute = intent[len(ASK) :] if intent.startswith(ASK) and (kept or not bare) else None
    attribute = attribute or (_by_noun(words_of(text)) if intent == SAME or bare else None)
    form = form_of(spelt, language)
    if attribute is None and (bare or intent == SAME) and form == YES_NO:
        form = OPEN  # "and the grappes?" asks as the question before did
    against = re.search(any_of(lexicons()[language].rather_than), folded)
    if against and len(topics) > 1 and attribute is not None:
        attribute, form = (DIFFERENCE if attribute in _OF_DIFFERENCE else attribute), COMPARE
    if "share" in narrowed and not (attribute and confidence >= _SURE):
        attribute = "count"
    likely = tuple(
        (str(guess["name"])[len(ASK) :], float(guess["confidence"]))
        for guess in ranking
        if str(guess["name"]).startswith(ASK)
    )
    words = words_of(text)
    first = words[0].typed if words else ""
    question = Question(
        attribute=attribute,
        likely=likely,
        topics=tuple(topics),
        hinted=tuple(hinted),
        described=described if sure else None,
        form=form,
        narrowed_by=tuple(narrowed),
        numbers=tuple(numbers),
        years=tuple(years),
        unknown=_unknown(text, folded, message.get(UNKNOWN_WORDS) or [], language),
        denies=tuple(dict.fromkeys([*denied, *aside, *refused])),
        besides=bool(aside),
        points_at=pointers,
        only=says_only(spelt, language),
        today=says_today(spelt, language),
        negated=is_negated(spelt, language),
        wholly=says_wholly(spelt, language),
        bound=bound_in(spelt, language),
        by=by,
        bare=bare,
        act=None if intent.startswith(ASK) or intent == SAME else intent,
        confidence=confidence,
        words=tuple(word.stem for word in words if not is_function_word(word)),
    )
    oneself = first in lexicons()[language].oneself
    told = any(knowledge().values[name].kind in ("activity", "member") for name in narrowed)
    if intent == OUT and confidence < _OUTSIDE_A_NAME and oneself and told and not text.rstrip().endswith("?"):
        intent = "describe_self"  # someone who tells of a business, whatever else he says
        question = dataclasses.replace(question, act=intent)
    return Reading(
        text=text,
        question=question,
        intent=intent,
        confidence=confidence,
        ranking=ranking,
        asks=is_asked(text),
        worded=has_question_word(text),
        of_oneself=oneself,
        goes_on=any(first in lexicon.joiners for lexicon in lexicons().values()),
        near_miss=bool(message.get(NEAR_MISS)),
    )


def _meant_words(message: Message, language: str) -> Dict[str, str]:
    """Folded words of a message that are slips or short forms, each with the one word it stands for."""
    short = {
        word: long
        for word, long in lexicons()[language].abbreviations.items()
        if " " not in long and not word.isdigit()
    }
    return {**short, **(message.get(MENDED) or {})}


def _goes_on(
    intent: str, confidence: float, bare: bool, named: bool, counted: bool, brief: bool, by: Optional[str]
) -> bool:
    """Whether a clause asks the question before it again: "no, I meant health", "only those with 4", "the most?"."""
    if confidence < _DOUBTED and intent != GUIDE and bare and named:
        return True
    if intent == OUT:
        return (bare and named and confidence < _OUTSIDE_A_NAME) or (brief and by is not None)
    if intent == "number_only":
        return counted
    return bare and named and intent in _TAKEN_FOR


def _is_long(name: str) -> bool:
    """Whether a name has several words: the Miquelon of "Saint-Pierre-et-Miquelon" limits nothing."""
    return len(words_of(name)) > 1


def _asked_of_a_name(intent: str, confidence: float, ranking: Sequence[Dict[str, Any]], topics: Sequence[str]) -> str:
    """What is named is asked about, unless the message is surely out of scope."""
    if intent != OUT or confidence >= _OUTSIDE_A_NAME or all(is_vague(topic) for topic in topics):
        return intent
    return next((str(g["name"]) for g in ranking if str(g["name"]).startswith(ASK)), f"{ASK}{DEFINITION}")


@functools.cache
def _nouns() -> Dict[str, str]:
    """The attribute that each of its nouns asks for by itself ("and the budget?")."""
    attributes = knowledge().attributes.items()
    return {stem(fold(noun)): name for name, attribute in attributes for noun in attribute.nouns.all()}


def _by_noun(words: Sequence[Word]) -> Optional[str]:
    return next((_nouns()[word.stem] for word in words if word.stem in _nouns()), None)


def _without_vocative(entities: List[Dict[str, Any]], folded: str) -> List[Dict[str, Any]]:
    """Without the one who is spoken to ("CACIMA, what is a PTCE?"), where something else is named after it."""
    if len(entities) < 2 or entities[0]["value"] != "cacima":
        return entities
    before, after = folded[: entities[0]["start"]], folded[entities[0]["end"] :]
    article = re.sub(r"\b(?:la|the)\s*$|@\s*$", "", before).strip(" ,")
    addressed = not article or is_courtesy(article)
    return (
        entities[1:] if addressed and (after.lstrip().startswith(",") or is_requested(after.strip(" ,"))) else entities
    )


def _is_denied(folded: str, start: int, language: str) -> bool:
    """Whether what stands at a place is said not to be meant."""
    return bool(re.search(rf"{any_of(lexicons()[language].not_meant)}(?:\s+[\w']+){{0,1}}\s*$", folded[:start]))


def _is_set_aside(folded: str, start: int, language: str) -> bool:
    return bool(re.search(rf"{any_of(lexicons()[language].besides)}(?:\s+[\w']+){{0,2}}\s*$", folded[:start]))


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
    if not (spans or hinted or values) or has_question_word(text) or re.search(r"[#$€£%]", text):
        return False
    places = [(start, end) for start, end, _ in spans]
    places += [(start, end) for name, start, end in values if knowledge().values[name].kind != "aim"]
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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionParser(Component):
    """Sets QUESTIONS and BESIDES on the whole message, its entities, and the intent that matters most."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"clause_from": 0.3, "parts_from": 0.5, "beside_from": 0.6, "guessed_from": 0.4, "sure_from": 0.7}

    def process(self, messages: List[Message]) -> List[Message]:
        """Whole messages each followed by its clauses, in; whole messages out."""
        wholes: List[Message] = []
        index = 0
        while index < len(messages):
            whole = messages[index]
            count = whole.get(CLAUSES) or 0
            self._join(whole, messages[index + 1 : index + 1 + count])
            wholes.append(whole)
            index += 1 + count
        return wholes

    def _read(self, message: Message) -> Reading:
        return read(message, self._config["sure_from"], self._config["guessed_from"])

    def _join(self, whole: Message, others: List[Message]) -> None:
        reading = self._read(whole)
        rest = [self._read(other) for other in others]
        count = whole.get(PARTS) or 0
        clauses, parts = rest[: len(rest) - count], rest[len(rest) - count :]
        clauses = clauses or [reading]
        if _asks_several(reading if len(clauses) == 1 else clauses[-1], parts, self._config["parts_from"]):
            last = max(i for i, clause in enumerate(clauses) if not is_courtesy(clause.text))
            clauses = [*clauses[:last], *parts, *clauses[last + 1 :]]
        if reading.near_miss and not reading.question.topics:
            reading = dataclasses.replace(reading, intent=OUT, confidence=1.0)
            clauses = [reading]
        asked = _asking([c for c in clauses if c.is_question and c.confidence >= self._config["clause_from"]])
        telling = [clause for clause in clauses if clause.intent not in _ALONGSIDE and not clause.is_question]
        outside = reading.intent == OUT and reading.confidence >= self._config["beside_from"]
        if outside and not any(c.names or (len(clauses) == 1 and c.confidence >= _SURE) for c in asked):
            asked, telling = [], []
        wish = max((t for t in telling if t.asks and t.confidence >= 0.8), key=lambda t: t.confidence, default=None)
        if wish is not None and not any(c.names for c in asked) and all(c.confidence < wish.confidence for c in asked):
            asked = []
        if len(asked) == 1 and len(clauses) > 1:
            asked = [_with_the_whole(asked[0], reading)]
        elif not asked and reading.is_question and not telling:
            asked = [reading]
        _share(asked, clauses, reading)
        main = asked[0] if asked else _main(reading, clauses, telling, self._config["parts_from"])
        questions = [clause.question for clause in asked] or [main.question]
        unanswered = [
            c
            for c in clauses
            if asked and c.intent == OUT and c.asks and c.confidence >= self._config["beside_from"] and c not in asked
        ]
        questions += [dataclasses.replace(clause.question, act=OUT, attribute=None) for clause in unanswered[:1]]
        besides = [
            clause.intent
            for clause in clauses
            if clause is not main
            and clause.intent in SAID_BESIDE
            and clause.confidence >= self._config["beside_from"]
            and (clause.intent != "goodbye" or clause is clauses[-1])
        ]
        if _wants_guidance(main):
            main = dataclasses.replace(main, intent=GUIDE)
        self._write(whole, main, questions, besides)

    @staticmethod
    def _write(whole: Message, main: Reading, questions: List[Question], besides: List[str]) -> None:
        """What Rasa, its stories and the actions see of the message."""
        ranking = main.ranking or [{"name": main.intent, "confidence": main.confidence}]
        whole.set(INTENT, {"name": main.intent, "confidence": main.confidence}, add_to_output=True)
        whole.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        first = questions[0]
        told = [("form", first.form)] if first.attribute else []
        told += [("value", name) for name in first.narrowed_by]
        told += [("denied", name) for name in first.denies] + [("points_at", name) for name in first.points_at]
        entities = [{"entity": name, "value": value, "extractor": "QuestionParser"} for name, value in told]
        whole.set(ENTITIES, [*whole.get(ENTITIES, []), *entities], add_to_output=True)
        whole.set(QUESTIONS, [question.as_dict() for question in questions], add_to_output=True)
        whole.set(BESIDES, besides, add_to_output=True)


def _wants_guidance(reading: Reading) -> bool:
    """Whether somebody asks which type is for him ("what kind of grouping would suit us?"), naming none."""
    question = reading.question
    typed = {word.typed for word in words_of(reading.text)}
    oneself = any(set(lexicon.speaker) & typed for lexicon in lexicons().values())
    asked = question.attribute == "suits" and question.form in (WHICH, OPEN)
    asked = asked or (question.attribute == "types" and question.form == WHICH)
    return asked and oneself and all(is_vague(topic) for topic in question.topics) and not question.points_at


def _asks_several(whole: Reading, parts: List[Reading], sure_from: float) -> bool:
    """Whether the parts of "the budget and the sectors of PTCEs" surely ask different things."""
    attributes = {part.intent for part in parts}
    sure = all(part.is_question and part.confidence >= sure_from for part in parts)
    names = [p for p in parts if p.question.bare or (p.intent == f"{ASK}{DEFINITION}" and not p.asks)]
    if whole.question.form == COMPARE or whole.intent == f"{ASK}{DIFFERENCE}":
        return False
    return bool(parts) and sure and len(attributes) == len(parts) and not names and SAME not in attributes


def _asking(asked: List[Reading]) -> List[Reading]:
    """Without what only sets the scene ("I run a bakery of six. How many ...?")."""
    if not any(clause.asks for clause in asked):
        return asked
    others = [clause for clause in asked[1:] if not clause.question.bare]
    heading = asked[0].question.bare or not asked[0].asks or asked[0].intent == SAME
    if heading and others and others[0] is not asked[0] and others[0].asks and not others[0].names:
        asked = asked[1:]  # "business clusters: who leads them?"
    surest = max((clause.confidence for clause in asked if clause.asks), default=0.0)
    kept: List[Reading] = []
    for clause in asked:
        brief = len(words_of(clause.text)) <= _BRIEF
        afterthought = bool(kept) and brief and (bool(clause.question.topics) or clause.goes_on)
        sure = clause.confidence >= _SURE and clause.names and not clause.of_oneself and _asks_a_figure(clause)
        surer = clause.confidence > surest and not clause.of_oneself
        if clause.asks or afterthought or sure or surer:
            kept.append(clause)
    return kept


def _asks_a_figure(clause: Reading) -> bool:
    """Whether a clause without the form of a question asks all the same, not only sets the scene with what is named."""
    return clause.question.attribute not in (None, DEFINITION)


def _with_the_whole(asked: Reading, whole: Reading) -> Reading:
    """The one asking clause of a message, in the light of the whole message, which counts less."""
    if not whole.is_question or asked.question.bare:
        return asked
    together: Dict[str, float] = {}
    for reading, weight in ((whole, _WHOLE), (asked, 1.0)):
        for guess in reading.ranking:
            together[guess["name"]] = together.get(guess["name"], 0.0) + weight * guess["confidence"]
    best = max(together, key=lambda name: together[name])
    if best == asked.intent or not best.startswith(ASK):
        return asked
    question = dataclasses.replace(asked.question, attribute=best[len(ASK) :], act=None)
    return dataclasses.replace(asked, intent=best, question=question)


def _share(asked: List[Reading], clauses: List[Reading], whole: Reading) -> None:
    """A question that names no topic takes the nearest one named before it in the message, else after.

    What a person says of himself limits it.
    """
    for reading in asked:
        question = reading.question
        at = next((i for i, clause in enumerate(clauses) if clause is reading or clause.text == reading.text), 0)
        points = bool({"they", "it", "he", "she"} & set(question.points_at))
        if all(is_vague(topic) for topic in question.topics) and (points or not question.described):
            near = [clause.question.topics for clause in [*clauses[:at][::-1], *clauses[at + 1 :]]]
            named = [topics for topics in near if any(not is_vague(topic) for topic in topics)]
            if question.topics == ("cluster",) and any("saint_pierre_et_miquelon" in topics for topics in near):
                question = dataclasses.replace(question, topics=("cluster", "saint_pierre_et_miquelon"))
            named = named or [topics for topics in near if topics and not question.topics]
            own = question.topics if named and not _stands_alone(question) else ()
            if named and not _stands_alone(question):
                question = dataclasses.replace(question, topics=tuple(dict.fromkeys([*own, *named[0]])))
            elif not question.hinted:
                question = dataclasses.replace(question, hinted=whole.question.hinted)
        if question.attribute in ("update", "year", "count") and not question.numbers:
            told_numbers = [number for clause in clauses for number in clause.question.numbers]
            question = dataclasses.replace(question, numbers=tuple(told_numbers))
        if question.attribute in _WHO and not question.narrowed_by:
            told = [v for clause in clauses if clause is not reading for v in clause.question.narrowed_by]
            question = dataclasses.replace(question, narrowed_by=tuple(dict.fromkeys(told)))
        parts = [v for c in clauses if c is not reading for v in c.question.narrowed_by if _is_part(v)]
        if parts and not any(_is_part(name) for name in question.narrowed_by):  # "and the 2nd call? how much?"
            question = dataclasses.replace(question, narrowed_by=(*question.narrowed_by, *dict.fromkeys(parts)))
        reading.question = question


def _is_part(value: str) -> bool:
    return knowledge().values[value].kind == "part"


def _stands_alone(question: Question) -> bool:
    """Whether a question names something general that has just such a fact ("what is a cluster?")."""
    pointed = {"they", "it"} & set(question.points_at)
    base = knowledge()
    return any(base.facts_of(topic, str(question.attribute)) for topic in question.topics) and not pointed


def _main(reading: Reading, clauses: List[Reading], telling: List[Reading], sure_from: float) -> Reading:
    """What a message without a question says most of all: a clause of it, or the whole."""
    if telling:
        surest = max(telling, key=lambda clause: clause.confidence)
        courtesy = reading.intent in ("affirm", "deny") and surest.confidence >= sure_from
        return surest if surest.confidence >= reading.confidence or courtesy else reading
    if reading.intent == OUT and reading.confidence < 0.6:
        said = [clause for clause in clauses if clause.intent in COURTESIES and clause.confidence >= _SURE]
        return said[0] if said else reading
    return reading
