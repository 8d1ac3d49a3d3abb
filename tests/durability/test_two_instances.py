"""Two bots on one PostgreSQL and one Redis: one conversation at once, the database restarted or frozen, Redis gone."""

from __future__ import annotations

import itertools
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Iterator, List, Tuple

import pytest
import requests

from bot.channels.tokens import Tokens
from tests.channels.messenger.fake_graph import Graph
from tests.channels.messenger.messenger_meta import Meta, environment, new_mid, new_person, text
from tests.conftest import ServedBot
from tests.durability.people import (
    PATIENCE,
    POLITE_WITHIN,
    SETTINGS,
    TEXTS,
    Person,
    apology_of,
    await_answers,
    await_apologies,
    check_kept,
    let_go,
    start_together,
    stored,
)
from tests.durability.servers import PostgreSQL, Redis
from tests.website_client import SECRET, Visitor

Bots = Tuple[ServedBot, ServedBot]


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    served = Graph()
    yield served
    served.close()


@pytest.fixture(scope="module")
def bots(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: PostgreSQL, redis_server: Redis, graph: Graph
) -> Iterator[Bots]:
    shared = {**SETTINGS, "CACIMA_DATABASE_URL": postgresql_server.url, "CACIMA_REDIS_URL": redis_server.url}
    one, two = (
        ServedBot(tmp_path_factory.mktemp(name), {**shared, **environment(graph)}) for name in ("first", "second")
    )
    start_together(one, two)
    yield one, two
    for bot in (one, two):
        bot.stop()


def ready(bot: ServedBot) -> Tuple[int, dict]:
    answer = requests.get(f"{bot.url}/health/ready", timeout=POLITE_WITHIN)
    return answer.status_code, answer.json()


def await_state(shown: Callable[[ServedBot], bool], *bots: ServedBot) -> None:
    """Until /health/ready shows something of each bot: it tells nobody by itself, so it is asked again and again."""
    begun = time.monotonic()
    while not all(shown(bot) for bot in bots):
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.2)


def wait_until_ready(*bots: ServedBot) -> None:
    await_state(lambda bot: ready(bot)[0] == 200, *bots)


def conversation_of(visitor: Visitor) -> str:
    session = Tokens(SECRET.encode()).read(str(visitor.token))
    assert session is not None
    return session.conversation


def write_at_once(bots: Bots, how_many: int = 20) -> Tuple[List[requests.Response], str]:
    """One person, every message to the other instance, eight at a time."""
    visitors = [Visitor(bots[0].url)]
    visitors.append(Visitor(bots[1].url, visitors[0].token))

    def send(number: int) -> requests.Response:
        return visitors[number % 2].send(id=f"at-once-{number:03}", text=TEXTS[number % 5], language="en")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(how_many)))
    return answers, conversation_of(visitors[0])


def check_turns(database: str, conversation: str, expected: List[str]) -> None:
    said = [event for event in stored(database, conversation) if event["event"] in ("user", "bot")]
    assert sorted(event["message_id"] for event in said if event["event"] == "user") == sorted(expected)
    for before, after in itertools.pairwise(said):
        assert (before["event"], after["event"]) != ("user", "user"), "two turns interleaved"


def test_one_conversation_on_both_at_once(bots: Bots, postgresql_server: PostgreSQL) -> None:
    answers, conversation = write_at_once(bots)
    assert all(apology_of(answer) is None for answer in answers)
    check_turns(postgresql_server.url, conversation, [f"at-once-{number:03}" for number in range(20)])


def test_one_message_sent_to_both_is_taken_once(bots: Bots, postgresql_server: PostgreSQL) -> None:
    first = Visitor(bots[0].url)
    visitors = [first, Visitor(bots[1].url, first.token)]
    for number in range(5):
        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(visitors[n % 2].send, id=f"same-{number:05}", text=TEXTS[number]) for n in range(4)]
            answers = [each.result() for each in sent]
        assert len({str(answer.json()["messages"]) for answer in answers}) == 1
        assert all(apology_of(answer) is None for answer in answers)
    check_turns(postgresql_server.url, conversation_of(first), [f"same-{number:05}" for number in range(5)])


