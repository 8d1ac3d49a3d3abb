"""Known vulnerabilities of the packages pinned, from OSV: `python -m scripts.audit`, or `make audit`.

Ends with 1 where one is found that security/known.yml does not explain; with 0, and the words "Nothing was checked",
where OSV is out of reach.
"""

from __future__ import annotations

import datetime
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Set, Tuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-load.txt")
HOST = "api.osv.dev"
PIP_AUDIT = ROOT / ".tools" / "audit" / "bin" / "pip-audit"

Finding = Tuple[str, str, Set[str]]  # package and version, id, every name of the vulnerability


def known() -> List[Dict[str, Any]]:
    """The entries of security/known.yml."""
    return list(yaml.safe_load((ROOT / "security" / "known.yml").read_text(encoding="utf-8")))


def is_reachable(host: str = HOST, port: int = 443) -> bool:
    try:
        with socket.create_connection((host, port), timeout=10):
            return True
    except OSError:
        return False


def read_report(report: str) -> List[Finding]:
    """pip-audit's JSON as findings. Raises ValueError where it is none."""
    return [
        (f"{package['name']} {package['version']}", found["id"], {found["id"], *found.get("aliases", [])})
        for package in json.loads(report)["dependencies"]
        for found in package.get("vulns", [])
    ]


def unexplained(findings: List[Finding], entries: List[Dict[str, Any]], today: datetime.date) -> List[Finding]:
    """Findings that no entry explains; an entry explains nothing once its `until` is past."""
    explained = {name for entry in entries if entry["until"] >= today for name in _names(entry)}
    return [finding for finding in findings if not finding[2] & explained]


def _names(entry: Dict[str, Any]) -> List[str]:
    return [entry["id"], *entry.get("aliases", [])]


def main() -> None:
    if not is_reachable():
        print(f"Nothing was checked: {HOST} cannot be reached from here. Run `make audit` where it can.")
        return
    locks = [argument for lock in LOCKS for argument in ("-r", str(ROOT / lock))]
    command = [str(PIP_AUDIT), *locks, "--disable-pip", "--require-hashes", "-s", "osv", "-f", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True)
    try:
        findings = read_report(done.stdout)
    except ValueError:
        sys.exit(f"pip-audit gave no report: nothing was checked.\n{done.stderr[-2000:]}")
    left = unexplained(findings, known(), datetime.date.today())
    for package, name, _ in left:
        print(f"{package}: {name}")
    print(f"{len(findings)} known vulnerabilities, {len(left)} of them not explained in security/known.yml.")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
