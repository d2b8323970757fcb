"""Indexing: what ``x[...]`` leaves of a shape, by NumPy's rules for basic and advanced indices."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import TypeAlias, cast

from ..records import record
from .broadcast import broadcast
from .dim import UNKNOWN_DIM, Dim, Exact, Poly, at_least, derived, is_exact, same
from .errors import IndexOutOfBounds, MaskMismatch, TooManyIndices
from .reshape import lesser
from .shape import Shape


class Span:
    """A slice. A bound of None is absent; `UNKNOWN_DIM` is a bound of which nothing is known."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Dim = None, stop: Dim = None, step: Dim = None) -> None:
        self.start = start
        self.stop = stop
        self.step = step

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and (self.start, self.stop, self.step) == (other.start, other.stop, other.step)

    def __hash__(self) -> int:
        return hash((self.start, self.stop, self.step))

    def __repr__(self) -> str:
        return f"Span({self.start!r}, {self.stop!r}, {self.step!r})"


WHOLE = Span()
"""The slice that takes all of an axis: ``[:]``."""


@record
class Picks:
    """An array of whole numbers as an index: its shape, and the least and greatest where they are known."""

    shape: Shape
    bounds: tuple[int, int] | None = None


@record
class Mask:
    """A boolean array as an index: its shape, and how many elements are true."""

    shape: Shape
    count: Dim


Index: TypeAlias = "int | Poly | Span | Picks | Mask | EllipsisType | None"
"""One item between the brackets; None is a new axis, an exact number takes one element (a number not known is `Poly` with low=0)."""


def index_shape(shape: Shape, indices: Sequence[Index]) -> Shape:
    """Return the shape of ``x[indices]``.

    Raises `TooManyIndices`, `IndexOutOfBounds`, `MaskMismatch`, or `BroadcastError` where index arrays do not go together.
    """
    used = sum(_axes_of(i) for i in indices)
    if used > len(shape):
        raise TooManyIndices(shape, used)
    full: list[Index] = []
    rest: list[Index] = [WHOLE] * (len(shape) - used)
    advanced = open_ended = False
    for i in indices:
        if i is ...:
            full.extend(rest)
            open_ended, rest = True, []
            continue
        full.append(i)
        advanced = advanced or isinstance(i, (Picks, Mask))
    if not open_ended:
        full.extend(rest)
    out: list[Dim] = []
    picked: list[Shape] = []
    first = -1
    apart = False
    last = -1
    axis = 0
    for position, i in enumerate(full):
        if i is None:
            out.append(1)
            continue
        if isinstance(i, Span):
            out.append(shape[axis] if i is WHOLE else slice_length(shape[axis], i.start, i.stop, i.step))
            axis += 1
            continue
        if isinstance(i, Mask):
            for k, d in enumerate(i.shape):
                if same(d, shape[axis + k]) is False:
                    raise MaskMismatch(shape, i.shape, axis + k, k)
            picked.append((i.count,))
            axis += len(i.shape)
        elif isinstance(i, Picks):
            if i.bounds is not None:
                for bound in i.bounds:
                    _check(bound, shape, axis)
            picked.append(i.shape)
            axis += 1
        else:
            _check(cast("Exact", i), shape, axis)
            axis += 1
            if not advanced:
                continue
            picked.append(())
        if first < 0:
            first = len(out)
        elif last != position - 1:
            apart = True
        last = position
    if advanced:
        at = 0 if apart else first
        out[at:at] = broadcast(*picked)
    return tuple(out)


def _axes_of(i: Index) -> int:
    return 0 if i is None or i is ... else len(i.shape) if isinstance(i, Mask) else 1


def _check(index: Exact, shape: Shape, axis: int) -> None:
    length = shape[axis]
    if not is_exact(length) or (length == 0 and not isinstance(index, int)):
        # An index that is counted, into what holds nothing, is what no turn of the loop around it comes to.
        return
    if at_least(index - length, 0) or at_least(-index - length, 1):
        raise IndexOutOfBounds(index, length, axis, shape)


def slice_length(length: Dim, start: Dim = None, stop: Dim = None, step: Dim = None) -> Dim:
    """Return how many elements ``[start:stop:step]`` takes of an axis.

    Of an axis of length n, ``[:-5]`` is n - 5 and ``[5:]`` too: data are taken to have more rows than the numbers written in a slice.
    ``[:1000]`` is min(n, 1000), for it clamps.
    """
    if start is UNKNOWN_DIM or stop is UNKNOWN_DIM or step is UNKNOWN_DIM or isinstance(step, Poly) or step == 0:
        return UNKNOWN_DIM
    by = 1 if step is None else cast("int", step)
    if isinstance(length, int) and not isinstance(start, Poly) and not isinstance(stop, Poly):
        return len(range(*slice(start, stop, step).indices(length)))
    if not is_exact(length):
        return _of_open(length, start, stop, by)
    n = length
    if by < 0:
        return _backwards(n, start, stop, by)
    begin = _clamped(start, n, 0)
    end = _clamped(stop, n, n)
    if not (is_exact(begin) and is_exact(end)):
        return UNKNOWN_DIM
    count = end - begin
    if isinstance(count, int) and count <= 0:
        return 0
    if by == 1:
        if isinstance(count, int) or at_least(count, 0) or _only_literals_taken_off(count, start, stop, n):
            return count
        if at_least(-count, 0):
            return 0
        return derived(("span", count), f"max({count!r}, 0)", high=((1, n),))
    return (count + (by - 1)) // by


def _only_literals_taken_off(count: Poly, start: Dim, stop: Dim, n: Exact) -> bool:
    """Tell whether ``n - 5`` came of ``[:-5]`` or ``[5:]``, which is never negative in a script that works."""
    return all(
        isinstance(b, int) or b is None or (isinstance(b, Poly) and at_least(b, 0) is None) or at_least(n - b, 0) for b in (start, stop)
    )


def _clamped(bound: Dim, n: Exact, default: Exact) -> Dim:
    if bound is None:
        return default
    if isinstance(bound, int):
        if bound < 0:
            return n + bound if not (isinstance(n, int) and n + bound < 0) else 0
        return lesser(bound, n) if default == n else _start(bound, n)
    if not isinstance(bound, Poly):
        return UNKNOWN_DIM
    if at_least(bound, 0):
        return lesser(bound, n)
    if at_least(-bound, 0) and at_least(n + bound, 0):
        return n + bound
    return UNKNOWN_DIM


def _start(bound: int, n: Exact) -> Dim:
    return min(bound, n) if isinstance(n, int) else bound


def _of_open(length: Dim, start: Dim, stop: Dim, by: int) -> Dim:
    """The slice of an axis that is None or unknown."""
    if start in (None, 0) and stop is None and by in (1, -1):
        return length
    if by == 1 and isinstance(start, int) and isinstance(stop, int) and (start >= 0) == (stop >= 0) and stop <= start:
        return 0
    return length


def _backwards(n: Exact, start: Dim, stop: Dim, by: int) -> Dim:
    if start is None and stop is None:
        return n if by == -1 else (n + (-by - 1)) // -by
    return UNKNOWN_DIM
