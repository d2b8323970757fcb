"""Making arrays: from lengths, from ranges, from other values."""

from __future__ import annotations

import math

from ...interpreter.values import UNKNOWN, Array, Value, fresh
from ...rules.arrays import RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, derived
from ...shapes.broadcast import broadcast_to as broadcast_to_shape
from ..api import Mismatch, as_dim, items, models
from ..refusals import refusing
from .convert import MOST_ELEMENTS, UNCLEAR, as_array, bounds_of, holds_tuples, lengths, number, whole
from .dtypes import CALLABLE, dtype_name, may_add_axes, promote
from .elementwise import common_shape


def _filled(shape: Value, dtype: Value, default: str | None = "float64") -> Array:
    if may_add_axes(dtype):
        return Array(None)
    return Array(lengths(shape), dtype_name(dtype) if dtype is not None else default)


@models("numpy.zeros", "numpy.ones", "numpy.empty")
def zeros(shape: Value, dtype: Value = None, order: Value = "C", *, device: Value = None, like: Value = None) -> Array:
    """An array of the given shape."""
    return _filled(shape, dtype)


@models("numpy.full")
def full(shape: Value, fill_value: Value, dtype: Value = None, order: Value = "C", *, device: Value = None, like: Value = None) -> Array:
    """An array of the given shape, filled with one value (which is broadcast to it)."""
    value = as_array(fill_value)
    made = _filled(shape, dtype, value.dtype)
    if made.shape is not None and value.shape:
        with refusing("np.full", value):
            broadcast_to_shape(value.shape, made.shape)
    return made


def _like(a: Value, dtype: Value, shape: Value, function: str) -> Array:
    base = as_array(a, function)
    if may_add_axes(dtype):
        return Array(None)
    wanted = dtype_name(dtype) if dtype is not None else base.dtype
    return Array(base.shape if shape is None else lengths(shape), wanted)


@models("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like")
def zeros_like(
    a: Value, dtype: Value = None, order: Value = "K", subok: Value = True, shape: Value = None, *, device: Value = None
) -> Array:
    """An array of the shape and dtype of another."""
    return _like(a, dtype, shape, "np.zeros_like")


@models("numpy.full_like")
def full_like(
    a: Value, fill_value: Value, dtype: Value = None, order: Value = "K", subok: Value = True, shape: Value = None, *, device: Value = None
) -> Array:
    """An array of the shape and dtype of another, filled with one value."""
    return _like(a, dtype, shape, "np.full_like")


def _made_of(a: Value, dtype: Value, function: str, ndmin: Value = 0) -> Value:
    wanted = dtype_name(dtype)
    if isinstance(dtype, str) and may_add_axes(dtype):
        return Array(None)
    if dtype is not None and wanted is None and not isinstance(a, Array) and (may_add_axes(dtype) or holds_tuples(a)):
        # A tuple is one element where the dtype has fields.
        return Array(None)
    try:
        made = as_array(a, function, wanted)
    except Mismatch:
        if dtype is None or wanted not in (None, "void"):
            raise
        # Of a dtype with fields, or one that holds arrays, the elements may be what differs.
        return Array(None)
    shape = made.shape
    least = whole(ndmin)
    if isinstance(least, int) and shape is not None and len(shape) < least:
        shape = (1,) * (least - len(shape)) + shape
    to = made.dtype if dtype is None else wanted
    return cast(made, to, shape)


def cast(a: Array, dtype: str | None, shape: Shape | None) -> Array:
    """Return `a` as an array of another dtype (and shape), its elements kept where the conversion is plain."""
    data, bounds = a.data, a.bounds
    if dtype != a.dtype:
        data = _converted(data, dtype)
        bounds = bounds if dtype in ("float32", "float64", "int32", "int64") and a.dtype not in ("float32", "float64", None) else None
        if dtype in ("uint8", "int8", "int16", "uint16", "uint32", "uint64", "float16") and bounds_fit(a.bounds, dtype):
            bounds = a.bounds
        if dtype in ("int32", "int64", "float32", "float64") and a.bounds is not None:
            low, high = a.bounds
            bounds = (int(low), int(high)) if "int" in dtype and math.isfinite(low) and math.isfinite(high) else (low, high)
    if data is not None and len(data) > MOST_ELEMENTS:
        data = None
    return Array(shape, dtype, data=data, bounds=bounds, origin=a.origin, history=a.history if dtype == "bool" == a.dtype else None)


