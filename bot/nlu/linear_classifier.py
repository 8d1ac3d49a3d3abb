"""A linear text classifier, kept as plain arrays.

scikit-learn trains it; numbers are saved as .npz and .json, as reading scikit-learn's objects back through skops takes
seven seconds of every start (docs/decisions/0003).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

SEED = 42
PAIRS = "pairs"
_REACH = 3  # words
_TOLERANCE = 0.01  # as good as scikit-learn's 0.0001 on examples held out, in three quarters of the time
_HELD_OUT = 0.1  # of the examples, to learn how sure the classifier may be
_SHARPNESS = np.geomspace(0.5, 16, 31)


def pairs(text: str) -> List[str]:
    """Each word with those up to _REACH further on: "who ... pay" says the same whatever stands between."""
    words = text.split()
    return [f"{first} {second}" for at, first in enumerate(words) for second in words[at + 1 : at + 1 + _REACH]]


class LinearTextClassifier:
    """tf-idf of n-grams into a linear support vector machine, its margins scaled into probabilities.

    `views`: how texts are looked at, as keyword arguments of TfidfVectorizer; the analyzer PAIRS is our own. `fit`
    before `chances`.
    """

    def __init__(self, views: Sequence[Dict[str, Any]]) -> None:
        self._views = [dict(view) for view in views]
        self._vectorizers = [self._vectorizer(view) for view in self._views]
        self._analyzers = [vectorizer.build_analyzer() for vectorizer in self._vectorizers]
        self.labels: List[str] = []
        self._idf: List[np.ndarray] = []  # a view's; scikit-learn's `idf_` sums a matrix at every look
        self._parts: List[np.ndarray] = []  # a view's features by labels, each contiguous
        self._bias = np.zeros(0)

    @staticmethod
    def _vectorizer(view: Dict[str, Any]) -> TfidfVectorizer:
        settings = {**view, "ngram_range": tuple(view.get("ngram_range", (1, 1)))}
        if view["analyzer"] == PAIRS:
            return TfidfVectorizer(sublinear_tf=True, **{**settings, "analyzer": pairs})
        return TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", lowercase=False, sublinear_tf=True, **settings)

    def fit(self, texts: Sequence[str], labels: Sequence[str], C: float, balance: float = 0.0) -> None:
        """Learns. The same data give the same weights, in any order.

        `C`: the inverse strength of regularisation. `balance`: how much more the examples of a rare label count, from
        0, all alike, to 1, each label as much as any other.
        """
        from joblib import Parallel, delayed

        labels, texts = zip(*sorted(zip(labels, texts, strict=True)), strict=True)
        features = hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()
        answers = np.asarray(labels)

        kept, held_out = _split(answers)
        sets = [(features[kept], answers[kept]), (features, answers)]
        # In processes of their own, as liblinear draws from one generator a process.
        rehearsal, model = Parallel(n_jobs=len(sets))(
            delayed(_trained)(rows, known, C, balance) for rows, known in sets
        )
        sharpness = _sharpness(rehearsal, features[held_out], answers[held_out])
        self.labels = [str(label) for label in model.classes_]
        weights, self._bias = model.coef_, model.intercept_
        if len(self.labels) == 2:  # scikit-learn keeps one row for two classes, at half the distance
            weights, self._bias = np.vstack([-model.coef_, model.coef_]), np.array([-1, 1]) * model.intercept_
        self._bias = self._bias * sharpness
        ends = np.cumsum([len(vectorizer.vocabulary_) for vectorizer in self._vectorizers])[:-1]
        # float32: half the memory, no difference in the answers
        parts = np.split(weights * sharpness, ends, axis=1)
        self._parts = [np.ascontiguousarray(part.T, np.float32) for part in parts]
        self._idf = [vectorizer.idf_ for vectorizer in self._vectorizers]

    def rarity(self) -> Dict[str, float]:
        """The inverse document frequency of each word learnt from; the first view must be of words."""
        idf, columns = self._idf[0], self._vectorizers[0].vocabulary_
        return {gram: float(idf[at]) for gram, at in columns.items() if " " not in gram}

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """The probability of each label, a row a text; rows sum to 1."""
        scores = np.stack([self._scores(text) for text in texts])
        return _softmax(scores)

    def _scores(self, text: str) -> np.ndarray:
        """What scikit-learn's transform and a product would give: they cost a millisecond a text, this a tenth."""
        total = self._bias
        views = zip(self._analyzers, self._vectorizers, self._idf, self._parts, strict=True)
        for analyze, vectorizer, idf, weights in views:
            known = vectorizer.vocabulary_
            counts = Counter(column for gram in analyze(text) if (column := known.get(gram)) is not None)
            if counts:
                columns = np.fromiter(counts.keys(), np.intp, len(counts))
                values = np.fromiter(counts.values(), np.float64, len(counts))
                values = (np.log(values) + 1) * idf[columns]
                total = total + (values / np.sqrt(values @ values)) @ weights[columns]
        return total

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
        arrays = {f"idf_{i}": idf for i, idf in enumerate(self._idf)}
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
                classifier._idf.append(arrays[f"idf_{index}"])
                classifier._parts.append(arrays[f"weights_{index}"])
        classifier.labels = described["labels"]
        return classifier


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _trained(features: Any, answers: np.ndarray, C: float, balance: float) -> Any:
    from sklearn.svm import LinearSVC

    labels, counts = np.unique(answers, return_counts=True)
    weights = (len(answers) / len(labels) / counts) ** balance
    weight = dict(zip(labels, weights, strict=True))
    return LinearSVC(C=C, random_state=SEED, class_weight=weight, tol=_TOLERANCE).fit(features, answers)


def _split(labels: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Rows to learn from and rows held out; the first of each label is always learnt from."""
    rows = np.random.default_rng(SEED).permutation(len(labels))
    _, firsts = np.unique(labels[rows], return_index=True)
    free = np.setdiff1d(rows, rows[firsts], assume_unique=True)
    held_out = np.random.default_rng(SEED).permutation(free)[: max(1, int(len(labels) * _HELD_OUT))]
    return np.setdiff1d(rows, held_out), held_out


def _sharpness(model: Any, features: Any, labels: np.ndarray) -> float:
    """What to multiply margins by so that softmax gives honest probabilities (temperature scaling)."""
    margins = model.decision_function(features)
    if margins.ndim == 1:
        margins = np.stack([-margins, margins], axis=1)
    right = np.searchsorted(model.classes_, labels)
    rows = np.arange(len(labels))

    def surprise(sharpness: float) -> float:
        return float(-np.log(_softmax(margins * sharpness)[rows, right] + 1e-9).mean())

    return float(min(_SHARPNESS, key=surprise))
