"""From any value to an array, as ``np.asarray`` has it, and from arguments to axes and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from ...interpreter.values import UNKNOWN, AnyScalar, Array, Counting, DictObj, LibObj, Library, ListObj, Obj, Real, SetObj, Unknown, Value
from ...rules.arrays import Join
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, at_least, same
from ..api import Mismatch, as_shape, items, lookup, mro, named_length
from .dtypes import promote, scalar_dtype

MOST_ELEMENTS: Final = 1024
"""How many elements an array may have whose elements are kept."""


_serial = count(1)


class _Unclear:
    """The type of `UNCLEAR`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNCLEAR"


UNCLEAR: Final = _Unclear()
"""An argument whose value cannot be told."""


def as_array(value: Value, function: str = "np.array", dtype: str | None = None) -> Array:
    """Return the array that NumPy makes of `value`; of unknown rank where that cannot be told.

    Raises `Mismatch` for nested lists whose parts differ in shape.
    """
    if isinstance(value, Array):
        if value.kind == "numpy":
            return value
        if value.kind in ("keras", "ragged", "sparse"):
            return Array(None, value.dtype)
        return Array(value.shape, value.dtype, data=value.data, bounds=value.bounds, origin=value.origin)
    of = scalar_dtype(value)
    if of is not None:
        return Array((), of, data=(value,), bounds=(value, value) if isinstance(value, (int, float)) else None)
    if isinstance(value, Poly):
        return Array((), "int64", data=(value,))
    if isinstance(value, Real):
        return Array((), "float64", data=(value,))
    if isinstance(value, AnyScalar):
        return Array((), value.dtype)
    if isinstance(value, range):
        few = tuple(value) if len(value) <= MOST_ELEMENTS else None
        return Array((len(value),), "int64", data=few, bounds=(min(value[0], value[-1]), max(value[0], value[-1])) if value else None)
    if isinstance(value, Counting):
        return Array((value.count,), "int64")
    if dtype == "void" and isinstance(value, tuple):
        return Array((), "void")
    if isinstance(value, (tuple, ListObj)):
        return _of_sequence(value, function, dtype)
    if value is None or isinstance(value, (SetObj, DictObj)):
        return Array((), "object")
    if isinstance(value, Obj):
        return _of_object(value, function, dtype)
    return Array(None)


def holds_tuples(value: Value) -> bool:
    """Tell whether a value is a tuple or a list of such, which a dtype with fields takes for records."""
    for _ in range(3):
        if isinstance(value, tuple):
            return True
        if not isinstance(value, ListObj):
            return False
        parts = value.state.parts
        value = parts[0] if parts else None
    return False


def _of_object(value: Obj, function: str, dtype: str | None) -> Array:
    if isinstance(value, LibObj):
        for path in mro(value.type_path):
            model = lookup(path + ".__array__")
            if model is not None:
                made = model.function(value)
                return made if isinstance(made, Array) else Array(None)
    return Array(None)


class Elements:
    """What the elements of an array of objects are, kept in its `history`: arrays of one shape, lists."""

    __slots__ = ("element",)

    def __init__(self, element: Value) -> None:
        self.element = element


def rows_of(a: Array) -> Value:
    """Return what stands for each item along the first axis: of a vector that may hold anything, what it is known to hold."""
    assert a.shape
    if len(a.shape) == 1 and a.kind == "numpy" and a.dtype in (None, "object", "void"):
        return a.history.element if isinstance(a.history, Elements) else UNKNOWN
    return Array(a.shape[1:], a.dtype, bounds=a.bounds)


def _of_sequence(value: Value, function: str, dtype: str | None) -> Array:
    parts = items(value)
    if parts is None:
        state = value.state
        element = as_array(state.element, function, dtype)
        length = _length(state.length)
        if element.shape is None or (dtype == "object" and element.shape):
            # Rows of several lengths, told to be objects, make a vector of lists.
            return Array(None, element.dtype)
        return Array((length, *element.shape), element.dtype, bounds=element.bounds)
    return _of_items(parts, function, dtype)


def _length(d: Dim) -> Dim:
    return UNKNOWN_DIM if d is None else d


def _of_items(parts: Sequence[Value], function: str, dtype: str | None) -> Array:
    if not parts:
        return Array((0,), "float64", data=())
    if all(type(p) is int for p in parts):
        return Array((len(parts),), "int64", data=tuple(parts) if len(parts) <= MOST_ELEMENTS else None, bounds=(min(parts), max(parts)))
    arrays = [as_array(p, function, dtype) for p in parts]
    shape, clash = _common_shape(arrays)
    if clash is not None:
        if dtype == "object":
            return Array((len(parts),), "object")
        first, other = arrays[clash[0]].shape, arrays[clash[1]].shape
        assert first is not None and other is not None
        axis = None
        if len(first) == len(other):
            axis = next((i for i, (a, b) in enumerate(zip(first, other)) if same(a, b) is False), None)
        raise Mismatch(Join(function, first, other, clash[1], axis), *(p for p in parts if isinstance(p, Array)))
    made = arrays[0].dtype
    for a in arrays[1:]:
        if a.dtype != made:
            made = promote(made, a.dtype)
    if shape is None:
        return Array(None, made)
    return Array((len(parts), *shape), made, data=joined_data(arrays), bounds=joined_bounds(arrays))


