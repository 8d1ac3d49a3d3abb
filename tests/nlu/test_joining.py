"""How the readings of a message's parts bear on each other, on readings made by hand."""

from __future__ import annotations

from typing import Any, Dict

from bot.nlu.joining import (
    asks_of_its_own,
    asks_once,
    go_on,
    share_topics,
    surely_wished,
    tells_better,
    those_asked,
    under_heading,
    with_its_subject,
)


def part(intent: str, confidence: float = 0.95, **said: Any) -> Dict[str, Any]:
    nothing = {"topics": [], "cues": [], "guess": None, "ordinals": [], "words": ["a"] * 9, "ranking": []}
    flags = dict.fromkeys(("bare", "asks", "announces", "goes_on", "of_oneself", "points_back", "worded"), False)
    return {"intent": intent, "confidence": confidence, **nothing, **flags, **said}


COUNT = part("ask_count", asks=True, topics=["ptce"])


def test_what_one_says_of_oneself_is_no_question() -> None:
    scene = part("ask_definition", topics=["feder"], of_oneself=True)
    assert those_asked([scene, COUNT]) == [COUNT]
    assert those_asked([scene]) == [scene]  # where nothing else asks


def test_an_afterthought_is_one() -> None:
    also = part("ask_funding", 0.8, goes_on=True, words=["and", "also", "the", "budget"])
    assert those_asked([COUNT, also]) == [COUNT, also]


def test_an_announcement_is_told_of_what_follows() -> None:
    heading = part("ask_difference", topics=["grappe_entreprises", "ptce"], announces=True)
    asked = part("ask_count", asks=True)
    assert under_heading([heading, asked]) == [asked]
    assert asked["topics"] == ["grappe_entreprises", "ptce"]


def test_an_announcement_may_tell_what_is_asked_of_what_follows() -> None:
    heading = part("ask_count", announces=True)  # "I need two numbers: grappes in France, and PTCEs."
    named = [part("ask_location", topics=["grappe_entreprises"]), part("ask_label", topics=["ptce"])]
    assert under_heading([heading, *named]) == named
    assert {one["intent"] for one in named} == {"ask_count"}


def test_a_name_by_itself_is_a_heading_however_it_was_read() -> None:
    named = part("ask_suits", topics=["cluster_regional"], bare=True)  # "a regional cluster, what is it?"
    asked = part("ask_definition", asks=True)
    assert under_heading([named, asked]) == [asked]
    assert asked["topics"] == ["cluster_regional"]


def test_a_name_behind_its_question_is_what_it_is_about() -> None:
    asked, named = part("ask_definition", asks=True), part("ask_suits", topics=["ptce"], bare=True, asks=True)
    assert with_its_subject([asked, named]) == [asked]  # "what is it, a PTCE?"
    assert asked["topics"] == ["ptce"]
    also = part("same_question", topics=["ptce"], bare=True, goes_on=True)  # "how many grappes? And PTCEs?"
    assert with_its_subject([asked, also]) == [asked, also]


def test_a_bare_name_goes_on_with_the_question_before() -> None:
    asked, named = part("ask_definition", topics=["ptce"]), part("ask_suits", topics=["grappe_entreprises"], bare=True)
    go_on([asked, named])  # "what is a PTCE? a grappe?"
    assert [asked["intent"], named["intent"]] == ["ask_definition", "same_question"]


def test_what_names_the_bulletin_or_a_place_asks_of_it() -> None:
    assert asks_of_its_own(part("ask_definition", topics=["bulletin"]))
    assert asks_of_its_own(part("ask_count", topics=["saint_pierre_et_miquelon"]))
    # "Have islands like mine done this?", "where does it come into this clusters story?"
    assert not asks_of_its_own(part("ask_definition", topics=["saint_pierre_et_miquelon"]))
    assert not asks_of_its_own(part("ask_definition", topics=["cluster"]))


def test_a_hint_from_before_the_named_topic_is_not_shared() -> None:
    region, named, asked = (
        part("out_of_scope", cues=["cluster_regional"]),
        part("guide", topics=["cluster"]),
        part("ask_aims"),
    )
    share_topics([asked], [region, named, asked], part("ask_aims"))
    assert (asked["topics"], asked["cues"]) == (["cluster"], [])


def test_the_first_ones_of_one_topic_are_that_topic() -> None:
    def shared(*named: str) -> Dict[str, Any]:
        asked = part("ask_date", ordinals=[0], points_back=True)
        share_topics([asked], [part("out_of_scope", topics=list(named)), asked], part("ask_date"))
        return asked

    assert shared("ptce")["topics"] == ["ptce"]
    assert (shared("ptce", "fui")["topics"], shared("ptce", "fui")["ordinals"]) == ([], [0])


def test_two_topics_of_one_verb_are_asked_the_same() -> None:
    poles = part("ask_date", topics=["pole_competitivite"], worded=True)
    launched = part("ask_management", topics=["grappe_entreprises"])  # "... and the grappes launched?"
    assert asks_once(part("ask_date"), [poles, launched])
    assert not asks_once(part("ask_date"), [poles, {**launched, "worded": True}])  # "... and who runs the grappes?"
    assert not asks_once(part("ask_date", 0.6), [poles, launched])


def test_both_readings_decide_together_the_wholes_less() -> None:
    def reading(intent: str, first: float, other: str, second: float) -> Dict[str, Any]:
        ranking = [{"name": intent, "confidence": first}, {"name": other, "confidence": second}]
        return part(intent, first, ranking=ranking)

    asking = reading("ask_management", 0.5, "ask_definition", 0.3)
    assert not tells_better(reading("ask_definition", 0.55, "ask_management", 0.4), asking)
    assert tells_better(reading("ask_definition", 0.9, "ask_management", 0.1), asking)


def test_only_what_asks_and_is_sure_is_a_wish() -> None:
    assert surely_wished(part("guide", asks=True)) == 0.95
    assert surely_wished(part("guide", 0.5, asks=True)) == 0.0
    assert surely_wished(part("guide")) == 0.0
    assert surely_wished(COUNT) == 0.0
