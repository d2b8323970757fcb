"""The data sets of Keras 3, read off the installed keras 3.15.1 by `kshape_lint.catalogue.read`; do not edit."""

# ruff: noqa
# fmt: off
from __future__ import annotations

from . import DatasetFacts

DATASETS: dict[str, DatasetFacts] = {
    "keras.datasets.boston_housing": DatasetFacts("keras.datasets.boston_housing", ((None, 13), (None,), (None, 13), (None,)), (None, None, None, None), None, None),
    "keras.datasets.california_housing": DatasetFacts("keras.datasets.california_housing", ((None, 8), (None,), (None, 8), (None,)), (None, None, None, None), 20640, None),
    "keras.datasets.cifar10": DatasetFacts("keras.datasets.cifar10", ((50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1)), ('uint8', 'uint8', 'uint8', 'uint8'), 50000, 9),
    "keras.datasets.cifar100": DatasetFacts("keras.datasets.cifar100", ((50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1)), ('uint8', 'uint8', 'uint8', 'uint8'), 50000, 99),
    "keras.datasets.fashion_mnist": DatasetFacts("keras.datasets.fashion_mnist", ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,)), ('uint8', 'uint8', 'uint8', 'uint8'), 60000, 9),
    "keras.datasets.imdb": DatasetFacts("keras.datasets.imdb", (None, None, None, None), (None, None, None, None), 25000, None),
    "keras.datasets.mnist": DatasetFacts("keras.datasets.mnist", ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,)), ('uint8', 'uint8', 'uint8', 'uint8'), 60000, 9),
    "keras.datasets.reuters": DatasetFacts("keras.datasets.reuters", (None, None, None, None), (None, None, None, None), 11228, 45),
}
