"""What is met more rarely: histograms of several axes, indices of diagonals, texts in arrays, bits."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, Value
from ...shapes import UNKNOWN_DIM, Dim, Poly, divide_exactly
from ...shapes.axes import axis_index
from ...shapes.reshape import plus
from ..api import items, models
from ..refusals import refusing
from .convert import as_array, number, whole
from .elementwise import common_shape


def _exact(n: Value) -> Dim:
    count = number(n)
    return count if isinstance(count, (int, Poly)) else UNKNOWN_DIM


@models("numpy.diag_indices")
def diag_indices(n: Value, ndim: Value = 2) -> Value:
    """The indices of a diagonal, one array for each axis."""
    return (Array((_exact(n),), "int64"),) * ndim if isinstance(ndim, int) and 0 < ndim <= 8 else UNKNOWN


@models("numpy.diag_indices_from")
def diag_indices_from(arr: Value) -> Value:
    """The indices of an array's diagonal."""
    shape = as_array(arr).shape
    return (Array((shape[0],), "int64"),) * len(shape) if shape is not None and len(shape) > 1 else UNKNOWN


def _bins(bins: Value) -> Dim:
    """Return how many bins are meant by their number or their edges."""
    count = number(bins)
    if isinstance(count, (int, Poly)):
        return count
    edges = as_array(bins).shape
    return plus(edges[0], -1) if edges is not None and len(edges) == 1 else UNKNOWN_DIM


@models("numpy.histogram_bin_edges")
def histogram_bin_edges(a: Value, bins: Value = 10, range: Value = None, weights: Value = None) -> Value:
    """The edges of bins."""
    return Array((plus(_bins(bins), 1),))


@models("numpy.histogram2d")
def histogram2d(x: Value, y: Value, bins: Value = 10, range: Value = None, density: Value = None, weights: Value = None) -> Value:
    """Counts in bins of two axes, and the edges of both."""
    two = items(bins)
    if isinstance(bins, (int, Poly)):
        two = (bins, bins)
    if two is None or len(two) != 2:
        return (Array((UNKNOWN_DIM,) * 2, "float64"), Array((UNKNOWN_DIM,)), Array((UNKNOWN_DIM,)))
    n, m = map(_bins, two)
    return (Array((n, m), "float64"), Array((plus(n, 1),), "float64"), Array((plus(m, 1),), "float64"))


@models("numpy.cumulative_sum", "numpy.cumulative_prod")
def cumulative_sum(x: Value, /, *, axis: Value = None, dtype: Value = None, out: Value = None, include_initial: Value = False) -> Value:
    """Sums along an axis so far."""
    a = as_array(x)
    at = whole(axis) if axis is not None else 0
    if a.shape is None or not isinstance(at, int) or (axis is None and len(a.shape) != 1) or not isinstance(include_initial, bool):
        return Array(None)
    with refusing("np.cumulative_sum", a):
        at = axis_index(at, len(a.shape))
    return Array((*a.shape[:at], plus(a.shape[at], 1) if include_initial else a.shape[at], *a.shape[at + 1 :]))


@models("numpy.unpackbits")
def unpackbits(a: Value, /, axis: Value = None, count: Value = None, bitorder: Value = "big") -> Value:
    """Bytes as their bits."""
    x = as_array(a)
    size = x.size if axis is None else None
    return Array((8 * size,), "uint8") if isinstance(size, (int, Poly)) and count is None else Array(None, "uint8")


@models("numpy.packbits")
def packbits(a: Value, /, axis: Value = None, bitorder: Value = "big") -> Value:
    """Bits as bytes."""
    x = as_array(a)
    size = x.size if axis is None else None
    whole_bytes = divide_exactly(size, 8) if isinstance(size, Poly) else -(-size // 8) if isinstance(size, int) else None
    return Array((whole_bytes,), "uint8") if isinstance(whole_bytes, (int, Poly)) else Array(None, "uint8")


_OF_TEXTS = "upper lower title capitalize swapcase strip lstrip rstrip zfill center ljust rjust replace encode decode expandtabs"
_OF_TWO_TEXTS = "add multiply mod equal not_equal find rfind index count startswith endswith"
_TELL_ABOUT_TEXTS = "isalpha isdigit isnumeric isspace isupper islower istitle isdecimal isalnum str_len"


@models(*(f"numpy.{room}.{name}" for room in ("char", "strings") for name in f"{_OF_TEXTS} {_TELL_ABOUT_TEXTS}".split()))
def of_texts(a: Value, *args: Value, **options: Value) -> Value:
    """Texts made of texts, one of each."""
    x = as_array(a)
    others = [as_array(v) for v in args]
    return Array(x.shape) if all(v.shape == () for v in others) else Array(None)


@models(*(f"numpy.{room}.{name}" for room in ("char", "strings") for name in _OF_TWO_TEXTS.split()))
def of_two_texts(x1: Value, x2: Value, *args: Value, **options: Value) -> Value:
    """What comes of texts two by two."""
    return Array(common_shape("np.char", [as_array(x1), as_array(x2)]))


@models("numpy.unwrap")
def unwrap(p: Value, discont: Value = None, axis: Value = -1, *, period: Value = 0) -> Value:
    """Angles without jumps."""
    return Array(as_array(p).shape)


@models("numpy.bitwise_count")
def bitwise_count(x: Value, /, *args: Value, **options: Value) -> Value:
    """How many bits are set."""
    return Array(as_array(x).shape, "uint8")


@models("numpy.roots")
def roots(p: Value) -> Value:
    """The roots of a polynomial: how many depends on the coefficients that are 0."""
    return Array((UNKNOWN_DIM,))


@models("numpy.poly1d", "numpy.polynomial.Polynomial", "numpy.polynomial.polynomial.Polynomial")
def polynomial(*args: Value, **options: Value) -> Value:
    """A function of numbers, one by one."""
    return LibObj("numpy.poly1d", None)


@models("numpy.poly1d.__call__")
def at_points(self: Value, val: Value) -> Value:
    """The polynomial's values."""
    if isinstance(val, LibObj):
        return LibObj("numpy.poly1d", None)
    return Array(as_array(val).shape)
