"""A shape: the dimensions of an array, tensor or batch, outermost axis first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from .dim import UNKNOWN_DIM, Dim, Poly, same

Shape: TypeAlias = tuple[Dim, ...]
"""Known rank. Where the rank itself is unknown, code uses ``Shape | None``."""


def show_shape(shape: Shape | None) -> str:
    """Return `shape` in the notation of NumPy and Keras: ``(None, 28, 28)``, ``(5,)``, ``(n, 4)``, or ``unknown``."""
    if shape is None:
        return "unknown"
    if len(shape) == 1:
        return f"({shape[0]!r},)"
    return f"({', '.join(map(repr, shape))})"


def same_shape(a: Shape | None, b: Shape | None) -> bool | None:
    """Tell whether two shapes are equal: yes, no, or None where some dimension leaves it open."""
    if a is None or b is None:
        return None
    if len(a) != len(b):
        return False
    verdict: bool | None = True
    for x, y in zip(a, b):
        equal = same(x, y)
        if equal is False:
            return False
        if equal is None:
            verdict = None
    return verdict


def merge_shapes(a: Shape | None, b: Shape | None) -> Shape | None:
    """Return what two possible shapes of one value have in common: axes that differ become unknown."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y and type(x) is type(y) else (None if x is None or y is None else UNKNOWN_DIM) for x, y in zip(a, b))


def size(shape: Iterable[Dim]) -> Dim:
    """Return the number of elements, `UNKNOWN_DIM` where an axis is None or unknown (and none is 0)."""
    total: Dim = 1
    for d in shape:
        if isinstance(d, int) and d == 0:
            return 0
        total = UNKNOWN_DIM if d is None or not isinstance(total, (int, Poly)) else total * d
    return total
