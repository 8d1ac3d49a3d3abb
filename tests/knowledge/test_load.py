"""A malformed file stops the start, with file, line and mend."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Callable

import pytest

from bot.knowledge.load import KNOWLEDGE, KnowledgeError, load, malformed_addresses
from bot.knowledge.model import LANGUAGES, PageSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    return tmp_path / "knowledge"


def edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    path = folder / "topics" / name
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("kind: cluster_type", "kindd: cluster_type"), ["unknown key “kindd”", ":2:"]),
        (lambda t: t.replace('    en: "23', '    xx: "23'), ["“en” is missing", "unknown key “xx”"]),
        (lambda t: t.replace("aspect: funding", "aspect: fundings"), ["refers to “fundings”"]),
        (lambda t: t.replace("page: 4", "page: 9", 1), ["has 4 pages, not a page 9"]),
        (lambda t: t.replace('"PTCE", "PTCEs"', '"PTCE", "cluster"', 1), ["already names"]),
        (lambda t: t.replace("http://www.territoires", "http:/www.territoires", 1), ["malformed address"]),
        (lambda t: t.replace('      fr: "Le second appel', '      fr: "Ce second appel', 1), ["translated_from"]),
        (lambda t: t.replace("facts:", "facts: [", 1), ["not valid YAML"]),
        (lambda t: t.replace("aspect: calls", "aspect: count", 1), ["two facts are named"]),
    ],
)
def test_malformed(folder: Path, change: Callable[[str], str], words: list) -> None:
    edit(folder, "ptce.yml", change)
    with pytest.raises(KnowledgeError) as error:
        load(folder)
    said = str(error.value)
    assert "ptce.yml:" in said
    for word in words:
        assert word in said
    assert " / " in said  # in both languages


def test_malformed_email() -> None:
    assert list(malformed_addresses("écrivez à a@b, ou à x.y@cacima.fr.")) == ["a@b"]


def test_every_fact_has_both_languages_a_source_and_a_date() -> None:
    base = load(KNOWLEDGE)
    for topic in base.topics.values():
        for fact in topic.facts:
            assert all(fact[language].strip() for language in LANGUAGES), fact.id
            assert isinstance(fact.source, PageSource) or fact.as_of, fact.id


@pytest.mark.parametrize(
    ("fact", "number"),
    [
        ("pole_competitivite.count", "71"),
        ("pole_competitivite.date", "2004"),
        ("grappe_entreprises.count", "126"),
        ("pole_innovation_artisanat.count", "22"),
        ("ptce.count", "23"),
        ("france_clusters.count", "150"),
        ("saint_pierre_et_miquelon.count_companies", "558"),
        ("saint_pierre_et_miquelon.count_craft", "32"),
        ("cci_france.count", "148"),
        ("theme_alimentation.count", "5"),
    ],
)
def test_the_bulletins_figures(fact: str, number: str) -> None:
    base = load(KNOWLEDGE)
    for language in LANGUAGES:
        assert number in base.fact(fact)[language]
