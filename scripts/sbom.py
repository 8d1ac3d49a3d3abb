"""What is installed to serve: an SBOM (CycloneDX, JSON) and the notices of its licences, in sbom/: `make sbom`.

Runs on the Python of .tools/audit, which has CycloneDX's library; looks at the environment that serves, and at no
network.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Dict, List, Optional, Sequence

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "sbom"
NAME = "cacima-clusters"
LICENCE_FILE = re.compile(r"(?:^|/)(?:licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
LONGEST_NAME = 80  # characters; a longer `License` field is the text of a licence


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def hashes_of(lock: Path) -> Dict[str, List[str]]:
    """The SHA-256 of the files that a lock file allows for each package."""
    found: Dict[str, List[str]] = {}
    name = ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        package = re.match(r"([A-Za-z0-9._-]+)==", line)
        name = canonical(package.group(1)) if package else name
        found.setdefault(name, []).extend(re.findall(r"sha256:([0-9a-f]{64})", line))
    return found


def licence_of(package: Distribution) -> Optional[str]:
    """The licence a package declares: its expression, else its classifiers, else its short `License` field."""
    known = package.metadata
    classifiers = [c.split("::")[-1].strip() for c in known.get_all("Classifier") or [] if c.startswith("License ::")]
    declared = known.get("License-Expression") or " OR ".join(classifiers) or known.get("License") or ""
    return declared if 0 < len(declared) <= LONGEST_NAME else None


def bill(packages: Sequence[Distribution], hashes: Dict[str, List[str]]) -> str:
    """The SBOM of packages, as CycloneDX 1.5 in JSON."""
    from cyclonedx.model import HashAlgorithm, HashType  # in .tools/audit only
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense
    from cyclonedx.output.json import JsonV1Dot5
    from packageurl import PackageURL

    bom = Bom()
    bom.metadata.component = Component(name=NAME, type=ComponentType.APPLICATION)
    for package in packages:
        name, licence = canonical(package.metadata["Name"]), licence_of(package)
        described = Component(
            name=name,
            version=package.version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", None, name, package.version),
            licenses=[DisjunctiveLicense(name=licence)] if licence else [],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=value) for value in hashes.get(name, [])],
        )
        bom.components.add(described)
        bom.register_dependency(bom.metadata.component, [described])
    return str(JsonV1Dot5(bom).output_as_string(indent=2))


def notice(package: Distribution) -> str:
    """The name, version, licence and licence texts of a package."""
    files = [file for file in package.files or [] if LICENCE_FILE.search(str(file))]
    texts = [Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip() for file in files]
    head = f"{package.metadata['Name']} {package.version} – {licence_of(package) or 'see the text below'}"
    return "\n\n".join([head, *texts])


def main(packages: Path, lock: Path) -> int:
    """Writes both files for the packages of a lock file that are installed in a folder."""
    pinned = hashes_of(lock)
    installed = {canonical(p.metadata["Name"]): p for p in distributions(path=[str(packages)])}
    serving = [installed[name] for name in sorted(pinned) if name in installed]
    if not serving:
        print(f"sbom: none of the packages of {lock.name} is installed in {packages}: `make run` installs them")
        return 1
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "sbom.cdx.json").write_text(bill(serving, pinned) + "\n", encoding="utf-8")
    notices = f"\n\n{'-' * 80}\n\n".join(notice(package) for package in serving)
    (FOLDER / "NOTICES.txt").write_text(notices + "\n", encoding="utf-8")
    print(f"sbom: {len(serving)} packages in sbom/sbom.cdx.json, their licences in sbom/NOTICES.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), ROOT / "requirements.txt"))
