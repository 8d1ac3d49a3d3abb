"""The desk over HTTP: who gets in, what is refused, and that what is changed there holds."""

from __future__ import annotations

import csv
import datetime
import re
import subprocess
import sys
import time
from typing import Any, Dict, Iterator, List

import pytest
import requests

from bot.desk.accounts import IDLE, LASTS
from bot.desk.exchange import Draft
from bot.desk.requests import Requests
from bot.desk.tables import sessions
from tests.conftest import ROOT, ServedBot
from tests.desk.clerk import PASSWORD, Clerk, accounts_of, engine_of, text_of
from tests.website_client import SECRET

PAGES = ("questions", "reponses", "reponses/ptce.count", "fraicheur", "chiffres", "demandes", "compte")
HOSTILE = "<script>alert(1)</script> {{7*7}} {% raw %} ' OR 1=1 -- quel prix ?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    served = ServedBot(tmp_path_factory.mktemp("bureau"), {"CACIMA_SECRET": SECRET}).start()
    accounts_of(served).set_password("Ana", PASSWORD)
    yield served
    served.stop()


@pytest.fixture
def clerk(desk: ServedBot) -> Clerk:
    return Clerk(desk)


def log_in(bot: ServedBot, name: str, password: str, **headers: str) -> requests.Response:
    return requests.post(
        f"{bot.url}/bureau/entrer",
        data={"name": name, "password": password},
        headers={"Accept-Language": "fr", **headers},
        timeout=30,
        allow_redirects=False,
    )


# Who gets in.


def test_it_is_not_there_until_an_account_exists(bot: ServedBot) -> None:
    for path in ("", "/", "/entrer", *(f"/{page}" for page in PAGES)):
        assert requests.get(f"{bot.url}/bureau{path}", timeout=30).status_code == 404
    assert log_in(bot, "Ana", PASSWORD).status_code == 404


def test_nothing_is_shown_to_who_is_not_logged_in(desk: ServedBot) -> None:
    for page in (*PAGES, "chiffres/csv", "demandes/x"):
        for method in ("get", "post"):
            answer = getattr(requests, method)(f"{desk.url}/bureau/{page}", timeout=30, allow_redirects=False)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/bureau/entrer"), page


def test_logging_in_and_out(desk: ServedBot) -> None:
    for name, password in (("Ana", "wrong"), ("Nobody", PASSWORD), ("", ""), ("Ana' OR '1'='1", "x")):
        refused = log_in(desk, name, password)
        assert refused.status_code == 403
        assert "Set-Cookie" not in refused.headers
        assert "ne vont pas ensemble" in refused.text
    answer = log_in(desk, "Ana", PASSWORD)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/bureau", f"Max-Age={int(LASTS)}"):
        assert part in cookie
    clerk = Clerk(desk, cookie=cookie.split(";")[0].partition("=")[2])
    assert clerk.get("questions").status_code == 200
    assert clerk.post("sortir").headers["Location"] == "/bureau/entrer?fait=logged_out"
    # A copy of the cookie opens nothing any more.
    assert clerk.get("questions", allow_redirects=False).status_code == 303


def test_a_form_of_another_site_logs_nobody_in(desk: ServedBot) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert log_in(desk, "Ana", PASSWORD, **headers).status_code == 403


def test_cookies_forged_changed_or_expired_open_nothing(desk: ServedBot) -> None:
    good = accounts_of(desk).begin("Ana")
    token, _, signature = good.rpartition(".")
    forged = [
        "x",
        "x.y",
        f"{token}.",
        f"{'B' if token[0] == 'A' else 'A'}{token[1:]}.{signature}",
        f"{token}.{'0' * 64}",
        "é.é",
        f"{token}.{signature[:-1]}",
    ]
    for cookie in forged:
        answer = requests.get(
            f"{desk.url}/bureau/questions",
            headers={"Cookie": f"cacima_bureau={cookie}".encode()},  # type: ignore[dict-item]
            timeout=30,
            allow_redirects=False,
        )
        assert answer.status_code == 303, cookie
    for column, ago in ((sessions.c.begun, LASTS), (sessions.c.seen, IDLE)):
        clerk = Clerk(desk)
        assert clerk.get("questions", allow_redirects=False).status_code == 200
        with engine_of(desk).begin() as connection:
            connection.execute(sessions.update().values({column: time.time() - ago - 1}))
        assert clerk.get("questions", allow_redirects=False).status_code == 303


