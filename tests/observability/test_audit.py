"""The audit tells what is explained from what is not; what explains is whole, and still about what is pinned."""

from __future__ import annotations

import datetime
import json
import re

import pytest
import yaml

from scripts import audit
from tests.conftest import ROOT

TODAY = datetime.date(2026, 11, 23)
REPORT = json.dumps(
    {
        "dependencies": [
            {"name": "keras", "version": "2.12.0", "vulns": [{"id": "GHSA-x", "aliases": ["CVE-2024-3660"]}]},
            {"name": "other", "version": "1.0", "vulns": [{"id": "PYSEC-1", "aliases": []}]},
            {"name": "fine", "version": "1.0", "vulns": []},
            {"name": "skipped", "skip_reason": "not there"},
        ],
        "fixes": [],
    }
)


def test_what_is_not_explained_is_told() -> None:
    findings = audit.read_report(REPORT)
    assert [found[1] for found in findings] == ["GHSA-x", "PYSEC-1"]
    entry = {"id": "CVE-2024-3660", "until": TODAY}
    assert [found[1] for found in audit.unexplained(findings, [entry], TODAY)] == ["PYSEC-1"]
    assert len(audit.unexplained(findings, [{**entry, "until": TODAY - datetime.timedelta(1)}], TODAY)) == 2


def test_out_of_reach_the_copy_is_asked_and_its_age_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "is_reachable", lambda: False)
    with pytest.raises(SystemExit) as ended:
        audit.main()
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    assert str(COPY["newest"]) in said
    assert " 0 of them not explained" in said


COPY = yaml.safe_load((ROOT / "security" / "advisories.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("package", "version", "found"),
    [
        ("aiohttp", "3.9.5", True),  # what Rasa's own bounds would give
        ("aiohttp", "3.14.3", False),
        ("pydantic", "1.10.9", True),
        ("pydantic", "1.10.13", False),
        ("pydantic", "2.3.0", True),
        ("sentry-sdk", "1.45.1", False),
        ("unheard-of", "1.0", False),
    ],
)
def test_the_copy_tells_versions_apart(package: str, version: str, found: bool) -> None:
    lock = f"{package}=={version} \\\n    --hash=sha256:0\n"
    assert bool(audit.in_the_copy(audit.pinned([lock]), COPY["advisories"])) is found


def test_entries_are_whole_and_about_what_is_pinned() -> None:
    locks = "\n".join((ROOT / lock).read_text(encoding="utf-8") for lock in audit.LOCKS)
    pinned = set(re.findall(r"^([a-z0-9_.-]+)==", locks, re.MULTILINE))
    document = (ROOT / "docs" / "dependances.md").read_text(encoding="utf-8")
    for entry in audit.known():
        assert {"id", "package", "reason", "source", "until"} <= set(entry) <= {*entry, "aliases"}
        assert entry["package"] in pinned
        assert len(entry["reason"]) > 40
        assert isinstance(entry["until"], datetime.date)
        assert entry["id"] in document


@pytest.mark.parametrize("lock", [*audit.LOCKS, "requirements-audit.txt"])
def test_lock_files_hold_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "index-url" not in text
