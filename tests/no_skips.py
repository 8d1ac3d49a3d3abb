"""Where CACIMA_NO_SKIPS is set, as by the gate, a skipped test has failed: nobody would notice it otherwise."""

from __future__ import annotations

import os
from typing import Any, Iterator

import pytest

# What a machine may be unable to give a test whatever is installed on it; how the reason of such a skip begins.
NOT_OF_THIS_PLATFORM = (
    "no small disk can be mounted here",  # only root may, and not in every container
    "this machine has no address but 127.0.0.1",
    "this systemd-analyze cannot read a unit offline",  # before systemd 250
)


def _judge(report: Any) -> None:
    """Turns the report of a skip into one of a failure, with the reason of the skip."""
    if not report.skipped or hasattr(report, "wasxfail") or not os.environ.get("CACIMA_NO_SKIPS"):
        return
    reason = report.longrepr[2].removeprefix("Skipped: ")
    if not reason.startswith(NOT_OF_THIS_PLATFORM):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CACIMA_NO_SKIPS forbids: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _judge(report)
    return report
