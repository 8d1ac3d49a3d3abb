"""spaCy's lists of French and English words (package spacy-lookups-data), needed when training only."""

from __future__ import annotations

from typing import Set

from spacy.util import get_lang_class, load_language_data, registry


def known_words(language: str) -> Set[str]:
    """Every word form of a language that spaCy lists, with the lemmas themselves."""
    lemmas = dict(load_language_data(registry.lookups.get(language)["lemma_lookup"]))
    return {*known_forms(language), *map(str, lemmas.values())}


def known_forms(language: str) -> Set[str]:
    """Every word form spaCy's lemma table of a language lists (some 217,000 French, 42,000 English), and its stop
    words ("there", "déjà"), which the tables leave out."""
    lemmas = load_language_data(registry.lookups.get(language)["lemma_lookup"])
    return {*lemmas, *get_lang_class(language).Defaults.stop_words}