def bounds_fit(bounds: tuple[float, float] | None, dtype: str) -> bool:
    """Tell whether numbers within `bounds` survive in `dtype`."""
    if bounds is None or dtype.startswith("float"):
        return bounds is not None
    bits = int(dtype.lstrip("uint"))
    low, high = (0, 2**bits - 1) if dtype.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return low <= bounds[0] and bounds[1] <= high


def _converted(data: tuple[Value, ...] | None, dtype: str | None) -> tuple[Value, ...] | None:
    if data is None or dtype is None:
        return None
    if dtype == "bool":
        return tuple(bool(v) for v in data) if all(type(v) in (int, float, bool) for v in data) else None
    if dtype.startswith("float"):
        return tuple(float(v) for v in data) if all(type(v) in (int, float, bool) for v in data) else None
    if dtype in ("int64", "int32") and all(type(v) in (int, bool, Poly) or (type(v) is float and math.isfinite(v)) for v in data):
        return tuple(v if isinstance(v, Poly) else int(v) for v in data)
    return None


@models("numpy.array")
def array(
    object: Value,
    dtype: Value = None,
    *,
    copy: Value = True,
    order: Value = "K",
    subok: Value = False,
    ndmin: Value = 0,
    ndmax: Value = None,
    like: Value = None,
) -> Value:
    """An array of whatever is given: nested lists must be regular."""
    if ndmax is not None:
        return Array(None, dtype_name(dtype))
    made = _made_of(object, dtype, "np.array", ndmin)
    return made.copied() if isinstance(object, Array) and copy is True and isinstance(made, Array) else made


@models("numpy.copy")
def copy(a: Value, order: Value = "K", subok: Value = False) -> Value:
    """The value as an array in memory of its own."""
    made = _made_of(a, None, "np.copy")
    return made.copied() if isinstance(made, Array) else made


@models("numpy.asarray", "numpy.asanyarray", "numpy.asfortranarray", "numpy.asarray_chkfinite")
def asarray(a: Value, dtype: Value = None, order: Value = None, *, device: Value = None, copy: Value = None, like: Value = None) -> Value:
    """The value as an array."""
    return _made_of(a, dtype, "np.asarray")


@models("numpy.ascontiguousarray", "numpy.require")
def ascontiguousarray(a: Value, dtype: Value = None, requirements: Value = None, *, like: Value = None) -> Value:
    """The value as an array of one axis or more."""
    return _made_of(a, dtype, "np.ascontiguousarray", 1)


def _convert_to(name: str) -> None:
    @models(f"numpy.{name}")
    def convert(value: Value = 0, /, *more: Value, **options: Value) -> Value:
        made = as_array(value, f"np.{name}", dtype_name(name))
        return cast(made, dtype_name(name), made.shape)


for _name in CALLABLE:
    _convert_to(_name)


@models("numpy.matrix", "numpy.mat", "numpy.asmatrix")
def matrix(data: Value, dtype: Value = None, copy: Value = True) -> Value:
    """A matrix behaves unlike an array: nothing is claimed."""
    return UNKNOWN


