"""Facts changed at the desk: checked as files are, laid over at once, undone, adopted, and set aside by newer data."""

from __future__ import annotations

import copy
import difflib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Iterator, List

import pytest
import sqlalchemy as sa

from bot.desk import facts
from bot.desk.adopt import write_examples, write_facts
from bot.desk.examples import Examples
from bot.desk.overlay import Overlay, Stale
from bot.desk.tables import edits
from bot.knowledge.answer import FACTS, Answer
from bot.knowledge.load import KNOWLEDGE, LEXICON, KnowledgeError, knowledge, knowledge_of_data, lay_over, load
from bot.knowledge.rendering import Renderer
from bot.settings import DATA
from bot.store import schema
from bot.store.engine import make_engine
from tests.conftest import ROOT

FACT = "ptce.count"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.fixture
def engine(tmp_path: Path) -> sa.engine.Engine:
    made = make_engine(sa.engine.url.URL.create("sqlite", database=str(tmp_path / "conversations.db")))
    schema.create(made)
    return made


@pytest.fixture
def overlay(engine: sa.engine.Engine, folder: Path) -> Iterator[Overlay]:
    yield Overlay(engine, folder)
    lay_over(None)


def changed(overlay: Overlay, name: str = FACT, **fields: Any) -> facts.Raw:
    return {**copy.deepcopy(overlay.raw(name)), **fields}


def more(overlay: Overlay, number: int = 25) -> facts.Raw:
    return changed(
        overlay,
        value={"number": number},
        fr=f"Fin 2015, {number} PTCE étaient labellisés.",
        en=f"In late 2015, {number} PTCEs were labelled.",
    )


def said(language: str = "fr") -> str:
    base = knowledge()
    return Renderer(base, language).say(Answer(FACTS, "count", ("ptce",), (base.fact(FACT),))).text


def test_a_change_holds_at_once_and_can_be_undone(overlay: Overlay) -> None:
    assert "23 PTCE" in said()
    overlay.save(FACT, more(overlay), 0, "ana")
    assert "25 PTCE" in said().replace("\u00a0", " ")
    assert "25 PTCEs" in said("en")
    assert "140" in said()  # the later state stays
    version = overlay.version(FACT)
    overlay.save(FACT, overlay.undone(FACT), version, "ana")
    assert "23 PTCE" in said().replace("\u00a0", " ")
    assert [each.after is None for each in overlay.history(FACT)] == [True, False]


def test_other_processes_follow(engine: sa.engine.Engine, folder: Path, overlay: Overlay) -> None:
    other = Overlay(engine, folder)
    assert not other.refresh()
    overlay.save(FACT, more(overlay, 26), 0, "ana")
    lay_over(None)  # as another process has it
    assert other.refresh()
    assert "26 PTCE" in said().replace("\u00a0", " ")
    assert not other.refresh()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": {"number": 99}}, "99"),  # the sentences do not say it
        ({"source": "hearsay"}, "hearsay"),
        ({"source": "bulletin.9"}, "9"),
        ({"en": ""}, "en"),
        ({"fr": "Écrivez à http:/exemple"}, "http:/exemple"),
        ({"en": "There are 23 PTCEs in 2015 ; do not hesitate."}, "say what to do"),
        ({"attribute": "nothing"}, "nothing"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_broken_change_is_refused_with_a_word_and_nothing_changes(
    overlay: Overlay, fields: facts.Raw, words: str
) -> None:
    before = said()
    with pytest.raises(KnowledgeError, match=words):
        overlay.save(FACT, changed(overlay, **fields), 0, "ana")
    assert said() == before
    assert overlay.history() == []


def test_of_two_editors_at_once_one_is_told(overlay: Overlay, engine: sa.engine.Engine, folder: Path) -> None:
    outcomes: List[str] = []

    def edit(number: int) -> None:
        mine = Overlay(engine, folder)
        try:
            mine.save(FACT, more(mine, number), 0, f"editor {number}")
            outcomes.append("kept")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=edit, args=(number,)) for number in (31, 32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "stale"]
    assert len(overlay.history(FACT)) == 1


