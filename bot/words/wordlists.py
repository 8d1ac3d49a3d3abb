"""spaCy's lists of French and English words (package spacy-lookups-data), needed when training only."""

from __future__ import annotations

import functools
import runpy
from pathlib import Path
from typing import FrozenSet

import spacy
from spacy.util import load_language_data, registry


@functools.cache
def known_words(language: str) -> FrozenSet[str]:
    """Every word form that spaCy's lemma table of a language lists (some 217,000 French, 42,000 English), the lemmas
    themselves, and its stop words ("there", "déjà"), which the tables leave out."""
    lemmas = dict(load_language_data(registry.lookups.get(language)["lemma_lookup"]))
    return frozenset({*lemmas, *map(str, lemmas.values()), *_stop_words(language)})


def _stop_words(language: str) -> FrozenSet[str]:
    """Read from their file: importing the package around it compiles the rules of French, for four seconds."""
    file = Path(spacy.__file__).parent / "lang" / language / "stop_words.py"
    return frozenset(runpy.run_path(str(file))["STOP_WORDS"])
