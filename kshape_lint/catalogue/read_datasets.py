"""Reads the shapes of the arrays in ``keras.datasets`` off the descriptions that Keras gives; the data themselves are no part of it."""

from __future__ import annotations

import inspect
import re
from typing import Any

from . import DatasetFacts

PARTS = ("x_train", "y_train", "x_test", "y_test")
_ENTRY = re.compile(r"\*\*([^*]+)\*\*: ((?:.+\n?)+)")
_DTYPE = re.compile(r"`?(u?int\d+|float\d+)`? (?:NumPy|Numpy|numpy) array")
_SHAPE = re.compile(r"shapes?\s+`?\(([^)]*)\)")
_RANGE = re.compile(r"range\s+0-(\d+)")
_SAMPLES = re.compile(r"dataset\s+(?:of|with) ([\d,]+)")
_CLASSES = re.compile(r"labeled over (\d+)")


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _shape(text: str) -> tuple[int | None, ...]:
    return tuple(int(part) if part.strip().isdigit() else None for part in text.split(",") if part.strip())


def dataset(path: str, load_data: Any) -> DatasetFacts:
    """Return what the description of one ``load_data`` states."""
    said = inspect.getdoc(load_data) or ""
    shapes: dict[str, tuple[int | None, ...]] = {}
    dtypes: dict[str, str] = {}
    highest = None
    for names, text in _ENTRY.findall(said):
        shape, dtype, labels = _SHAPE.search(text), _DTYPE.search(text), _RANGE.search(text)
        for name in re.findall(r"\w+", names):
            if shape:
                shapes[name] = _shape(shape[1])
            if dtype:
                dtypes[name] = dtype[1]
            if labels and name.startswith("y"):
                highest = int(labels[1])
    samples, classes = _SAMPLES.search(said), _CLASSES.search(said)
    return DatasetFacts(
        path,
        tuple(shapes.get(part) for part in PARTS),
        tuple(dtypes.get(part) for part in PARTS),
        _number(samples[1]) if samples else None,
        highest if highest is not None else int(classes[1]) - 1 if classes else None,
    )


def read_datasets(things: dict[str, Any]) -> dict[str, DatasetFacts]:
    """Return what Keras states of each of its data sets, by the path of the module."""
    end = ".load_data"
    found = sorted(path for path in things if path.startswith("keras.datasets.") and path.endswith(end))
    return {path.removesuffix(end): dataset(path.removesuffix(end), things[path]) for path in found}


def show_dataset(facts: DatasetFacts) -> str:
    """Write a data set's facts down as source text."""
    return f'DatasetFacts("{facts.path}", {facts.shapes!r}, {facts.dtypes!r}, {facts.samples!r}, {facts.highest!r})'