def test_newer_data_sets_a_change_aside(overlay: Overlay, engine: sa.engine.Engine, folder: Path) -> None:
    overlay.save(FACT, more(overlay), 0, "ana")
    path = folder / "topics" / "ptce.yml"
    text = path.read_text(encoding="utf-8")
    assert "Fin 2015, 23 PTCE étaient labellisés" in text
    path.write_text(
        text.replace("Fin 2015, 23 PTCE étaient labellisés", "À la fin de 2015, 23 PTCE l'étaient"), "utf-8"
    )
    released = Overlay(engine, folder)
    standing = released.standing()
    assert list(standing.contradicted) == [FACT]
    assert standing.holding == {}
    assert released.raw(FACT)["fr"].startswith("À la fin de 2015")
    # Kept all the same, it is from now on a change of the newer fact.
    mine = standing.contradicted[FACT].after
    released.save(FACT, mine, released.version(FACT), "ana")
    assert list(released.standing().holding) == [FACT]


def test_what_was_adopted_is_no_change_any_more(overlay: Overlay, engine: sa.engine.Engine, folder: Path) -> None:
    overlay.save(FACT, more(overlay), 0, "ana")
    write_facts(folder, {name: each.after for name, each in overlay.standing().holding.items()})
    released = Overlay(engine, folder).standing()
    assert released.holding == released.contradicted == {}


def test_a_fact_that_is_gone_is_set_aside(overlay: Overlay, engine: sa.engine.Engine) -> None:
    with engine.begin() as connection:
        row = {"fact": "ptce.gone", "base": "x", "after": '{"fr": "x"}', "account": "ana", "at": 0.0}
        connection.execute(edits.insert(), row)
    assert list(overlay.standing().contradicted) == ["ptce.gone"]
    assert overlay.refresh()
    assert knowledge() is knowledge_of_data()


def differences(before: List[str], after: List[str]) -> List[str]:
    """Line by line, as a reviewer sees them."""
    found: List[str] = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [*(f"-{line}" for line in before[i1:i2]), *(f"+{line}" for line in after[j1:j2])]
    return found


def test_adopting_writes_those_lines_and_no_others(folder: Path, overlay: Overlay) -> None:
    path = folder / "topics" / "ptce.yml"
    before = path.read_text(encoding="utf-8")
    after = more(overlay)
    after["since"] = {**after["since"], "fr": "On en recensait 141 en mai 2023.", "value": {"number": 141}}
    after["since"]["en"] = "In May 2023, 141 were listed."
    after["checked"] = "2026-12-01"
    assert write_facts(folder, {FACT: after}) == [path]
    diff = differences(before.splitlines(), path.read_text(encoding="utf-8").splitlines())
    assert diff == [
        "-    value: {number: 23}",
        '-    fr: "Fin 2015, 23 PTCE étaient labellisés, à la suite du premier appel à projets."',
        '-    en: "In late 2015, 23 PTCEs were labelled, after the first call for proposals."',
        "+    value: {number: 25}",
        '+    fr: "Fin 2015, 25 PTCE étaient labellisés."',
        '+    en: "In late 2015, 25 PTCEs were labelled."',
        "-      value: {number: 140}",
        '-      fr: "On en recensait 140 en mai 2023."',
        '-      en: "In May 2023, 140 were listed."',
        "+      value: {number: 141}",
        '+      fr: "On en recensait 141 en mai 2023."',
        '+      en: "In May 2023, 141 were listed."',
        "+    checked: 2026-12-01",
    ]
    load(folder, LEXICON)


