"""What a person says is not meant is left out; a remark, or all there is, is not."""

from __future__ import annotations

import pytest

from bot.nlu.corrections import without_what_is_not_meant


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no, not the grappes, the PTCEs", "no, the PTCEs"),
        ("not regional, private I said", "private I said"),
        ("no I wasn't asking about PTCEs but about grappes", "about grappes"),
        ("tell me about PTCEs rather than grappes", "tell me about PTCEs"),
        ("I want the members, not the definition", "I want the members,"),
        ("pas les grappes, les PTCE", "les PTCE"),
        ("les pôles, et non les grappes", "les pôles,"),
        ("Parlez-moi des PTCE plutôt que des grappes", "Parlez-moi des PTCE"),
    ],
)
def test_left_out(text: str, left: str) -> None:
    assert without_what_is_not_meant(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "not bad, thanks",
        "not really. how many grappes?",
        "Why not a PTCE?",
        "pourquoi pas une grappe ?",
        "pas mal, merci",
        "non, pas les grappes",
        "who pays, not who decides",
        "I'm not sure what a cluster is, can you explain?",
    ],
)
def test_kept(text: str) -> None:
    assert without_what_is_not_meant(text) == text
