"""Counts how much of a script is understood: what ``--stats`` shows of layer calls and of the contract at fit and its kin."""

from __future__ import annotations

from collections.abc import Iterable

from ..interpreter.values import Array, Value
from ..shapes import UNKNOWN_DIM
from .api import host


def count(name: str, arrays: Iterable[Value]) -> None:
    """Count one call on `arrays`: met, all ranks known, all shapes known (Keras's None is known)."""
    add = getattr(host(), "count", None)
    if add is None:
        return
    shapes = [each.shape if isinstance(each, Array) else None for each in arrays]
    ranked = bool(shapes) and all(shape is not None for shape in shapes)
    add(name)
    add(f"{name} of known rank", int(ranked))
    add(f"{name} of known shape", int(ranked and all(dim is not UNKNOWN_DIM for shape in shapes for dim in shape or ())))
