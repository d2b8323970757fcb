"""Axes: numbering, removing, adding, reordering and reducing them."""

from __future__ import annotations

from collections.abc import Sequence

from .dim import UNKNOWN_DIM, Dim, same
from .errors import AxisOutOfRange, BadPermutation, NotSingular, RepeatedAxis
from .shape import Shape


def axis_index(axis: int, rank: int) -> int:
    """Return `axis` counted from the front, or raise `AxisOutOfRange`."""
    if not -rank <= axis < rank:
        raise AxisOutOfRange(axis, rank)
    return axis % rank


def axis_indices(axes: Sequence[int], rank: int) -> tuple[int, ...]:
    """Return `axes` counted from the front; each may be named once."""
    out: list[int] = []
    for axis in axes:
        i = axis_index(axis, rank)
        if i in out:
            raise RepeatedAxis(i, rank)
        out.append(i)
    return tuple(out)


def reduce_axes(shape: Shape, axes: Sequence[int] | None, keepdims: bool = False) -> Shape:
    """Return the shape after a reduction over `axes` (None: all of them)."""
    gone = range(len(shape)) if axes is None else axis_indices(axes, len(shape))
    if keepdims:
        return tuple(1 if i in gone else d for i, d in enumerate(shape))
    return tuple(d for i, d in enumerate(shape) if i not in gone)


def expand_dims(shape: Shape, axes: Sequence[int]) -> Shape:
    """Return `shape` with new axes of length 1 where the result is to have them."""
    rank = len(shape) + len(axes)
    new = axis_indices(axes, rank)
    old = iter(shape)
    return tuple(1 if i in new else next(old) for i in range(rank))


def squeeze(shape: Shape, axes: Sequence[int] | None = None) -> Shape | None:
    """Return `shape` without the given axes, each of which must be 1; with None without all axes that are 1.

    None is the answer where it hangs on an open dimension. A symbol that could be 1 is taken to be more: a data set of one row
    is not what a script is written for.
    """
    if axes is None:
        if any(d is None or d is UNKNOWN_DIM for d in shape):
            return None
        return tuple(d for d in shape if not (isinstance(d, int) and d == 1))
    gone = axis_indices(axes, len(shape))
    for i in gone:
        if same(shape[i], 1) is False:
            raise NotSingular(shape, i)
    return tuple(d for i, d in enumerate(shape) if i not in gone)


def permute(shape: Shape, axes: Sequence[int] | None = None) -> Shape:
    """Return `shape` with its axes in the order of `axes` (None: reversed)."""
    if axes is None:
        return shape[::-1]
    if len(axes) != len(shape):
        raise BadPermutation(tuple(axes), len(shape))
    return tuple(shape[i] for i in axis_indices(axes, len(shape)))


def swap(shape: Shape, first: int, second: int) -> Shape:
    """Return `shape` with two axes exchanged."""
    i, j = axis_index(first, len(shape)), axis_index(second, len(shape))
    out = list(shape)
    out[i], out[j] = out[j], out[i]
    return tuple(out)


def move(shape: Shape, source: Sequence[int], destination: Sequence[int]) -> Shape:
    """Return `shape` with some axes moved to other places, the rest in order."""
    rank = len(shape)
    sources, targets = axis_indices(source, rank), axis_indices(destination, rank)
    if len(sources) != len(targets):
        raise BadPermutation(tuple(source), len(destination))
    order = [i for i in range(rank) if i not in sources]
    for target, i in sorted(zip(targets, sources)):
        order.insert(target, i)
    return tuple(shape[i] for i in order)


def replace_axis(shape: Shape, axis: int, d: Dim) -> Shape:
    """Return `shape` with another length on one axis."""
    i = axis_index(axis, len(shape))
    return (*shape[:i], d, *shape[i + 1 :])
