"""Texts to sparse matrices of counts."""

from __future__ import annotations

import re

from ...interpreter.values import UNKNOWN, Array, LibObj, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, is_exact
from ..api import Raises, bases, items, models
from .checks import Estimator, fitted, rows_of, sparse, state_of

_LONGEST = 100_000
"""The longest texts, together, that are looked into."""
_BASE = "sklearn.<vectorizer>"
_TEXT = "sklearn.feature_extraction.text."


def _register(name: str) -> None:
    path = _TEXT + name
    bases(path, _BASE)

    @models(path)
    def make(*args: Value, **kwargs: Value) -> Value:
        """A vectorizer, not fitted yet."""
        return LibObj(path, Estimator(kwargs))


for _name in ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"):
    _register(_name)


def _check(raw_documents: Value) -> None:
    if isinstance(raw_documents, str):
        raise Raises("ValueError", "Iterable over raw text documents expected, string object received.")


@models(_BASE + ".fit")
def fit(self: Value, raw_documents: Value, y: Value = None) -> Value:
    """Learn the vocabulary."""
    _check(raw_documents)
    config = state_of(self).config
    hashed = self.path.endswith("HashingVectorizer")
    vocabulary = config.get("vocabulary")
    count: Dim = config.get("n_features", 1048576) if hashed else rows_of(vocabulary) if vocabulary is not None else UNKNOWN_DIM
    if not hashed and vocabulary is None:
        count = _vocabulary(raw_documents, config)
    fitted(self, outputs=count if is_exact(count) else fresh("v"))
    return self


def _vocabulary(documents: Value, config: dict[str, Value]) -> Dim:
    """Return how many words texts that are all known have, by the vectorizer's own rule for words."""
    texts = items(documents)
    most = config.get("max_features")
    plain = not config.keys() - {"max_features"} and (most is None or isinstance(most, int))
    if texts is None or not plain or not texts or not all(isinstance(t, str) for t in texts) or sum(map(len, texts)) > _LONGEST:
        return UNKNOWN_DIM
    words = {w for t in texts for w in re.findall(r"(?u)\b\w\w+\b", t.lower())}
    return len(words) if most is None else min(len(words), most)


@models(_BASE + ".transform")
def transform(self: Value, raw_documents: Value, *args: Value) -> Value:
    """One row for each text, one column for each word of the vocabulary."""
    _check(raw_documents)
    if self.path.endswith("HashingVectorizer") and not state_of(self).fitted:
        fit(self, raw_documents)
    rows = rows_of(raw_documents)
    dtype = "int64" if self.path.endswith("CountVectorizer") else "float64"
    return sparse((rows if is_exact(rows) else UNKNOWN_DIM, state_of(self).outputs), dtype)


@models(_BASE + ".fit_transform")
def fit_transform(self: Value, raw_documents: Value, y: Value = None) -> Value:
    """Learn the vocabulary and count."""
    fit(self, raw_documents)
    return transform(self, raw_documents)


@models(_BASE + ".get_feature_names_out", _BASE + ".get_feature_names")
def names(self: Value, *args: Value) -> Value:
    """The words."""
    return Array((state_of(self).outputs,), "object")


@models("sklearn.feature_extraction.text.TfidfTransformer")
def tfidf(*args: Value, **kwargs: Value) -> Value:
    """Weights of counts: not followed."""
    return UNKNOWN
