"""Sorting, searching, sets, and picking elements by number."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, NamedItems, Value, fresh
from ...rules.arrays import IndexBounds, RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, same
from ...shapes.axes import axis_index, replace_axis
from ...shapes.broadcast import broadcast
from ...shapes.errors import IndexOutOfBounds
from ..api import Mismatch, items, models
from ..refusals import refusing
from .convert import as_array, is_foreign, number, whole
from .operators import true_count
from .reshaping import raveled


def _along(a: Value, axis: Value, function: str, dtype: str | None = None) -> Value:
    if is_foreign(a):
        return UNKNOWN
    x = as_array(a, function)
    if axis is None:
        x = raveled(x)
        return Array(x.shape, dtype or x.dtype, bounds=None if dtype else x.bounds)
    at = whole(axis)
    if isinstance(at, int) and x.shape is not None:
        with refusing(function, x):
            axis_index(at, len(x.shape))
    return Array(x.shape, dtype or x.dtype, bounds=None if dtype else x.bounds)


@models("numpy.sort")
def sort(a: Value, axis: Value = -1, kind: Value = None, order: Value = None, *, stable: Value = None) -> Value:
    """The elements in order along an axis."""
    return _along(a, axis, "np.sort")


@models("numpy.argsort", "numpy.ndarray.argsort")
def argsort(a: Value, axis: Value = -1, kind: Value = None, order: Value = None, *, stable: Value = None) -> Value:
    """The numbers that would sort an array along an axis."""
    return _along(_at_least_one_axis(a), axis, "np.argsort", "int64")


def _at_least_one_axis(a: Value) -> Value:
    """Return what the functions take that answer with positions: of a single number they give the one of a single element."""
    made = as_array(a)
    return made.reshaped((1,)) if made.shape == () else a


@models("numpy.partition")
def partition(a: Value, kth: Value, axis: Value = -1, kind: Value = "introselect", order: Value = None) -> Value:
    """The elements partly in order."""
    return _partly(a, kth, axis, "np.partition")


@models("numpy.argpartition", "numpy.ndarray.argpartition")
def argpartition(a: Value, kth: Value, axis: Value = -1, kind: Value = "introselect", order: Value = None) -> Value:
    """The numbers that would put the elements partly in order."""
    return _partly(_at_least_one_axis(a), kth, axis, "np.argpartition", "int64")


def _partly(a: Value, kth: Value, axis: Value, function: str, dtype: str | None = None) -> Value:
    """Return what puts the elements partly in order: those before a place, the one that belongs there, and the rest."""
    made = _along(a, axis, function, dtype)
    place, at = whole(kth), -1 if axis is None else whole(axis)
    if isinstance(made, Array) and made.shape and isinstance(place, int) and isinstance(at, int):
        length = made.shape[at]
        # Of nothing at all NumPy does not look at the place.
        if isinstance(length, int) and 0 not in made.shape and not -length <= place < length:
            raise Mismatch(IndexBounds(place, length, at % len(made.shape), made.shape), *([a] if isinstance(a, Array) else []))
    return made


@models("numpy.lexsort")
def lexsort(keys: Value, axis: Value = -1) -> Value:
    """The numbers that sort by several keys."""
    a = as_array(keys)
    return Array(None if a.shape is None else a.shape[1:], "int64")


@models("numpy.searchsorted", "numpy.ndarray.searchsorted")
def searchsorted(a: Value, v: Value, side: Value = "left", sorter: Value = None) -> Value:
    """Where elements belong in a sorted array."""
    return Array(as_array(v).shape, "int64")


@models("numpy.nonzero", "numpy.ndarray.nonzero")
def nonzero(a: Value) -> Value:
    """The places of the elements that are not zero, one array for each axis."""
    if is_foreign(a):
        return UNKNOWN
    x = as_array(a)
    if x.shape is None:
        return UNKNOWN
    count = true_count(x) if x.dtype == "bool" else fresh("k", 0)
    return (Array((count,), "int64"),) * max(len(x.shape), 1)


@models("numpy.argwhere")
def argwhere(a: Value) -> Value:
    """The places of the elements that are not zero, one row each."""
    x = as_array(a)
    if x.shape is None:
        return Array((UNKNOWN_DIM, UNKNOWN_DIM), "int64")
    return Array((true_count(x) if x.dtype == "bool" else fresh("k", 0), len(x.shape)), "int64")


@models("numpy.flatnonzero")
def flatnonzero(a: Value) -> Value:
    """The places of the elements that are not zero, all axes made into one."""
    x = as_array(a)
    return Array((true_count(x) if x.dtype == "bool" else fresh("k", 0),), "int64")


@models("numpy.extract")
def extract(condition: Value, arr: Value) -> Value:
    """The elements where something is true."""
    c = as_array(condition)
    return Array((true_count(c) if c.dtype == "bool" else fresh("k", 0),), as_array(arr).dtype)


def picked(a: Array, indices: Value, axis: Value, function: str) -> Value:
    """Return the elements that numbers pick along an axis."""
    i = as_array(indices, function)
    if axis is None:
        a = raveled(a)
    at = whole(axis) if axis is not None else 0
    if a.shape is None or i.shape is None or not isinstance(at, int):
        return Array(None, a.dtype)
    if not a.shape:
        return Array(None, a.dtype)
    with refusing(function, a):
        at = axis_index(at, len(a.shape))
        if i.data is not None and isinstance(a.shape[at], int):
            length = a.shape[at]
            for v in i.data:
                if isinstance(v, int) and isinstance(length, int) and not -length <= v < length:
                    raise IndexOutOfBounds(v, length, at, a.shape)
    data = None
    if len(a.shape) == 1 and a.data is not None and i.data is not None and all(isinstance(v, int) for v in i.data):
        data = tuple(a.data[v] for v in i.data)
    return Array(a.shape[:at] + i.shape + a.shape[at + 1 :], a.dtype, data=data)


@models("numpy.take", "numpy.ndarray.take")
def take(a: Value, indices: Value, axis: Value = None, out: Value = None, mode: Value = "raise") -> Value:
    """The elements that numbers pick along an axis."""
    if is_foreign(a):
        return UNKNOWN
    x = as_array(a, "np.take")
    return picked(x, indices if mode == "raise" else Array(as_array(indices).shape, "int64"), axis, "np.take")


@models("numpy.take_along_axis")
def take_along_axis(arr: Value, indices: Value, axis: Value = -1) -> Value:
    """Elements picked along an axis, each by its own number."""
    a, i = as_array(arr), as_array(indices)
    at = whole(axis)
    if a.shape is not None and i.shape is not None and axis is not None and len(a.shape) != len(i.shape):
        hint = "keep the axis: np.argmax(x, axis, keepdims=True), or np.expand_dims(indices, axis)"
        raise Mismatch(RankDemanded("np.take_along_axis", i.shape, f"indices of rank {len(a.shape)}, that of the array", hint), i)
    if a.shape is None or i.shape is None or not isinstance(at, int) or len(a.shape) != len(i.shape):
        return Array(i.shape if axis is not None else None, a.dtype)
    with refusing("np.take_along_axis", a, i):
        at = axis_index(at, len(a.shape))
        return Array(broadcast(replace_axis(a.shape, at, 1), i.shape) if same(i.shape[at], 1) is False else i.shape, a.dtype)


@models("numpy.put_along_axis", "numpy.put", "numpy.place", "numpy.putmask", "numpy.fill_diagonal")
def put(arr: Value, *more: Value, **options: Value) -> Value:
    """Changes an array in its place; returns nothing."""
    if isinstance(arr, Array):
        arr.written()
    return None


@models("numpy.choose", "numpy.ndarray.choose")
def choose(a: Value, choices: Value, out: Value = None, mode: Value = "raise") -> Value:
    """An element of one of several arrays for each number."""
    parts = items(choices)
    if parts is None:
        return Array(None)
    from .elementwise import common_shape

    arrays = [as_array(a), *(as_array(p) for p in parts)]
    return Array(common_shape("np.choose", arrays), arrays[-1].dtype)


@models("numpy.compress", "numpy.ndarray.compress")
def compress(condition: Value, a: Value, axis: Value = None, out: Value = None) -> Value:
    """The slices along an axis where something is true."""
    x, c = as_array(a), as_array(condition)
    at = whole(axis)
    count: Dim = true_count(c) if c.dtype == "bool" and c.shape is not None and len(c.shape) == 1 else UNKNOWN_DIM
    if axis is None:
        return Array((count,), x.dtype)
    if x.shape is None or not isinstance(at, int) or not -len(x.shape) <= at < len(x.shape):
        return Array(None, x.dtype)
    return Array(replace_axis(x.shape, at, count), x.dtype)


@models("numpy.unique")
def unique(
    ar: Value,
    return_index: Value = False,
    return_inverse: Value = False,
    return_counts: Value = False,
    axis: Value = None,
    *,
    equal_nan: Value = True,
    sorted: Value = True,
) -> Value:
    """The distinct elements in order, and what else was asked for."""
    a = as_array(ar)
    flags = (return_index, return_inverse, return_counts)
    if any(f not in (True, False, 0, 1) for f in flags):
        return UNKNOWN
    at = whole(axis)
    count = _distinct(a) if axis is None else fresh("u", 1)
    values: Shape | None = (count,)
    if axis is not None:
        if a.shape is not None and isinstance(at, int):
            with refusing("np.unique", a):
                axis_index(at, len(a.shape))
        known = a.shape is not None and isinstance(at, int) and -len(a.shape) <= at < len(a.shape)
        values = replace_axis(a.shape, at, count) if known and a.shape is not None and isinstance(at, int) else None
    first = Array(values, a.dtype, bounds=a.bounds)
    if not any(flags):
        return first
    out: list[Value] = [first]
    if return_index:
        out.append(Array((count,), "int64"))
    if return_inverse:
        out.append(Array(a.shape if axis is None else (UNKNOWN_DIM,), "int64"))
    if return_counts:
        out.append(Array((count,), "int64"))
    return tuple(out)


def _distinct(a: Array) -> Dim:
    if a.data is not None and all(type(v) in (int, str, bool) for v in a.data):
        return len(set(a.data))
    if isinstance(a.size, int) and a.size < 2:
        return a.size
    # Nobody looks for the different labels of data that have but one.
    return fresh("u", 2)


@models("numpy.unique_values")
def unique_values(x: Value, /) -> Value:
    """The distinct elements."""
    return Array((fresh("u", 1),), as_array(x).dtype)


@models("numpy.unique_counts")
def unique_counts(x: Value, /) -> Value:
    """The distinct elements and how often each stands there."""
    n = fresh("u", 1)
    return NamedItems((Array((n,), as_array(x).dtype), Array((n,), "int64")), ("values", "counts"))


@models("numpy.intersect1d", "numpy.union1d", "numpy.setdiff1d", "numpy.setxor1d")
def set_operation(ar1: Value, ar2: Value, assume_unique: Value = False, return_indices: Value = False) -> Value:
    """Elements of two arrays taken as sets."""
    made = Array((fresh("u", 0),), as_array(ar1).dtype)
    if return_indices is True:
        return (made, Array(made.shape, "int64"), Array(made.shape, "int64"))
    return made


@models("numpy.unravel_index")
def unravel_index(indices: Value, shape: Value, order: Value = "C") -> Value:
    """Numbers in the flattened array turned into numbers along each axis."""
    from .convert import lengths

    target, i = lengths(shape), as_array(indices)
    return UNKNOWN if target is None else (Array(i.shape, "int64"),) * len(target)


@models("numpy.ravel_multi_index")
def ravel_multi_index(multi_index: Value, dims: Value, mode: Value = "raise", order: Value = "C") -> Value:
    """Numbers along each axis turned into numbers in the flattened array."""
    first = (items(multi_index) or (UNKNOWN,))[0]
    return Array(as_array(first).shape, "int64")


@models("numpy.triu_indices", "numpy.tril_indices")
def triu_indices(n: Value, k: Value = 0, m: Value = None) -> Value:
    """The places of a triangle of a matrix."""
    count, off = number(n), whole(k)
    length: Dim = UNKNOWN_DIM
    if isinstance(count, int) and isinstance(off, int) and m is None and off == 0:
        length = count * (count + 1) // 2
    elif isinstance(count, int) and off == 1 and m is None:
        length = count * (count - 1) // 2
    elif isinstance(count, (int, Poly)):
        length = fresh("k", 0)
    return (Array((length,), "int64"),) * 2


@models("numpy.ix_")
def ix_(*args: Value) -> Value:
    """Index arrays that pick a grid."""
    out = []
    for i, a in enumerate(args):
        x = as_array(a)
        if x.shape is not None and len(x.shape) != 1:
            raise Mismatch(RankDemanded("np.ix_", x.shape, "indices of one axis", "flatten them: np.ravel(x)"), x)
        if x.shape is None:
            return UNKNOWN
        n = true_count(x) if x.dtype == "bool" else x.shape[0]
        out.append(Array(tuple(n if j == i else 1 for j in range(len(args))), "int64"))
    return tuple(out)
