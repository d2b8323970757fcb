"""``x[...]`` and ``x[...] = value``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from ...interpreter.values import UNKNOWN, AnyScalar, Array, Counting, ListObj, Obj, Unknown, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, size
from ...shapes.axes import axis_index
from ...shapes.indexing import WHOLE, Index, Mask, Picks, Span, index_shape
from ..api import Iteration, Raises, models, named_length
from ..refusals import refusing
from .convert import MOST_ELEMENTS, as_array, bounds_of, holds_tuples, shape_key
from .dtypes import is_integer
from .io import TABLE
from .operators import true_count
from .ufuncs import check_assignment


def read_index(index: Value, rank: int | None) -> tuple[Index, ...] | None:
    """Return what stands between the brackets as the shape arithmetic takes it, None where some of it cannot be told."""
    out: list[Index] = []
    parts = index if isinstance(index, tuple) else (index,)
    for p in parts:
        one = _read(p, rank if len(parts) == 1 else None)
        if one is _UNCLEAR:
            return None
        out.append(one)
    return tuple(out)


_UNCLEAR: Any = object()


def _read(p: Value, rank: int | None) -> Any:
    if p is None or p is ...:
        return p
    if isinstance(p, bool):
        return _UNCLEAR
    if isinstance(p, (int, Poly)):
        return p
    if isinstance(p, AnyScalar) and is_integer(p.dtype):
        return fresh("i", 0)
    if isinstance(p, slice):
        if p.start is None and p.stop is None and p.step is None:
            return WHOLE
        return Span(_bound(p.start), _bound(p.stop), _bound(p.step))
    if isinstance(p, (ListObj, tuple, range, Counting)):
        a = as_array(p)
        if a.shape == (0,):
            return Picks((0,))
    elif isinstance(p, Array):
        a = p
    else:
        return _UNCLEAR
    if a.dtype == "bool":
        return Mask(a.shape, true_count(a)) if a.shape else _UNCLEAR
    if a.shape is None:
        return _UNCLEAR
    if is_integer(a.dtype):
        if a.shape == ():
            value = a.data[0] if a.data else None
            return value if isinstance(value, (int, Poly)) and not isinstance(value, bool) else fresh("i", 0)
        low_high = bounds_of(a.data)
        exact = low_high if low_high is not None and all(isinstance(v, int) for v in a.data or ()) else None
        return Picks(a.shape, (int(exact[0]), int(exact[1])) if exact is not None else None)
    if a.dtype is None and len(a.shape) == 1 and rank is not None:
        # Numbers or truth values: either way one axis, of a length that is not known.
        return Picks((UNKNOWN_DIM,))
    return _UNCLEAR


def _bound(value: Value) -> Dim:
    if value is None or isinstance(value, Poly):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Array) and value.shape == () and value.data and isinstance(value.data[0], (int, Poly)):
        return value.data[0]
    return UNKNOWN_DIM


def _only_narrows(index: Value) -> bool:
    """Tell whether an index not understood leaves the rank alone."""
    return isinstance(index, slice)


def _names_two_axes(index: Value) -> bool:
    """Tell whether an index says something of two axes: of a row and of a column."""
    return type(index) is tuple and len(index) == 2 and all(p is not None and p is not ... for p in index)


@models("numpy.ndarray.__getitem__")
def getitem(self: Value, index: Value) -> Value:
    """An element, a row, a slice, or a selection."""
    if isinstance(index, (str, Obj)) and not isinstance(index, ListObj):
        return UNKNOWN
    if may_hold_more(self):
        return UNKNOWN
    if self.shape is None and self.history is TABLE and _names_two_axes(index):
        self = Array((UNKNOWN_DIM, UNKNOWN_DIM), self.dtype, self.kind, origin=self.origin)
    read = read_index(index, self.rank)
    if read is None or self.shape is None:
        if self.shape is None and read is not None:
            return Array(_of_unknown_rank(read), self.dtype, self.kind)
        if isinstance(index, Unknown) or (isinstance(index, tuple) and any(isinstance(p, Unknown) for p in index)):
            return _partly_unknown(self, index)
        return Array(None, self.dtype, self.kind)
    with refusing("[]", self):
        shape = index_shape(self.shape, read)
    return _element(self, shape, read)


def _of_unknown_rank(read: Sequence[Index]) -> Shape | None:
    """A mask of a whole array, or nothing to be told."""
    if len(read) == 1 and isinstance(read[0], Mask) and len(read[0].shape) > 1:
        return None
    return None


def _partly_unknown(a: Array, index: Value) -> Value:
    """Where an index is unknown it may be a number, a slice, a selection: nothing is left of the shape."""
    return Array(None, a.dtype, a.kind)


def _holds_objects(a: Array, shape: Shape) -> bool:
    """Tell whether an element of `a` is an object of its own, such as one of many lists of words, rather than a number."""
    return shape == () and a.dtype in ("object", "void") and a.kind == "numpy"


def may_hold_more(a: Array) -> bool:
    """Tell whether what was taken out of an array may be a thing with items of its own: a text, or an object of an unknown dtype."""
    return a.shape == () and a.dtype in (None, "str", "bytes", "void", "object") and a.kind == "numpy"


def _element(a: Array, shape: Shape, read: Sequence[Index]) -> Value:
    data = None
    if a.data is not None and a.shape is not None and all(type(i) is int or isinstance(i, Span) or i is ... or i is None for i in read):
        data = _elements(a, read)
    if data is not None and size(shape) != len(data):
        data = None
    if _holds_objects(a, shape) and not any(i is ... for i in read):
        return data[0] if data else UNKNOWN
    whole = all(i is None or i is ... or i == WHOLE for i in read)
    return Array(shape, a.dtype, a.kind, data=data, bounds=a.bounds if whole else bounds_of(data))


def _elements(a: Array, read: Sequence[Index]) -> tuple[Value, ...] | None:
    """The elements that numbers and slices pick of an array whose elements are known."""
    assert a.shape is not None and a.data is not None
    used = sum(1 for i in read if i is not None and i is not ...)
    ranges: list[Sequence[int]] = []
    axis = 0
    spread = False
    for i in read:
        if i is None:
            continue
        if i is ...:
            for _ in range(len(a.shape) - used):
                ranges.append(range(_int(a.shape[axis])))
                axis += 1
            spread = True
            continue
        length = _int(a.shape[axis])
        if isinstance(i, Span):
            edges: list[Any] = [i.start, i.stop, i.step]
            if not all(b is None or type(b) is int for b in edges) or edges[2] == 0:
                return None
            ranges.append(range(length)[slice(*edges)])
        else:
            assert isinstance(i, int)
            ranges.append((i % length,) if length else ())
        axis += 1
    if not spread:
        ranges.extend(range(_int(d)) for d in a.shape[axis:])
    strides: list[int] = []
    step = 1
    for d in reversed(a.shape):
        strides.append(step)
        step *= _int(d)
    strides.reverse()
    count = 1
    for r in ranges:
        count *= len(r)
    if count > MOST_ELEMENTS or step != len(a.data):
        return None
    return tuple(a.data[sum(i * s for i, s in zip(place, strides))] for place in product(*ranges))


def _int(d: Dim) -> int:
    return d if isinstance(d, int) else 0


@models("numpy.ndarray.__setitem__")
def setitem(self: Value, index: Value, value: Value) -> Value:
    """Assign to a part; returns the array as it is afterwards: its elements are no longer known."""
    read = read_index(index, self.rank)
    if self.shape is not None and read is not None:
        with refusing("[] =", self):
            shape = index_shape(self.shape, read)
        if self.dtype not in ("object", "void") and (
            isinstance(value, Array) or (isinstance(value, (ListObj, tuple)) and (self.dtype is not None or not holds_tuples(value)))
        ):
            given = as_array(value, "[] =")
            # An element of an unknown dtype may hold an array.
            if any(isinstance(i, Mask) for i in read):
                # How many elements a mask lets through is its own matter; the axes that it leaves alone are not.
                shape = tuple(d if isinstance(d, int) else UNKNOWN_DIM for d in shape)
            if shape or self.dtype is not None:
                check_assignment(Array(shape), given)
    self.written()
    return Array(self.shape, self.dtype, self.kind, origin=self.origin)


@models("numpy.ndarray.__iter__")
def iterate(self: Value) -> Value:
    """The parts along the first axis."""
    if self.shape is None:
        return Iteration(None, Array(None, self.dtype, self.kind), UNKNOWN_DIM)
    if may_hold_more(self):
        return Iteration(None, UNKNOWN, UNKNOWN_DIM)
    if not self.shape:
        raise Raises("TypeError", "iteration over a 0-d array")
    count, rest = self.shape[0], self.shape[1:]
    if _holds_objects(self, rest):
        return Iteration(self.data if count == len(self.data or ()) else None, UNKNOWN, count)
    if isinstance(count, int) and count <= 64:
        each = len(self.data) // count if self.data is not None and count else 0
        if self.data is None:
            parts = [Array(rest, self.dtype, self.kind)] * count
        else:
            datas = [self.data[i * each : (i + 1) * each] for i in range(count)]
            parts = [Array(rest, self.dtype, self.kind, data=d, bounds=bounds_of(d)) for d in datas]
        if rest and self.known:
            for part in parts:
                self.shared_with(part)
        return Iteration(tuple(parts))
    one = Array(rest, self.dtype, self.kind)
    if rest and self.known:
        self.shared_with(one)
    return Iteration(None, one, count)


@models("numpy.ndarray.__len__")
def length(self: Value) -> Value:
    """The length of the first axis."""
    if self.shape is None:
        return named_length((shape_key(self), "[]", ("int", 0)))
    if may_hold_more(self):
        return UNKNOWN
    if not self.shape:
        raise Raises("TypeError", "len() of unsized object")
    d = self.shape[0]
    return d if isinstance(d, (int, Poly)) else fresh("n", 0)


@models("numpy.ndarray.__contains__")
def contains(self: Value, value: Value) -> Value:
    """Whether an element is there."""
    return UNKNOWN


@models("numpy.apply_along_axis")
def apply_along_axis(func1d: Value, axis: Value, arr: Value, *args: Value, **kwargs: Value) -> Value:
    """A function of each 1-D slice along an axis, its results where the axis was."""
    from ..api import call
    from .convert import whole

    a = as_array(arr, "np.apply_along_axis")
    at = whole(axis)
    if a.shape is not None and isinstance(at, int):
        with refusing("np.apply_along_axis", a):
            axis_index(at, len(a.shape))
    if a.shape is None or not isinstance(at, int) or not -len(a.shape) <= at < len(a.shape):
        return Array(None)
    at %= len(a.shape)
    one = as_array(call(func1d, Array((a.shape[at],), a.dtype), *args, **kwargs))
    return Array(None if one.shape is None else a.shape[:at] + one.shape + a.shape[at + 1 :], one.dtype)


@models("numpy.apply_over_axes")
def apply_over_axes(func: Value, a: Value, axes: Value) -> Value:
    """A reduction over axes, one after another, which stay as 1."""
    from .convert import axes as axes_of

    x, which = as_array(a), axes_of(axes)
    if x.shape is None or not isinstance(which, tuple):
        return Array(None)
    with refusing("np.apply_over_axes", x):
        gone = {axis_index(i, len(x.shape)) for i in which}
    return Array(tuple(1 if i in gone else d for i, d in enumerate(x.shape)))
