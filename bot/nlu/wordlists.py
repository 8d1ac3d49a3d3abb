"""spaCy's lists of French and English words (package spacy-lookups-data), needed when training only."""

from __future__ import annotations

from typing import Set

from spacy.util import load_language_data, registry


def known_forms(language: str) -> Set[str]:
    """Every word form spaCy's lemma table of a language lists (some 217,000 French, 42,000 English)."""
    return set(load_language_data(registry.lookups.get(language)["lemma_lookup"]))
