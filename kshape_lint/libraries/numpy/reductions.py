"""Reductions along axes, and what runs along an axis without reducing it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...interpreter.values import UNKNOWN, AnyScalar, Array, Value, fresh_unknown
from ...rules.arrays import Broadcast, InconsistentLengths, RankDemanded
from ...shapes import UNKNOWN_DIM, Poly, same
from ...shapes.axes import axis_index, reduce_axes
from ...shapes.broadcast import broadcast
from ..api import Mismatch, models
from ..refusals import refusing
from .convert import UNCLEAR, as_array, axes, is_foreign, truth, whole
from .dtypes import as_floating, averaged, dtype_name, summed
from .elementwise import common_shape, made
from .foreign import own_answer
from .operators import true_count
from .reshaping import raveled


def reduced(
    a: Value,
    axis: Value,
    keepdims: Value,
    dtype: Callable[[str | None], str | None],
    function: str,
    of_elements: Callable[[tuple[Value, ...]], Any] | None = None,
    single_axis: bool = False,
) -> Value:
    """Return `a` reduced over an axis argument."""
    if is_foreign(a) and function in _OF_ARRAYS and as_array(a).shape is not None:
        a = as_array(a)
    if is_foreign(a):
        return own_answer(function.removeprefix("np."), a, axis=axis) if function not in _OF_ARRAYS else UNKNOWN
    x = as_array(a, function)
    which, keep = axes(axis), truth(False if keepdims is None else keepdims)
    to = dtype(x.dtype)
    if which is not None and not isinstance(which, tuple):
        return Array(None, to)
    if x.shape is None:
        return Array(() if which is None and keep is False else None, to)
    if keep is None or (single_axis and which is not None and len(which) != 1):
        return Array(None, to)
    if not x.shape and which in ((0,), (-1,)) and not isinstance(axis, tuple) and function not in AVERAGES:
        # NumPy lets a scalar be reduced over an axis that it does not have, given as a number.
        which = None
    with refusing(function, x):
        shape = reduce_axes(x.shape, which, keep)
    data = None
    if of_elements is not None and x.data is not None and (which is None or len(x.shape) == 1):
        try:
            value = of_elements(x.data)
        except (TypeError, ValueError, OverflowError):
            value = UNCLEAR
        data = (value,) if type(value) in (int, float, bool, Poly) else None
    return made(shape, to, "numpy", data)


_OF_ARRAYS = ("np.linalg.norm", "np.trapezoid")
"""Reductions that no table has a method for: NumPy takes the array in it."""
AVERAGES = ("np.mean", "np.std", "np.var", "np.nanmean", "np.nanstd", "np.nanvar")
"""Reductions that count the elements along the axis first."""


def _sum(data: tuple[Value, ...]) -> Any:
    out: Any = 0
    for v in data:
        out = out + v
    return out


def _product(data: tuple[Value, ...]) -> Any:
    out: Any = 1
    for v in data:
        out = out * v
    return out


def _extreme(function: Callable[..., Any]) -> Callable[[tuple[Value, ...]], Any]:
    def of(data: tuple[Value, ...]) -> Any:
        if not data or any(isinstance(v, Poly) for v in data):
            raise ValueError
        return function(data)

    return of


def _mean(data: tuple[Value, ...]) -> Any:
    if not data or any(isinstance(v, Poly) for v in data):
        raise ValueError
    return math.fsum(data) / len(data)


def _given(dtype: Value, rule: Callable[[str | None], str | None]) -> Callable[[str | None], str | None]:
    wanted = dtype_name(dtype)
    return rule if wanted is None else lambda _: wanted


def _keep(dtype: str | None) -> str | None:
    return dtype


def _boolean(dtype: str | None) -> str | None:
    return "bool"


def _index(dtype: str | None) -> str | None:
    return "int64"


def _with_dtype(name: str, rule: Callable[[str | None], str | None], of: Callable[[tuple[Value, ...]], Any] | None, *methods: str) -> None:
    @models(f"numpy.{name}", *methods)
    def model(
        a: Value,
        axis: Value = None,
        dtype: Value = None,
        out: Value = None,
        keepdims: Value = False,
        initial: Value = None,
        where: Value = True,
    ) -> Value:
        if (
            name == "sum"
            and axis is None
            and isinstance(a, Array)
            and a.dtype == "bool"
            and a.kind == "numpy"
            and keepdims is False
            and a.shape
        ):
            count = true_count(a)
            return Array((), "int64", data=(count,) if isinstance(count, (int, Poly)) else None)
        return reduced(a, axis, keepdims, _given(dtype, rule), f"np.{name}", of)


_with_dtype("sum", summed, _sum, "numpy.ndarray.sum")
_with_dtype("prod", summed, _product, "numpy.ndarray.prod", "numpy.product")
_with_dtype("mean", averaged, _mean, "numpy.ndarray.mean")
_with_dtype("nansum", summed, None)
_with_dtype("nanprod", summed, None)
_with_dtype("nanmean", averaged, None)


def _spread(name: str, *methods: str) -> None:
    @models(f"numpy.{name}", *methods)
    def model(
        a: Value,
        axis: Value = None,
        dtype: Value = None,
        out: Value = None,
        ddof: Value = 0,
        keepdims: Value = False,
        *,
        where: Value = True,
        mean: Value = None,
        correction: Value = 0,
    ) -> Value:
        return reduced(a, axis, keepdims, _given(dtype, averaged), f"np.{name}")


_spread("std", "numpy.ndarray.std")
_spread("var", "numpy.ndarray.var")
_spread("nanstd")
_spread("nanvar")


def _plain(name: str, rule: Callable[[str | None], str | None], of: Callable[[tuple[Value, ...]], Any] | None, *methods: str) -> None:
    @models(f"numpy.{name}", *methods)
    def model(
        a: Value, axis: Value = None, out: Value = None, keepdims: Value = False, initial: Value = None, where: Value = True
    ) -> Value:
        return reduced(a, axis, keepdims, rule, f"np.{name}", of)


_plain("max", _keep, _extreme(max), "numpy.ndarray.max", "numpy.amax")
_plain("min", _keep, _extreme(min), "numpy.ndarray.min", "numpy.amin")
_plain("nanmax", _keep, None)
_plain("nanmin", _keep, None)
_plain("ptp", _keep, None, "numpy.ndarray.ptp")
_plain("all", _boolean, None, "numpy.ndarray.all", "numpy.alltrue")
_plain("any", _boolean, None, "numpy.ndarray.any", "numpy.sometrue")


def _places(name: str, of: Callable[[tuple[Value, ...]], Any] | None, *methods: str) -> None:
    @models(f"numpy.{name}", *methods)
    def model(a: Value, axis: Value = None, out: Value = None, *, keepdims: Value = False) -> Value:
        return reduced(a, axis, keepdims, _index, f"np.{name}", of, single_axis=True)


_places("argmax", _extreme(lambda d: d.index(max(d))), "numpy.ndarray.argmax")
_places("argmin", _extreme(lambda d: d.index(min(d))), "numpy.ndarray.argmin")
_places("nanargmax", None)
_places("nanargmin", None)


@models("numpy.count_nonzero")
def count_nonzero(a: Value, axis: Value = None, *, keepdims: Value = False) -> Value:
    """How many elements are not zero."""
    return reduced(a, axis, keepdims, _index, "np.count_nonzero")


def _median(name: str) -> None:
    @models(f"numpy.{name}")
    def model(a: Value, axis: Value = None, out: Value = None, overwrite_input: Value = False, keepdims: Value = False) -> Value:
        return reduced(a, axis, keepdims, averaged, f"np.{name}")


_median("median")
_median("nanmedian")


def _quantile(name: str) -> None:
    @models(f"numpy.{name}")
    def model(
        a: Value,
        q: Value,
        axis: Value = None,
        out: Value = None,
        overwrite_input: Value = False,
        method: Value = "linear",
        keepdims: Value = False,
        *,
        weights: Value = None,
        interpolation: Value = None,
    ) -> Value:
        one = reduced(a, axis, keepdims, averaged, f"np.{name}")
        asked = as_array(q)
        if not isinstance(one, Array) or one.shape is None or asked.shape is None:
            return UNKNOWN if is_foreign(a) else Array(None)
        return Array(asked.shape + one.shape, one.dtype)


for _name in ("percentile", "quantile", "nanpercentile", "nanquantile"):
    _quantile(_name)


@models("numpy.average")
def average(a: Value, axis: Value = None, weights: Value = None, returned: Value = False, *, keepdims: Value = False) -> Value:
    """A weighted mean."""
    made_ = reduced(a, axis, keepdims, averaged, "np.average")
    if weights is not None and not is_foreign(a) and not is_foreign(weights):
        x, w, at = as_array(a), as_array(weights), whole(axis)
        if x.shape and w.shape is not None and len(w.shape) == 1 and len(x.shape) > 1 and isinstance(at, int):
            length = x.shape[at]
            if same(length, w.shape[0]) is False:
                raise Mismatch(InconsistentLengths("np.average", (length, w.shape[0]), (f"axis {at}", "weights")), x, w)
    return made_ if returned is False else (made_, made_) if returned is True else UNKNOWN


def _running(name: str, rule: Callable[[str | None], str | None], *methods: str) -> None:
    @models(f"numpy.{name}", *methods)
    def model(a: Value, axis: Value = None, dtype: Value = None, out: Value = None) -> Value:
        if is_foreign(a):
            return UNKNOWN
        x = as_array(a, f"np.{name}")
        which = axes(axis)
        to = _given(dtype, rule)(x.dtype)
        if which is UNCLEAR:
            return Array(None, to)
        if which is None:
            return Array(raveled(x).shape, to)
        if not x.shape and which in ((0,), (-1,)):
            return Array(None if x.shape is None else (1,), to)
        if isinstance(which, tuple) and x.shape is not None and len(which) == 1:
            with refusing(f"np.{name}", x):
                axis_index(which[0], len(x.shape))
        return Array(x.shape, to)


_running("cumsum", summed, "numpy.ndarray.cumsum", "numpy.nancumsum")
_running("cumprod", summed, "numpy.ndarray.cumprod", "numpy.nancumprod")


@models("numpy.maximum.accumulate", "numpy.minimum.accumulate", "numpy.add.accumulate", "numpy.multiply.accumulate")
def accumulate(array: Value, axis: Value = 0, dtype: Value = None, out: Value = None) -> Value:
    """A running result along an axis."""
    return Array(as_array(array).shape, as_array(array).dtype)


@models("numpy.add.reduce", "numpy.multiply.reduce", "numpy.maximum.reduce", "numpy.minimum.reduce", "numpy.logical_and.reduce")
def reduce(array: Value, axis: Value = 0, dtype: Value = None, out: Value = None, keepdims: Value = False) -> Value:
    """A result over an axis, the first unless told otherwise."""
    return reduced(array, axis, keepdims, _keep, "reduce")


@models("numpy.logical_or.reduce", "numpy.bitwise_or.reduce", "numpy.bitwise_and.reduce")
def reduce_boolean(array: Value, axis: Value = 0, dtype: Value = None, out: Value = None, keepdims: Value = False) -> Value:
    """A truth value over an axis."""
    return reduced(array, axis, keepdims, _keep, "reduce")


@models("numpy.cov", "numpy.corrcoef")
def cov(m: Value, y: Value = None, rowvar: Value = True, bias: Value = False, ddof: Value = None, **more: Value) -> Value:
    """The covariances of variables, which are rows unless told otherwise."""
    a = as_array(m)
    by_rows = truth(rowvar)
    if a.shape is not None and len(a.shape) > 2:
        raise Mismatch(RankDemanded("np.cov", a.shape, "at most two axes, of variables and observations"), a)
    if a.shape is None or len(a.shape) > 2 or by_rows is None:
        return Array(None, "float64")
    count: Any = 1 if len(a.shape) < 2 else a.shape[0 if by_rows else 1]
    if y is not None:
        other = as_array(y)
        if other.shape is None or len(other.shape) > 2:
            return Array(None, "float64")
        more_rows = 1 if len(other.shape) < 2 else other.shape[0 if by_rows else 1]
        count = count + more_rows if isinstance(count, (int, Poly)) and isinstance(more_rows, (int, Poly)) else UNKNOWN_DIM
    return Array(() if isinstance(count, int) and count == 1 else (count, count), "float64")


@models("numpy.allclose")
def allclose(a: Value, b: Value, rtol: Value = 0, atol: Value = 0, equal_nan: Value = False) -> Value:
    """Whether two arrays are nearly equal: a plain truth value."""
    if not is_foreign(a) and not is_foreign(b):
        common_shape("np.allclose", [as_array(a), as_array(b)])
    return AnyScalar("bool", fresh_unknown().key)


@models("numpy.array_equal", "numpy.array_equiv")
def array_equal(a1: Value, a2: Value, equal_nan: Value = False) -> Value:
    """Whether two arrays are equal, which those of other shapes are not: a plain truth value."""
    return AnyScalar("bool", fresh_unknown().key)


@models("numpy.shape")
def shape_of(a: Value) -> Value:
    """The shape as a tuple."""
    from .methods import shape_value

    return UNKNOWN if is_foreign(a) else shape_value(as_array(a))


@models("numpy.ndim")
def ndim(a: Value) -> Value:
    """The number of axes."""
    rank = as_array(a).rank
    return UNKNOWN if rank is None else rank


@models("numpy.size")
def size_of(a: Value, axis: Value = None) -> Value:
    """The number of elements, or the length of one axis."""
    x = as_array(a)
    which = axes(axis)
    count = x.size
    if isinstance(which, tuple) and len(which) == 1 and x.shape is not None:
        with refusing("np.size", x):
            count = x.shape[axis_index(which[0], len(x.shape))]
    return count if isinstance(count, (int, Poly)) else UNKNOWN


@models("numpy.trapz", "numpy.trapezoid")
def trapz(y: Value, x: Value = None, dx: Value = 1.0, axis: Value = -1) -> Value:
    """An integral along an axis."""
    at, of = as_array(x).shape if x is not None else None, as_array(y).shape
    if at is not None and len(at) == 1 and of and axis == -1:
        ends = at[0], of[-1]
        if all(isinstance(d, int) and d > 2 for d in ends) and ends[0] != ends[1]:
            raise Mismatch(Broadcast(at, ends[1:], "np.trapezoid"), as_array(x), as_array(y))
    return reduced(y, axis, False, as_floating, "np.trapezoid")


@models("numpy.linalg.norm")
def norm(x: Value, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Value:
    """A norm over one axis, two, or all."""
    return reduced(x, axis, keepdims, as_floating, "np.linalg.norm")


__all__ = ["broadcast", "reduced"]
