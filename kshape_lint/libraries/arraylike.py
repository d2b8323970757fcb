"""What many libraries take for an array: arrays, data frames, images, nested lists; and rows taken out of one."""

from __future__ import annotations

from collections.abc import Sequence

from ..interpreter.values import UNKNOWN, Array, DictObj, ListObj, Obj, Seq, SetObj, Unknown, Value
from ..interpreter.world import blur
from ..shapes import UNKNOWN_DIM, Dim, Poly, Shape, is_exact, merge_shapes, same
from .api import Mismatch, items, lookup, mro
from .numpy.convert import as_array as of_sequence
from .numpy.dtypes import dtype_name

_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "int64"),
    (float, "float64"),
    (complex, "complex128"),
    (str, "str"),
    (bytes, "str"),
)


def as_array(value: Value) -> Array | None:
    """Return what ``np.asarray(value)`` gives, None where nothing is known of it (not even that it is an array)."""
    if isinstance(value, Array):
        return value
    if isinstance(value, Unknown) or value is None:
        return None
    if isinstance(value, Obj) and not isinstance(value, (ListObj, DictObj, SetObj)):
        for path in mro(value.type_path):
            model = lookup(path + ".__array__")
            if model is not None:
                made = model.function(value)
                return made if isinstance(made, Array) else None
        return None
    if isinstance(value, Poly):
        return Array((), "int64", data=(value,))
    if isinstance(value, (tuple, ListObj)):
        try:
            return of_sequence(value)
        except Mismatch:
            return None
    return nested(value)


def nested(value: Value) -> Array | None:
    """Return a nested list or tuple, or a scalar, as an array: the shape all its items share, unknown rank where they share none."""
    for kind, dtype in _SCALARS:
        if isinstance(value, kind):
            return Array((), dtype, data=(value,))
    if isinstance(value, Poly):
        return Array((), "int64", data=(value,))
    if isinstance(value, tuple):
        parts: Sequence[Value] = value
        length: Dim = len(value)
    elif isinstance(value, ListObj):
        state = value.state
        if not isinstance(state, Seq):
            return Array(None)
        parts = state.items if state.items is not None else (state.element,)
        length = state.length
        if length is None:
            length = UNKNOWN_DIM
    else:
        return as_array(value) if isinstance(value, (Array, Obj)) and not isinstance(value, (DictObj, SetObj)) else None
    if not parts:
        return Array((length,), "float64")
    inner = [nested(p) for p in parts]
    first = inner[0]
    if first is None or first.shape is None:
        return Array(None)
    shape: Shape | None = first.shape
    dtypes = {a.dtype if a is not None else None for a in inner}
    for a in inner[1:]:
        shape = merge_shapes(shape, a.shape) if a is not None else None
        if shape is None:
            return Array(None)
    assert shape is not None
    return Array((length, *shape), common_dtype(tuple(dtypes)))


def common_dtype(dtypes: Sequence[str | None]) -> str | None:
    """Return the dtype that holds values of all of `dtypes`, as NumPy promotes them; None where one is not known."""
    kinds = set(dtypes)
    if None in kinds or not kinds:
        return None
    if len(kinds) == 1:
        return next(iter(kinds))
    names = {str(k) for k in kinds}
    if not all(n.startswith(("float", "int", "uint")) for n in names):
        return "object"
    floats = {n for n in names if n.startswith("float")}
    if not floats:
        return "int64" if "uint64" not in names else None
    if "float64" in floats or any(n.endswith(("32", "64")) for n in names - floats):
        return "float64"
    return max(floats, key=lambda n: int(n[5:])) if all(n.endswith("8") for n in names - floats) else None


def samples(value: Value) -> Dim:
    """Return how many samples a data argument holds (its ``len``), unknown where that is not known."""
    if isinstance(value, (tuple, str, range)):
        return len(value)
    if isinstance(value, (ListObj, SetObj)):
        state = value.state
        length = state.length if isinstance(state, Seq) else UNKNOWN_DIM
        return UNKNOWN_DIM if length is None else length
    a = as_array(value)
    return a.shape[0] if a is not None and a.shape else UNKNOWN_DIM


def take_rows(value: Value, rows: Dim) -> Value:
    """Return `rows` samples picked from `value`, as the same kind of thing; unknown where it is no container we know."""
    if isinstance(value, Array):
        if value.kind not in ("numpy", "sparse"):
            return UNKNOWN
        return Array(None if value.shape is None else (rows, *value.shape[1:]), value.dtype, value.kind, bounds=value.bounds)
    if isinstance(value, (tuple, ListObj)):
        parts = items(value)
        if parts is None:
            state = value.state if isinstance(value, ListObj) else None
            element = state.element if isinstance(state, Seq) else UNKNOWN
        else:
            element = _number_like(parts) or (blur(parts) if parts else UNKNOWN)
        return ListObj(Seq(None, element, rows))
    if isinstance(value, Obj):
        for path in mro(value.type_path):
            model = lookup(path + ".<take>")
            if model is not None:
                return model.function(value, rows)
    return UNKNOWN


def _number_like(parts: Sequence[Value]) -> Array | None:
    """Return one number that stands for all of `parts`, None where they are no numbers."""
    if not parts or not all(isinstance(p, (int, float)) for p in parts):
        return None
    bounds = (min(parts), max(parts))
    return Array((), common_dtype([a.dtype for p in parts if (a := nested(p)) is not None]), bounds=bounds)


def first_difference(lengths: Sequence[Dim]) -> bool:
    """Tell whether two of `lengths` certainly differ."""
    known = [d for d in lengths if is_exact(d)]
    return any(same(a, b) is False for i, a in enumerate(known) for b in known[i + 1 :])


def dim_value(d: Dim) -> Value:
    """Return a dimension as the value that the program sees: an unknown one is an unknown value."""
    return UNKNOWN if d is UNKNOWN_DIM or d is None else d


def minus(a: Dim, b: Dim) -> Dim:
    """Return ``a - b``, unknown where one of them is."""
    return a - b if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)) else UNKNOWN_DIM


def plus(a: Dim, b: Dim) -> Dim:
    """Return ``a + b``, unknown where one of them is."""
    return a + b if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)) else UNKNOWN_DIM


def positive_int(value: Value) -> int | None:
    """Return `value` if it is a known whole number (bools count as numbers, as in Python), else None."""
    return int(value) if isinstance(value, int) else None


__all__ = [
    "as_array",
    "common_dtype",
    "dim_value",
    "dtype_name",
    "first_difference",
    "minus",
    "nested",
    "plus",
    "positive_int",
    "samples",
    "take_rows",
]
