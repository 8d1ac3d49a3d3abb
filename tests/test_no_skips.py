"""Under CACIMA_NO_SKIPS a skipped test has failed, whichever way it was skipped, unless the platform cannot have it."""

from __future__ import annotations

import pytest

from tests import no_skips

IN_A_TEST = "def test_it():\n    pytest.skip({reason!r})\n"
IN_A_FIXTURE = "@pytest.fixture\ndef thing():\n    pytest.skip({reason!r})\n\ndef test_it(thing):\n    pass\n"
BY_A_MARK = "@pytest.mark.skipif(True, reason={reason!r})\ndef test_it():\n    pass\n"
OF_A_MODULE = "pytest.skip({reason!r}, allow_module_level=True)\n"
EXPECTED_TO_FAIL = "@pytest.mark.xfail(reason={reason!r})\ndef test_it():\n    assert False\n"


def run(pytester: pytest.Pytester, test: str, reason: str) -> pytest.RunResult:
    """pytest on a file of its own, in this process."""
    pytester.makepyfile("import pytest\n" + test.format(reason=reason))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[no_skips])


@pytest.mark.parametrize("test", [IN_A_TEST, IN_A_FIXTURE, BY_A_MARK])
def test_a_skip_is_a_failure_with_its_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str
) -> None:
    monkeypatch.setenv("CACIMA_NO_SKIPS", "1")
    done = run(pytester, test, "no such program")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert "forbids: no such program" in done.stdout.str()
    assert "skipped" not in done.parseoutcomes()


def test_nor_may_a_whole_module_be_skipped(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACIMA_NO_SKIPS", "1")
    done = run(pytester, OF_A_MODULE, "no such program")
    assert done.ret == pytest.ExitCode.INTERRUPTED
    assert "forbids: no such program" in done.stdout.str()


def test_elsewhere_it_is_a_skip(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CACIMA_NO_SKIPS", raising=False)
    done = run(pytester, IN_A_TEST, "no such program")
    assert (done.ret, done.parseoutcomes()) == (pytest.ExitCode.OK, {"skipped": 1})


@pytest.mark.parametrize("reason", no_skips.NOT_OF_THIS_PLATFORM)
def test_what_the_platform_cannot_have_may_be_skipped(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setenv("CACIMA_NO_SKIPS", "1")
    done = run(pytester, IN_A_TEST, f"{reason}: it was not tried")
    assert (done.ret, done.parseoutcomes()) == (pytest.ExitCode.OK, {"skipped": 1})


def test_an_expected_failure_is_no_skip(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACIMA_NO_SKIPS", "1")
    done = run(pytester, EXPECTED_TO_FAIL, "known")
    assert (done.ret, done.parseoutcomes()) == (pytest.ExitCode.OK, {"xfailed": 1})