def test_facts_that_share_a_later_state_do_not_change_along(folder: Path) -> None:
    places = facts.read(folder)
    shared = places["fui.definition"].raw
    assert shared["since"] == places["fui.management"].raw["since"]
    after = {**shared, "since": {**shared["since"], "fr": "Il a pris fin en 2019.", "en": "It ended in 2019."}}
    write_facts(folder, {"fui.definition": after})
    written = facts.read(folder)
    assert written["fui.definition"].raw == after
    for other in ("fui.management", "fui.funding"):
        assert written[other].raw == places[other].raw


def test_every_file_survives_being_rewritten(folder: Path) -> None:
    from bot.desk.adopt import _open, _save

    for path in sorted((folder / "topics").glob("*.yml")):
        before = path.read_text(encoding="utf-8")
        yaml, document = _open(path)
        _save(yaml, document, path)
        assert path.read_text(encoding="utf-8") == before, path.name


def test_examples_are_added_once_where_their_intent_stands(tmp_path: Path) -> None:
    shutil.copytree(DATA / "nlu", tmp_path / "nlu")
    given = [("fr", "ask_funding", "c'est qui qui paie : les PTCE ?"), ("en", "ask_count", "number of PTCEs # today")]
    written = write_examples(tmp_path / "nlu", given)
    assert [path.name for path in written] == ["money.yml", "figures.yml"]
    for (language, _, text), path in zip(given, written, strict=True):
        original = (DATA / "nlu" / language / path.name).read_text(encoding="utf-8").splitlines()
        assert differences(original, path.read_text("utf-8").splitlines()) == [f"+    - {text}"]
    assert write_examples(tmp_path / "nlu", given) == []
    with pytest.raises(KeyError):
        write_examples(tmp_path / "nlu", [("fr", "ask_nothing", "x")])


def test_the_command_adopts_facts_and_examples(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("bot", "data"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    database = tmp_path / "kept"
    database.mkdir()
    made = make_engine(sa.engine.url.URL.create("sqlite", database=str(database / "conversations.db")))
    schema.create(made)
    overlay = Overlay(made)
    try:
        overlay.save(FACT, more(overlay), 0, "ana")
    finally:
        lay_over(None)
    Examples(made).keep("et l'argent des PTCE alors ?", "fr", "funding", "ptce", "ana")

    def run() -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "CACIMA_DATA": str(database)}
        command = [sys.executable, "-m", "bot.desk.adopt"]
        return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=120)

    done = run()
    assert done.returncode == 0, done.stderr
    assert "data/knowledge/topics/ptce.yml" in done.stdout
    assert "data/nlu/fr/money.yml" in done.stdout
    assert "Fin 2015, 25 PTCE" in (project / "data/knowledge/topics/ptce.yml").read_text(encoding="utf-8")
    assert "- et l'argent des PTCE alors ?\n" in (project / "data/nlu/fr/money.yml").read_text(encoding="utf-8")
    changed = [
        path.relative_to(project).as_posix()
        for path in (project / "data").rglob("*.yml")
        if path.read_bytes() != (ROOT / path.relative_to(project)).read_bytes()
    ]
    assert sorted(changed) == ["data/knowledge/topics/ptce.yml", "data/nlu/fr/money.yml"]
    assert "nothing to write" in run().stdout


@pytest.mark.alone
def test_a_turn_costs_what_it_did(overlay: Overlay) -> None:
    """What is laid over is a knowledge base like the other: nothing is looked up beside it."""
    overlay.save(FACT, more(overlay), 0, "ana")
    assert type(knowledge()) is type(knowledge_of_data())
    assert knowledge().topics.keys() == knowledge_of_data().topics.keys()

    def spent() -> float:
        begun = time.perf_counter()
        for _ in range(300):
            said()
        return time.perf_counter() - begun

    pairs = []
    for _ in range(7):  # by turns, so that what else the machine does falls on both
        laid, base = spent(), knowledge()
        lay_over(None)
        plain = spent()
        lay_over(base)
        pairs.append(laid / plain)
    assert sorted(pairs)[len(pairs) // 2] < 1.5, pairs  # a loaded machine; docs/decisions/0019 has the measurement
