"""Settings are read and checked in one place, and the documents made from them are current."""

from __future__ import annotations

import re
from typing import Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import LANGUAGES, ROOT, BadSettings, Settings, read_settings, unknown_names, variables
from scripts import settings as documents

SECRET = "s3cret"


def test_nothing_set_is_right() -> None:
    assert read_settings({}) == read_settings(dict.fromkeys(variables(), " ")) == Settings()


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("PORT", "8080", 8080),
        ("CACIMA_PUBLIC_URL", "https://assistant.example.org/", "https://assistant.example.org"),
        ("CACIMA_DATABASE_URL", "postgres://me@host/base", "postgresql://me@host/base"),
        ("CACIMA_WEBSITE_ORIGINS", "https://a.fr,https://b.fr:8443", "https://a.fr https://b.fr:8443"),
        ("CACIMA_REST", "LOCAL", "local"),
        ("CACIMA_MESSENGER_PAUSE_MINUTES", "0.5", 0.5),
        ("CACIMA_STOCK_RASA", "1", True),
        ("CACIMA_STOCK_RASA", "0", False),
    ],
)
def test_what_is_set_is_read(name: str, given: str, read: object) -> None:
    assert getattr(read_settings({name: f" {given} "}), variables()[name].name) == read


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORT": "65536"},
        {"PORT": "٨٠"},
        {"CACIMA_DATABASE_URL": f"mysql://me:{SECRET}@host/base"},
        {"CACIMA_DATABASE_URL": f"postgresql://me:{SECRET}@host:port/base"},
        {"CACIMA_REDIS_URL": f"http://:{SECRET}@host"},
        {"CACIMA_REDIS_URL": f"redis://:{SECRET}@host:port/0"},
        {"CACIMA_SECRET": SECRET},
        {"CACIMA_REST_TOKEN": SECRET},
        {"CACIMA_PUBLIC_URL": "javascript:alert(1)"},
        {"CACIMA_WEBSITE_ORIGINS": "https://www.example.org/page"},
        {"CACIMA_MESSENGER_TIMEOUT": "1e9"},
    ],
)
def test_what_is_wrong_is_named_in_one_line_without_a_secret(wrong: Dict[str, str]) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings(wrong)
    told = str(refused.value)
    assert told.startswith(f"{next(iter(wrong))} must ")
    assert SECRET not in told
    assert "\n" not in told


@given(name=st.sampled_from(sorted(variables())), value=st.text(max_size=40))
def test_any_text_is_read_or_refused_by_name(name: str, value: str) -> None:
    told = name
    try:
        read_settings({name: value})
    except BadSettings as error:
        told = str(error)
    assert name in told or "CACIMA_MESSENGER_" in told


def test_a_name_that_nothing_reads_is_told() -> None:
    given = {"CACIMA_PROXY": "1", "CACIMA_SOMETHING_ELSE": "s", "CACIMA_BACKUPS": "/b", "CACIMA_PROXIES": "1"}
    assert unknown_names(given) == [
        "CACIMA_PROXY is no setting and changes nothing: is CACIMA_PROXIES meant?",
        "CACIMA_SOMETHING_ELSE is no setting and changes nothing.",
    ]


def test_no_name_that_scripts_read_is_told() -> None:
    """What scripts/ and compose.yaml take may lie in the same file of settings."""
    read = {
        name
        for path in (*(ROOT / "scripts").glob("*"), ROOT / "deploy" / "compose.yaml")
        if path.is_file()
        for name in re.findall(r"\bCACIMA_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert "CACIMA_BACKUPS" in read
    assert unknown_names(dict.fromkeys(read, "1")) == []


def test_secrets_are_not_shown() -> None:
    secrets = {name: "x" * 40 for name, field in variables().items() if field.field_info.extra["secret"]}
    addresses = {"CACIMA_DATABASE_URL": "postgresql://me:xxxxxx@h/b", "CACIMA_REDIS_URL": "redis://:xxxxxx@h"}
    addresses |= {"CACIMA_SMTP_URL": "smtps://me:xxxxxx@h", "CACIMA_DESK_MAIL": "me@example.org"}
    assert "xxxxxx" not in repr(read_settings({**secrets, **addresses}))


def test_documents_are_current() -> None:
    """Run `make settings` after a change of bot/settings.py or deploy/settings.yml."""
    assert documents.EXAMPLE.read_text(encoding="utf-8") == documents.example()
    assert documents.PAGE.read_text(encoding="utf-8") == documents.page()


def test_every_setting_is_explained_in_both_languages() -> None:
    assert list(documents.texts()) == list(variables())
    assert all(set(LANGUAGES) <= set(text) <= {*LANGUAGES, "unset"} for text in documents.texts().values())


def test_no_other_setting_is_read() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("bot", "actions") for path in (ROOT / room).rglob("*.py")
    )
    assert set(re.findall(r"environ(?:\.get)?[\[(][\"'](CACIMA_[A-Z_]+)", code)) <= set(variables())
