"""What one clause says, as a plain dict: its intent, the topics it names or hints at, what it points back at."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.nlu.clauses import has_question_word, is_asked, is_requested
from bot.nlu.language import LANGUAGE
from bot.nlu.lexicon import lexicons
from bot.nlu.likeliest import ASK
from bot.nlu.names import is_function_word, words_of
from bot.nlu.pointing import names_the_other, ordinals_in, points_back, says_it, sets_against
from bot.nlu.topics import CUES, NEAR_MISS, TOPIC, TOPIC_SPANS, is_vague
from bot.text import fold

GUESS = "topic_guess"  # on a message: the one topic it surely describes, where it names none but a vague one
SAME = "same_question"
DEFINITION = "definition"
_SIGN = re.compile(r"[#$€£%]")  # "# of PTCEs", "$$ for grappes?"
_ASKED_BY_A_WORD = 0.95  # "national?" asks the level
_ASKED_BY_A_NAME = 0.75  # "types of clusters" is a name too
_HINT = 2  # telling words


def read_clause(clause: Message) -> Dict[str, Any]:
    """What one clause says: intent, confidence, topics named and hinted at, ordinals, its folded words."""
    language = (clause.get(LANGUAGE) or {}).get("name", "fr")
    text = clause.get(TEXT) or ""
    folded, found = fold(text), words_of(text)
    words = [word.typed for word in found]
    return {
        "intent": (clause.get(INTENT) or {}).get("name"),
        "confidence": float((clause.get(INTENT) or {}).get("confidence") or 0.0),
        "ranking": clause.get(INTENT_RANKING_KEY) or [],
        "topics": list(dict.fromkeys(e["value"] for e in clause.get(ENTITIES, []) if e["entity"] == TOPIC)),
        "cues": clause.get(CUES) or [],
        "guess": clause.get(GUESS),
        "otherwise": best_aspect(clause.get(INTENT_RANKING_KEY) or []),
        "near_miss": bool(clause.get(NEAR_MISS)),
        "other": names_the_other(folded, language),
        "points_back": points_back(folded, language),
        "against": sets_against(folded, language),
        "says_it": says_it(folded, language),
        "in_all": any(f" {phrase} " in f" {' '.join(words)} " for phrase in lexicons()[language].in_all),
        "ordinals": ordinals_in(folded, language),
        "bare": is_bare(clause),
        "words": [word.stem for word in found],
        "asks": is_asked(text),
        "worded": has_question_word(text),
        "announces": text.rstrip().endswith(":"),
        "goes_on": bool(words) and any(words[0] in lexicon.joiners for lexicon in lexicons().values()),
        "of_oneself": bool(words) and words[0] in lexicons()[language].oneself,
    }


def is_bare(clause: Message) -> bool:
    """Whether a clause names or hints at a topic and says no more ("France Clusters?", "private ones")."""
    text, spans = clause.get(TEXT) or "", clause.get(TOPIC_SPANS) or []
    if not (spans or clause.get(CUES)) or is_requested(text) or _SIGN.search(text):
        return False
    telling = [word for word in words_of(text) if not is_function_word(word)]
    beside = [word for word in telling if not any(start <= word.start < end for start, end, _ in spans)]
    return not beside if spans else len(beside) <= _HINT


def presented(reading: Dict[str, Any], message: Message) -> Dict[str, Any]:
    """A reading of a message that is a name and no more, which asks what that is."""
    if not is_alone(message):
        return reading
    asks = str(reading["intent"]).startswith(ASK)
    return {**reading, "intent": f"{ASK}{DEFINITION}" if asks else reading["intent"], "otherwise": DEFINITION}


def is_alone(clause: Message) -> bool:
    """Whether a message is a name, or one word that hints at a topic ("crafts"), and nothing surely asked by that."""
    words = [word for word in words_of(clause.get(TEXT) or "") if not is_function_word(word)]
    names, sure = len(clause.get(TOPIC_SPANS) or []), (clause.get(INTENT) or {}).get("confidence", 0.0)
    by_a_word, by_a_name = not names and sure >= _ASKED_BY_A_WORD, names != 1 or sure >= _ASKED_BY_A_NAME
    return is_bare(clause) and not (by_a_word if len(words) == 1 else by_a_name)


def best_aspect(ranking: List[Dict[str, Any]]) -> Optional[str]:
    """What a clause asks if it does not simply repeat the question before."""
    return next((guess["name"][len(ASK) :] for guess in ranking if guess["name"].startswith(ASK)), None)


def is_question(reading: Dict[str, Any]) -> bool:
    return str(reading["intent"]).startswith(ASK) or reading["intent"] == SAME


def is_general(topic: str) -> bool:
    """The mere idea of a cluster, which a description makes precise."""
    return is_vague(topic) and knowledge().topics[topic].kind == "concept"
