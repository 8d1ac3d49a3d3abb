"""Which topics a question means, rule by rule, on the real knowledge base."""

from __future__ import annotations

from typing import Tuple

import pytest

from bot.knowledge.load import knowledge
from bot.knowledge.meant import Meant
from bot.knowledge.question import Context, Question

MEANT = Meant(knowledge())
GRAPPE, CRAFT, POLE, PLACE = (
    "grappe_entreprises",
    "pole_innovation_artisanat",
    "pole_competitivite",
    "saint_pierre_et_miquelon",
)


def words(text: str) -> frozenset:
    return frozenset(text.split())


CASES = {
    "named": (Question("count", ("ptce",)), Context((GRAPPE,)), ("ptce",)),
    "spoken of last": (Question("count"), Context((GRAPPE,)), (GRAPPE,)),
    "the bulletin yields to what it says": (Question("definition", ("bulletin", "zee")), Context(), ("zee",)),
    "the bulletin itself": (Question("date", ("bulletin",)), Context(("ptce",)), ("bulletin",)),
    "only the bulletin has a date": (Question("date", ("bulletin", "cluster")), Context(), ("bulletin",)),
    "since the bulletin": (Question("update", ("bulletin",)), Context((POLE,)), (POLE,)),
    "a pronoun outweighs a hint": (
        Question("partners", cues=("ptce",), points_back=True),
        Context((GRAPPE,)),
        (GRAPPE,),
    ),
    "a hint that cannot answer": (Question("members", cues=("philippe_clerc",)), Context(("ptce",)), ("ptce",)),
    "a hint that can": (Question("members", cues=(GRAPPE,)), Context(("ptce",)), (GRAPPE,)),
    "national or regional is no topic": (
        Question("level", ("cluster_regional",), words=words("national or regional")),
        Context((POLE,)),
        (POLE,),
    ),
    "regional clusters are one": (
        Question("level", ("cluster_regional",), words=words("cluster regional national")),
        Context((POLE,)),
        ("cluster_regional",),
    ),
    "clusters in general": (Question("level", ("cluster",), cues=("cluster_regional",)), Context(), ("cluster",)),
    "these poles": (Question("contact", (POLE,), words=words("ces pole")), Context((CRAFT,)), (CRAFT,)),
    "these poles, after one of their themes": (
        Question("contact", (POLE,), words=words("ces pole")),
        Context(("theme_alimentation",)),
        (CRAFT,),
    ),
    "competitiveness poles": (
        Question("contact", (POLE,), words=words("pole competitivite")),
        Context((CRAFT,)),
        (POLE,),
    ),
    "the whole": (Question("count", in_all=True), Context(("theme_sante",)), (CRAFT,)),
    "several themes": (
        Question(None, cues=("theme_sante", "theme_numerique")),
        Context((CRAFT,), "count"),
        ("theme_sante", "theme_numerique"),
    ),
    "a theme of what is described": (Question("count", cues=(CRAFT, "theme_arts")), Context(), ("theme_arts",)),
    "a company of the place": (
        Question("suits", (PLACE,), cues=("ptce",), points_back=True),
        Context(("feder",)),
        ("feder",),
    ),
    "a cluster here": (Question("existence", ("cluster",), cues=(PLACE,)), Context((PLACE,), "count"), (PLACE,)),
    "why she matters here": (
        Question("aims", (PLACE,), points_back=True),
        Context(("apeca",), "definition"),
        ("apeca",),
    ),
    "that fund, of those spoken of": (
        Question("management", points_back=True, words=words("who run that fund")),
        Context((POLE,), "funding"),
        ("fui",),
    ),
    "that fund, of others": (
        Question("management", points_back=True, words=words("who run that fund")),
        Context((GRAPPE,), "funding"),
        (GRAPPE,),
    ),
    "no fund in particular": (
        Question("management", words=words("who run a fund")),
        Context((POLE,), "funding"),
        (POLE,),
    ),
    "the latter": (Question("count", ordinals=(1,)), Context(("ptce",), "count", ("ptce", GRAPPE)), (GRAPPE,)),
    "the other one": (
        Question("suits", other=True),
        Context(("ptce",), "suits", ("ptce", GRAPPE)),
        (GRAPPE,),
    ),
    "the other one, of none": (Question("suits", other=True), Context(("ptce",), "suits"), ("ptce",)),
    "and the private ones": (
        Question(None, cues=("cluster_prive",), points_back=True),
        Context(("cluster_regional",), "level"),
        ("cluster_prive",),
    ),
    "a part of what was spoken of": (
        Question("count", cues=("theme_alimentation",), points_back=True),
        Context((CRAFT,), "suits"),
        ("theme_alimentation",),
    ),
    "the same as a grappe": (
        Question("difference", (GRAPPE,), says_it=True),
        Context(("cluster",), "definition"),
        ("cluster", GRAPPE),
    ),
    "different from a grappe": (Question("difference", (GRAPPE,), against=True), Context(("ptce",)), ("ptce", GRAPPE)),
    "different from all others": (Question("difference", (GRAPPE,)), Context(("ptce",)), (GRAPPE,)),
    "regional against private": (
        Question("difference", ("cluster_prive",), cues=("cluster_regional",)),
        Context(),
        ("cluster_regional", "cluster_prive"),
    ),
    "why it matters to the place": (Question("aims", (PLACE,), says_it=True), Context(("apeca",)), ("apeca",)),
    "why there": (Question("aims", (PLACE,)), Context(("ptce",)), (PLACE,)),
    "who wrote of the place": (
        Question("definition", (PLACE,), cues=("philippe_clerc",)),
        Context(),
        ("philippe_clerc",),
    ),
    "does he still work there": (
        Question("update", ("cci_france",), words=words("he still work for cci france")),
        Context(("philippe_clerc",)),
        ("philippe_clerc",),
    ),
    "who she is, of a body": (
        Question("definition", words=words("who s she"), points_back=True),
        Context(("ism",)),
        ("mathilde_jacquemet",),
    ),
    "who she is, of nobody": (Question("contact", words=words("whom should she write to")), Context(), ()),
    "whether she could join": (Question("suits", words=words("could she join")), Context(("ism",)), ("ism",)),
    "any clusters": (Question("existence", ("cluster",)), Context(), (PLACE,)),
    "kinds of cluster, says the bulletin": (
        Question("types", ("cluster",), cues=("bulletin",)),
        Context(),
        ("cluster",),
    ),
    "the clusters of the regions": (
        Question("members", ("cluster",), cues=("cluster_regional",)),
        Context(),
        ("cluster_regional",),
    ),
    "another type, national or regional": (Question("level", ("ptce",)), Context((GRAPPE,)), ("ptce",)),
    "a guess named too is meant once": (Question("label", ("ptce",), guess="ptce"), Context(), ("ptce",)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_meant(name: str) -> None:
    question, context, meant = CASES[name]
    expected: Tuple[str, ...] = meant
    assert MEANT.topics(question, context, question.aspect or context.aspect or "") == expected
