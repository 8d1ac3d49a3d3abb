"""Prometheus's own tool reads the alerts and the dashboard's expressions, and plays when each alert fires."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.observability.test_surveillance import ALERTS, DASHBOARD

PROMTOOL = shutil.which("promtool")
PLAYED = Path(__file__).with_name("alerts.yml")

pytestmark = pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian's package prometheus) is not installed")


def promtool(*arguments: str) -> str:
    done = subprocess.run([str(PROMTOOL), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_alerts_fire_when_they_should(tmp_path: Path) -> None:
    shutil.copy(ROOT / "deploy/prometheus/alerts.yml", tmp_path / "alerts.yml")
    shutil.copy(PLAYED, tmp_path / "played.yml")
    promtool("test", "rules", str(tmp_path / "played.yml"))


def test_every_alert_is_played() -> None:
    played = yaml.safe_load(PLAYED.read_text(encoding="utf-8"))["tests"]
    fired = {case["alertname"] for test in played for case in test["alert_rule_test"] if case.get("exp_alerts")}
    assert fired == {rule["alert"] for rule in ALERTS}


def test_expressions_of_the_dashboard_are_valid(tmp_path: Path) -> None:
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries)]
    for rule in rules:
        rule["expr"] = rule["expr"].replace("$__rate_interval", "5m").replace("$__range", "1d")
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    assert f"{len(queries)} rules found" in promtool("check", "rules", str(file))
