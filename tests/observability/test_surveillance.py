"""The dashboard and the alerts are well formed, and every counter they name exists."""

from __future__ import annotations

import json
import re
from typing import List, Set

import pytest
import yaml
from prometheus_client import REGISTRY

from bot.observability import metrics
from tests.conftest import ROOT

DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text(encoding="utf-8"))
ALERTS = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
EXPRESSIONS: List[str] = [
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
    *(rule["expr"] for rule in ALERTS),
]
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}


def existing() -> Set[str]:
    families = [family for family in REGISTRY.collect() if family.name.startswith("cacima_")]
    return {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}


def test_there_is_something_to_check() -> None:
    assert len(ALERTS) >= 6
    assert len(DASHBOARD["panels"]) >= 10
    assert len(existing()) >= 10
    assert metrics.TURNS is not None


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_counter_named_exists(expression: str) -> None:
    named = set(re.findall(r"\bcacima_\w+", expression))
    assert named or 'up{job="cacima"}' in expression
    assert named <= existing()
    assert expression.count("(") == expression.count(")")
    assert expression.count("{") == expression.count("}")


def test_labels_named_are_those_there_are() -> None:
    labels = {"channel", "language", "outcome", "part", "step", "feedback", "le", "job", "reason"}
    used = {name for expression in EXPRESSIONS for name in re.findall(r"(\w+)\s*(?:=~|!=|=)\"", expression)}
    used |= {name for e in EXPRESSIONS for group in re.findall(r"by \(([^)]*)\)", e) for name in group.split(", ")}
    assert used <= labels


def test_every_counter_is_shown_or_watched() -> None:
    text = "\n".join(EXPRESSIONS)
    for name in existing():
        base = re.sub(r"_(?:bucket|count|sum)$", "", name)
        assert base in text, name


def test_panels_are_laid_out() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in DASHBOARD["panels"]:
        box = panel["gridPos"]
        assert box["x"] + box["w"] <= 24
        assert panel["datasource"]["uid"] == "${datasource}"


def test_each_alert_is_explained() -> None:
    text = (ROOT / "docs/surveillance.md").read_text(encoding="utf-8")
    for rule in ALERTS:
        assert f"### {rule['alert']}\n" in text
        assert rule["annotations"]["runbook"] == f"docs/surveillance.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
