"""The linear classifier: the same data give the same weights, wherever each example is written."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu.linear_classifier import PAIRS, LinearTextClassifier, analyzer, counted

TEXTS = [f"{verb} {number} {noun}" for number in range(20) for verb, noun in (("count", "clubs"), ("pay", "for it"))]
LABELS = ["count", "funding"] * 20
CHARACTERS = {"analyzer": "char_wb", "ngram_range": (2, 3)}
VIEWS = [{"analyzer": "word"}, CHARACTERS]


def learnt(texts: list, labels: list) -> LinearTextClassifier:
    classifier = LinearTextClassifier(VIEWS)
    classifier.fit(texts, labels, C=0.5, sharpness=1.0)
    return classifier


def test_the_order_of_the_examples_changes_nothing() -> None:
    shuffled = list(zip(TEXTS, LABELS, strict=True))
    random.Random(1).shuffle(shuffled)
    texts, labels = zip(*shuffled, strict=True)
    asked = ["count the clubs", "who will pay for it", "neither"]
    straight, other = learnt(TEXTS, LABELS), learnt(list(texts), list(labels))
    assert np.array_equal(straight.chances(asked), other.chances(asked))
    assert straight.best("count clubs")[0] == "count"
    assert straight.best("pay for it")[0] == "funding"


def test_scores_are_those_of_scikit_learn() -> None:
    texts = [*TEXTS, *(f"where is hall {number}" for number in range(20))]
    labels = [*LABELS, *["place"] * 20]
    words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\b\w+\b")
    vectorizers = [words, TfidfVectorizer(sublinear_tf=True, **CHARACTERS)]
    features = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers])
    known = LinearSVC(C=0.5, dual=True).fit(features, labels)
    asked = ["count the clubs", "who pays for hall 7?", "where"]
    margins = known.decision_function(hstack([vectorizer.transform(asked) for vectorizer in vectorizers]))
    expected = np.exp(margins) / np.exp(margins).sum(axis=1, keepdims=True)
    ours = learnt(texts, labels)
    assert ours.labels == list(known.classes_)
    assert np.allclose(ours.chances(asked), expected, atol=0.01)


@pytest.mark.parametrize("view", [{"analyzer": "word", "ngram_range": (1, 2)}, {"analyzer": PAIRS}, CHARACTERS])
@pytest.mark.parametrize("fewest", [1, 3])
def test_features_are_counted_as_by_scikit_learn(view: dict, fewest: int) -> None:
    """Entry by entry in the same order, which the last bits of the weights depend on."""
    texts = [*TEXTS, "", "who, who pays?", "c'est payé"]
    known = CountVectorizer(analyzer=analyzer(view), min_df=fewest, dtype=np.float64)
    expected = known.fit_transform(texts)
    columns, counts = counted(texts, {**view, "min_df": fewest})
    assert list(columns.items()) == list(known.vocabulary_.items())
    for part in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(counts, part), getattr(expected, part))
