"""Text typed, pasted or dictated, made fit to be read: other inputs than those first reported."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.cleaning import LONGEST, clean, is_cut


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what does A.D.E.M.E. do", "what does ADEME do"),
        ("et la D G E ?", "et la DGE ?"),
        (unicodedata.normalize("NFD", "grappe à Saint-Pierre"), "grappe à Saint-Pierre"),
        ("under <50 staff, a <grappe>", "under 50 staff, a grappe"),
        ("<b>PTCE</b> <script src='x'>?", "PTCE ?"),
        ("l&rsquo;APECA &amp; l&#39;Ifremer", "l’APECA & l'Ifremer"),
        ("d;entreprises", "d'entreprises"),
        ('c"est quoi', "c'est quoi"),
        ("__grappes__", "grappes"),
        ("terri-\ntoriaux", "territoriaux"),
        ("innova\u00adtion\u200b", "innovation"),
        ("une ligne\r\nune autre", "une ligne\nune autre"),
        ("/restart", "restart"),
        (
            "combien de grappes point d'interrogation à la ligne qui paie point d'interrogation",
            "combien de grappes?\nqui paie?",
        ),
        ("hi comma um how many PTCEs question mark", "hi, how many PTCEs?"),
        ("the period 2013 to 2014", "the period 2013 to 2014"),
        ("un point important", "un point important"),
    ],
)
def test_clean(typed: str, read: str) -> None:
    assert clean(typed) == read


@given(st.text(max_size=3000))
def test_any_text_is_cleaned_once(text: str) -> None:
    read = clean(text)
    assert len(read) <= LONGEST
    assert not read.startswith(("/", " "))
    assert "\r" not in read
    assert "\x00" not in read


def test_what_is_cut_is_known_by_what_is_read() -> None:
    assert not is_cut("a" * LONGEST)
    assert is_cut("a" * (LONGEST + 1))
    assert not is_cut("deux  mots " * 95)  # 1,045 characters as typed, fewer as read
    assert is_cut("\u200b" * (4 * LONGEST) + "la question ?")
