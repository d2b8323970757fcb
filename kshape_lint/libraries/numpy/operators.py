"""Operators on arrays and tensors of any kind; the interpreter comes here where at least one side is an `Array`."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, AnyScalar, Array, Real, Unknown, Value, fresh
from ...rules.arrays import AssignedShape
from ...rules.silent import ColumnAgainstRow
from ...shapes import Dim, Poly, Shape, same, same_shape, size
from ...shapes.matmul import matmul as matmul_shape
from ..api import Mismatch, warn
from ..refusals import refusing
from .convert import as_array, not_an_array, surely_more_than_one
from .dtypes import as_floating, promote, promote_weak, scalar_dtype
from .elementwise import BINARY, COMPARE, common_shape, computed, made, result_kind

_LONGEST_STORY = 8


def binary(op: str, left: Value, right: Value) -> Value:
    """Return ``left op right``, op being one of ``+ - * / // % ** @ & | ^ << >>``."""
    pair = _operands(left, right, op)
    if pair is None:
        return _unknown_result(left, right)
    a, b = pair
    if op == "@":
        return matmul(a, b, "@")
    shape = common_shape(op, pair)
    dtype = _arithmetic_dtype(op, left, right, a, b)
    if op in ("+", "-", "*"):
        _column_against_row(a, b, op)
    function = BINARY.get(op)
    data = None
    if (
        function is not None
        and a.data is not None
        and b.data is not None
        and dtype in ("int64", "float64", "bool", "float32", "int32", None)
    ):
        data = computed(function, pair, shape)
    return made(shape, dtype, result_kind(pair), data)


def in_place(old: Array, new: Array) -> Array:
    """Return what ``old op= operand`` leaves of `old`, `new` being ``old op operand``: a NumPy array keeps its shape and its dtype."""
    if old.kind != "numpy" or not old.shape or new.shape is None:
        # NumPy's scalars are not changed in place.
        return new
    if same_shape(old.shape, new.shape) is False:
        raise Mismatch(AssignedShape(old.shape, new.shape), old, new)
    made = Array(old.shape, old.dtype, old.kind, data=new.data if new.dtype == old.dtype else None)
    old.written()
    old.shared_with(made)
    return made


def compare(op: str, left: Value, right: Value) -> Value:
    """Return ``left op right``, op being one of ``== != < <= > >=``."""
    if left is None or right is None:
        known = left if right is None else right
        return Array(known.shape, "bool", known.kind) if isinstance(known, Array) and known.kind == "numpy" else UNKNOWN
    pair = _operands(left, right, op)
    if pair is None:
        return _unknown_result(left, right, "bool")
    a, b = pair
    kind = result_kind(pair)
    try:
        shape = common_shape(op, pair)
    except Mismatch:
        if kind == "tensor" and op in ("==", "!="):
            # TensorFlow answers one False for tensors that cannot be broadcast.
            return Array((), "bool", kind)
        raise
    if op == "==":
        _column_against_row(a, b, op)
    data = computed(COMPARE[op], pair, shape) if op in COMPARE and a.data is not None and b.data is not None else None
    if data is not None or kind != "numpy":
        return made(shape, "bool", kind, data)
    return mask(shape)


def unary(op: str, operand: Value) -> Value:
    """Return ``op operand``, op being one of ``- + ~``."""
    if not isinstance(operand, Array):
        return UNKNOWN
    kind = result_kind((operand,))
    if op == "~" and operand.dtype == "bool" and operand.kind == "numpy" and operand.data is None:
        return _inverted(operand)
    data = None
    if op == "-" and operand.data is not None and operand.dtype not in ("bool", "str"):
        data = computed(lambda v: -v, (operand,), operand.shape)
    elif op == "~" and operand.dtype == "bool":
        data = computed(lambda v: not v, (operand,), operand.shape)
    elif op == "+":
        data = operand.data
    return made(operand.shape, operand.dtype, kind, data)


def matmul(a: Array, b: Array, function: str) -> Value:
    """Return the matrix product of two arrays."""
    kind = result_kind((a, b))
    dtype = promote(a.dtype, b.dtype)
    if a.shape is None or b.shape is None:
        return Array(None, dtype, kind)
    if kind == "tensor" and (len(a.shape) < 2 or len(b.shape) < 2):
        from ..tensorflow.linalg import product

        return product(function, a, b)
    with refusing(function, a, b):
        return Array(matmul_shape(a.shape, b.shape), dtype, kind)
    raise AssertionError


