"""What a deployment may set of privacy."""

from __future__ import annotations

import os
import re
import sys

DAYS = 90  # a season of questions to learn from; docs/rgpd.md says why
LONGEST = 3650


def retention_days() -> int:
    """CACIMA_RETENTION_DAYS: how long conversations are kept. Ends the program, in one line, where it is no number."""
    given = os.environ.get("CACIMA_RETENTION_DAYS", "").strip() or str(DAYS)
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= LONGEST:
        sys.exit(f"CACIMA_RETENTION_DAYS must be a whole number from 1 to {LONGEST}, not “{given[:20]}”.")
    return int(given)


def public_url() -> str:
    """CACIMA_PUBLIC_URL: where people reach this server, without a final slash; else this machine's own address.

    Ends the program, in one line, where it is no address of the web.
    """
    given = os.environ.get("CACIMA_PUBLIC_URL", "").strip().rstrip("/")
    if not given:
        return f"http://127.0.0.1:{os.environ.get('PORT') or '5005'}"
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*)?", given):
        sys.exit(f"CACIMA_PUBLIC_URL must be an address such as https://assistant.example.org, not “{given[:80]}”.")
    return given
