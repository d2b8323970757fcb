"""Operators on DataFrames and Series: what is aligned by label, and what must be as long."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, ListObj, Value, fresh
from ...rules.arrays import Broadcast, Contraction, InconsistentLengths, RankDemanded
from ...shapes import Poly, same
from ..api import Mismatch, lookup, models
from ..arraylike import as_array, common_dtype
from ..numpy.ufuncs import SIGNS
from .state import (
    FRAME,
    SERIES,
    FrameState,
    frame_state,
    is_frame,
    is_series,
    of_state,
    series,
    series_state,
    token,
    with_state,
)

_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**"}
_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_LOGIC = {"and": "&", "or": "|", "xor": "^"}


def combine(left: Value, right: Value, sign: str) -> Value:
    """Return ``left sign right``, where `left` is a Series or a DataFrame (and `right` anything)."""
    if isinstance(right, Array) and right.kind != "numpy":
        return UNKNOWN
    if is_series(left):
        return _frame_with(right, left, sign) if is_frame(right) else _series_with(left, right, sign)
    return _frame_with(left, right, sign)


def _dtype(sign: str, a: str | None, b: str | None) -> str | None:
    if sign in _COMPARISONS.values():
        return "bool"
    if sign in _LOGIC.values():
        return "bool" if a == "bool" or b == "bool" else None
    made = common_dtype([a, b])
    if made is None or made in ("str", "object", "bool"):
        return None
    return "float64" if sign == "/" and not made.startswith("float") else made


def _dtype_of(value: Value) -> str | None:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Poly)):
        return "int64"
    if isinstance(value, float):
        return "float64"
    a = as_array(value)
    return a.dtype if a is not None else None


def _series_with(left: Value, right: Value, sign: str) -> Value:
    s = series_state(left)
    dtype = _dtype(sign, s.values.dtype, _dtype_of(right))
    if is_series(right):
        other = series_state(right)
        compares = sign in _COMPARISONS.values()
        if compares and same(s.rows, other.rows) is False:
            raise Mismatch(InconsistentLengths(f"Series {sign} Series", (s.rows, other.rows)), left, right)
        if s.index is not None and s.index == other.index:
            return series(Array((s.rows,), dtype), None, s.index)
        if compares:
            return series(Array((s.rows,), dtype), None, s.index)
        return series(Array((fresh("n"),), None), None, token())
    # A tuple may be one of the things that a Series of objects holds.
    one = isinstance(right, tuple) and (s.values.dtype is None or not s.values.dtype.startswith(("int", "uint", "float", "bool")))
    a = as_array(right) if not isinstance(right, (str, bytes)) and not one else None
    if a is not None and a.shape:
        operation = f"Series {sign} array"
        if len(a.shape) > 1 and isinstance(right, Array):
            hint = "flatten the array: its trailing axis of 1 does not go with a Series" if same(a.shape[-1], 1) else None
            raise Mismatch(RankDemanded(operation, a.shape, "an array of one axis", hint), right)
        if len(a.shape) == 1 and same(a.shape[0], s.rows) is False:
            if sign in _COMPARISONS.values():
                raise Mismatch(InconsistentLengths(operation, (s.rows, a.shape[0])), right)
            if same(a.shape[0], 1) is False and same(s.rows, 1) is False:
                raise Mismatch(Broadcast((s.rows,), a.shape, operation), right)
            if same(a.shape[0], 1) is None:
                return series(Array((s.rows,), dtype), None, s.index)
    return series(Array((s.rows,), dtype), s.name, s.index)


def _frame_with(left: Value, right: Value, sign: str) -> Value:
    f = frame_state(left)
    dtype = _dtype(sign, f.value_dtype(), _dtype_of(right))
    plain = with_state(f, columns=None if f.columns is None else tuple(type(c)(c.label, dtype) for c in f.columns), known=(), dtype=dtype)
    if is_frame(right):
        g = frame_state(right)
        if sign in _COMPARISONS.values():
            for a, b in ((f.rows, g.rows), (f.width, g.width)):
                if same(a, b) is False:
                    raise Mismatch(Broadcast((f.rows, f.width), (g.rows, g.width), f"DataFrame {sign} DataFrame"), left, right)
            return of_state(plain)
        rows = f.rows if f.index is not None and f.index == g.index else fresh("n")
        if f.labels is not None and f.labels == g.labels:
            return of_state(with_state(plain, rows=rows, index=f.index if rows is f.rows else token()))
        return of_state(FrameState(rows, fresh("w"), dtype=None, index=f.index if rows is f.rows else token(), labels=token()))
    if is_series(right):
        s = series_state(right)
        if s.index is not None and s.index == ("columns", f.labels):
            return of_state(plain)
        return of_state(FrameState(f.rows, fresh("w"), index=f.index, labels=token()))
    array = as_array(right) if isinstance(right, (Array, ListObj, tuple)) else None
    if array is not None and array.shape:
        _check_frame_array(f, array, f"DataFrame {sign} array")
    return of_state(plain)


def _check_frame_array(f: FrameState, a: Array, operation: str) -> None:
    shape = a.shape
    assert shape is not None
    if len(shape) > 2:
        raise Mismatch(RankDemanded(operation, shape, "an array of at most two axes"), a)
    if len(shape) == 1:
        if same(shape[0], f.width) is False:
            raise Mismatch(Broadcast((f.rows, f.width), shape, operation), a)
        return
    for mine, other in ((f.rows, shape[0]), (f.width, shape[1])):
        if same(mine, other) is False and same(other, 1) is False:
            raise Mismatch(Broadcast((f.rows, f.width), shape, operation), a)


def _register(name: str, sign: str) -> None:
    @models(f"{FRAME}.__{name}__", f"{SERIES}.__{name}__")
    def forward(self: Value, other: Value) -> Value:
        """The operator."""
        return combine(self, other, sign)

    if sign not in _COMPARISONS.values():

        @models(f"{FRAME}.__r{name}__", f"{SERIES}.__r{name}__")
        def backward(self: Value, other: Value) -> Value:
            """The operator, with the object on the right."""
            return combine(self, other, sign)


for _name, _sign in {**_ARITHMETIC, **_COMPARISONS, **_LOGIC}.items():
    _register(_name, _sign)


def _register_method(sign: str, *names: str) -> None:
    @models(*(f"{of}.{name}" for of in (FRAME, SERIES) for name in names))
    def method(self: Value, other: Value, axis: Value = "columns", level: Value = None, fill_value: Value = None) -> Value:
        """The operator as a method; a Series may be aligned with the rows."""
        if is_frame(self) and (is_series(other) or isinstance(other, Array)) and axis not in (1, "columns"):
            return of_state(with_state(frame_state(self), columns=None, known=(), dtype=None))
        return combine(self, other, sign)


for _names, _sign in (
    (("add", "radd"), "+"),
    (("sub", "subtract", "rsub"), "-"),
    (("mul", "multiply", "rmul"), "*"),
    (("div", "divide", "truediv", "rdiv", "rtruediv"), "/"),
    (("floordiv", "rfloordiv"), "//"),
    (("mod", "rmod"), "%"),
    (("pow", "rpow"), "**"),
):
    _register_method(_sign, *_names)


@models(*(f"{of}.__{name}__" for of in (FRAME, SERIES) for name in ("neg", "pos", "abs", "invert")))
def unary(self: Value) -> Value:
    """The same shape and dtype."""
    if is_series(self):
        s = series_state(self)
        return series(Array(s.values.shape, s.values.dtype), s.name, s.index)
    f = frame_state(self)
    return of_state(f.with_rows(f.rows, f.index))


@models(FRAME + ".dot", FRAME + ".__matmul__")
def dot(self: Value, other: Value) -> Value:
    """The matrix product."""
    f = frame_state(self)
    a = as_array(other)
    if a is None or not a.shape or len(a.shape) > 2:
        return UNKNOWN
    if same(f.width, a.shape[0]) is False:
        raise Mismatch(Contraction("DataFrame.dot", (f.rows, f.width), a.shape, 1, 0), self, other)
    if len(a.shape) == 1:
        return series(Array((f.rows,)), None, f.index)
    return of_state(FrameState(f.rows, a.shape[1], index=f.index, labels=token()))


@models(SERIES + ".dot", SERIES + ".__matmul__")
def series_dot(self: Value, other: Value) -> Value:
    """The inner product."""
    s = series_state(self)
    a = as_array(other)
    if a is None or not a.shape or len(a.shape) > 2:
        return UNKNOWN
    if same(s.rows, a.shape[0]) is False:
        raise Mismatch(Contraction("Series.dot", (s.rows,), a.shape, 0, 0), self, other)
    return Array(a.shape[1:])


_TESTS = ("isnan", "isinf", "isfinite", "logical_not", "signbit")


@models(FRAME + ".<numpy>", SERIES + ".<numpy>")
def numpy_answer(name: str, operands: tuple[Value, ...], axis: Value) -> Value:
    """What NumPy's functions give of a table: element by element a table, reductions by the method of the same name."""
    first = operands[0]
    if len(operands) == 2:
        left, right = operands if is_frame(first) or is_series(first) else reversed(operands)
        return combine(left, right, SIGNS.get(name, "+"))
    method = lookup(f"{first.type_path}.{name}") if is_frame(first) or is_series(first) else None
    if method is not None and name in _REDUCTIONS:
        if is_frame(first):
            return method.function(first, axis=axis) if axis in (0, 1) and axis is not None else UNKNOWN
        return method.function(first)
    if name in _REDUCTIONS:
        return UNKNOWN
    dtype = "bool" if name in _TESTS else None
    if is_series(first):
        s = series_state(first)
        return series(Array((s.rows,), dtype), s.name, s.index)
    f = frame_state(first)
    columns = None if f.columns is None else tuple(type(c)(c.label, dtype) for c in f.columns)
    return of_state(with_state(f, columns=columns, known=(), dtype=dtype))


_REDUCTIONS = frozenset(
    (
        *("mean", "std", "var", "median", "sum", "prod", "min", "max", "amin", "amax", "any", "all", "argmax", "argmin", "ptp"),
        *("nanmean", "nanstd", "nanvar", "nanmedian", "nansum", "nanmin", "nanmax", "average", "percentile", "quantile", "count_nonzero"),
        *("nanprod", "nanargmax", "nanargmin", "reduce"),
    )
)
