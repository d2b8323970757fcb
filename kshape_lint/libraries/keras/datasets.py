"""``keras.datasets``: the arrays that ``load_data`` returns."""

from __future__ import annotations

from collections.abc import Callable

from ...catalogue import DatasetFacts, datasets
from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Value
from ...shapes import UNKNOWN_DIM, Dim
from ..api import models

Pair = tuple[Array, Array]


MODULES = "keras.datasets"


def _images(facts: DatasetFacts, highest: int | None) -> tuple[Pair, Pair]:
    """Return the four arrays that Keras states, the labels from 0 to `highest`."""

    def array(place: int) -> Array:
        label = place % 2
        bounds = (0.0, 255.0) if not label else None if highest is None else (0.0, float(highest))
        return Array(facts.shapes[place], facts.dtypes[place], bounds=bounds)

    return (array(0), array(1)), (array(2), array(3))


def _loader(name: str) -> Callable[..., Value]:
    def load_data(path: Value = None) -> tuple[Pair, Pair]:
        facts = datasets()[f"{MODULES}.{name}"]
        return _images(facts, facts.highest)

    return load_data


for _name in ("mnist", "fashion_mnist", "cifar10"):
    models(f"{MODULES}.{_name}.load_data")(_loader(_name))

COARSE = 20
"""How many classes the labels of cifar100 have when they are coarse."""


@models("keras.datasets.cifar100.load_data")
def cifar100(label_mode: Value = "fine") -> tuple[Pair, Pair]:
    """Model of ``cifar100.load_data``."""
    facts = datasets()[f"{MODULES}.cifar100"]
    return _images(facts, facts.highest if label_mode == "fine" else COARSE - 1 if label_mode == "coarse" else None)


def _texts(train: Dim, test: Dim, classes: int) -> tuple[Pair, Pair]:
    """Return lists of word numbers, as arrays of objects, with their labels."""

    def part(count: Dim) -> Pair:
        return Array((count,), "object"), Array((count,), "int64", bounds=(0.0, float(classes - 1)))

    return part(train), part(test)


@models("keras.datasets.imdb.load_data")
def imdb(
    path: Value = "imdb.npz",
    num_words: Value = None,
    skip_top: Value = 0,
    maxlen: Value = None,
    seed: Value = 113,
    start_char: Value = 1,
    oov_char: Value = 2,
    index_from: Value = 3,
    **kwargs: Value,
) -> tuple[Pair, Pair]:
    """Model of ``imdb.load_data``; `maxlen` leaves out the longer reviews."""
    each = _samples("imdb")
    return _texts(each, each, 2) if maxlen is None else _filtered(2)


def _filtered(classes: int) -> tuple[Pair, Pair]:
    from ..api import fresh

    return _texts(fresh("n"), fresh("n"), classes)


@models("keras.datasets.reuters.load_data")
def reuters(
    path: Value = "reuters.npz",
    num_words: Value = None,
    skip_top: Value = 0,
    maxlen: Value = None,
    test_split: Value = 0.2,
    seed: Value = 113,
    start_char: Value = 1,
    oov_char: Value = 2,
    index_from: Value = 3,
    **kwargs: Value,
) -> tuple[Pair, Pair]:
    """Model of ``reuters.load_data``."""
    classes = (datasets()[f"{MODULES}.reuters"].highest or 0) + 1
    if maxlen is not None or not isinstance(test_split, (int, float)):
        return _filtered(classes)
    count = _samples("reuters")
    train = int(count * (1 - test_split))
    return _texts(train, count - train, classes)


def _samples(name: str) -> int:
    return datasets()[f"{MODULES}.{name}"].samples or 0


def _table(name: str, rows: int, test_split: Value, dtype: str) -> tuple[Pair, Pair]:
    _, columns = datasets()[f"{MODULES}.{name}"].shapes[0] or (None, None)
    train: Dim = UNKNOWN_DIM
    test: Dim = UNKNOWN_DIM
    if isinstance(test_split, (int, float)):
        train = int(rows * (1 - test_split))
        test = rows - train
    return (Array((train, columns), dtype), Array((train,), dtype)), (Array((test, columns), dtype), Array((test,), dtype))


@models("keras.datasets.boston_housing.load_data")
def boston_housing(path: Value = "boston_housing.npz", test_split: Value = 0.2, seed: Value = 113) -> tuple[Pair, Pair]:
    """Model of ``boston_housing.load_data``: 506 rows, which Keras does not state."""
    return _table("boston_housing", 506, test_split, "float64")


@models("keras.datasets.california_housing.load_data")
def california_housing(
    version: Value = "large", path: Value = "california_housing.npz", test_split: Value = 0.2, seed: Value = 113
) -> tuple[Pair, Pair]:
    """Model of ``california_housing.load_data``; the small version has 600 rows."""
    if version not in ("large", "small"):
        return _table("california_housing", 0, UNKNOWN, "float32")
    return _table("california_housing", _samples("california_housing") if version == "large" else 600, test_split, "float32")


@models("keras.datasets.imdb.get_word_index", "keras.datasets.reuters.get_word_index")
def get_word_index(path: Value = None) -> Value:
    """Model of ``get_word_index``: a number for each word."""
    return DictObj({OTHERS: UNKNOWN})
