"""NumPy's universal functions, and others that work element by element."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ...interpreter.values import UNKNOWN, Array, Real, Value
from ...rules.arrays import AssignedShape, InconsistentLengths
from ...shapes import UNKNOWN_DIM, Poly, derived, same
from ...shapes.axes import replace_axis
from ..api import Mismatch, models
from .convert import as_array, is_foreign, number
from .dtypes import as_floating, dtype_name, promote
from .elementwise import BINARY, COMPARE, common_shape, computed, made
from .foreign import own_answer
from .operators import binary, compare, mask, unary


def _keep(dtype: str | None) -> str | None:
    return dtype


def _boolean(dtype: str | None) -> str | None:
    return "bool"


def _absolute(dtype: str | None) -> str | None:
    return {"complex128": "float64", "complex64": "float32"}.get(dtype or "", dtype)


def _log(v: float) -> float:
    if isinstance(v, Poly) or v <= 0:
        raise ValueError
    return math.log(v)


_UNARY: dict[str, tuple[Callable[[str | None], str | None], Callable[[Any], Any] | None]] = {
    **dict.fromkeys(
        [
            "exp",
            "exp2",
            "expm1",
            "log10",
            "log1p",
            "cbrt",
            "sin",
            "cos",
            "tan",
            "arcsin",
            "arccos",
            "arctan",
            "sinh",
            "cosh",
            "tanh",
            "arcsinh",
            "arccosh",
            "arctanh",
            "asin",
            "acos",
            "atan",
            "asinh",
            "acosh",
            "atanh",
            "degrees",
            "radians",
            "deg2rad",
            "rad2deg",
            "reciprocal",
            "sinc",
            "i0",
            "spacing",
        ],
        (as_floating, None),
    ),
    "log": (as_floating, _log),
    "log2": (as_floating, lambda v: _log(v) / math.log(2)),
    "sqrt": (as_floating, math.sqrt),
    "square": (_keep, lambda v: v * v),
    "negative": (_keep, lambda v: -v),
    "positive": (_keep, lambda v: v),
    "absolute": (_absolute, abs),
    "abs": (_absolute, abs),
    "fabs": (as_floating, abs),
    "sign": (_keep, None),
    "conj": (_keep, None),
    "conjugate": (_keep, None),
    "floor": (_keep, lambda v: math.floor(v) if isinstance(v, int) else float(math.floor(v))),
    "ceil": (_keep, lambda v: math.ceil(v) if isinstance(v, int) else float(math.ceil(v))),
    "trunc": (_keep, lambda v: v if isinstance(v, int) else float(math.trunc(v))),
    "rint": (as_floating, None),
    "fix": (_keep, None),
    "invert": (_keep, None),
    "bitwise_not": (_keep, None),
    "isnan": (_boolean, None),
    "isinf": (_boolean, None),
    "isfinite": (_boolean, None),
    "isneginf": (_boolean, None),
    "isposinf": (_boolean, None),
    "isreal": (_boolean, None),
    "iscomplex": (_boolean, None),
    "signbit": (_boolean, None),
    "logical_not": (_boolean, None),
    "real": (_absolute, None),
    "imag": (_absolute, None),
    "angle": (as_floating, None),
    "real_if_close": (_keep, None),
}


def _define_unary(name: str, dtype_of: Callable[[str | None], str | None], function: Callable[[Any], Any] | None) -> None:
    def model(x: Value, /, out: Value = None, *, where: Value = True, dtype: Value = None, casting: Value = None) -> Value:
        if is_foreign(x):
            return own_answer(name, x)
        if isinstance(x, Real) and name in ("ceil", "floor"):
            # `int(np.ceil(0.8 * n))` is a length, the same wherever it is written.
            exact = derived((name, x.key), f"{name}({x.name})")
            return Real(("exact", exact), repr(exact))
        a = as_array(x, f"np.{name}")
        made_dtype = dtype_name(dtype) or dtype_of(a.dtype)
        if made_dtype == "bool":
            return into(out, mask(a.shape))
        data = computed(function, (a,), a.shape) if function is not None and a.data is not None else None
        return into(out, made(a.shape, made_dtype, "numpy", data))

    models(f"numpy.{name}")(model)


for _name, (_dtype, _function) in _UNARY.items():
    _define_unary(_name, _dtype, _function)


def _least(a: Any, b: Any) -> Any:
    if isinstance(a, Poly) or isinstance(b, Poly):
        raise ValueError
    return min(a, b)


def _most(a: Any, b: Any) -> Any:
    if isinstance(a, Poly) or isinstance(b, Poly):
        raise ValueError
    return max(a, b)


SIGNS: dict[str, str] = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "true_divide": "/",
    "floor_divide": "//",
    "power": "**",
    "pow": "**",
    "float_power": "**",
    "remainder": "%",
    "mod": "%",
    "fmod": "%",
    "bitwise_and": "&",
    "bitwise_or": "|",
    "bitwise_xor": "^",
    "left_shift": "<<",
    "right_shift": ">>",
    "equal": "==",
    "not_equal": "!=",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
}
"""Functions of two arrays that an operator stands for."""
_BINARY_OTHER: dict[str, tuple[str, Callable[[Any, Any], Any] | None]] = {
    "maximum": ("same", _most),
    "minimum": ("same", _least),
    "fmax": ("same", _most),
    "fmin": ("same", _least),
    "arctan2": ("float", None),
    "atan2": ("float", None),
    "hypot": ("float", None),
    "logaddexp": ("float", None),
    "logaddexp2": ("float", None),
    "copysign": ("float", None),
    "nextafter": ("float", None),
    "heaviside": ("float", None),
    "ldexp": ("float", None),
    "logical_and": ("bool", None),
    "logical_or": ("bool", None),
    "logical_xor": ("bool", None),
    "gcd": ("same", None),
    "lcm": ("same", None),
    "isclose": ("bool", None),
}


def _define_binary(name: str, op: str) -> None:
    symbol = f"np.{name}"

    def model(x1: Value, x2: Value, /, out: Value = None, *, where: Value = True, dtype: Value = None, casting: Value = None) -> Value:
        if is_foreign(x1) or is_foreign(x2):
            return own_answer(name, x1, x2)
        a, b = as_array(x1, symbol), as_array(x2, symbol)
        shape = common_shape(symbol, (a, b))
        if op in COMPARE:
            made_ = compare(op, a, b)
        else:
            made_ = (
                binary(op, a if isinstance(x1, Array) else x1, b) if isinstance(x1, Array) or isinstance(x2, Array) else binary(op, a, b)
            )
        if not isinstance(made_, Array):
            made_ = Array(shape)
        wanted = dtype_name(dtype)
        return into(out, made_ if wanted is None else made_.typed(wanted))

    models(f"numpy.{name}")(model)
    _define_methods(name)
    assert op in BINARY or op in COMPARE


def _define_binary_other(name: str, result: str, function: Callable[[Any, Any], Any] | None) -> None:
    def model(
        x1: Value,
        x2: Value,
        /,
        out: Value = None,
        *,
        where: Value = True,
        dtype: Value = None,
        rtol: Value = 0,
        atol: Value = 0,
        equal_nan: Value = False,
    ) -> Value:
        if is_foreign(x1) or is_foreign(x2):
            return own_answer(name, x1, x2)
        pair = as_array(x1, f"np.{name}"), as_array(x2, f"np.{name}")
        shape = common_shape(f"np.{name}", pair)
        if result == "bool":
            return into(out, mask(shape))
        made_dtype = promote(pair[0].dtype, pair[1].dtype)
        data = computed(function, pair, shape) if function is not None else None
        return into(out, made(shape, as_floating(made_dtype) if result == "float" else made_dtype, "numpy", data))

    models(f"numpy.{name}")(model)
    if name != "isclose":
        _define_methods(name)


def _define_methods(name: str) -> None:
    """Register what every universal function of two arrays has as methods, the reductions apart."""

    @models(f"numpy.{name}.outer")
    def outer(A: Value, B: Value, **options: Value) -> Value:
        """The function of every element of one with every element of the other."""
        a, b = as_array(A, f"np.{name}"), as_array(B, f"np.{name}")
        return Array(None if a.shape is None or b.shape is None else a.shape + b.shape)

    @models(f"numpy.{name}.at")
    def at(a: Value, indices: Value, b: Value = None) -> Value:
        """The function in place, of elements that numbers pick; returns nothing."""
        if isinstance(a, Array):
            a.written()
        return None

    @models(f"numpy.{name}.reduceat")
    def reduceat(array: Value, indices: Value, axis: Value = 0, dtype: Value = None, out: Value = None) -> Value:
        """One value for each piece of an axis."""
        a, i, which = as_array(array), as_array(indices), number(axis)
        if (
            a.shape is None
            or i.shape is None
            or len(i.shape) != 1
            or not isinstance(which, int)
            or not -len(a.shape) <= which < len(a.shape)
        ):
            return Array(None)
        return Array(replace_axis(a.shape, which % len(a.shape), i.shape[0]), a.dtype)


def into(out: Value, result: Value) -> Value:
    """Return what a function gives that is told to write its result to `out`."""
    if not isinstance(out, Array) or not isinstance(result, Array):
        return result
    if out.shape is not None and result.shape is not None and len(result.shape) <= len(out.shape):
        check_assignment(out, result)
    out.written()
    return out


for _name, _op in SIGNS.items():
    _define_binary(_name, _op)
for _name, (_result, _both) in _BINARY_OTHER.items():
    _define_binary_other(_name, _result, _both)


def _elementwise(function: str, values: Sequence[Value], dtype: str | None = None) -> Value:
    if any(is_foreign(v) for v in values):
        return UNKNOWN
    arrays = [as_array(v, function) for v in values]
    shape = common_shape(function, arrays)
    made_dtype = arrays[0].dtype
    for a in arrays[1:]:
        made_dtype = promote(made_dtype, a.dtype)
    return Array(shape, dtype or made_dtype)


@models("numpy.clip")
def clip(a: Value, a_min: Value = None, a_max: Value = None, out: Value = None, *, min: Value = None, max: Value = None) -> Value:
    """Values outside an interval moved to its edges."""
    low, high = (a_min if a_min is not None else min), (a_max if a_max is not None else max)
    if is_foreign(a) or is_foreign(low) or is_foreign(high):
        return UNKNOWN
    x = as_array(a, "np.clip")
    shape = common_shape("np.clip", [x, *(as_array(v) for v in (low, high) if v is not None)])
    edges = number(low), number(high)
    bounds = None
    if isinstance(edges[0], (int, float)) and isinstance(edges[1], (int, float)) and x.bounds is not None:
        bounds = tuple(sorted((sorted((edges[0], v, edges[1]))[1]) for v in x.bounds))
    return into(out, Array(shape, x.dtype, bounds=(bounds[0], bounds[1]) if bounds else None))


@models("numpy.round", "numpy.around", "numpy.round_")
def round_(a: Value, decimals: Value = 0, out: Value = None) -> Value:
    """Each element rounded."""
    return UNKNOWN if is_foreign(a) else into(out, _plain(as_array(a, "np.round")))


@models("numpy.nan_to_num")
def nan_to_num(x: Value, copy: Value = True, nan: Value = 0.0, posinf: Value = None, neginf: Value = None) -> Value:
    """The array with other numbers for what is none."""
    return UNKNOWN if is_foreign(x) else _plain(as_array(x, "np.nan_to_num"))


@models("numpy.interp")
def interp(x: Value, xp: Value, fp: Value, left: Value = None, right: Value = None, period: Value = None) -> Value:
    """Linear interpolation: the shape of the places asked for."""
    known, values = as_array(xp), as_array(fp)
    check_lengths("np.interp", known, values, ("xp", "fp"))
    return as_array(x, "np.interp").typed("float64")


@models("numpy.piecewise")
def piecewise(x: Value, condlist: Value, funclist: Value, *args: Value, **kw: Value) -> Value:
    """A function for each part of the elements: the shape stays."""
    return UNKNOWN if is_foreign(x) else _plain(as_array(x, "np.piecewise"))


@models("numpy.digitize")
def digitize(x: Value, bins: Value, right: Value = False) -> Value:
    """The bin of each element."""
    return Array(as_array(x).shape, "int64")


@models("numpy.isin", "numpy.in1d")
def isin(element: Value, test_elements: Value, assume_unique: Value = False, invert: Value = False, *, kind: Value = None) -> Value:
    """Whether each element is among others."""
    return mask(as_array(element).shape)


@models("numpy.modf", "numpy.frexp")
def two_parts(x: Value, /, out: Value = None) -> Value:
    """Two arrays of the same shape."""
    a = as_array(x).typed("float64")
    return (a, a)


@models("numpy.divmod")
def divmod_(x1: Value, x2: Value, /, out: Value = None) -> Value:
    """Quotient and remainder."""
    made_ = _elementwise("np.divmod", (x1, x2))
    return (made_, made_)


@models("numpy.where")
def where(condition: Value, x: Value = UNKNOWN_DIM, y: Value = UNKNOWN_DIM, /) -> Value:
    """With one argument the places of what is true, with three a choice element by element."""
    if x is UNKNOWN_DIM:
        from .searching import nonzero

        return nonzero(condition)
    # Tables answer most functions themselves; of this one they are taken for the arrays in them.
    condition, x, y = (as_array(v) if is_foreign(v) and as_array(v).shape is not None else v for v in (condition, x, y))
    made_ = _elementwise("np.where", (condition, x, y))
    if not isinstance(made_, Array):
        return made_
    return Array(made_.shape, promote(as_array(x).dtype, as_array(y).dtype))


@models("numpy.select")
def select(condlist: Value, choicelist: Value, default: Value = 0) -> Value:
    """A choice element by element among several arrays."""
    from ..api import items

    parts = [*(items(condlist) or (UNKNOWN,)), *(items(choicelist) or (UNKNOWN,))]
    return _elementwise("np.select", parts).typed(None) if not any(is_foreign(p) for p in parts) else UNKNOWN


@models("numpy.copyto")
def copyto(dst: Value, src: Value, casting: Value = "same_kind", where: Value = True) -> Value:
    """Fill one array from another; returns nothing."""
    check_assignment(as_array(dst), as_array(src))
    if isinstance(dst, Array):
        dst.written()
    return None


def check_lengths(function: str, one: Array, other: Array, names: tuple[str, str]) -> None:
    """Raise the finding if two arrays of one axis each, which belong together, differ in length."""
    if one.shape is None or other.shape is None or len(one.shape) != 1 or len(other.shape) != 1:
        return
    if same(one.shape[0], other.shape[0]) is False:
        raise Mismatch(InconsistentLengths(function, (one.shape[0], other.shape[0]), names), one, other)


def check_assignment(target: Array, value: Array) -> None:
    """Raise the finding if `value` cannot be broadcast to just the shape of `target`; leading axes of 1 of the value are dropped."""
    if target.shape is None or value.shape is None:
        return
    given = value.shape
    while len(given) > len(target.shape) and isinstance(given[0], int) and given[0] == 1:
        given = given[1:]
    if len(given) > len(target.shape):
        if all(same(d, 1) is False for d in given[:1]):
            raise Mismatch(AssignedShape(target.shape, value.shape), target, value)
        return
    for d, t in zip(reversed(given), reversed(target.shape)):
        if same(d, t) is False and same(d, 1) is False:
            raise Mismatch(AssignedShape(target.shape, value.shape), target, value)


def _plain(a: Array) -> Array:
    return Array(a.shape, a.dtype, bounds=a.bounds)


__all__ = ["check_assignment", "clip", "into", "unary", "where"]
