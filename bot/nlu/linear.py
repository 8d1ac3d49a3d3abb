"""A linear text classifier, kept as plain arrays.

scikit-learn trains it; numbers are saved as .npz and .json, as reading scikit-learn's objects back through skops takes
seven seconds of every start (docs/decisions/0003).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer


class LinearTextClassifier:
    """tf-idf of n-grams into a multinomial logistic regression.

    `views`: how texts are looked at, as keyword arguments of TfidfVectorizer. `fit` before `chances`.
    """

    def __init__(self, views: Sequence[Dict[str, Any]]) -> None:
        self._views = [dict(view) for view in views]
        self._vectorizers = [self._vectorizer(view) for view in self._views]
        self.labels: List[str] = []
        self._parts: List[np.ndarray] = []  # a view's features by labels, each contiguous
        self._bias = np.zeros(0)

    @staticmethod
    def _vectorizer(view: Dict[str, Any]) -> TfidfVectorizer:
        settings = {**view, "ngram_range": tuple(view["ngram_range"])}
        return TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", lowercase=False, sublinear_tf=True, **settings)

    def fit(self, texts: Sequence[str], labels: Sequence[str], C: float, balanced: bool = False) -> None:
        from sklearn.linear_model import LogisticRegression

        features = hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()
        weight = "balanced" if balanced else None
        model = LogisticRegression(
            C=C, max_iter=40, tol=0.01, random_state=42, multi_class="multinomial", class_weight=weight
        )
        model.fit(features, labels)
        self.labels = [str(label) for label in model.classes_]
        weights, self._bias = model.coef_, model.intercept_
        if len(self.labels) == 2:  # scikit-learn keeps one row for two classes, at half the distance
            weights, self._bias = np.vstack([-model.coef_, model.coef_]), np.array([-1, 1]) * model.intercept_
        ends = np.cumsum([len(vectorizer.vocabulary_) for vectorizer in self._vectorizers])[:-1]
        # float32: half the memory, no difference in the answers
        self._parts = [np.ascontiguousarray(part.T, np.float32) for part in np.split(weights, ends, axis=1)]

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """The probability of each label, a row a text; rows sum to 1."""
        scores = self._bias + sum(
            vectorizer.transform(texts) @ weights
            for vectorizer, weights in zip(self._vectorizers, self._parts, strict=True)
        )
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        return powers / powers.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]

    def best(self, text: str) -> Tuple[str, float]:
        """The likeliest label of one text, and its probability."""
        row = self.chances([text])[0]
        index = int(row.argmax())
        return self.labels[index], float(row[index])

    def save(self, folder: Path) -> None:
        described = {
            "views": self._views,
            "labels": self.labels,
            "vocabularies": [{k: int(v) for k, v in vec.vocabulary_.items()} for vec in self._vectorizers],
        }
        (folder / "classifier.json").write_text(json.dumps(described), encoding="utf-8")
        arrays = {f"idf_{i}": vectorizer.idf_ for i, vectorizer in enumerate(self._vectorizers)}
        arrays.update({f"weights_{i}": part for i, part in enumerate(self._parts)})
        np.savez(folder / "classifier.npz", bias=self._bias, **arrays)

    @classmethod
    def read(cls, folder: Path) -> LinearTextClassifier:
        described = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        classifier = cls(described["views"])
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            classifier._bias = arrays["bias"]
            for index, vectorizer in enumerate(classifier._vectorizers):
                vectorizer.vocabulary_ = described["vocabularies"][index]
                vectorizer.idf_ = arrays[f"idf_{index}"]
                classifier._parts.append(arrays[f"weights_{index}"])
        classifier.labels = described["labels"]
        return classifier
