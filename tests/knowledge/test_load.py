"""A malformed file stops the start, with file, line and mend."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Callable, List

import pytest

from bot.knowledge.load import KNOWLEDGE, LEXICON, KnowledgeError, knowledge, load, malformed_addresses
from bot.knowledge.model import LANGUAGES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    shutil.copytree(LEXICON, tmp_path / "words")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("knowledge/topics", lambda t: t.replace("kind: cluster_type", "kindd: cluster_type"), ["“kindd”", ":2:"]),
        (
            "knowledge/topics",
            lambda t: t.replace('    en: "In late', '    xx: "In late'),
            ["“en” is missing", "key “xx”"],
        ),
        ("knowledge/topics", lambda t: t.replace("attribute: calls", "attribute: callls"), ["refers to “callls”"]),
        ("knowledge/topics", lambda t: t.replace("source: bulletin.4", "source: bulletin.9", 1), ["not a page 9"]),
        ("knowledge/topics", lambda t: t.replace("source: bulletin.4", "source: hearsay", 1), ["refers to “hearsay”"]),
        ("knowledge/topics", lambda t: t.replace("source: [mediatico", "source: [gossip", 1), ["refers to “gossip”"]),
        ("knowledge/topics", lambda t: t.replace("values: [social", "values: [sociable", 1), ["“sociable”"]),
        ("knowledge/topics", lambda t: t.replace("{number: 23}", "{number: 24}"), ["does not say “24”"]),
        (
            "knowledge/topics",
            lambda t: t.replace("Essayez econ", "Essayez http:/econ"),
            ["malformed addr"],
        ),
        ("knowledge/topics", lambda t: t.replace("facts:", "facts: [", 1), ["not valid YAML"]),
        ("knowledge/topics", lambda t: t.replace("attribute: open_calls", "attribute: count", 1), ["two facts are"]),
        ("words", lambda t: t.replace('"PTCE", "PTCEs"', '"PTCE", "cluster"', 1), ["already names"]),
    ],
)
def test_malformed(folder: Path, name: str, change: Callable[[str], str], words: List[str]) -> None:
    path = folder / name / "ptce.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    with pytest.raises(KnowledgeError) as error:
        load(folder / "knowledge", folder / "words")
    said = str(error.value)
    assert "ptce.yml:" in said
    for word in words:
        assert word in said
    assert " / " in said  # in both languages


def test_malformed_email() -> None:
    assert list(malformed_addresses("écrivez à a@b, ou à x.y@cacima.fr.")) == ["a@b"]


def test_every_fact_has_both_languages_a_source_and_a_date() -> None:
    for topic in knowledge().topics.values():
        for fact in topic.facts:
            assert all(fact[language].strip() for language in LANGUAGES), fact.id
            assert fact.checked, fact.id
            # What an abbreviation stands for, and what was looked for and not found, need no source.
            assert fact.source or fact.attribute in ("name", "open_calls") or fact.absent, fact.id


@pytest.mark.parametrize(
    ("fact", "number"),
    [
        ("pole_competitivite.count", 71),
        ("grappe_entreprises.count", 126),
        ("pole_innovation_artisanat.count", 22),
        ("ptce.count", 23),
        ("france_clusters.count", 150),
        ("saint_pierre_et_miquelon.count_companies", 558),
        ("saint_pierre_et_miquelon.count_craft", 32),
        ("cci_france.count", 148),
    ],
)
def test_the_bulletins_figures(fact: str, number: int) -> None:
    known = knowledge().fact(fact)
    assert number in known.value.all_numbers()
    assert any(source.startswith("bulletin.") for source in known.source)
    assert all(str(number) in known[language] for language in LANGUAGES)