def test_a_delivery_of_messengers_to_both_is_answered_once(bots: Bots, graph: Graph) -> None:
    person, mid = new_person(), new_mid()
    one, two = (Meta(bot, graph) for bot in bots)
    event = text(person, "What is a PTCE?", mid)
    assert one.deliver(event).status == 200
    assert two.deliver(event).status == 200
    graph.wait_for(person, 1)
    one.quiet(person)
    answers = len(graph.to(person))
    assert one.deliver(event).status == 200
    one.quiet(person)
    assert len(graph.to(person)) == answers
    assert sum("PTCE (" in said for said in graph.texts(person)) == 1


def test_without_redis_nothing_is_lost(bots: Bots, postgresql_server: PostgreSQL, redis_server: Redis) -> None:
    redis_server.send(signal.SIGKILL)
    redis_server.process.wait(10)
    begun = time.monotonic()
    visitor = Visitor(bots[0].url)
    assert apology_of(visitor.send(text="What is a PTCE?")) is None
    assert time.monotonic() - begun < POLITE_WITHIN
    answers, conversation = write_at_once(bots, 8)
    kept = [f"at-once-{number:03}" for number, answer in enumerate(answers) if apology_of(answer) is None]
    assert kept
    check_turns(postgresql_server.url, conversation, kept)
    assert [ready(bot)[1]["parts"]["redis"] for bot in bots] == ["lost", "lost"]
    assert [ready(bot)[0] for bot in bots] == [200, 200]
    redis_server.start()

    def has_redis_again(bot: ServedBot) -> bool:
        assert apology_of(Visitor(bot.url).send(text="What is a PTCE?")) is None
        return bool(ready(bot)[1]["parts"]["redis"] == "ok")

    await_state(has_redis_again, *bots)


def test_the_database_is_restarted_under_load(bots: Bots, postgresql_server: PostgreSQL) -> None:
    people = [Person([bots[number % 2]]) for number in range(4)]
    for person in people:
        person.start()
    await_answers(people, 3)
    postgresql_server.stop(signal.SIGINT)  # "fast": connections are cut
    await_apologies(people)
    postgresql_server.start()
    await_answers(people, 3)
    postgresql_server.stop(signal.SIGQUIT)  # "immediate": as after a power cut
    await_apologies(people)
    await_state(lambda bot: ready(bot)[1]["failing"] == ["store"], bots[0])
    postgresql_server.start()
    await_answers(people, 4)
    let_go(people)
    wait_until_ready(*bots)
    check_kept(people, postgresql_server.url)


def test_a_frozen_database_is_apologised_for(bots: Bots, postgresql_server: PostgreSQL) -> None:
    people = [Person([bots[number % 2]]) for number in range(4)]
    for person in people:
        person.start()
    await_answers(people, 2)
    frozen = postgresql_server.processes()
    try:
        for process in frozen:
            process.send(signal.SIGSTOP)
        await_apologies(people)
    finally:
        for process in reversed(frozen):
            process.send(signal.SIGCONT)
    await_answers(people, 3)
    let_go(people)
    wait_until_ready(*bots)
    check_kept(people, postgresql_server.url, least=5)


def test_an_instance_is_killed_and_the_other_takes_over(bots: Bots, postgresql_server: PostgreSQL) -> None:
    people = [Person([bots[number % 2], bots[1]]) for number in range(4)]
    for person in people:
        person.start()
    await_answers(people, 4)
    bots[0].process.send_signal(signal.SIGKILL)
    bots[0].process.wait(10)
    await_answers(people, 6)
    let_go(people)
    check_kept(people, postgresql_server.url)