def mask(shape: Shape | None) -> Array:
    """Return an array of truth values that remembers how many are true, whatever that number is."""
    if not shape:
        return Array(shape, "bool")
    total = size(shape)
    return Array(shape, "bool", history=fresh("k", 0)) if isinstance(total, (int, Poly)) else Array(shape, "bool")


def true_count(array: Array) -> Dim:
    """Return how many elements of an array of truth values are true: the same length for the same mask, however often it is used."""
    if array.data is not None:
        return sum(1 for v in array.data if v)
    return array.history if isinstance(array.history, (int, Poly)) else fresh("k", 0)


def _inverted(operand: Array) -> Array:
    total = operand.size
    if isinstance(operand.history, Poly) and isinstance(total, (int, Poly)):
        return Array(operand.shape, "bool", history=total - operand.history)
    return mask(operand.shape)


_WEAK = {"int64": 1, "float64": 1.0}
"""Python's numbers, by the dtype of what is not known of them but that."""


def _operands(left: Value, right: Value, op: str) -> tuple[Array, Array] | None:
    """Both sides as arrays, None where one is nothing we know."""
    out = []
    for side in (left, right):
        if isinstance(side, Array):
            out.append(side)
        elif isinstance(side, AnyScalar) and side.dtype in _WEAK:
            out.append(Array((), side.dtype))
        elif not_an_array(side) or side is None:
            return None
        else:
            out.append(as_array(side, op))
    return out[0], out[1]


def _unknown_result(left: Value, right: Value, dtype: str | None = None) -> Value:
    known = left if isinstance(left, Array) else right
    other = right if known is left else left
    if not isinstance(known, Array) or not not_an_array(other) or other is None:
        return UNKNOWN
    if isinstance(other, Unknown) and known.kind != "numpy":
        return Array(None, dtype, result_kind((known,)))
    return UNKNOWN


def _arithmetic_dtype(op: str, left: Value, right: Value, a: Array, b: Array) -> str | None:
    if not isinstance(left, Array) and scalar_dtype(left) is not None:
        dtype = promote_weak(b.dtype, left)
    elif not isinstance(right, Array) and scalar_dtype(right) is not None:
        dtype = promote_weak(a.dtype, right)
    elif isinstance(left, AnyScalar) and left.dtype in _WEAK:
        dtype = promote_weak(b.dtype, _WEAK[left.dtype])
    elif isinstance(right, AnyScalar) and right.dtype in _WEAK:
        dtype = promote_weak(a.dtype, _WEAK[right.dtype])
    elif isinstance(left, (Poly, Real)):
        dtype = promote_weak(b.dtype, 1 if isinstance(left, Poly) else 1.0)
    elif isinstance(right, (Poly, Real)):
        dtype = promote_weak(a.dtype, 1 if isinstance(right, Poly) else 1.0)
    else:
        dtype = promote(a.dtype, b.dtype)
    if op == "/":
        return "float64" if dtype in ("bool", "int8", "uint8", "int16", "uint16") else as_floating(dtype)
    return dtype


def _column_against_row(a: Array, b: Array, op: str) -> None:
    """Warn where labels (n,) meet a model's predictions (n, 1)."""
    if a.shape is None or b.shape is None or sorted((len(a.shape), len(b.shape))) != [1, 2]:
        return
    row, column = (a, b) if len(a.shape) == 1 else (b, a)
    assert row.shape is not None and column.shape is not None
    n, (m, one) = row.shape[0], column.shape
    if one != 1 or not isinstance(one, int):
        return
    # Two axes that Keras leaves open beside a prediction are those of one batch.
    batch = n is None and m is None
    if not batch and (not (isinstance(n, Poly) or surely_more_than_one(n)) or same(n, m) is not True):
        return
    if (_predicted(column, 2) or _predicted(row, None)) and not (row.origin is not None and "arange" in row.origin.text):
        warn(ColumnAgainstRow(a.shape, b.shape, op), a, b)


def _predicted(a: Array, rank: int | None) -> bool:
    """Tell whether an array is what a model predicted, or something made of it; with `rank` only what kept as many axes."""
    origin = a.origin
    for _ in range(_LONGEST_STORY):
        if origin is None or origin.shape is None or (rank is not None and len(origin.shape) != rank):
            return False
        if origin.predicted:
            return True
        origin = origin.before[0] if origin.before else None
    return False
