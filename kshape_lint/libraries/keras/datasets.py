"""``keras.datasets``: the arrays that ``load_data`` returns."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import OTHERS, UNKNOWN, Array, DictObj, Value
from ...records import record
from ...shapes import UNKNOWN_DIM, Dim, Shape
from ..api import models

Pair = tuple[Array, Array]


@record
class Images:
    """A set of images: how many to train and to test on, one image, the shape of one label, the greatest label."""

    train: int
    test: int
    image: Shape
    label: Shape = ()
    highest: int = 9

    def part(self, count: int) -> Pair:
        """Return images and labels of one part."""
        bounds = (0.0, float(self.highest))
        x = Array((count, *self.image), "uint8", bounds=(0.0, 255.0))
        return x, Array((count, *self.label), "uint8", bounds=bounds)


IMAGES = {
    "mnist": Images(60000, 10000, (28, 28)),
    "fashion_mnist": Images(60000, 10000, (28, 28)),
    "cifar10": Images(50000, 10000, (32, 32, 3), (1,)),
}


def _loader(images: Images) -> Callable[..., Value]:
    def load_data(path: Value = None) -> tuple[Pair, Pair]:
        return images.part(images.train), images.part(images.test)

    return load_data


for _name, _images in IMAGES.items():
    models(f"keras.datasets.{_name}.load_data")(_loader(_images))


@models("keras.datasets.cifar100.load_data")
def cifar100(label_mode: Value = "fine") -> tuple[Pair, Pair]:
    """Model of ``cifar100.load_data``."""
    images = Images(50000, 10000, (32, 32, 3), (1,), 19 if label_mode == "coarse" else 99)
    train, test = images.part(images.train), images.part(images.test)
    if label_mode not in ("fine", "coarse"):
        return (train[0], _unbounded(train[1])), (test[0], _unbounded(test[1]))
    return train, test


def _unbounded(labels: Array) -> Array:
    return Array(labels.shape, labels.dtype)


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
    return _texts(25000, 25000, 2) if maxlen is None else _filtered(2)


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
    if maxlen is not None or not isinstance(test_split, (int, float)):
        return _filtered(46)
    train = int(11228 * (1 - test_split))
    return _texts(train, 11228 - train, 46)


def _table(rows: int, columns: int, test_split: Value, dtype: str) -> tuple[Pair, Pair]:
    train: Dim = UNKNOWN_DIM
    test: Dim = UNKNOWN_DIM
    if isinstance(test_split, (int, float)):
        train = int(rows * (1 - test_split))
        test = rows - train
    return (Array((train, columns), dtype), Array((train,), dtype)), (Array((test, columns), dtype), Array((test,), dtype))


@models("keras.datasets.boston_housing.load_data")
def boston_housing(path: Value = "boston_housing.npz", test_split: Value = 0.2, seed: Value = 113) -> tuple[Pair, Pair]:
    """Model of ``boston_housing.load_data``."""
    return _table(506, 13, test_split, "float64")


@models("keras.datasets.california_housing.load_data")
def california_housing(
    version: Value = "large", path: Value = "california_housing.npz", test_split: Value = 0.2, seed: Value = 113
) -> tuple[Pair, Pair]:
    """Model of ``california_housing.load_data``; the small version has 600 rows."""
    if version not in ("large", "small"):
        return _table(0, 8, UNKNOWN, "float32")
    return _table(20640 if version == "large" else 600, 8, test_split, "float32")


@models("keras.datasets.imdb.get_word_index", "keras.datasets.reuters.get_word_index")
def get_word_index(path: Value = None) -> Value:
    """Model of ``get_word_index``: a number for each word."""
    return DictObj({OTHERS: UNKNOWN})
