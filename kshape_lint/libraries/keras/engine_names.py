"""The names that Keras gives to layers and models which got none: ``dense``, ``dense_1``, counted over the whole program."""

from __future__ import annotations

import re
from functools import lru_cache

from ...interpreter.values import Obj
from ...interpreter.world import kept
from ..api import keras_major


class _Counts(Obj):
    """How many objects of each class have been named in this run."""

    __slots__ = ()


def auto_name(class_name: str) -> str | None:
    """Return the next name for an object of this class, None where branches have made the count unsure."""
    counter = kept(_Counts)
    # Not `.state`: a count that depends on a branch is given up, not forked on.
    counts = counter._state
    if not isinstance(counts, dict):
        return None
    stem = snake_case(class_name)
    first = 1 if stem == "input" else 0
    number = counts.get(stem, first)
    if not isinstance(number, int):
        return None
    counter.put({**counts, stem: number + 1})
    return stem if number == 0 else f"{stem}_{number}"


def forget_names() -> None:
    """Start counting anew, as ``keras.backend.clear_session()`` does."""
    kept(_Counts).put({})


@lru_cache(maxsize=1_024)
def snake_case(name: str) -> str:
    """Return a class name as Keras spells it in layer names."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
    return name


def input_name() -> str | None:
    """Return the next name for an ``Input``."""
    return auto_name("InputLayer" if keras_major() == 3 else "Input")
