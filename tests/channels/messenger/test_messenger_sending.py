"""What the bot does when Graph is slow, busy, broken or refuses, and over restarts."""

from __future__ import annotations

import signal
import sqlite3
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import pytest

from tests.channels.messenger.fake_graph import TOKEN, Answer, Graph, error
from tests.channels.messenger.messenger_meta import Meta, environment, new_person, text
from tests.conftest import ServedBot

HTML = (503, "text/html", b"<html>Sorry, something went wrong.</html>")
Rule = Callable[[Dict[str, Any]], Optional[Answer]]


def for_person(person: str, answers: List[Answer]) -> Rule:
    """Gives these answers, one after the other, to messages for this person; then Graph is itself again."""
    left = list(answers)

    def rule(body: Dict[str, Any]) -> Optional[Answer]:
        if body["recipient"]["id"] == person and "message" in body and left:
            return left.pop(0)
        return None

    return rule


def failures(meta: Meta) -> List[str]:
    with sqlite3.connect(str(meta.bot.folder / "messenger.db"), timeout=10) as db:
        return [row[0] for row in db.execute("SELECT reason FROM unsent ORDER BY number")]


def state(meta: Meta) -> int:
    try:
        with urllib.request.urlopen(f"{meta.bot.url}/webhooks/messenger/", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.parametrize(
    "answer",
    [error(400, code) for code in (4, 17, 32, 341, 613, 1200, 1, 2)]
    + [error(500, 2), error(503, 99), HTML, (429, "text/html", b"slow down"), (500, "text/plain", b"")],
    ids=lambda answer: f"{answer[0]} {answer[2][-60:-40]!r}",
)
def test_passing_errors_are_tried_again(meta: Meta, answer: Answer) -> None:
    person = new_person()
    meta.graph.rule = for_person(person, [answer])
    assert "PTCE" in meta.ask(person, "Combien de PTCE ?")
    sends = [call for call in meta.graph.calls if call[1].endswith("/messages")]
    assert len(sends) == 3  # typing, the failure, the answer


@pytest.mark.parametrize(
    "answer",
    [error(400, code) for code in (10, 200, 551, 100)]
    + [error(400, 10, 2018278), error(500, 100), (404, "text/html", b"<html>"), error(400, 12345)],
)
def test_final_errors_are_recorded_and_not_tried_again(meta: Meta, answer: Answer) -> None:
    person = new_person()
    before = len(failures(meta))
    meta.graph.rule = for_person(person, [answer] * 9)
    meta.deliver(text(person, "Combien de PTCE ?"))
    begun = time.monotonic()
    while len(failures(meta)) == before and time.monotonic() - begun < 10:
        time.sleep(0.05)
    assert len(failures(meta)) == before + 1
    time.sleep(1.2)
    assert len([call for call in meta.graph.calls if call[1].endswith("/messages")]) == 2
    meta.graph.rule = None
    assert meta.ask(person, "Et les grappes ?")


def test_a_server_that_hangs_up_is_tried_again(meta: Meta) -> None:
    person = new_person()
    meta.graph.silent = True
    meta.deliver(text(person, "Combien de PTCE ?"))
    time.sleep(1.0)
    meta.graph.silent = False
    assert "PTCE" in meta.graph.wait_for(person)[0]
    assert len(meta.graph.to(person)) == 1


def test_an_expired_token_is_one_log_line_and_a_health_failure(meta: Meta) -> None:
    people = [new_person() for _ in range(5)]
    meta.graph.rule = lambda body: error(400, 190, 463)
    for person in people:
        meta.deliver(text(person, "Combien de PTCE ?"))
    begun = time.monotonic()
    while failures(meta).count("graph 190/463") < 5 and time.monotonic() - begun < 10:
        time.sleep(0.05)
    assert failures(meta).count("graph 190/463") == 5
    calls = len(meta.graph.calls)
    assert calls <= 10  # a typing and a message each at most, and no loop
    log = meta.bot.log.read_text(encoding="utf-8")
    assert log.count("Graph refuses the page token") == 1
    assert state(meta) == 503
    meta.graph.rule = None
    assert "23" in meta.ask(people[0], "Combien de PTCE ?")
    begun = time.monotonic()  # Graph has the message before the bot has Graph's answer
    while "accepts the page token again" not in meta.bot.log.read_text("utf-8") and time.monotonic() - begun < 10:
        time.sleep(0.05)
    assert meta.bot.log.read_text(encoding="utf-8").count("accepts the page token again") == 1
    assert state(meta) == 200


def test_secrets_and_graphs_own_words_stay_out_of_the_log(meta: Meta) -> None:
    person = new_person()
    meta.graph.rule = for_person(person, [error(400, 100)])
    meta.deliver(text(person, "Combien de PTCE ?"))
    meta.settle(person)
    log = meta.bot.log.read_text(encoding="utf-8")
    for secret in (TOKEN, "app-secret-for-tests", "verify-token-for-tests", "secret detail"):
        assert secret not in log


def test_long_answers_come_whole_in_several_messages(meta: Meta) -> None:
    person = new_person()
    question = "C'est quoi un PTCE ? C'est quoi une grappe d'entreprises ? Qui finance les pôles de compétitivité ?"
    question += (
        " C'est quoi France Clusters ? Qu'apportent les pôles d'innovation pour l'artisanat ? Quels secteurs ont-ils ?"
    )
    website = "\n\n".join(message["text"] for message in meta.bot.say(f"web-{person}", question))
    meta.deliver(text(person, question))
    meta.graph.wait_for(person)
    meta.settle(person)
    said = meta.graph.texts(person)[:-1]
    assert "".join("".join(said).split()) == "".join(website.split())


def test_a_stalled_graph_does_not_slow_the_other_channels(meta: Meta) -> None:
    people = [new_person() for _ in range(20)]
    meta.graph.stall = 30.0
    for person in people:
        assert meta.deliver(text(person, "Combien de PTCE ?")).status == 200
    slowest = 0.0
    for turn in range(20):  # ten seconds, of which the last five are of catching up
        if turn == 10:
            assert not meta.graph.messages
            meta.graph.release()
        asked = time.monotonic()
        assert meta.bot.say("web-during-a-stall", "Combien de PTCE ?")
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.5)
    assert slowest < 2.0
    for person in people:
        assert len(meta.graph.wait_for(person, within=60)) == 1
    time.sleep(1.0)
    assert [len(meta.graph.to(person)) for person in people] == [1] * 20


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_loses_and_doubles_nothing(tmp_path: Path, how: int) -> None:
    graph = Graph()
    bot = ServedBot(tmp_path, environment(graph)).start()
    meta = Meta(bot, graph)
    try:
        people = [new_person() for _ in range(30)]
        graph.rule = lambda body: error(400, 613)
        asked = [text(person, words) for person in people for words in ("Combien de PTCE ?", "C'est quoi l'ADEME ?")]
        for start in range(0, 60, 10):
            assert meta.deliver(*asked[start : start + 10]).status == 200
        assert bot.process is not None
        bot.process.send_signal(how)
        bot.process.wait(25)
        assert graph.messages == []
        graph.rule = None
        bot.log.write_text("", encoding="utf-8")
        bot.start()
        assert meta.deliver(*asked[:10]).status == 200  # Meta delivers again what it is not sure of
        for person in people:
            answers = graph.wait_for(person, 2, within=60)
            assert "PTCE" in answers[0]
            assert "ADEME" in answers[1]
        time.sleep(1.0)
        assert [len(graph.to(person)) for person in people] == [2] * 30
        assert graph.refusals == []
    finally:
        bot.stop()
        graph.close()


def test_a_stop_while_all_is_well_leaves_nothing_behind(tmp_path: Path) -> None:
    graph = Graph()
    bot = ServedBot(tmp_path, environment(graph)).start()
    try:
        people = [new_person() for _ in range(40)]
        Meta(bot, graph).ask(new_person(), "Combien de PTCE ?")  # the very first turn loads the word lists
        assert Meta(bot, graph).deliver(*(text(person, "Combien de PTCE ?") for person in people)).status == 200
        bot.stop()
        assert [len(graph.to(person)) for person in people] == [1] * 40
        with sqlite3.connect(str(tmp_path / "messenger.db")) as db:
            for table in ("inbox", "outbox"):
                assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    finally:
        bot.stop()
        graph.close()
