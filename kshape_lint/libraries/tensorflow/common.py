"""What the models of TensorFlow's functions share: reading arguments, making tensors, and refusing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

from ...interpreter.values import UNKNOWN, AnyScalar, Array, DictObj, LibObj, Library, ListObj, Obj, Unknown, Value
from ...interpreter.world import resolve
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, is_exact, merge_shapes, same
from ...shapes.joining import stack
from ..api import as_dim, models
from ..numpy.convert import as_array

F = TypeVar("F", bound=Callable[..., Any])

MOST_DATA = 256
"""How many elements of a tensor are remembered at most."""


class Varying(Unknown):
    """The value that ``tf.shape(x)[0]`` has where the static shape says None: a shape made of it says None again."""

    __slots__ = ()


def dim_value(d: Dim) -> Value:
    """Return a dimension as the value a program reads."""
    if is_exact(d):
        return d
    return Varying() if d is None else UNKNOWN


def dim_of(value: Value) -> Dim:
    """Return a value that stands for a length as a dimension."""
    value = resolve(value)
    if isinstance(value, Varying):
        return None
    if isinstance(value, Array):
        return dim_of(value.data[0]) if value.data and len(value.data) == 1 else UNKNOWN_DIM
    return as_dim(value)


def parts_of(value: Value) -> tuple[Value, ...] | None:
    """Return the items of a tuple or list where they are known one by one."""
    if isinstance(value, tuple):
        return tuple(map(resolve, value))
    if isinstance(value, ListObj):
        items = value.items
        return None if items is None else tuple(map(resolve, items))
    return None


def shape_of(value: Value) -> Shape | None:
    """Return a value given as a shape as one; None where its length is unknown."""
    if is_exact(value) or isinstance(value, Varying):
        return (dim_of(value),)
    if isinstance(value, Array):
        if value.shape is None:
            return None
        if value.data is not None and len(value.shape) <= 1:
            return tuple(map(dim_of, value.data))
        if len(value.shape) == 1 and isinstance(value.shape[0], int):
            return (UNKNOWN_DIM,) * value.shape[0]
        return (UNKNOWN_DIM,) if value.shape == () else None
    parts = parts_of(value)
    return None if parts is None else tuple(map(dim_of, parts))


def whole(value: Value) -> int | None:
    """Return a known whole number, however given."""
    value = resolve(value)
    if isinstance(value, Array):
        value = resolve(value.data[0]) if value.data and len(value.data) == 1 else None
    return int(value) if isinstance(value, int) else None


def wholes(value: Value) -> tuple[int, ...] | None:
    """Return one or several known whole numbers as a tuple."""
    one = whole(value)
    if one is not None and not (isinstance(value, Array) and value.rank):
        return (one,)
    if isinstance(value, Array):
        parts: Iterable[Value] | None = value.data if value.rank == 1 else None
    else:
        parts = parts_of(value)
    if parts is None:
        return None
    out = []
    for p in parts:
        n = whole(p)
        if n is None:
            return None
        out.append(n)
    return tuple(out)


def flag(value: Value, default: bool = False) -> bool | None:
    """Return a known truth value; None stands for unknown."""
    if value is None:
        return default
    return bool(value) if isinstance(value, (bool, int)) else None


def tensor(value: Value, dtype: str | None = None) -> Array | None:
    """Return what TensorFlow makes of a value that it takes for a tensor; None where that is not known."""
    value = resolve(value)
    if isinstance(value, Array):
        return value
    if isinstance(value, bool):
        return Array((), dtype or "bool", "tensor", data=(value,))
    if isinstance(value, (int, Poly, Varying)):
        return Array((), dtype or "int32", "tensor", data=(value,), bounds=(value, value) if isinstance(value, int) else None)
    if isinstance(value, float):
        return Array((), dtype or "float32", "tensor", data=(value,), bounds=(value, value))
    if isinstance(value, complex):
        return Array((), dtype or "complex128", "tensor", data=(value,))
    if isinstance(value, (str, bytes)):
        return Array((), "str", "tensor", data=(value,))
    if isinstance(value, AnyScalar) and value.dtype is not None:
        # Python's own numbers: a float is a float32 here.
        return Array((), dtype or _OF_PYTHON.get(value.dtype, value.dtype), "tensor")
    if isinstance(value, (tuple, ListObj)):
        return _stacked(value, dtype)
    if isinstance(value, Obj):
        # A data frame, a range: whatever NumPy makes an array of.
        made = as_array(value, "tf.convert_to_tensor", dtype)
        return made if made.shape is not None else None
    return None


_OF_PYTHON = {"int64": "int32", "float64": "float32"}


def _stacked(value: Value, dtype: str | None) -> Array | None:
    parts = parts_of(value)
    if parts is None:
        state = value.state
        each = tensor(state.element, dtype)
        if each is None or each.shape is None:
            return None
        length = UNKNOWN_DIM if state.length is None else state.length
        return Array((length, *each.shape), dtype or each.dtype, _kind_of_parts((each,)), bounds=each.bounds)
    if not parts:
        return Array((0,), dtype or "float32", "tensor", data=())
    if all(type(p) in (int, float, bool) for p in parts):
        name: str | None = dtype or ("float32" if any(type(p) is float for p in parts) else "bool" if type(parts[0]) is bool else "int32")
        data = parts if len(parts) <= MOST_DATA else None
        return Array((len(parts),), name, "tensor", data=data, bounds=(min(parts), max(parts)))
    arrays = [tensor(p, dtype) for p in parts]
    known = [a for a in arrays if a is not None]
    name = dtype or _common_dtype(known)
    kind = _kind_of_parts(known)
    if len(known) < len(arrays) and not known:
        # Nothing but numbers, arrays or lists of them can stand there; which of these is not known.
        return Array(None, name, kind) if not all(isinstance(p, Varying) for p in parts) else None
    shapes = [None if a is None else a.shape for a in arrays]
    with refusing("tf.convert_to_tensor", *known):
        shape = stack(shapes)
    if shape is None:
        return Array(None, name, kind)
    data = None
    if len(known) == len(arrays) and all(a.data is not None for a in known):
        data = tuple(chain.from_iterable(a.data or () for a in known))
        if len(data) > MOST_DATA:
            data = None
    bounds = _hull([a.bounds for a in known]) if len(known) == len(arrays) else None
    return Array(shape, name, kind, data=data, bounds=bounds)


def _hull(bounds: Sequence[tuple[float, float] | None]) -> tuple[float, float] | None:
    if any(b is None for b in bounds):
        return None
    return (min(b[0] for b in bounds if b), max(b[1] for b in bounds if b))


def _common_dtype(arrays: Sequence[Array]) -> str | None:
    names = {a.dtype for a in arrays}
    if len(names) == 1:
        return next(iter(names))
    if names == {"float32", "int32"}:
        return "float32"
    for a in arrays:
        if a.kind != "numpy" and a.shape != ():
            return a.dtype
    return None


def _kind_of_parts(arrays: Sequence[Array]) -> Any:
    return "keras" if any(a.kind == "keras" for a in arrays) else "tensor"


def tensors(value: Value) -> list[Array | None] | None:
    """Return a list of tensors given as a list, tuple, or one tensor that stands for its slices; None where their number is unknown."""
    if isinstance(value, Array):
        return [value]
    parts = parts_of(value)
    return None if parts is None else [tensor(p) for p in parts]


def out(
    shape: Shape | None,
    dtype: str | None,
    *sources: Value,
    data: tuple[Value, ...] | None = None,
    bounds: tuple[float, float] | None = None,
) -> Array:
    """Return the result of an operation on `sources`: symbolic where one of them is, ragged where one is, else a tensor."""
    kinds = {s.kind for s in sources if isinstance(s, Array)}
    if "keras" in kinds:
        return Array(shape, dtype, "keras", bounds=bounds)
    if "ragged" in kinds:
        return Array(shape, dtype, "ragged", bounds=bounds)
    return Array(shape, dtype, "tensor", data=data if data is None or len(data) <= MOST_DATA else None, bounds=bounds)


def op(*paths: str) -> Callable[[F], F]:
    """Register the model of an operation on tensors.

    Keras 3 refuses its symbolic tensors to TensorFlow's functions (not so inside a layer's ``call``). That is no matter of shapes, so
    nothing is said of it, and the shapes that follow are those which Keras 2 gives: the script was written for it.
    """

    def register(function: F) -> F:
        models(*paths)(function)
        return function

    return register


def dtype_of(value: Value, default: str | None = None) -> str | None:
    """Return the NumPy name of a dtype, however given."""
    if value is None:
        return default
    if isinstance(value, str):
        return _DTYPES.get(value, value)
    if isinstance(value, Library):
        last = value.path.rpartition(".")[2]
        return _DTYPES.get(last, last)
    if isinstance(value, LibObj) and isinstance(value.state, str):
        return value.state
    return None


_DTYPES = {
    "string": "str", "half": "float16", "double": "float64", "single": "float32", "float": "float32", "int": "int32", "bool_": "bool",
    "str_": "str", "object_": "object", "long": "int64",
}  # fmt: skip


def dtype_value(name: str | None) -> Value:
    """Return the value of ``x.dtype`` for a tensor."""
    if name is None:
        return UNKNOWN
    return Library("tensorflow." + ("string" if name == "str" else name))


def is_float(dtype: str | None) -> bool | None:
    """Tell whether a dtype holds fractions."""
    return None if dtype is None else dtype.startswith(("float", "bfloat", "complex"))


def join_dtype(*arrays: Value) -> str | None:
    """Return the dtype of an operation between tensors: that of the first that is no Python number."""
    for a in arrays:
        if isinstance(a, Array) and a.kind != "numpy" and a.dtype is not None:
            return a.dtype
    for a in arrays:
        if isinstance(a, Array) and a.dtype is not None:
            return a.dtype
    return None


def nested(value: Value, leaf: Any) -> Value:
    """Return a nested structure (tuples, lists, dicts) with `leaf` applied to all that is none."""
    if isinstance(value, DictObj):
        return DictObj({k: nested(v, leaf) for k, v in value.state.items()})
    if isinstance(value, ListObj):
        parts = parts_of(value)
        from ...interpreter.values import Seq

        return UNKNOWN if parts is None else ListObj(Seq(tuple(nested(v, leaf) for v in parts)))
    if type(value) is tuple:
        return tuple(nested(v, leaf) for v in value)
    return leaf(value)


def make_list(items: Iterable[Value]) -> ListObj:
    """Return a new list of the program."""
    from ...interpreter.values import Seq

    return ListObj(Seq(tuple(items)))


def merge_arrays(arrays: Sequence[Array | None]) -> Array | None:
    """Return what several arrays that may stand in one place have in common."""
    first: Array | None = None
    for a in arrays:
        if a is None:
            return None
        first = (
            a if first is None else Array(merge_shapes(first.shape, a.shape), first.dtype if first.dtype == a.dtype else None, first.kind)
        )
    return first


def all_same(a: Shape, b: Shape) -> bool | None:
    """Tell whether two shapes are equal axis by axis, as far as they are known."""
    if len(a) != len(b):
        return False
    verdicts = [same(x, y) for x, y in zip(a, b)]
    return False if False in verdicts else None if None in verdicts else True


from .refusals import demand, demand_rank, refuse, refusing  # noqa: E402

__all__ = [
    "Varying",
    "all_same",
    "demand",
    "demand_rank",
    "dim_of",
    "dim_value",
    "dtype_of",
    "dtype_value",
    "flag",
    "is_float",
    "join_dtype",
    "make_list",
    "merge_arrays",
    "nested",
    "op",
    "out",
    "parts_of",
    "refuse",
    "refusing",
    "shape_of",
    "tensor",
    "tensors",
    "whole",
    "wholes",
]  # fmt: skip
