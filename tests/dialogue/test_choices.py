"""A choice typed instead of pressed."""

from __future__ import annotations

from typing import Optional

import pytest

from bot.dialogue.choices import chosen

OFFERED = (("PTCE", "/first"), ("Grappes d'entreprises", "/second"), ("Autre chose", "/third"))


@pytest.mark.parametrize(
    ("reply", "payload"),
    {
        "2": "/second",
        "n° 2": "/second",
        "option 1": "/first",
        "le deuxième": "/second",
        "the last one": "/third",
        "PTCE": "/first",
        "grappes d'entreprises": "/second",
        "9": None,
        "combien de grappes d'entreprises y a-t-il ?": None,
        "": None,
    }.items(),
)
def test_what_is_chosen(reply: str, payload: Optional[str]) -> None:
    assert chosen(reply, OFFERED) == payload


def test_nothing_offered_nothing_chosen() -> None:
    assert chosen("2", ()) is None