def test_a_new_password_ends_every_session(desk: ServedBot) -> None:
    accounts_of(desk).set_password("Bea", PASSWORD)
    first, second = Clerk(desk, "Bea"), Clerk(desk, "Bea")
    new = "un autre mot de passe"
    assert first.post("compte", before="wrong", after=new, again=new).status_code == 403
    assert first.post("compte", before=PASSWORD, after="court", again="court").status_code == 400
    assert first.post("compte", before=PASSWORD, after=new, again=new).status_code == 303
    for clerk in (first, second):
        assert clerk.get("questions", allow_redirects=False).status_code == 303
    assert accounts_of(desk).knows("Bea", new)
    assert not accounts_of(desk).knows("Bea", PASSWORD)


def test_a_form_without_the_sessions_word_does_nothing(desk: ServedBot, clerk: Clerk) -> None:
    fields = {**clerk.fields("reponses/ptce.count"), "action": "save", "fr": "Fin 2015, 23 PTCE.", "en": "23 PTCEs."}
    other = Clerk(desk).csrf()
    for csrf, headers in (
        ("", {}),
        ("x", {}),
        (other, {}),
        (clerk.csrf(), {"Origin": "https://evil.example"}),
        (clerk.csrf(), {"Origin": "null"}),
        (clerk.csrf(), {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer = clerk.post("reponses/ptce.count", headers, **{**fields, "csrf": csrf})
        assert answer.status_code == 403
        assert "Rien n’a été changé" in answer.text
    assert "labellisés" in text_of(desk.say("csrf", "Combien de PTCE ?"))


def test_a_form_that_is_too_long_or_none_is_refused(desk: ServedBot, clerk: Clerk) -> None:
    for data in (b"name=" + b"x" * 200_000, b"&".join(b"f%d=x" % number for number in range(500))):
        for url in (f"{desk.url}/bureau/entrer", clerk.url("compte")):
            answer = clerk.http.post(url, data=data, timeout=30, allow_redirects=False)
            assert answer.status_code in (400, 403, 413), url
    assert clerk.http.post(clerk.url("compte"), json={"csrf": clerk.csrf()}, timeout=30).status_code == 403
    assert clerk.get("compte").status_code == 200


def test_headers_let_nothing_in(clerk: Clerk) -> None:
    for page in PAGES:
        answer = clerk.get(page)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert "<script" not in answer.text
        assert " style=" not in answer.text


def test_both_languages(clerk: Clerk) -> None:
    for page in PAGES:
        for language in ("fr", "en"):
            answer = clerk.get(f"{page}?langue={language}")
            assert answer.status_code == 200, page
            assert f'<html lang="{language}">' in answer.text
    assert '<html lang="en">' in clerk.get("questions").text  # remembered


# Questions.


def test_questions_are_grouped_masked_and_harmless(desk: ServedBot, clerk: Clerk) -> None:
    for sender, said in (
        ("asker-1", "Combien coûte l'adhésion à un PTCE ?"),
        ("asker-2", "combien coute l'adhesion a un PTCE"),
        ("asker-3", HOSTILE),
        ("asker-4", "Quel temps fait-il chez marie.dupont@example.pm ?"),
        ("asker-5", "C'est quoi un PTCE ?"),
        ("asker-5", "/feedback_negative"),
    ):
        desk.say(sender, said)
    page = fresh(clerk)
    assert "asker-" not in page  # nobody is named
    assert "marie.dupont" not in page
    assert "[e-mail]" in page
    assert "<script>" not in page
    assert "{{7*7}}" in page  # shown, not worked out
    assert "49 {%" not in page
    row = re.search(r"<tr>\s*<td[^>]*>.{0,200}?adh.sion.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert '<td class="number">2</td>' in row[0]
    assert "réponse jugée pas utile" in page
    only = clerk.get("questions?motif=down").text
    assert "C&#39;est quoi un PTCE ?" in only
    assert "coute" not in only


def fresh(clerk: Clerk) -> str:
    """The page once what was just said is in it: what was asked is kept in memory for a while."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        page = clerk.get("questions").text
        if "[e-mail]" in page:
            return page
        time.sleep(1)
    raise AssertionError("the questions did not come")


def marks(clerk: Clerk, words: str) -> List[str]:
    return re.findall(rf'href="/bureau/questions/([0-9a-f]{{64}})">[^<]*{words}', clerk.get("questions").text)


def test_a_question_is_kept_as_an_example_or_hidden(clerk: Clerk) -> None:
    fresh(clerk)
    (mark,) = marks(clerk, "ad?h.sion a un PTCE|adh")
    assert "Ce que l’assistant a répondu" in clerk.get(f"questions/{mark}").text
    for attribute, topic in (("", ""), ("cost", "nothing"), ("nothing", "ptce"), ("cost' --", "ptce")):
        refused = clerk.post(f"questions/{mark}", action="keep", attribute=attribute, topic=topic)
        assert refused.status_code == 400
        assert "Choisissez" in refused.text
    assert clerk.post(f"questions/{mark}", action="keep", attribute="cost", topic="ptce").status_code == 303
    assert marks(clerk, "adh") == []
    assert "Supprimer" in clerk.get("questions").text
    (hostile,) = marks(clerk, "&lt;script")
    assert clerk.post(f"questions/{hostile}", action="hide").status_code == 303
    assert marks(clerk, "&lt;script") == []
    assert clerk.post(f"questions/exemple/{mark}").status_code == 303
    assert len(marks(clerk, "adh")) == 1  # it is a question to look at again
    assert clerk.get(f"questions/{'0' * 64}").status_code == 404


# Answers.


def test_a_mended_answer_holds_at_once_and_is_undone(desk: ServedBot, clerk: Clerk) -> None:
    path = "reponses/ptce.count"
    fields = clerk.fields(path)
    assert fields["number"] == "23"
    assert fields["source"] == "bulletin.4"
    new = {
        "number": "24",
        "fr": "Fin 2015, on comptait 24 PTCE <b>labellisés</b>.",
        "en": "In late 2015, there were 24 PTCEs.",
    }
    preview = clerk.post(path, **{**fields, **new, "action": "preview"})
    assert preview.status_code == 200
    assert "Aperçu" in preview.text
    assert "&lt;b&gt;" in preview.text
    assert "24 PTCE" not in text_of(desk.say("reader-1", "Combien de PTCE ?"))
    assert clerk.post(path, **{**fields, **new, "action": "save"}).status_code == 303
    assert "on comptait 24 PTCE" in text_of(desk.say("reader-2", "Combien de PTCE ?"))
    assert "there were 24 PTCEs" in text_of(desk.say("reader-3", "How many PTCEs are there?"))
    assert "changé ici" in clerk.get("reponses?cherche=24").text
    version = clerk.fields(path)["version"]
    assert clerk.post(path, action="undo", version=version).status_code == 303
    assert "labellisés, à la suite" in text_of(desk.say("reader-4", "Combien de PTCE ?"))
    log = clerk.get("compte").text
    assert "réponse changée : ptce.count" in log.replace("\u00a0", " ")
    assert "changement annulé : ptce.count" in log.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "99"}, "99"),
        ({"number": "beaucoup"}, "Nombre"),
        ({"checked": "hier"}, "Vérifié le"),
        ({"source": "ouï-dire"}, "ouï-dire"),
        ({"fr": ""}, "fr"),
        ({"since_fr": ""}, "fr"),
        ({"fr": "23 PTCE en 2015."}, "chiffre"),
    ],
)
def test_a_broken_edit_is_refused_with_a_clear_word(
    desk: ServedBot, clerk: Clerk, changed: Dict[str, str], words: str
) -> None:
    path = "reponses/ptce.count"
    before = text_of(desk.say(f"before-{changed}", "Combien de PTCE ?"))
    form = {**clerk.fields(path), **changed, "action": "save"}
    refused = clerk.post(path, **form)
    assert refused.status_code == 400
    assert "Rien n’est enregistré" in refused.text
    assert words in refused.text.split("À corriger")[1].split("</ul>")[0]
    for name, value in changed.items():  # what was typed is still there
        assert value in refused.text, name
    assert ".yml" not in refused.text
    assert text_of(desk.say(f"after-{changed}", "Combien de PTCE ?")) == before


def test_two_editors_at_once(desk: ServedBot) -> None:
    path = "reponses/ptce.name"
    first, second = Clerk(desk), Clerk(desk)
    mine, theirs = first.fields(path), second.fields(path)
    say = "PTCE veut dire « pôle territorial de coopération économique », dit {who}."
    assert first.post(path, **{**mine, "fr": say.format(who="Ana"), "action": "save"}).status_code == 303
    stale = second.post(path, **{**theirs, "fr": say.format(who="Bea"), "action": "save"})
    assert stale.status_code == 409
    assert "dit Ana" in stale.text  # what holds now
    assert "dit Bea" in stale.text  # and what was typed
    version = re.search(r'name="version" value="(\d+)"', stale.text)
    assert version is not None
    again = {**theirs, "fr": say.format(who="Bea"), "version": version[1], "action": "save"}
    assert second.post(path, **again).status_code == 303
    assert "dit Bea" in text_of(desk.say("two-editors", "Que veut dire PTCE ?"))


def test_addresses_that_are_none(clerk: Clerk) -> None:
    for path in ("reponses/ptce.nothing", "reponses/nothing", "reponses/..%2f..%2fetc", "nothing", "demandes/x"):
        assert clerk.get(path).status_code in (200 if path.startswith("demandes") else 404,), path
    assert clerk.get("reponses?cherche=' OR 1=1 --").status_code == 200
    assert clerk.get("reponses?cherche={{7*7}}").text.count("49") == 0
    assert clerk.get("questions?fait=__class__&motif=%00&en=x").status_code == 200


def test_another_instance_follows_within_ten_seconds(desk: ServedBot, clerk: Clerk) -> None:
    other = ServedBot(desk.folder, {"CACIMA_SECRET": SECRET})
    other.log = desk.folder / "other.log"
    other.start()
    try:
        path = "reponses/fui.name"
        fields = {**clerk.fields(path), "action": "save"}
        fields["fr"] = "FUI veut dire « Fonds unique interministériel », vu d'ailleurs."
        assert clerk.post(path, **fields).status_code == 303
        question = "Que veut dire FUI ?"
        assert "vu d’ailleurs" in text_of(desk.say("follow-here", question))
        ends = time.monotonic() + 10
        tries = 0
        while "vu d’ailleurs" not in text_of(other.say(f"follow-{tries}", question)):
            assert time.monotonic() < ends, "the other instance did not follow"
            tries += 1
            time.sleep(0.5)
    finally:
        other.stop()


# The other pages.


def test_a_fact_is_marked_as_checked_today(clerk: Clerk) -> None:
    path = "fraicheur"
    name = re.search(
        r'action="/bureau/fraicheur/([a-z_.]+)"', clerk.get(path).text.split("il y a le plus longtemps")[1]
    )
    assert name is not None
    assert clerk.post(f"{path}/{name[1]}").status_code == 303
    assert clerk.fields(f"reponses/{name[1]}")["checked"] == datetime.date.today().isoformat()
    assert clerk.post(f"{path}/ptce.nothing").status_code == 404


def test_requests_are_answered_assigned_and_deleted(desk: ServedBot, clerk: Clerk) -> None:
    kept = Requests(engine_of(desk))
    draft = Draft(question=HOSTILE, name="<b>Ana</b>", contact="ana@example.pm", chat="Vous : bonjour")
    reference = kept.add("someone", "rest", draft)
    page = clerk.get("demandes").text
    assert reference in page
    assert "<b>Ana" not in page
    assert "<script>" not in page
    assert clerk.post(f"demandes/{reference}", action="save", state="answered", assigned="Bea").status_code == 303
    asked = kept.get(reference)
    assert asked is not None
    assert (asked.state, asked.assigned) == ("answered", "Bea")
    assert clerk.post(f"demandes/{reference}", action="save", state="lost", assigned="").status_code == 400
    assert clerk.post(f"demandes/{reference}", action="delete").status_code == 303
    assert kept.get(reference) is None
    assert clerk.post(f"demandes/{reference}", action="delete").status_code == 404


def test_figures_count_and_name_nobody(desk: ServedBot, clerk: Clerk) -> None:
    page = clerk.get("chiffres").text
    assert page.count("<svg") == page.count("<table")  # each chart has its table
    rows = list(csv.reader(clerk.get("chiffres/csv").text.splitlines()))
    assert rows[0] == ["kind", "name", "count"]
    counts: Dict[str, Any] = {(kind, name): int(count) for kind, name, count in rows[1:]}
    assert counts["channels", "rest"] > 0
    assert counts["outcomes", "answered"] > 0
    assert sum(count for (kind, _), count in counts.items() if kind == "languages") == sum(
        count for (kind, _), count in counts.items() if kind == "questions"
    )
    assert not any("reader" in name or "asker" in name for _, name in counts)


def test_the_command_makes_and_takes_away_accounts(desk: ServedBot) -> None:
    import os

    environment = {**os.environ, "CACIMA_DATA": str(desk.folder), "CACIMA_SECRET": SECRET}

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "bot.desk.accounts", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120)

    made = run("Chloé")
    password = re.search(r"^ {4}(\S+)$", made.stdout.decode(), re.MULTILINE)
    assert password is not None, made
    assert accounts_of(desk).knows("Chloé", password[1])
    assert run("Chloé", "--delete").returncode == 0
    assert not accounts_of(desk).knows("Chloé", password[1])
    assert run("Chloé", "--delete").returncode == 1
    assert run("").returncode == 1
    assert run("x" * 80).returncode == 1


def test_log_in_is_limited_in_the_end(desk: ServedBot) -> None:
    """The last here: from then on this address has to wait."""
    answers = [log_in(desk, "Ana", f"guess {number}") for number in range(12)]
    assert answers[-1].status_code == 429
    assert "Trop d’essais" in answers[-1].text
    assert log_in(desk, "Ana", PASSWORD).status_code == 429  # not even with the right one
    assert "entrée refusée" in Clerk(desk).get("compte").text