def _common_shape(arrays: Sequence[Array]) -> tuple[Shape | None, tuple[int, int] | None]:
    """The shape all must have (None where no rank is known), and two of them that certainly differ, if any do."""
    best: list[Dim] | None = None
    for i, a in enumerate(arrays):
        if a.shape is None:
            continue
        if best is None:
            best = list(a.shape)
            continue
        if _certainly_differ(tuple(best), a.shape):
            other = next((j for j in range(i) if arrays[j].shape is not None and _certainly_differ(arrays[j].shape or (), a.shape)), None)
            return None, None if other is None else (other, i)
        best = [y if isinstance(y, int) or (isinstance(y, Poly) and not isinstance(x, int)) else x for x, y in zip(best, a.shape)]
    return (None if best is None else tuple(best)), None


def _certainly_differ(a: Shape, b: Shape) -> bool:
    return len(a) != len(b) or any(same(x, y) is False for x, y in zip(a, b))


def joined_data(arrays: Sequence[Array]) -> tuple[Value, ...] | None:
    """Return the elements of `arrays` one after another, None where some are not known or all too many."""
    out: list[Value] = []
    for a in arrays:
        if a.data is None or len(out) + len(a.data) > MOST_ELEMENTS:
            return None
        out.extend(a.data)
    return tuple(out)


def joined_bounds(arrays: Sequence[Array]) -> tuple[float, float] | None:
    """Return the least and greatest element of all `arrays` together."""
    low: float | None = None
    high: float | None = None
    for a in arrays:
        if a.bounds is None:
            if a.shape is not None and any(isinstance(d, int) and d == 0 for d in a.shape):
                continue
            return None
        low = a.bounds[0] if low is None else min(low, a.bounds[0])
        high = a.bounds[1] if high is None else max(high, a.bounds[1])
    return None if low is None or high is None else (low, high)


def bounds_of(data: Sequence[Value] | None) -> tuple[float, float] | None:
    """Return the least and greatest of known numbers."""
    if not data or not all(isinstance(v, (int, float)) for v in data):
        return None
    return (min(data), max(data))


def number(value: Value) -> Value:
    """Return a plain number (int, float, Poly) for a scalar whose value is known, else `UNCLEAR`."""
    if isinstance(value, Array) and value.shape == () and value.data:
        value = value.data[0]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Unknown) and _is_whole(value.key):
        return named_length(value.key)
    return value if isinstance(value, (int, float, Poly)) else UNCLEAR


def _is_whole(key: Any) -> bool:
    """Tell whether an unknown value is certainly a whole number: what ``int`` gave, or one length of a shape."""
    if not isinstance(key, tuple) or not key:
        return False
    return key[0] == "int" or (
        len(key) == 3 and key[1] == "[]" and isinstance(key[0], tuple) and key[0][:1] == ("shape",) and _is_int_key(key[2])
    )


def _is_int_key(key: Any) -> bool:
    return isinstance(key, tuple) and key[:1] == ("int",)


def shape_key(a: Array) -> tuple[str, int]:
    """Return what the shape of an array of unknown rank is known by: the same for the same array."""
    if a.history is None:
        a.history = next(_serial)
    return ("shape", a.history)


def whole(value: Value) -> int | _Unclear:
    """Return a plain int for what is certainly one, else `UNCLEAR`."""
    found = number(value)
    return found if isinstance(found, int) else UNCLEAR


def truth(value: Value) -> bool | None:
    """Return a flag's value, None where it cannot be told."""
    if isinstance(value, Array) and value.shape == () and value.data:
        value = value.data[0]
    if isinstance(value, (bool, int)) or value is None:
        return bool(value)
    return None


def axes(value: Value) -> tuple[int, ...] | _Unclear | None:
    """Return an ``axis`` argument as a tuple of axes, None where it is None, `UNCLEAR` where it cannot be told."""
    if value is None:
        return None
    if isinstance(value, (tuple, ListObj)):
        parts = items(value)
        if parts is None:
            return UNCLEAR
        found = [whole(p) for p in parts]
        return tuple(f for f in found if isinstance(f, int)) if all(isinstance(f, int) for f in found) else UNCLEAR
    one = whole(value)
    return (one,) if isinstance(one, int) else UNCLEAR


def lengths(value: Value) -> Shape | None:
    """Return a shape argument: no length is None, what is no length is unknown; None where the rank is."""
    one = number(value)
    shape = (one,) if isinstance(one, Poly) else as_shape(value)
    return None if shape is None else tuple(UNKNOWN_DIM if d is None else d for d in shape)


def is_foreign(value: Value) -> bool:
    """Tell whether `value` answers NumPy's functions in its own way (a data frame, a user's object), so that no array comes back."""
    return isinstance(value, Obj) and not isinstance(value, (ListObj, SetObj))


def not_an_array(value: Value) -> bool:
    """Tell whether nothing can be said of what NumPy makes of `value`."""
    return isinstance(value, (Unknown, Library)) or is_foreign(value)


def is_empty(shape: Shape) -> bool:
    """Tell whether an array of this shape certainly has no elements."""
    return any(isinstance(d, int) and d == 0 for d in shape)


def surely_more_than_one(d: Dim) -> bool:
    """Tell whether a length is taken to be more than 1: a number is, and a symbol unless it may be less than 1."""
    return d > 1 if isinstance(d, int) else isinstance(d, Poly) and at_least(d, 1) is True
