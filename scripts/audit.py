"""Known vulnerabilities of the packages pinned, from OSV: `python -m scripts.audit`, or `make audit`.

Ends with 1 where one is found that security/known.yml does not explain. Where OSV is out of reach, the copy in
security/advisories.yml is asked, and its age is said.
"""

from __future__ import annotations

import datetime
import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List, Set, Tuple

import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-load.txt", "requirements-stock.txt")
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


def pinned(locks: Iterable[str]) -> Dict[str, str]:
    """The version of each package that lock files' texts pin."""
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^\s\\]+)", "\n".join(locks), re.MULTILINE))


def in_the_copy(versions: Dict[str, str], advisories: Dict[str, List[Dict[str, Any]]]) -> List[Finding]:
    """What security/advisories.yml says of the versions pinned."""
    return [
        (f"{package} {versions[package]}", advisory["id"], {advisory["id"], *advisory["aliases"]})
        for package, known_of in advisories.items()
        for advisory in known_of
        if package in versions
        and any(SpecifierSet(spec).contains(versions[package], prereleases=True) for spec in advisory["affected"])
    ]


def tell(findings: List[Finding]) -> None:
    """Says what is not explained, once for each package and version. Ends with 1 where something is not."""
    findings = list({(package, name): (package, name, names) for package, name, names in findings}.values())
    left = unexplained(findings, known(), datetime.date.today())
    for package, name, _ in left:
        print(f"{package}: {name}")
    print(f"{len(findings)} known vulnerabilities, {len(left)} of them not explained in security/known.yml.")
    sys.exit(1 if left else 0)


def main() -> None:
    if not is_reachable():
        copy = yaml.safe_load((ROOT / "security" / "advisories.yml").read_text(encoding="utf-8"))
        print(
            f"{HOST} cannot be reached from here. Checked instead: the copy of {copy['read']}, newest {copy['newest']}."
        )
        texts = [(ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS]
        tell([found for text in texts for found in in_the_copy(pinned([text]), copy["advisories"])])
    tell([found for lock in LOCKS for found in audited(ROOT / lock)])


def audited(lock: Path) -> List[Finding]:
    """What OSV knows of one lock file: each set may pin a version of its own."""
    command = [str(PIP_AUDIT), "-r", str(lock), "--disable-pip", "--require-hashes", "-s", "osv", "-f", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True)
    try:
        return read_report(done.stdout)
    except ValueError:
        sys.exit(f"pip-audit gave no report: nothing was checked.\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
