"""What Meta may send, well or badly formed, against the served bot."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, Optional

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.messenger.messenger_meta import (
    PAGE,
    PATH,
    VERIFY,
    Meta,
    body_of,
    event,
    new_mid,
    new_person,
    press,
    sign,
    text,
)
from tests.conftest import Reply


def get(meta: Meta, **query: str) -> Reply:
    url = f"{meta.bot.url}{PATH}?{urllib.parse.urlencode({'hub.' + name: value for name, value in query.items()})}"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return Reply(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read())


def test_verification_gives_the_challenge_back(meta: Meta) -> None:
    reply = get(meta, mode="subscribe", verify_token=VERIFY, challenge="1158201444")
    assert (reply.status, reply.body) == (200, b"1158201444")


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "é" + VERIFY, "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY, "challenge": "1"},
        {"verify_token": VERIFY, "challenge": "1"},
        {"mode": "subscribe", "verify_token": VERIFY},
        {"mode": "subscribe", "challenge": "1"},
        {},
    ],
)
def test_any_other_verification_is_refused(meta: Meta, query: Dict[str, str]) -> None:
    assert get(meta, **query).status == 403


@pytest.mark.parametrize(
    "signature",
    [None, "", "sha256=", "sha1=0000", "sha256=" + "0" * 64, "md5=abc", "sha256=é", sign(b"another body")],
)
def test_what_is_not_signed_is_refused_and_not_read(meta: Meta, signature: Optional[str]) -> None:
    person = new_person()
    header = signature.encode("utf-8").decode("latin-1") if signature else signature
    assert meta.raw(body_of(text(person, "Bonjour")), header).status == 403
    meta.settle(person)
    assert len(meta.graph.to(person)) == 1


def test_a_sha1_signature_is_not_enough(meta: Meta) -> None:
    import hashlib
    import hmac

    body = body_of(text(new_person(), "Bonjour"))
    digest = "sha1=" + hmac.new(b"app-secret-for-tests", body, hashlib.sha1).hexdigest()
    assert meta.bot.post(PATH, body, {"X-Hub-Signature": digest, "X-Hub-Signature-256": digest}).status == 403


@pytest.mark.alone
def test_the_answer_goes_out_before_the_work(meta: Meta) -> None:
    person = new_person()
    meta.graph.stall = 3.0
    begun = time.monotonic()
    assert meta.deliver(text(person, "C'est quoi un PTCE ?")).status == 200
    assert time.monotonic() - begun < 1.0
    meta.graph.stall = 0.0
    meta.graph.wait_for(person)


def test_a_duplicate_is_answered_once(meta: Meta) -> None:
    person = new_person()
    happening = text(person, "C'est quoi un PTCE ?")
    for _ in range(3):
        assert meta.deliver(happening).status == 200
    assert meta.deliver(happening, happening).status == 200
    referral = event(person, timestamp=int(time.time() * 1000) + 1, referral={"ref": "ptce", "type": "OPEN_THREAD"})
    meta.deliver(referral)
    meta.deliver(referral)
    meta.settle(person)
    assert len(meta.graph.to(person)) == 3


def test_every_event_of_every_entry_is_answered_in_order(meta: Meta) -> None:
    one, two = new_person(), new_person()
    now = int(time.time() * 1000)
    questions = ["C'est quoi un PTCE ?", "Combien de grappes ?", "C'est quoi l'ADEME ?"]
    entries = [
        {"id": PAGE, "time": now, "messaging": [text(one, questions[0], timestamp=now - 30), text(two, "Hello")]},
        {
            "id": PAGE,
            "time": now,
            "messaging": [text(one, q, timestamp=now - 20 + i) for i, q in enumerate(questions[1:])],
        },
    ]
    assert meta.raw(json.dumps({"object": "page", "entry": entries}).encode()).status == 200
    answers = meta.graph.wait_for(one, 3)
    assert ["PTCE" in answers[0], "grappes" in answers[1], "ADEME" in answers[2]] == [True] * 3
    assert "Hello" in meta.graph.wait_for(two)[0]


def test_events_delivered_out_of_order_are_answered_in_order(meta: Meta) -> None:
    person = new_person()
    now = int(time.time() * 1000)
    late = [
        text(person, "C'est quoi l'ADEME ?", timestamp=now),
        text(person, "Combien de PTCE ?", timestamp=now - 5000),
    ]
    assert meta.deliver(*late).status == 200
    answers = meta.graph.wait_for(person, 2)
    assert "labellisés" in answers[0]
    assert "ADEME" in answers[1]


def test_later_deliveries_take_their_place_among_those_waiting(meta: Meta) -> None:
    person = new_person()
    now = int(time.time() * 1000)
    meta.graph.stall = 1.5
    meta.deliver(text(person, "Bonjour", timestamp=now - 9000))
    meta.deliver(text(person, "C'est quoi l'ADEME ?", timestamp=now))
    meta.deliver(text(person, "Combien de PTCE ?", timestamp=now - 5000))
    answers = meta.graph.wait_for(person, 3)
    assert "labellisés" in answers[1]
    assert "ADEME" in answers[2]


def test_a_burst_from_one_person_keeps_its_order(meta: Meta) -> None:
    person = new_person()
    meta.ask(person, "Combien de grappes y a-t-il ?")  # a button alone tells no language
    heard, typing = len(meta.graph.wait_for(person)), len(meta.graph.actions)
    now = int(time.time() * 1000) - 1000
    topics = ["ptce", "fui", "ademe", "ism", "feder"]
    asked = [topics[number % 5] for number in range(60)]
    presses = [
        {**press(person, f'/ask_definition{{"topic": "{topic}"}}', "?"), "timestamp": now + number}
        for number, topic in enumerate(asked)
    ]
    for start in range(0, 60, 20):
        assert meta.deliver(*presses[start : start + 20]).status == 200
    answers = meta.graph.wait_for(person, heard + 60, within=120)[heard:]
    assert len(answers) == 60
    for first in range(5):
        assert len(set(answers[first::5])) == 1
    assert len(set(answers[:5])) == 5
    assert len(meta.graph.actions) - typing <= 1  # one sign of typing for all of them, or the one still shown


def test_a_burst_of_two_hundred_people_at_once(meta: Meta) -> None:
    people = [new_person() for _ in range(200)]
    statuses = []

    def deliver(part: int) -> None:
        for person in people[part::8]:
            statuses.append(meta.deliver(text(person, "How many PTCEs are there?")).status)

    threads = [threading.Thread(target=deliver, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    assert all("23" in meta.graph.wait_for(person, within=120)[0] for person in people)
    assert len(meta.graph.messages) == 200


def ignored(person: str) -> Dict[str, Any]:
    """Every kind of event that asks for no answer, by name."""
    echo = {"mid": new_mid(), "is_echo": True, "text": "Bonjour", "metadata": "cacima"}
    from_page = {"sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": 1}
    return {
        "own echo": {**from_page, "message": echo},
        "own image echo": {**from_page, "message": {**echo, "mid": new_mid(), "attachments": [{"type": "image"}]}},
        "delivery": event(person, delivery={"mids": ["m_1"], "watermark": 1}),
        "read": event(person, read={"watermark": 1}),
        "reaction": event(person, reaction={"mid": "m_1", "action": "react", "emoji": "❤", "reaction": "love"}),
        "optin": event(person, optin={"type": "one_time_notif_req"}),
        "account linking": event(person, account_linking={"status": "linked"}),
        "policy": event(PAGE, policy_enforcement={"action": "warning", "reason": "x"}),
        "handover": event(person, pass_thread_control={"new_owner_app_id": "1"}),
        "edit": event(person, message_edit={"mid": "m_1", "text": "x", "num_edit": 1}),
        "deleted": event(person, message={"mid": new_mid(), "is_deleted": True}),
        "no attachments": event(person, message={"mid": new_mid(), "attachments": []}),
        "empty message": event(person, message={}),
        "empty postback": event(person, postback={"mid": new_mid()}),
        "unknown": event(person, something_of_2027={"a": [1]}),
        "no sender": {"message": {"mid": new_mid(), "text": "x"}},
        "the page itself": event(PAGE, message={"mid": new_mid(), "text": "x"}),
    }


@pytest.mark.parametrize("kind", sorted(ignored("1")))
def test_ignored_kinds(meta: Meta, kind: str) -> None:
    person = new_person()
    assert meta.deliver(ignored(person)[kind]).status == 200
    meta.settle(person)
    assert len(meta.graph.to(person)) == 1
    assert meta.graph.to(PAGE) == []


def test_standby_and_other_objects_are_ignored(meta: Meta) -> None:
    person = new_person()
    standby = {"object": "page", "entry": [{"id": PAGE, "standby": [text(person, "Bonjour")]}]}
    other = {"object": "instagram", "entry": [{"id": PAGE, "messaging": [text(person, "Bonjour")]}]}
    for body in (standby, other, {"object": "page"}, {"object": "page", "entry": [None, 1, {"messaging": [[], None]}]}):
        assert meta.raw(json.dumps(body).encode()).status == 200
    meta.settle(person)
    assert len(meta.graph.to(person)) == 1


def test_a_human_of_the_page_silences_the_bot_in_that_thread_only(meta: Meta) -> None:
    person, other = new_person(), new_person()
    meta.ask(person, "Bonjour")
    echo = {"mid": new_mid(), "is_echo": True, "app_id": 263902037430900, "text": "Ici Marie, de la CACIMA"}
    taken = {"sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": int(time.time() * 1000), "message": echo}
    assert meta.deliver(taken).status == 200
    assert meta.deliver(text(person, "Merci Marie, combien de PTCE ?")).status == 200
    assert meta.ask(other, "Combien de PTCE ?")
    time.sleep(0.5)
    assert len(meta.graph.to(person)) == 1


def test_an_event_a_day_late_is_not_answered(meta: Meta) -> None:
    person = new_person()
    meta.deliver(text(person, "Combien de PTCE ?", timestamp=int((time.time() - 25 * 3600) * 1000)))
    meta.settle(person)
    assert len(meta.graph.to(person)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=12,
)
FIELDS = ["sender", "recipient", "timestamp", "message", "postback", "referral", "delivery", "read", "optin"]
INNER = ["mid", "text", "id", "is_echo", "quick_reply", "attachments", "payload", "title", "ref", "sticker_id", "type"]
VALUES = st.one_of(JSON, st.dictionaries(st.sampled_from(INNER), JSON, max_size=5))
EVENTS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.lists(EVENTS, max_size=4).map(
        lambda items: json.dumps({"object": "page", "entry": [{"id": PAGE, "messaging": items}]}).encode()
    ),
)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@FUZZ
@given(body=BODIES)
def test_no_signed_body_breaks_the_server(meta: Meta, body: bytes) -> None:
    assert meta.raw(body).status == 200


@FUZZ
@given(body=BODIES, signature=st.none() | st.text(alphabet="0123456789abcdefsh=", max_size=80))
def test_no_unsigned_body_is_taken(meta: Meta, body: bytes, signature: Optional[str]) -> None:
    assert meta.raw(body, signature).status == 403


def test_a_body_nested_too_deep(meta: Meta) -> None:
    assert meta.raw(b"[" * 100_000).status == 200
    assert meta.raw(b'{"object": "page", "entry": ' + b"[" * 5000 + b"]" * 5000 + b"}").status == 200


def test_lone_surrogates_are_answered(meta: Meta) -> None:
    person = new_person()
    happening = json.dumps(text(person, "SURROGATE")).replace("SURROGATE", "PTCE \\ud800 ?")
    body = b'{"object": "page", "entry": [{"id": "1", "messaging": [' + happening.encode() + b"]}]}"
    assert meta.raw(body).status == 200
    assert meta.graph.wait_for(person)
