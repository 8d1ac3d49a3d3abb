"""Reads one clause: its question, its intent, and how it stands in the message."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from rasa.shared.nlu.constants import INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.question import OPEN, YES_NO, Question
from bot.nlu.clause_splitter import has_question_word, is_asked, is_courtesy
from bot.nlu.forms import (
    asks_for_others,
    asks_what_is_required,
    asks_whether,
    bound_in,
    compared_by,
    form_of,
    is_denying,
    is_negated,
    numbers_in,
    reckoned_by,
    says_alike,
    says_either,
    says_only,
    says_today,
    says_wholly,
    says_yearly,
)
from bot.nlu.intent_classifier import MENDED, OUT
from bot.nlu.intent_settling import BRIEF, DIFFERENCE, PROVENANCE, SAME, UPDATE, Signs, settle_attribute, settle_intent
from bot.nlu.language_detector import LANGUAGE
from bot.nlu.naming import ASK, Named, named_in
from bot.nlu.reference import nouns_in, pointers_in
from bot.nlu.topic_extractor import NEAR_MISS, is_vague
from bot.words.folding import aligned
from bot.words.lexicon import Lexicon, any_of, lexicons, listed_words
from bot.words.tokens import Word, is_function_word, words_of

_CLAIMED = ("members", "suits", "sectors", "location", "alone")  # what people hold of clusters without asking
_FRAGMENT = 3  # words of a question that is no sentence


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


def read(message: Message, sure_from: float, guessed_from: float) -> Reading:
    """What one clause says. sure_from, guessed_from: as in bot.nlu.naming.named_in."""
    text = message.get(TEXT) or ""
    language = str((message.get(LANGUAGE) or {}).get("name", "fr"))
    lexicon = lexicons()[language]
    folded, words = aligned(text), words_of(text)
    meant = _meant_words(lexicon.abbreviations, message.get(MENDED) or {})
    spelt = re.sub(
        r"(?<![\w'])\w+(?![\w'])", lambda word: meant.get(word.group(), word.group()), folded
    )  # as it is meant to be spelt
    ranking = message.get(INTENT_RANKING_KEY) or [{"name": OUT, "confidence": 0.0}]
    named = named_in(message, language, meant, sure_from, guessed_from)
    if ranking[0]["name"] == f"{ASK}{DIFFERENCE}":  # "what sets it apart from a grappe?" sets nothing aside
        named = dataclasses.replace(named, topics=(*named.topics, *named.aside), aside=())
    numbers, years = numbers_in(folded, language)
    pointers, by = pointers_in(folded, language), compared_by(spelt, language)
    reckon = reckoned_by(spelt, language)
    form = form_of(spelt, language)
    signs = Signs(
        points_at=pointers,
        by=by or (None if named.topics else reckon),
        counts=bool(numbers),
        asks=text.rstrip().endswith("?"),
        worded=has_question_word(text),
        brief=len(words) <= BRIEF,
        courteous=is_courtesy(text),
        exists=bool(re.search(any_of(lexicon.existing), spelt)),
        against=bool(re.search(any_of(lexicon.rather_than), folded)),
        whether=form == YES_NO,
        alike=says_alike(spelt, language),
        past=bool(re.search(any_of(lexicon.past), spelt)),
    )
    intent, confidence = settle_intent(ranking, named, signs)
    attribute, form = settle_attribute(intent, confidence, named, signs, form)
    unnamed = not (named.topics or named.narrowed or named.hinted or named.described)
    if intent == SAME and attribute is None and unnamed and says_today(spelt, language) and not signs.counts:
        intent, attribute, form = f"{ASK}{UPDATE}", UPDATE, OPEN  # "and now?"
    if form == YES_NO and text.rstrip().endswith("!"):
        form = OPEN  # "you got 20 million euros!" asks for no yes
    chooses = by is not None or says_either(spelt, language)
    claimed = form == OPEN and attribute in _CLAIMED and bool(named.narrowed) and not chooses
    claimed = claimed and (says_only(spelt, language) or is_negated(spelt, language))
    claims = claimed and not (signs.asks or signs.worded or _is_of_oneself(words) or _corrects(spelt, lexicon))
    form = YES_NO if claims else form  # "they are only for industry", "overseas is not allowed any"
    yearly = says_yearly(spelt)
    brief = len(words) <= (BRIEF if numbers else _FRAGMENT) and not named.topics
    if yearly and (brief or (attribute == "year" and form == YES_NO)):
        intent, attribute, form = SAME, None, YES_NO  # "is that per year?", "per year?" ask of the sum just said
    if intent == SAME and numbers and is_negated(spelt, language) and not (named.topics or named.narrowed):
        intent = PROVENANCE  # "isn't it 71?" doubts what was said
    first = words[0].typed if words else ""
    oneself = first in lexicon.oneself
    bound = bound_in(spelt, language)
    unknown = not (yearly or bound) and _asks_of_no_name(intent, named, signs)
    question = Question(
        attribute=attribute,
        likely=_likely(ranking),
        topics=named.topics,
        hinted=named.hinted,
        described=named.described,
        form=form,
        narrowed_by=named.narrowed,
        numbers=tuple(numbers),
        years=tuple(years),
        unknown=named.unknown or (_left_over(text, words) if unknown else ()),
        denies=tuple(dict.fromkeys([*named.denied, *named.aside, *named.refused])),
        besides=bool(named.aside) or asks_for_others(spelt, language),
        points_at=pointers,
        nouns=nouns_in(folded, language),
        only=says_only(spelt, language),
        today=says_today(spelt, language),
        past=signs.past,
        negated=is_negated(spelt, language),
        denying=is_denying(spelt, language) or (claims and is_negated(spelt, language)),
        wholly=says_wholly(spelt, language),
        bound=bound,
        by=by,
        whether=by is not None and asks_whether(spelt, language),
        yearly=yearly,
        either=says_either(spelt, language),
        alike=signs.alike,
        reckon=reckon,
        must=asks_what_is_required(spelt, language),
        bare=named.bare,
        act=None if intent.startswith(ASK) or intent == SAME else intent,
        confidence=confidence,
        words=tuple(word.stem for word in words if not is_function_word(word)),
    )
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


def _asks_of_no_name(intent: str, named: Named, signs: Signs) -> bool:
    """Whether a clause asks the same again of something in no list ("and a nuclear plant?")."""
    named_any = named.topics or named.narrowed or named.hinted or named.described or named.dated
    return intent == SAME and not (named_any or signs.points_at or signs.by or signs.counts)


def _is_of_oneself(words: Sequence[Word]) -> bool:
    """Whether a clause has a word for the one who writes it ("we", "my")."""
    return any(word.typed in lexicon.speaker for word in words for lexicon in lexicons().values())


def _corrects(folded: str, lexicon: Lexicon) -> bool:
    """Whether a clause begins as a correction does ("no, only firms")."""
    return bool(re.match(any_of({*lexicon.correcting} - {*lexicon.joiners}), folded.strip()))


def _left_over(text: str, words: Sequence[Word]) -> Tuple[str, ...]:
    """A short clause from its first telling word to its last; of a long one, no telling what is unknown."""
    telling = [word for word in words if not is_function_word(word)]
    known = telling and len(words) <= BRIEF
    return (text[telling[0].start : telling[-1].end],) if known else ()


def _meant_words(abbreviations: Mapping[str, str], mended: Mapping[str, str]) -> Dict[str, str]:
    """Folded words that are short forms or slips, each with the one word it stands for."""
    short = {word: long for word, long in abbreviations.items() if " " not in long and not word.isdigit()}
    return {**short, **{word: meant for word, meant in mended.items() if word not in listed_words()}}


def _likely(ranking: List[Dict[str, Any]]) -> tuple:
    """Attributes that may be asked, with their confidence, likeliest first."""
    asked = [(str(guess["name"]), float(guess["confidence"])) for guess in ranking]
    return tuple((name[len(ASK) :], confidence) for name, confidence in asked if name.startswith(ASK))
