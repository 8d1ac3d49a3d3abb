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
_REST = ""  # all the labels learnt elsewhere
_PROCESSES = 2  # labels are learnt apart, as many at a time


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
        self.views = [dict(view) for view in views]
        self._vectorizers = [self._vectorizer(view) for view in self.views]
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

    def fit(
        self, texts: Sequence[str], labels: Sequence[str], C: float, sharpness: float, balance: float = 0.0
    ) -> None:
        """Learns. The same data give the same weights, in any order.

        `C`: the inverse strength of regularisation. `sharpness`: what margins are multiplied by so that softmax gives
        honest probabilities (temperature scaling), measured on examples held out. `balance`: how much more the examples
        of a rare label count, from 0, all alike, to 1, each label as much as any other.
        """
        labels, texts = zip(*sorted(zip(labels, texts, strict=True)), strict=True)
        features = hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()
        self.labels = sorted(set(labels))
        weights, bias = _trained(features, np.asarray(labels), C, balance)
        self._bias = bias * sharpness
        ends = np.cumsum([len(vectorizer.vocabulary_) for vectorizer in self._vectorizers])[:-1]
        # float16: a quarter of the memory, no difference in the answers
        parts = np.split(weights * sharpness, ends, axis=1)
        self._parts = [np.ascontiguousarray(part.T, np.float16) for part in parts]
        self._idf = [vectorizer.idf_ for vectorizer in self._vectorizers]

    def rarity(self) -> Dict[str, float]:
        """The inverse document frequency of each word learnt from; the first view must be of words."""
        idf, columns = self._idf[0], self._vectorizers[0].vocabulary_
        return {gram: float(idf[at]) for gram, at in columns.items() if " " not in gram}

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """The probability of each label, a row a text; rows sum to 1."""
        scores = np.stack([self._scores(text) for text in texts])
        return softmax(scores)

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
                total = total + (values / np.sqrt(values @ values)) @ weights[columns].astype(np.float64)
        return total

    def best(self, text: str) -> Tuple[str, float]:
        """The likeliest label of one text, and its probability."""
        row = self.chances([text])[0]
        index = int(row.argmax())
        return self.labels[index], float(row[index])

    def save(self, folder: Path) -> None:
        described = {
            "views": self.views,
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


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _trained(features: Any, answers: np.ndarray, C: float, balance: float) -> Tuple[np.ndarray, np.ndarray]:
    """The weights, labels by features, and biases of one classifier a label against all others."""
    from joblib import Parallel, delayed

    labels, counts = np.unique(answers, return_counts=True)
    weights = dict(zip(labels, (len(answers) / len(labels) / counts) ** balance, strict=True))
    shares = [labels[at::_PROCESSES] for at in range(_PROCESSES)]
    # In processes of their own, as liblinear draws from one generator a process.
    learnt = Parallel(n_jobs=_PROCESSES)(delayed(_share)(features, answers, share, weights, C) for share in shares)
    order = np.argsort(np.concatenate(shares))
    coefficients, biases = (np.concatenate(values)[order] for values in zip(*learnt, strict=True))
    return coefficients, biases


def _share(
    features: Any, answers: np.ndarray, share: np.ndarray, weights: Dict[str, float], C: float
) -> Tuple[np.ndarray, np.ndarray]:
    """The rows of some labels. Each label is told from all others, so that the others may be one."""
    from sklearn.svm import LinearSVC

    known = np.where(np.isin(answers, share), answers, _REST)
    weight = {label: weights[label] for label in share}
    model = LinearSVC(C=C, random_state=SEED, class_weight=weight, tol=_TOLERANCE, dual=True).fit(features, known)
    return model.coef_[-len(share) :], model.intercept_[-len(share) :]  # _REST sorts before every label
