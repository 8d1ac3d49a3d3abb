"""A linear text classifier, kept as plain arrays.

scikit-learn trains it and is imported for that alone: it takes 40 MB and a second of a start. Numbers are
saved as .npz and .json, as reading scikit-learn's objects back through skops takes seven seconds of every start
(docs/decisions/0003).
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple

import numpy as np

SEED = 42
PAIRS = "pairs"
_WORD = re.compile(r"\b\w+\b")
_REACH = 3  # words
_TOLERANCE = 0.01  # as good as scikit-learn's 0.0001 on examples held out, in three quarters of the time
_REST = ""  # all the labels learnt elsewhere
_PROCESSES = 2  # labels are learnt apart, as many at a time


Analyzer = Callable[[str], List[str]]


def analyzer(view: Dict[str, Any]) -> Analyzer:
    """What turns a text into its features, as scikit-learn's vectorizers do: "word" and "char_wb" n-grams, or PAIRS.

    view: `analyzer` and, but for PAIRS, `ngram_range`, the fewest and most words or characters of a feature.
    """
    fewest, most = view.get("ngram_range", (1, 1))
    if view["analyzer"] == PAIRS:
        return pairs
    if view["analyzer"] == "word":
        return lambda text: _joined(text, fewest, most)
    return lambda text: _characters(text, fewest, most)


def pairs(text: str) -> List[str]:
    """Each word with those up to _REACH further on: "who ... pay" says the same whatever stands between."""
    words = text.split()
    return [f"{first} {second}" for at, first in enumerate(words) for second in words[at + 1 : at + 1 + _REACH]]


def _joined(text: str, fewest: int, most: int) -> List[str]:
    words = _WORD.findall(text)
    sizes = range(fewest, most + 1)
    return [" ".join(words[at : at + size]) for size in sizes for at in range(len(words) - size + 1)]


def _characters(text: str, fewest: int, most: int) -> List[str]:
    return [part for word in text.split() for part in _parts(word, fewest, most)]


def _parts(word: str, fewest: int, most: int) -> List[str]:
    """Parts of a word with a space at either end; a word shorter than a part is one."""
    grams: List[str] = []
    padded = f" {word} "
    for size in range(fewest, most + 1):
        grams += [padded[at : at + size] for at in range(max(1, len(padded) - size + 1))]
        if size >= len(padded):
            break
    return grams


def counted(texts: Sequence[str], view: Dict[str, Any]) -> Tuple[Dict[str, int], Any]:
    """The columns of the features that stand in enough texts, in alphabetical order, and how often each stands in each
    text: what scikit-learn's CountVectorizer gives, entry by entry, in a third of the time."""
    from scipy.sparse import csr_matrix

    met: Dict[str, int] = defaultdict(itertools.count().__next__)  # features, numbered as they come
    numbers = list(map(_numbering(view, met), texts))
    ends = np.cumsum([0, *map(len, numbers)])
    flat = np.concatenate(numbers)
    every = csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(texts), len(met)))
    every.sum_duplicates()
    often = np.bincount(every.indices, minlength=len(met)) >= view.get("min_df", 1)
    order = {gram: column for column, gram in enumerate(sorted(itertools.compress(met, often)))}
    # As they came: of words as rare as each other, Spelling takes the first.
    columns = {gram: order[gram] for gram in itertools.compress(met, often)}
    places = np.fromiter((columns.get(gram, -1) for gram in met), np.int32, len(met))
    kept = often[every.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[every.indptr]
    counts = csr_matrix((every.data[kept], places[every.indices[kept]], ends), shape=(len(texts), len(columns)))
    return columns, counts


def _numbering(view: Dict[str, Any], met: Dict[str, int]) -> Callable[[str], np.ndarray]:
    """What turns a text into the numbers of its features; parts of a word are looked for once, however often it stands
    in the texts."""

    def numbers(grams: Sequence[str]) -> np.ndarray:
        return np.fromiter(map(met.__getitem__, grams), np.int32, len(grams))

    if view["analyzer"] != "char_wb":
        analyze = analyzer(view)
        return lambda text: numbers(analyze(text))
    known = functools.cache(lambda word: numbers(_parts(word, *view["ngram_range"])))
    none = numbers([])
    return lambda text: np.concatenate([none, *map(known, text.split())])


class LinearTextClassifier:
    """tf-idf of n-grams into a linear support vector machine, its margins scaled into probabilities.

    `views`: how texts are looked at (`analyzer`, with `min_df`: examples that a feature must stand in). `fit` before
    `chances`.
    """

    def __init__(self, views: Sequence[Dict[str, Any]]) -> None:
        self.views = [dict(view) for view in views]
        self._analyzers = [analyzer(view) for view in self.views]
        self.labels: List[str] = []
        self._columns: List[Dict[str, int]] = []  # a view's, by feature
        self._idf: List[np.ndarray] = []
        self._parts: List[np.ndarray] = []  # a view's features by labels, each contiguous
        self._bias = np.zeros(0)

    def fit(
        self, texts: Sequence[str], labels: Sequence[str], C: float, sharpness: float, balance: float = 0.0
    ) -> None:
        """Learns. The same data give the same weights, in any order.

        `C`: the inverse strength of regularisation. `sharpness`: what margins are multiplied by so that softmax gives
        honest probabilities (temperature scaling), measured on examples held out. `balance`: how much more the examples
        of a rare label count, from 0, all alike, to 1, each label as much as any other.
        """
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfTransformer

        labels, texts = zip(*sorted(zip(labels, texts, strict=True)), strict=True)
        seen = [counted(texts, view) for view in self.views]
        self._columns = [columns for columns, _ in seen]
        weighers = [TfidfTransformer(sublinear_tf=True).fit(counts) for _, counts in seen]
        weighed = [weigher.transform(counts) for weigher, (_, counts) in zip(weighers, seen, strict=True)]
        features = hstack(weighed).tocsr()
        self.labels = sorted(set(labels))
        weights, bias = _trained(features, np.asarray(labels), C, balance)
        self._bias = bias * sharpness
        ends = np.cumsum([len(columns) for columns in self._columns])[:-1]
        # float16: a quarter of the memory, no difference in the answers
        parts = np.split(weights * sharpness, ends, axis=1)
        self._parts = [np.ascontiguousarray(part.T, np.float16) for part in parts]
        self._idf = [weigher.idf_ for weigher in weighers]

    def rarity(self) -> Dict[str, float]:
        """The inverse document frequency of each word learnt from; the first view must be of words."""
        idf, columns = self._idf[0], self._columns[0]
        return {gram: float(idf[at]) for gram, at in columns.items() if " " not in gram}

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """The probability of each label, a row a text; rows sum to 1."""
        scores = np.stack([self._scores(text) for text in texts])
        return softmax(scores)

    def _scores(self, text: str) -> np.ndarray:
        """What scikit-learn's transform and a product would give: they cost a millisecond a text, this a tenth."""
        total = self._bias
        for analyze, known, idf, weights in zip(self._analyzers, self._columns, self._idf, self._parts, strict=True):
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
            "columns": self._columns,
        }
        (folder / "classifier.json").write_text(json.dumps(described), encoding="utf-8")
        arrays = {f"idf_{i}": idf for i, idf in enumerate(self._idf)}
        arrays.update({f"weights_{i}": part for i, part in enumerate(self._parts)})
        np.savez(folder / "classifier.npz", bias=self._bias, **arrays)

    @classmethod
    def read(cls, folder: Path) -> LinearTextClassifier:
        described = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        classifier = cls(described["views"])
        classifier._columns = described["columns"]
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            classifier._bias = arrays["bias"]
            classifier._idf = [arrays[f"idf_{index}"] for index in range(len(classifier.views))]
            classifier._parts = [arrays[f"weights_{index}"] for index in range(len(classifier.views))]
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