@models("numpy.arange")
def arange(
    start: Value, stop: Value = UNKNOWN_DIM, step: Value = 1, dtype: Value = None, *, device: Value = None, like: Value = None
) -> Value:
    """Numbers in steps."""
    first, last, by = number(start), number(stop) if stop is not UNKNOWN_DIM else UNKNOWN_DIM, number(1 if step is None else step)
    if last is UNKNOWN_DIM or stop is None:
        first, last = 0, first
    kinds = [v for v in (first, last, by) if v is not UNCLEAR]
    of = "float64" if any(isinstance(v, float) for v in kinds) else "int64" if len(kinds) == 3 else None
    wanted = dtype_name(dtype) if dtype is not None else of
    if first is UNCLEAR or last is UNCLEAR or by is UNCLEAR or by == 0:
        return Array((UNKNOWN_DIM,), wanted)
    if any(isinstance(v, float) for v in kinds):
        if any(isinstance(v, Poly) for v in kinds):
            return Array((UNKNOWN_DIM,), wanted)
        count = (last - first) / by
        return Array((max(math.ceil(count), 0) if math.isfinite(count) else UNKNOWN_DIM,), wanted)
    span = last - first
    if isinstance(span, Poly) and by == 1:
        return Array((span,), wanted)
    if isinstance(span, Poly) or isinstance(by, Poly):
        return Array(((span + (by - 1)) // by,) if isinstance(span, Poly) and isinstance(by, int) and by > 0 else (UNKNOWN_DIM,), wanted)
    if isinstance(first, Poly):
        return Array((max(0, -(-span // by)),), wanted)
    run = range(first, last, by)
    count = max(0, -((first - last) // by))
    data = tuple(run) if count <= MOST_ELEMENTS and wanted in ("int64", "int32") else None
    return Array((count,), wanted, data=data, bounds=(min(run[0], run[-1]), max(run[0], run[-1])) if run else None)


def _spaced(start: Value, stop: Value, num: Value, endpoint: Value, dtype: Value, axis: Value, function: str) -> Array:
    a, b = as_array(start, function), as_array(stop, function)
    shape = common_shape(function, (a, b))
    count = _dim(num)
    if shape is None:
        return Array(None, dtype_name(dtype))
    at = whole(axis)
    if not isinstance(at, int) or not -len(shape) - 1 <= at <= len(shape):
        return Array(None, dtype_name(dtype))
    at %= len(shape) + 1
    return Array((*shape[:at], count, *shape[at:]), dtype_name(dtype) if dtype is not None else "float64")


def _dim(value: Value) -> Dim:
    found = as_dim(value)
    return UNKNOWN_DIM if found is None else found


@models("numpy.linspace")
def linspace(
    start: Value,
    stop: Value,
    num: Value = 50,
    endpoint: Value = True,
    retstep: Value = False,
    dtype: Value = None,
    axis: Value = 0,
    *,
    device: Value = None,
) -> Value:
    """Numbers evenly spaced."""
    made = _spaced(start, stop, num, endpoint, dtype, axis, "np.linspace")
    if retstep is False:
        return made
    return (made, Array((), "float64")) if retstep is True else UNKNOWN


@models("numpy.logspace")
def logspace(
    start: Value, stop: Value, num: Value = 50, endpoint: Value = True, base: Value = 10.0, dtype: Value = None, axis: Value = 0
) -> Value:
    """Numbers evenly spaced on a logarithmic scale."""
    return _spaced(start, stop, num, endpoint, dtype, axis, "np.logspace")


@models("numpy.geomspace")
def geomspace(start: Value, stop: Value, num: Value = 50, endpoint: Value = True, dtype: Value = None, axis: Value = 0) -> Value:
    """Numbers in a geometric progression."""
    return _spaced(start, stop, num, endpoint, dtype, axis, "np.geomspace")


@models("numpy.eye")
def eye(
    N: Value, M: Value = None, k: Value = 0, dtype: Value = None, order: Value = "C", *, device: Value = None, like: Value = None
) -> Array:
    """A matrix with ones on a diagonal."""
    rows = _dim(N)
    return Array((rows, rows if M is None else _dim(M)), dtype_name(dtype) if dtype is not None else "float64")


@models("numpy.identity")
def identity(n: Value, dtype: Value = None, *, like: Value = None) -> Array:
    """A square identity matrix."""
    return eye(n, None, 0, dtype)


@models("numpy.tri")
def tri(N: Value, M: Value = None, k: Value = 0, dtype: Value = None, *, like: Value = None) -> Array:
    """A matrix with ones below a diagonal."""
    return eye(N, M, k, dtype)


@models("numpy.diag")
def diag(v: Value, k: Value = 0) -> Value:
    """The diagonal of a matrix, or a matrix with a given diagonal."""
    a = as_array(v, "np.diag")
    if a.shape is None or len(a.shape) not in (1, 2):
        return Array(None, a.dtype)
    off = whole(k)
    if len(a.shape) == 1:
        if not isinstance(off, int) or not isinstance(a.shape[0], (int, Poly)):
            return Array((UNKNOWN_DIM, UNKNOWN_DIM), a.dtype)
        n = a.shape[0] + abs(off)
        return Array((n, n), a.dtype)
    return Array((diagonal_length(a.shape[0], a.shape[1], off if isinstance(off, int) else None),), a.dtype)


def diagonal_length(rows: Dim, columns: Dim, offset: int | None) -> Dim:
    """Return the length of a diagonal of a matrix."""
    if isinstance(rows, int) and isinstance(columns, int) and offset is not None:
        return max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    return rows if rows == columns and offset == 0 and isinstance(rows, Poly) else UNKNOWN_DIM


@models("numpy.diagflat")
def diagflat(v: Value, k: Value = 0) -> Value:
    """A matrix with the elements of any array on a diagonal."""
    n = as_array(v).size
    off = whole(k)
    if isinstance(n, (int, Poly)) and isinstance(off, int):
        return Array((n + abs(off), n + abs(off)), as_array(v).dtype)
    return Array((UNKNOWN_DIM, UNKNOWN_DIM), as_array(v).dtype)


@models("numpy.tril", "numpy.triu")
def tril(m: Value, k: Value = 0) -> Value:
    """A matrix with zeros on one side of a diagonal."""
    a = as_array(m, "np.tril")
    if a.shape is not None and len(a.shape) == 1:
        return Array((a.shape[0], a.shape[0]), a.dtype)
    return Array(a.shape, a.dtype)


@models("numpy.vander")
def vander(x: Value, N: Value = None, increasing: Value = False) -> Value:
    """A matrix of powers."""
    a = as_array(x)
    n = a.shape[0] if a.shape is not None and len(a.shape) == 1 else UNKNOWN_DIM
    return Array((n, n if N is None else _dim(N)), a.dtype)


@models("numpy.fromiter")
def fromiter(iter: Value, dtype: Value, count: Value = -1, *, like: Value = None) -> Value:
    """An array of one axis from an iterable."""
    n = whole(count)
    known = items(iter)
    length: Dim = n if isinstance(n, int) and n >= 0 else len(known) if known is not None else UNKNOWN_DIM
    return Array((length,), dtype_name(dtype))


@models("numpy.fromfunction")
def fromfunction(function: Value, shape: Value, *, dtype: Value = None, like: Value = None, **kwargs: Value) -> Value:
    """What a function makes of the indices of an array."""
    from ..api import call

    target = lengths(shape)
    if target is None:
        return UNKNOWN
    return call(function, *(Array(target, "float64") for _ in target), **kwargs)


@models("numpy.meshgrid")
def meshgrid(*xi: Value, copy: Value = True, sparse: Value = False, indexing: Value = "xy") -> Value:
    """Coordinates of a grid, one array for each axis."""
    arrays = [as_array(x, "np.meshgrid") for x in xi]
    if any(a.shape is None for a in arrays) or sparse not in (True, False) or not isinstance(indexing, str):
        return tuple(Array(None, a.dtype) for a in arrays)
    sizes: list[Dim] = [a.size for a in arrays]
    order = list(range(len(sizes)))
    if indexing == "xy" and len(sizes) > 1:
        order[:2] = [1, 0]
    out = []
    for i, a in enumerate(arrays):
        shape = tuple(sizes[j] if not sparse or j == i else 1 for j in order)
        out.append(Array(shape, a.dtype))
    return tuple(out)


@models("numpy.indices")
def indices(dimensions: Value, dtype: Value = None, sparse: Value = False) -> Value:
    """The indices of an array of the given shape, one array for each axis."""
    shape = lengths(dimensions)
    if shape is None or sparse not in (True, False):
        return UNKNOWN
    if sparse:
        return tuple(Array(tuple(n if j == i else 1 for j in range(len(shape))), "int64") for i, n in enumerate(shape))
    return Array((len(shape), *shape), "int64")


@models("numpy.mgrid.__getitem__", "numpy.ogrid.__getitem__")
def mgrid(self: Value, index: Value) -> Value:
    """A grid written with slices."""
    parts = index if isinstance(index, tuple) else (index,)
    if not parts:
        return UNKNOWN
    sizes: list[Dim] = []
    for p in parts:
        if not isinstance(p, slice):
            return UNKNOWN
        if isinstance(p.step, complex):
            sizes.append(int(abs(p.step)))
        else:
            made = arange(0 if p.start is None else p.start, p.stop, 1 if p.step is None else p.step)
            sizes.append(made.shape[0])
    if getattr(self, "path", "") == "numpy.ogrid":
        return (
            tuple(Array(tuple(d if j == i else 1 for j in range(len(sizes)))) for i, d in enumerate(sizes))
            if len(sizes) > 1
            else Array((sizes[0],))
        )
    return Array((len(sizes), *sizes) if isinstance(index, tuple) else tuple(sizes))


@models("numpy.broadcast_to")
def broadcast_to(array: Value, shape: Value, subok: Value = False) -> Value:
    """The array seen under a larger shape."""
    a = as_array(array, "np.broadcast_to")
    target = lengths(shape)
    if a.shape is None or target is None:
        return Array(target, a.dtype)
    with refusing("np.broadcast_to", a):
        return Array(broadcast_to_shape(a.shape, target), a.dtype)


@models("numpy.broadcast_arrays")
def broadcast_arrays(*args: Value, subok: Value = False) -> Value:
    """All arrays under their common shape."""
    arrays = [as_array(a, "np.broadcast_arrays") for a in args]
    if not arrays:
        return ()
    shape = common_shape("np.broadcast_arrays", arrays)
    return tuple(Array(shape, a.dtype) for a in arrays)


@models("numpy.broadcast_shapes")
def broadcast_shapes(*args: Value) -> Value:
    """The shape that shapes broadcast to."""
    from ...shapes.broadcast import broadcast

    shapes = [lengths(a) for a in args]
    if any(s is None or UNKNOWN_DIM in s for s in shapes):
        return UNKNOWN
    with refusing("np.broadcast_shapes"):
        return broadcast(*(s for s in shapes if s is not None))


@models("numpy.bincount")
def bincount(x: Value, /, weights: Value = None, minlength: Value = 0) -> Value:
    """Counts of small whole numbers."""
    a = as_array(x)
    if a.shape is not None and len(a.shape) != 1:
        raise Mismatch(RankDemanded("np.bincount", a.shape, "an array of one axis", "flatten it: np.ravel(x)"), a)
    least = whole(minlength)
    if a.data and all(isinstance(v, int) for v in a.data) and isinstance(least, int):
        return Array((max(max(a.data) + 1, least),), "int64" if weights is None else "float64")
    if a.bounds is not None and isinstance(least, int) and a.bounds[1] < least:
        return Array((least,), "int64" if weights is None else "float64")
    return Array((fresh("bins", 0),), "int64" if weights is None else "float64")


@models("numpy.histogram")
def histogram(a: Value, bins: Value = 10, range: Value = None, density: Value = None, weights: Value = None) -> Value:
    """Counts in bins, and the edges of the bins."""
    n = number(bins)
    if isinstance(n, (int, Poly)):
        return (Array((n,), "int64" if density is None else "float64"), Array((n + 1,), "float64"))
    edges = as_array(bins)
    if edges.shape is not None and len(edges.shape) == 1 and isinstance(edges.shape[0], (int, Poly)):
        return (Array((edges.shape[0] - 1,)), Array(edges.shape, "float64"))
    return (Array((UNKNOWN_DIM,)), Array((UNKNOWN_DIM,)))


_WINDOWS = ("hamming", "hanning", "blackman", "bartlett")


@models(*(f"numpy.{w}" for w in _WINDOWS))
def window(M: Value) -> Value:
    """A window function of so many points."""
    return Array((_dim(M),), "float64")


@models("numpy.kaiser")
def kaiser(M: Value, beta: Value) -> Value:
    """A window function of so many points."""
    return Array((_dim(M),), "float64")


__all__ = ["bounds_of", "cast", "derived", "promote", "window"]
