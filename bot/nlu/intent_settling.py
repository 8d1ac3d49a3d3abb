"""The intent of a clause, settled once it is known what the clause names."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Dict, Optional, Sequence, Tuple

from bot.knowledge.load import knowledge
from bot.knowledge.question import COMPARE, HOW_MANY, OPEN, YES_NO
from bot.nlu.intent_classifier import OUT
from bot.nlu.naming import ASK, Named
from bot.words.folding import fold, stem
from bot.words.tokens import Word

SAME, GUIDE, DESCRIBES, PROVENANCE = "same_question", "guide", "describe_self", "provenance"
COURTESIES = ("greet", "thanks", "goodbye")
DIFFERENCE, DEFINITION, UPDATE = "difference", "definition", "update"
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
    "report_error",
    "feedback_negative",
)
_DOUBTED = 0.5  # confidence below which a name and no more is not taken to ask anything new
SURE = 0.9
BRIEF = 6  # words of an afterthought
_OF_DIFFERENCE = ("definition", "difference", "services", "aims", "suits", "members", "drawbacks", "joining", "update")
# Taken for what "how many" asks, these give way to the number.
_UNCOUNTED = ("date", "update", "year", "definition", "link", "location", "existence")
_OUTSIDE_A_NAME = 0.95  # confidence up to which a message that names a topic is not out of scope
_FAR_LIKELIER = 0.25  # share of a confidence below which another counts for nothing beside it
_OF_JOINING = ("ask_members", "ask_suits", "ask_joining", "ask_alone", "ask_sectors")
_SENSITIVE = ("distress", "erase_data")  # intents that must be surely meant
_SENSITIVE_FROM = 0.75

Ranking = Sequence[Dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Signs:
    """What a clause shows beside the names in it.

    points_at: as in bot.knowledge.question. by: what it compares by, or how it wants a figure worked out where it names
    nothing. counts: it names a number. asks: a question mark ends it. worded: it has a question word. brief: it
    has few words. courteous: it is a greeting or thanks and no more. exists: it asks whether there is any. against:
    it sets one thing against another. whether: it asks with yes or no. alike: it asks whether two things are one.
    past: it asks of what was.
    """

    points_at: Tuple[str, ...]
    by: Optional[str]
    counts: bool
    asks: bool
    worded: bool
    brief: bool
    courteous: bool
    exists: bool
    against: bool
    whether: bool
    alike: bool
    past: bool


def settle_intent(ranking: Ranking, named: Named, signs: Signs) -> Tuple[str, float]:
    """The intent of a clause and how sure it is. ranking: intents with their confidence, likeliest first."""
    intent, confidence = str(ranking[0]["name"]), float(ranking[0]["confidence"])
    if intent in _SENSITIVE and confidence < _SENSITIVE_FROM:
        intent = next((str(guess["name"]) for guess in ranking if guess["name"] not in _SENSITIVE), OUT)
    if (
        signs.counts
        and "they" in signs.points_at
        and signs.asks
        and (confidence < _DOUBTED or not intent.startswith(ASK))
    ):
        intent, confidence = f"{ASK}count", max(confidence, SURE)  # "and there are 126 of them?"
    if intent == "more" and named.is_specific:
        intent = f"{ASK}{DEFINITION}"  # "tell me more about private clusters"
    if signs.courteous and confidence < SURE:  # "merci quand même" asks for no date
        intent = next((str(guess["name"]) for guess in ranking if guess["name"] in COURTESIES), intent)
    if _goes_on(intent, confidence, named, signs):
        return SAME, max(confidence, SURE)
    intent = _asked_of_a_name(intent, confidence, ranking, named)
    if signs.by is not None and len(named.topics) > 1 and intent.startswith(ASK):
        confidence = max(confidence, _DOUBTED)  # what they are compared by is known
    known = named.is_specific and named.plainly and bool(named.narrowed or named.dated or signs.counts)
    joins = intent in _OF_JOINING and bool(named.topics) and _names_a_kind(named)  # "can a hotel join one of these?"
    if signs.whether and (known or joins):
        confidence = max(confidence, _DOUBTED)  # what is asked about is known; whether it holds can be looked up
    return intent, confidence


def settle_attribute(
    intent: str, confidence: float, named: Named, signs: Signs, form: str
) -> Tuple[Optional[str], str]:
    """What a clause asks, None where it does not say ("and the grappes?"), and how."""
    whether = form == YES_NO or (signs.exists and intent == f"{ASK}existence")  # "is there one here?"
    kept = confidence >= SURE and (bool(named.narrowed and named.topics) or whether)
    attribute = intent[len(ASK) :] if intent.startswith(ASK) and (kept or not named.bare) else None
    if signs.alike and len(named.topics) > 1 and attribute in (None, DEFINITION):
        return DIFFERENCE, YES_NO  # "grappe = pôle, same thing?"
    if attribute is None and (intent == SAME or named.bare):
        attribute = _by_noun(named.beside)
        if attribute is None and signs.exists and not signs.counts and named.is_specific and named.narrowed:
            attribute = "existence"  # "are there craft centres for health?"
        if attribute is None and form == YES_NO and not signs.counts:
            form = OPEN  # "and the grappes?" asks as the question before did
    if attribute == DEFINITION and confidence < SURE and named.topics:
        attribute = _by_noun(named.beside) or attribute  # "what's the CACIMA mail"
    if form == HOW_MANY and attribute in _UNCOUNTED:  # "how many were there when the bulletin came out?"
        attribute = "count"
    if form == HOW_MANY and attribute == "count" and _by_noun(named.beside) == "sectors":
        attribute = "sectors"  # "in how many themes?"
    if signs.counts and form == YES_NO and attribute in (None, "existence") and intent != SAME:
        attribute = "count"  # "the clusters, there are 71 of them, yes or no?"
    if attribute == "label" and signs.exists and "saint_pierre_et_miquelon" in named.topics:
        attribute = "existence"  # "there is a labelled grappe in Saint-Pierre, isn't there?"
    if attribute == "calls" and form == YES_NO and signs.exists and not (signs.counts or named.dated or signs.past):
        attribute = "open_calls"  # "is there a call we could answer?"
    if signs.against and len(named.topics) > 1 and attribute is not None:
        attribute, form = (DIFFERENCE if attribute in _OF_DIFFERENCE else attribute), COMPARE
    if "main" in named.narrowed and attribute in (None, "count", "best"):  # "is it fishing that has the most firms?"
        attribute, form = "sectors", (OPEN if form == COMPARE else form)
    if "share" in named.narrowed and (attribute in (None, *named.narrowed) or confidence < SURE):
        attribute = "count"
    return attribute, form


def _goes_on(intent: str, confidence: float, named: Named, signs: Signs) -> bool:
    """Whether a clause asks the question before it again: "no, I meant health", "only those with 4", "the most?"."""
    unsure = confidence < SURE or intent in (OUT, GUIDE)
    if signs.by is not None and signs.brief and not named.topics and unsure:
        return True  # "which one was bigger?", "which has more?", "by how much?"
    if intent == GUIDE:
        return False
    if confidence < _DOUBTED and (named.only_names or _asks_of_a_value(named, signs)):
        return True
    if confidence < _DOUBTED and signs.counts and (signs.brief or signs.whether) and not named.topics:
        return True  # "only those with 4", "I thought it was eight hundred and something"
    if confidence < _DOUBTED and {"he", "she"} & set(signs.points_at) and not named.topics:
        return True  # "I'd be curious what he does there"
    if intent == OUT:
        return named.only_names and confidence < _OUTSIDE_A_NAME
    if intent == "number_only":
        counted_off = any(pointer.startswith("#") for pointer in signs.points_at)  # "is that less than the first?"
        return signs.counts or bool(named.narrowed) or counted_off  # "only the crafts share, please"
    if intent == DESCRIBES:  # "and a restaurant?", "even with four employees?"
        return signs.asks and not signs.worded and (signs.brief or _names_a_kind(named)) and bool(named.narrowed)
    return named.only_names and intent in (*_TAKEN_FOR, "capabilities")


def _asks_of_a_value(named: Named, signs: Signs) -> bool:
    """Whether a clause asks with yes or no whether a value is among what is spoken of ("would a nursery fit in?")."""
    return (signs.whether or signs.asks) and signs.brief and _names_a_kind(named) and not named.topics


def _names_a_kind(named: Named) -> bool:
    """Whether a trade or a kind of member is named."""
    return any(knowledge().values[name].kind in ("member", "activity") for name in named.narrowed)


def _asked_of_a_name(intent: str, confidence: float, ranking: Ranking, named: Named) -> str:
    """What is named is asked about, unless the message is surely out of scope, or the name has other senses."""
    asked = next((guess for guess in ranking if str(guess["name"]).startswith(ASK)), None)
    likely = float(asked["confidence"]) if asked else 0.0
    sure = confidence >= (_OUTSIDE_A_NAME if named.plainly else _DOUBTED)
    fruit = not named.plainly and likely < confidence * _FAR_LIKELIER  # "how to treat mildew on my grappes"
    if intent != OUT or sure or fruit or not named.is_specific:
        return intent
    return str(asked["name"]) if asked else f"{ASK}{DEFINITION}"


@functools.cache
def _nouns() -> Dict[str, str]:
    """The attribute that each of its nouns asks for by itself ("and the budget?")."""
    attributes = knowledge().attributes.items()
    return {stem(fold(noun)): name for name, attribute in attributes for noun in attribute.nouns.all()}


def _by_noun(words: Sequence[Word]) -> Optional[str]:
    return next((_nouns()[word.stem] for word in words if word.stem in _nouns()), None)
