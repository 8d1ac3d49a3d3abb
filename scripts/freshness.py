"""Lists what was checked longest ago, what ends soon and, asked with --links, which addresses no longer answer.

usage: python -m scripts.freshness [--links]; the same stands on the desk's page, for those who have one.
"""

from __future__ import annotations

import asyncio
import datetime
import sys
from typing import Dict, Iterator, List, Optional

from bot.desk.links import check, is_dead, named
from bot.desk.pages.freshness import SOON, by_age, ending
from bot.knowledge.load import knowledge
from bot.knowledge.model import KnowledgeBase

MOST = 20  # facts listed by age


def lines(base: KnowledgeBase, today: datetime.date, links: Optional[Dict[str, str]] = None) -> Iterator[str]:
    """The list. links: the status of each address that was asked; None where none was."""
    yield f"Checked longest ago ({MOST} of {len(by_age(base))} facts):"
    for fact in by_age(base)[:MOST]:
        yield f"  {fact.checked}  {fact.id}"
    yield f"Ends within {SOON} days, or has ended:"
    for fact in ending(base, today):
        assert fact.since is not None
        yield f"  {fact.since.until}  {fact.id}"
    if links is None:
        yield "Links: not asked (LINKS=1 asks them, politely, over the network)."
        return
    dead = {url: status for url, status in links.items() if is_dead(status)}
    yield f"Links: {len(dead)} of {len(links)} do not answer."
    for url, status in sorted(dead.items()):
        yield f"  {status}  {url}"


def main(arguments: List[str]) -> int:
    base = knowledge()
    links = asyncio.run(check(named(base))) if "--links" in arguments else None
    print("\n".join(lines(base, datetime.date.today(), links)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
