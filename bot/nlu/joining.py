"""How the readings of a message's clauses (bot/nlu/readings.py) bear on each other: which ask, and about what."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, Optional

from bot.knowledge.load import knowledge
from bot.nlu.clauses import SHORT
from bot.nlu.likeliest import ASK, plausibility
from bot.nlu.readings import DEFINITION, SAME, is_general, is_question
from bot.nlu.topics import is_vague

COURTESIES = ("greet", "thanks", "goodbye")
SURE = 0.9
_WHOLE = 0.7  # what the reading of a whole message counts beside that of its asking part
_SURELY_WISHED = 0.8


def names_its_subject(part: Dict[str, Any]) -> bool:
    return any(knowledge().topics[topic].kind != "place" for topic in part["topics"])


def both_ask(parts: List[Dict[str, Any]], sure_from: float) -> bool:
    """Whether the halves of "the budget and the sectors of PTCEs" surely ask different things, or of other topics."""
    aspects = {part["intent"] for part in parts}
    asked = {(part["intent"], *(part["topics"] if all(other["topics"] for other in parts) else ())) for part in parts}
    telling = all(is_question(part) and part["confidence"] >= sure_from for part in parts)
    named = [part for part in parts if part["intent"] == f"{ASK}{DEFINITION}" and not part["asks"]]
    bare = any(part["bare"] or part["confidence"] < SURE for part in named)
    return telling and len(asked) == len(parts) and not bare and not aspects & {SAME, f"{ASK}difference"}


def asks_once(whole: Dict[str, Any], parts: List[Dict[str, Any]]) -> bool:
    """Whether the halves of a message share their verb ("when were the poles and the grappes launched?"): it surely
    asks what its first half asks, each half names a topic, and the others have no question word."""
    named = all(part["topics"] for part in parts) and not any(part["worded"] for part in parts[1:])
    return named and bool(whole["intent"] == parts[0]["intent"]) and bool(whole["confidence"] >= SURE)


def tells_better(whole: Dict[str, Any], part: Dict[str, Any]) -> bool:
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


def courtesy_in(parts: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """A greeting, thanks or goodbye surely said, whatever unreadable stands beside it."""
    said = [part for part in parts if part["intent"] in COURTESIES and part["confidence"] >= SURE]
    return said[0] if said else None


def surely_wished(part: Dict[str, Any]) -> float:
    """How surely a part wishes for something that is no question of fact; 0 where it may be one."""
    surely = not is_question(part) and part["asks"] and part["confidence"] >= _SURELY_WISHED
    return float(part["confidence"]) if surely else 0.0


def names_topics(questions: List[Dict[str, Any]]) -> bool:
    return any(not is_vague(topic) for question in questions for topic in question["topics"])


def those_asked(questions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
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
        sure = part["confidence"] >= SURE and (bool(kept) or (bool(part["topics"]) and not part["of_oneself"]))
        surer = part["confidence"] > surest and not (part["of_oneself"] and surest)
        if part["asks"] or surer or afterthought or sure:
            kept.append(part)
    return kept


def under_heading(questions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Without a first part that only says what the others are about, which they are told."""
    if len(questions) < 2:
        return questions
    heading, *others = questions
    if heading["announces"] and not heading["topics"] and all(one["topics"] and not one["worded"] for one in others):
        for one in others:  # "I need two numbers: PTCEs, and grappes in France."
            one["intent"] = heading["intent"]
        return others
    if not _is_heading(heading) or questions[1]["topics"]:
        return questions
    if questions[0]["topics"]:
        share_topics(questions[1:], questions, questions[0])
    else:
        questions[1]["ordinals"] = questions[0]["ordinals"]
    return questions[1:]


def with_its_subject(questions: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Without a last part that only says what the one before it is about ("what is it, a PTCE?"), which is told."""
    if len(questions) < 2:
        return questions
    asked, subject = questions[-2:]
    if not subject["bare"] or subject["goes_on"] or asked["bare"] or asked["topics"] or asked["ordinals"]:
        return questions
    asked["topics"] = subject["topics"]
    return questions[:-1]


def go_on(questions: List[Dict[str, Any]]) -> None:
    """A bare name behind a question asks the same of another topic ("what is a grappe, a PTCE?"), however it was
    read."""
    for part in questions[1:]:
        if part["bare"] and part["topics"]:
            part["intent"] = SAME


def _is_heading(part: Dict[str, Any]) -> bool:
    """Whether a part only says what the next one is about ("Competitiveness clusters: evaluations?", "the first one,
    who is in it?")."""
    if part["asks"]:
        return False
    if part["announces"] and part["topics"]:
        return True  # "Grappes against PTCEs: how many of each?"
    return bool(part["bare"] and part["topics"]) or (part["intent"] == SAME and bool(part["ordinals"]))


def stands_alone(question: Dict[str, Any]) -> bool:
    """Whether a question names something that has just such a fact."""
    aspect = str(question["intent"])[len(ASK) :]
    return any(plausibility(topic, aspect) == 1.0 for topic in question["topics"])


def asks_of_its_own(part: Dict[str, Any]) -> bool:
    """Whether a part asks something of the bulletin or a place it names, rather than of what was named before."""
    general = any(is_general(topic) for topic in part["topics"])
    told = names_its_subject(part) or part["intent"] != f"{ASK}{DEFINITION}"  # "have islands like mine done this?"
    return told and not general and stands_alone(part)


def share_topics(questions: List[Dict[str, Any]], parts: List[Dict[str, Any]], whole: Dict[str, Any]) -> None:
    """A question that names no topic takes the nearest one named before it in the message, else after.

    One that names only a place or "clusters" keeps its own too: "what is the ERDF, and can a company here apply?".
    """
    for question in questions:
        at = next(i for i, part in enumerate(parts) if part is question)
        before = [part["topics"] for part in parts[:at] if part["topics"]]
        if question["ordinals"] and before and len(before[-1]) == 1 and not is_vague(before[-1][0]):
            question["ordinals"] = []  # "a slide on PTCEs. When did the first ones appear?"
        if question["ordinals"] or not all(is_vague(topic) for topic in question["topics"]):
            continue
        after = [part["topics"] for part in parts[at + 1 :] if part["topics"]]
        own = question["topics"]
        if not own and question["cues"] and knowledge().topics[question["cues"][0]].kind == "theme":
            continue  # "how many for the arts, how many for housing?"
        pointed_at = question["points_back"] and all(is_general(topic) for topic in own)
        stands = stands_alone(question) and not pointed_at
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
