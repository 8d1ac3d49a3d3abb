"""spaCy's lists of French and English words (package spacy-lookups-data), needed when training only."""

from __future__ import annotations

from typing import Set

from spacy.util import get_lang_class, load_language_data, registry


def known_words(language: str) -> Set[str]:
    """Every word form that spaCy's lemma table of a language lists (some 217,000 French, 42,000 English), the lemmas
    themselves, and its stop words ("there", "déjà"), which the tables leave out."""
    lemmas = dict(load_language_data(registry.lookups.get(language)["lemma_lookup"]))
    return {*lemmas, *map(str, lemmas.values()), *get_lang_class(language).Defaults.stop_words}
