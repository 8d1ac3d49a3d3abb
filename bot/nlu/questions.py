"""Joins the readings of a message's clauses into the one Rasa routes on, and the questions the actions answer."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import knowledge
from bot.nlu.clauses import CLAUSES, DIVIDED, SHORT, TENTATIVE, has_question_word, is_asked
from bot.nlu.component import Component
from bot.nlu.language import LANGUAGE
from bot.nlu.lexicon import lexicons
from bot.nlu.likeliest import ASK, OUT, described, plausibility, weigh
from bot.nlu.names import is_function_word, words_of
from bot.nlu.pointing import names_the_other, ordinals_in, points_back, says_it, sets_against
from bot.nlu.topics import CUES, GUESSES, NEAR_MISS, TOPIC, TOPIC_SPANS, is_vague
from bot.text import fold

QUESTIONS = "questions"  # on a message: what is asked, a dict a question (see read_clause)
GUESS = "topic_guess"  # on a message: the one topic it surely describes, where it names none but a vague one
BESIDES = "besides"  # on a message: intents said along with the questions (_GREETING, ASKED_BESIDE, LANGUAGE_WISH)
SAME = "same_question"
DEFINITION = "definition"
LANGUAGE_WISH = "choose_language"
_SURE = 0.9
_WHOLE = 0.7  # what the reading of a whole message counts beside that of its asking part
_SIGN = re.compile(r"[#$€£%]")  # "# of PTCEs", "$$ for grappes?"
_ASKED_BY_A_WORD = 0.95  # "national?" asks the level
_ASKED_BY_A_NAME = 0.75  # "types of clusters" is a name too
_SURELY_WISHED = 0.8
_FRAGMENT = 4  # words
_HINT = 2  # telling words
_OUTSIDE_FROM = 0.6  # what a whole message says that is out of scope so surely is no question of ours
_GREETING = ("greet", "thanks")
_REMARKS = ("feedback_positive", "feedback_negative", "describe_self")
_COURTESIES = (*_GREETING, "goodbye")
_ASSENT = ("affirm", "deny")
ASKED_BESIDE = ("provenance", "human_handoff", "bot_challenge")  # answered after the question they come with
# Intents that say nothing of what is wanted when something else is said too.
_ALONGSIDE = (*_ASSENT, *_GREETING, "goodbye", "describe_self", OUT)


def read_clause(clause: Message) -> Dict[str, Any]:
    """What one clause says: intent, confidence, topics named and hinted at, ordinals, its folded words."""
    language = (clause.get(LANGUAGE) or {}).get("name", "fr")
    text = clause.get(TEXT) or ""
    words = [fold(text[word.start : word.end]) for word in words_of(text)]
    return {
        "intent": (clause.get(INTENT) or {}).get("name"),
        "confidence": float((clause.get(INTENT) or {}).get("confidence") or 0.0),
        "ranking": clause.get(INTENT_RANKING_KEY) or [],
        "topics": list(dict.fromkeys(e["value"] for e in clause.get(ENTITIES, []) if e["entity"] == TOPIC)),
        "cues": clause.get(CUES) or [],
        "guess": clause.get(GUESS),
        "otherwise": _best_aspect(clause.get(INTENT_RANKING_KEY) or []),
        "near_miss": bool(clause.get(NEAR_MISS)),
        "other": names_the_other(fold(text), language),
        "points_back": points_back(fold(text), language),
        "against": sets_against(fold(text), language),
        "says_it": says_it(fold(text), language),
        "in_all": any(f" {phrase} " in f" {' '.join(words)} " for phrase in lexicons()[language].in_all),
        "ordinals": ordinals_in(fold(text), language),
        "bare": _is_bare(clause),
        "words": [word.stem for word in words_of(text)],
        "asks": is_asked(text),
        "announces": text.rstrip().endswith(":"),
        "goes_on": bool(words) and any(words[0] in lexicon.joiners for lexicon in lexicons().values()),
        "of_oneself": bool(words) and words[0] in lexicons()[language].oneself,
    }


def _is_bare(clause: Message) -> bool:
    """Whether a clause names or hints at a topic and says no more ("France Clusters?", "private ones")."""
    text, spans = clause.get(TEXT) or "", clause.get(TOPIC_SPANS) or []
    if not (spans or clause.get(CUES)) or has_question_word(text) or _SIGN.search(text):
        return False
    telling = [word for word in words_of(text) if not is_function_word(word)]
    beside = [word for word in telling if not any(start <= word.start < end for start, end, _ in spans)]
    return not beside if spans else len(beside) <= _HINT


def _presented(reading: Dict[str, Any], message: Message) -> Dict[str, Any]:
    """A reading of a message that is a name and no more, which asks what that is."""
    if not _is_alone(message):
        return reading
    asks = str(reading["intent"]).startswith(ASK)
    return {**reading, "intent": f"{ASK}{DEFINITION}" if asks else reading["intent"], "otherwise": DEFINITION}


def _is_alone(clause: Message) -> bool:
    """Whether a message is a name, or one word that hints at a topic ("crafts"), and nothing surely asked by that."""
    words = [word for word in words_of(clause.get(TEXT) or "") if not is_function_word(word)]
    names, sure = len(clause.get(TOPIC_SPANS) or []), (clause.get(INTENT) or {}).get("confidence", 0.0)
    by_a_word, by_a_name = not names and sure >= _ASKED_BY_A_WORD, names != 1 or sure >= _ASKED_BY_A_NAME
    return _is_bare(clause) and not (by_a_word if len(words) == 1 else by_a_name)


def _best_aspect(ranking: List[Dict[str, Any]]) -> Optional[str]:
    """What a clause asks if it does not simply repeat the question before."""
    return next((guess["name"][len(ASK) :] for guess in ranking if guess["name"].startswith(ASK)), None)


def is_question(reading: Dict[str, Any]) -> bool:
    return str(reading["intent"]).startswith(ASK) or reading["intent"] == SAME


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuestionReader(Component):
    """Sets QUESTIONS and BESIDES on the whole message, and gives it the intent that matters most."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {
            "clause_from": 0.3,
            "halves_from": 0.5,
            "language_from": 0.6,
            "guessed_from": 0.4,
            "sure_from": 0.7,
        }

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._clause_from = float(config["clause_from"])
        self._halves_from = float(config["halves_from"])
        self._language_from = float(config["language_from"])
        self._guessed_from = float(config["guessed_from"])
        self._sure_from = float(config["sure_from"])

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

    def _doubt_language(self, message: Message) -> None:
        """A wish for a language names no topic and is sure; else the next intent is meant ("the French fund")."""
        intent, ranking = message.get(INTENT) or {}, message.get(INTENT_RANKING_KEY) or []
        sure = intent.get("confidence", 0) >= self._language_from and not message.get(ENTITIES)
        if intent.get("name") == LANGUAGE_WISH and not sure and len(ranking) > 1:
            message.set(INTENT, dict(ranking[1]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[1:], add_to_output=True)

    def _weigh(self, message: Message) -> None:
        """Settles which topic is described, if one is, and what is asked of the topics then known."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        named = [e["value"] for e in message.get(ENTITIES, []) if e["entity"] == TOPIC]
        topics = [topic for topic in named if not is_vague(topic)]
        guess, chance = described(message.get(GUESSES) or [], ranking)
        sure = guess is not None and chance >= self._sure_from
        if not topics:
            if guess is not None and chance >= self._guessed_from and all(is_general(topic) for topic in named):
                message.set(CUES, list(dict.fromkeys([guess, *(message.get(CUES) or [])])))
            if sure:
                message.set(GUESS, guess)
            topics = (message.get(CUES) or named)[:1]
        elif sure and knowledge().topics[str(guess)].parent in named:
            message.set(GUESS, guess)
            topics = [str(guess)]
        weighed = weigh(ranking, topics)
        if topics and topics[0] in named and str(weighed[0]["name"]).startswith(ASK):
            # What is named is surely asked about, if only to be told what it is.
            total = sum(guess["confidence"] for guess in weighed)
            weighed = [{**guess, "confidence": guess["confidence"] / total} for guess in weighed]
        if weighed:
            message.set(INTENT, dict(weighed[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, weighed, add_to_output=True)

    def _is_beside(self, part: Dict[str, Any]) -> bool:
        """A courtesy, or something else surely said beside a question."""
        asked = part["intent"] in (LANGUAGE_WISH, *ASKED_BESIDE)
        return part["intent"] in _GREETING or (asked and part["confidence"] >= self._language_from)

    @staticmethod
    def _outside(whole: Message) -> bool:
        """Only a near miss was named ("pôle emploi"): whatever is asked, it is not about a topic of ours."""
        return bool(whole.get(NEAR_MISS)) and not any(e["entity"] == TOPIC for e in whole.get(ENTITIES, []))

    @staticmethod
    def _hear_follow_up(whole: Message) -> None:
        """Two or three words that hint at a topic ("health?") go on with the question before, unless surely else."""
        intent, text = whole.get(INTENT) or {}, whole.get(TEXT) or ""
        short = len(words_of(text)) <= _FRAGMENT and bool(whole.get(CUES)) and not whole.get(NEAR_MISS)
        misread = intent.get("name") == OUT or (intent.get("name") in _REMARKS and text.endswith("?"))
        if short and misread and intent["confidence"] < _SURE:
            whole.set(INTENT, {"name": SAME, "confidence": intent["confidence"]}, add_to_output=True)

    def _join(self, whole: Message, clauses: List[Message]) -> None:
        for message in (whole, *clauses):
            self._doubt_language(message)
            self._weigh(message)
        if self._outside(whole):
            whole.set(INTENT, {"name": OUT, "confidence": 1.0}, add_to_output=True)
            clauses = []
        self._hear_follow_up(whole)
        reading = _presented(read_clause(whole), whole)
        parts = [read_clause(clause) for clause in clauses]
        halves = parts[len(parts) - (whole.get(TENTATIVE) or 0) :]
        parts = parts[: len(parts) - len(halves)]
        tentative = bool(halves) and _both_ask(halves, self._halves_from)
        if tentative:
            parts = [*(part for part, clause in zip(parts, clauses, strict=False) if not clause.get(DIVIDED)), *halves]
        questions = [part for part in parts if is_question(part) and part["confidence"] >= self._clause_from]
        questions = _under_heading(questions)
        questions = questions if tentative else _asked(questions)
        telling = [part for part in parts if part["intent"] not in _ALONGSIDE]
        main: Optional[Dict[str, Any]] = None
        about_ours = _named(parts) or any(map(_stands, questions))
        if reading["intent"] == OUT and reading["confidence"] >= _OUTSIDE_FROM and not about_ours:
            questions, telling = [], []
        wished = max(map(_surely_wished, telling), default=0.0)
        if wished > max((part["confidence"] for part in questions), default=0.0) and not _named(questions):
            questions = []  # "I am still in doubt. Could you help me choose?"
        if len(questions) == 1 and _tells_better(reading, questions[0]):
            if _named(questions):  # what it is about, the part tells: the rest sets the scene
                told = questions[0]
                reading = {**reading, "topics": told["topics"], "cues": told["cues"] or reading["cues"]}
            questions, telling = [], []
        if questions:
            main = questions[0]
            _share_topics(questions, parts, reading)
        elif telling:
            main = max(telling, key=lambda part: part["confidence"])
            courtesy = reading["intent"] in _ASSENT and main["confidence"] >= self._halves_from
            if main["confidence"] < reading["confidence"] and not courtesy:
                main = reading
        if main is None:
            doubtful = reading["intent"] == OUT and reading["confidence"] < _OUTSIDE_FROM
            main = _courtesy(parts) if doubtful else None
        if main is None:
            main = reading
        if main["intent"] in _ASSENT and _names_its_subject(main):
            main = {**main, "intent": SAME, "bare": True, "otherwise": DEFINITION}  # "right, incubators"
        if not questions and is_question(main):
            questions = [main]
        besides = [part["intent"] for part in parts if part is not main and self._is_beside(part)]
        if main is not reading:
            whole.set(INTENT, {"name": main["intent"], "confidence": main["confidence"]}, add_to_output=True)
            whole.set(INTENT_RANKING_KEY, main["ranking"], add_to_output=True)
        for question in questions:
            question.pop("ranking", None)
        whole.set(QUESTIONS, questions, add_to_output=True)
        whole.set(BESIDES, besides, add_to_output=True)
        whole.set(CUES, reading["cues"], add_to_output=True)
        whole.set(NEAR_MISS, reading["near_miss"], add_to_output=True)


def is_general(topic: str) -> bool:
    """The mere idea of a cluster, which a description makes precise."""
    return is_vague(topic) and knowledge().topics[topic].kind == "concept"


def _names_its_subject(part: Dict[str, Any]) -> bool:
    return any(knowledge().topics[topic].kind != "place" for topic in part["topics"])


def _both_ask(parts: List[Dict[str, Any]], sure_from: float) -> bool:
    """Whether the halves of "the budget and the sectors of PTCEs" surely ask different things, or of other topics."""
    aspects = {part["intent"] for part in parts}
    asked = {(part["intent"], *(part["topics"] if all(other["topics"] for other in parts) else ())) for part in parts}
    telling = all(is_question(part) and part["confidence"] >= sure_from for part in parts)
    named = [part for part in parts if part["intent"] == f"{ASK}definition" and not part["asks"]]
    bare = any(part["bare"] or part["confidence"] < _SURE for part in named)
    return telling and len(asked) == len(parts) and not bare and not aspects & {SAME, f"{ASK}difference"}


def _tells_better(whole: Dict[str, Any], part: Dict[str, Any]) -> bool:
    """Whether a whole message tells its one question better than the part that asks it.

    Where they differ, the likeliest of both readings together decides, the whole's counting less: much of it only sets
    the scene.
    """
    if not is_question(whole):
        return False
    if whole["intent"] == part["intent"]:  # not what it hints at
        return bool(whole["confidence"] > part["confidence"] and not (part["cues"] and not whole["topics"]))
    together: Counter[str] = Counter()
    for reading, weight in ((whole, _WHOLE), (part, 1.0)):
        for guess in reading["ranking"]:
            together[guess["name"]] += weight * guess["confidence"]
    likeliest = together.most_common(1)[0][0]
    if likeliest in (whole["intent"], part["intent"]):
        return bool(likeliest == whole["intent"])
    return bool(whole["confidence"] > part["confidence"])


def _courtesy(parts: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """A greeting, thanks or goodbye surely said, whatever unreadable stands beside it."""
    said = [part for part in parts if part["intent"] in _COURTESIES and part["confidence"] >= _SURE]
    return said[0] if said else None


def _surely_wished(part: Dict[str, Any]) -> float:
    """How surely a part wishes for something that is no question of fact; 0 where it may be one."""
    surely = not is_question(part) and part["asks"] and part["confidence"] >= _SURELY_WISHED
    return float(part["confidence"]) if surely else 0.0


def _named(questions: List[Dict[str, Any]]) -> bool:
    return any(not is_vague(topic) for question in questions for topic in question["topics"])


def _asked(questions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Without what only sets the scene ("I run a bakery of six. How many ...?"): what has not the form of a question,
    is less sure than one that has, and is no afterthought to it ("..., also the ANR")."""
    surest = max((part["confidence"] for part in questions if part["asks"]), default=0.0)
    kept: List[Dict[str, Any]] = []
    for part in questions:
        goes_on = bool(part["topics"]) or part["points_back"]
        goes_on |= part["goes_on"]
        brief = len(part["words"]) <= SHORT + part["goes_on"] or part["intent"] == SAME
        afterthought = bool(kept) and goes_on and brief
        # What sets the scene comes before, and often speaks of oneself.
        sure = part["confidence"] >= _SURE and (bool(kept) or (bool(part["topics"]) and not part["of_oneself"]))
        surer = part["confidence"] > surest and not (part["of_oneself"] and surest)
        if part["asks"] or surer or afterthought or sure:
            kept.append(part)
    return kept


def _under_heading(questions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Without a first part that only says what the others are about, which they are told."""
    if len(questions) < 2 or not _is_heading(questions[0]) or questions[1]["topics"]:
        return questions
    if questions[0]["topics"]:
        _share_topics(questions[1:], questions, questions[0])
    else:
        questions[1]["ordinals"] = questions[0]["ordinals"]
    return questions[1:]


def _is_heading(part: Dict[str, Any]) -> bool:
    """Whether a part only says what the next one is about ("Competitiveness clusters: evaluations?", "the first one,
    who is in it?")."""
    if part["asks"]:
        return False
    if part["announces"] and part["topics"]:
        return True  # "Grappes against PTCEs: how many of each?"
    named = part["intent"] == f"{ASK}definition" and part["bare"] and part["topics"]
    return bool(named) or (part["intent"] == SAME and bool(part["ordinals"]))


def _stands(question: Dict[str, Any]) -> bool:
    """Whether a question names something that has just such a fact."""
    aspect = str(question["intent"])[len(ASK) :]
    return any(plausibility(topic, aspect) == 1.0 for topic in question["topics"])


def _share_topics(questions: List[Dict[str, Any]], parts: List[Dict[str, Any]], whole: Dict[str, Any]) -> None:
    """A question that names no topic takes the nearest one named before it in the message, else after.

    One that names only a place or "clusters" keeps its own too: "what is the ERDF, and can a company here apply?".
    """
    for question in questions:
        if question["ordinals"] or not all(is_vague(topic) for topic in question["topics"]):
            continue
        at = next(i for i, part in enumerate(parts) if part is question)
        before = [part["topics"] for part in parts[:at] if part["topics"]]
        after = [part["topics"] for part in parts[at + 1 :] if part["topics"]]
        own = question["topics"]
        if not own and question["cues"] and knowledge().topics[question["cues"][0]].kind == "theme":
            continue  # "how many for the arts, how many for housing?"
        pointed_at = question["points_back"] and all(is_general(topic) for topic in own)
        stands = _stands(question) and not pointed_at
        if question["intent"] != SAME and stands:
            continue  # it is answered as it stands; not so "these clusters"
        shared = before[-1:] if own else before[-1:] or after[:1] or [whole["topics"]]
        question["topics"] = list(dict.fromkeys([*own, *(topic for topics in shared for topic in topics)]))
        if not question["cues"]:
            # Not from before the part that named the topic: "the region helped us. I'd join a cluster: what for?"
            since = max((i for i, part in enumerate(parts[:at]) if part["topics"]), default=0)
            hinted = next((part for part in parts[since:at][::-1] if part["cues"]), parts[since] if since else whole)
            if not any(hinted is other for other in questions):  # else its answer tells what is meant
                question["cues"], question["guess"] = hinted["cues"], hinted["guess"]
