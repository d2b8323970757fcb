"""Joining arrays along an axis, and splitting them again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from .axes import axis_index, expand_dims
from .dim import UNKNOWN_DIM, Dim, Poly, divide_exactly, is_exact, never_divides, same
from .errors import JoinLengthMismatch, JoinRankMismatch, UnequalSplit
from .indexing import slice_length
from .reshape import plus
from .shape import Shape


def concatenate(shapes: Sequence[Shape | None], axis: int) -> Shape | None:
    """Return the shape of arrays joined along an existing axis. Unknown ranks are no obstacle to a verdict on the others."""
    known = [(i, s) for i, s in enumerate(shapes) if s is not None]
    if not known:
        return None
    first = known[0][1]
    for i, known_shape in known[1:]:
        if len(known_shape) != len(first):
            raise JoinRankMismatch(tuple(shapes), i)
    at = axis_index(axis, len(first))
    out = _common(shapes, known, at)
    total: Dim = 0
    for s in shapes:
        total = plus(total, UNKNOWN_DIM if s is None else s[at])
    out[at] = total
    return tuple(out)


def stack(shapes: Sequence[Shape | None], axis: int = 0, count: Dim | None = None) -> Shape | None:
    """Return the shape of arrays of one shape joined along a new axis; `count` where there are more than `shapes` shows."""
    known = [(i, s) for i, s in enumerate(shapes) if s is not None]
    if not known:
        return None
    first = known[0][1]
    for i, s in known[1:]:
        if len(s) != len(first):
            raise JoinRankMismatch(tuple(shapes), i)
    at = axis_index(axis, len(first) + 1)
    out = _common(shapes, known, None)
    new = expand_dims(tuple(out), (at,))
    return (*new[:at], len(shapes) if count is None else count, *new[at + 1 :])


def _common(shapes: Sequence[Shape | None], known: list[tuple[int, Shape]], but: int | None) -> list[Dim]:
    out: list[Dim] = list(known[0][1])
    from_ = [known[0][0]] * len(out)
    for i, s in known[1:]:
        for axis, d in enumerate(s):
            if axis == but:
                continue
            if same(out[axis], d) is False:
                raise JoinLengthMismatch(tuple(shapes), i, axis, from_[axis])
            # They must agree, so the one that says more stands for all.
            if _tells_more(d, out[axis]):
                out[axis] = d
                from_[axis] = i
    return out


def _tells_more(a: Dim, b: Dim) -> bool:
    def order(d: Dim) -> int:
        return 3 if isinstance(d, int) else 2 if isinstance(d, Poly) else 1 if d is None else 0

    return order(a) > order(b)


def split_equally(shape: Shape, parts: int, axis: int) -> Shape:
    """Return the shape of each of `parts` equal parts, or raise `UnequalSplit`."""
    at = axis_index(axis, len(shape))
    d = shape[at]
    if never_divides(d, parts):
        raise UnequalSplit(shape, parts, at)
    each: Dim = d
    if is_exact(d):
        exact = divide_exactly(d, parts)
        each = exact if exact is not None else d // parts
    elif parts != 1:
        each = None if d is None else UNKNOWN_DIM
    return (*shape[:at], each, *shape[at + 1 :])


def split_at(shape: Shape, places: Sequence[Dim], axis: int) -> list[Shape]:
    """Return the shapes of the pieces of an array cut before each index in `places`."""
    at = axis_index(axis, len(shape))
    edges: list[Dim] = [0, *places, None]
    out = []
    for start, stop in itertools.pairwise(edges):
        out.append((*shape[:at], slice_length(shape[at], start, stop), *shape[at + 1 :]))
    return out


def split_array(shape: Shape, parts: int, axis: int) -> list[Shape]:
    """Return the shapes of `parts` parts, as equal as can be (``np.array_split``)."""
    at = axis_index(axis, len(shape))
    d = shape[at]
    sizes: list[Dim]
    if isinstance(d, int):
        each, extra = divmod(d, parts)
        sizes = [each + 1 if i < extra else each for i in range(parts)]
    else:
        sizes = [(d + (parts - 1 - i)) // parts if is_exact(d) else UNKNOWN_DIM for i in range(parts)]
    return [(*shape[:at], s, *shape[at + 1 :]) for s in sizes]
