"""What `make sbom` reads: the lock file, and the licences that installed packages declare."""

from __future__ import annotations

from email.message import Message
from importlib.metadata import distribution
from types import SimpleNamespace
from typing import Dict, Optional

import pytest

from scripts.sbom import ROOT, canonical, hashes_of, licence_of, notice


def test_every_pinned_package_has_its_hashes() -> None:
    pinned = hashes_of(ROOT / "requirements.txt")
    assert len(pinned) > 100
    assert all(pinned.values())
    assert all(name == canonical(name) for name in pinned)


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD License"),
        ({"License": "Apache 2.0"}, "Apache 2.0"),
        ({"License": "Permission is hereby granted " * 20}, None),
        ({}, None),
    ],
)
def test_the_licence_a_package_declares(fields: Dict[str, str], licence: Optional[str]) -> None:
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value
    assert licence_of(SimpleNamespace(metadata=metadata)) == licence  # type: ignore[arg-type]


def test_a_notice_holds_the_text_of_the_licence() -> None:
    said = notice(distribution("PyYAML"))
    assert said.startswith("PyYAML ")
    assert "Permission is hereby granted" in said
