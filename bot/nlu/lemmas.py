"""spaCy's lemma tables (package spacy-lookups-data), needed when training only."""

from __future__ import annotations

from typing import Dict

from spacy.util import load_language_data, registry

from bot.text import fold

def lemma_table(language: str) -> Dict[str, str]:
    """Every folded form of a language's table, with its folded lemma."""
    table = load_language_data(registry.lookups.get(language)["lemma_lookup"])
    return {
        fold(form): fold(lemma[0] if isinstance(lemma, list) else lemma) for form, lemma in table.items() if lemma
    }
