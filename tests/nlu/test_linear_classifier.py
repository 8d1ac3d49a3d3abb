"""The linear classifier: the same data give the same weights, wherever each example is written."""

from __future__ import annotations

import random

import numpy as np

from bot.nlu.linear_classifier import LinearTextClassifier

TEXTS = [f"{verb} {number} {noun}" for number in range(20) for verb, noun in (("count", "clubs"), ("pay", "for it"))]
LABELS = ["count", "funding"] * 20
VIEWS = [{"analyzer": "word"}, {"analyzer": "char_wb", "ngram_range": [2, 3]}]


def learnt(texts: list, labels: list) -> LinearTextClassifier:
    classifier = LinearTextClassifier(VIEWS)
    classifier.fit(texts, labels, C=0.5)
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
