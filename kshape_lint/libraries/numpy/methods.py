"""Attributes and methods of an array that are not functions of the same name too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...interpreter.values import UNKNOWN, Array, ListObj, Real, Seq, Unknown, Value, fresh
from ...shapes import UNKNOWN_DIM, Dim, Poly
from ..api import models
from ..in_place import restate
from .convert import as_array, shape_key
from .creation import cast
from .dtypes import _BITS, DType, dtype_name, may_add_axes
from .ufuncs import clip as clip_function
from .ufuncs import into


def dim_value(d: Dim) -> Value:
    """Return a dimension as the number a program reads."""
    return d if isinstance(d, (int, Poly)) else fresh("n", 0)


def shape_value(a: Array) -> Value:
    """Return ``a.shape`` as a program reads it: a tuple of whole numbers, known or named."""
    return Unknown(shape_key(a)) if a.shape is None else tuple(dim_value(d) for d in a.shape)


@models("numpy.ndarray.shape", kind="property")
def shape(self: Value) -> Value:
    """The lengths of all axes."""
    return shape_value(self)


@models("numpy.ndarray.ndim", kind="property")
def ndim(self: Value) -> Value:
    """The number of axes."""
    return UNKNOWN if self.rank is None else self.rank


@models("numpy.ndarray.size", kind="property")
def size(self: Value) -> Value:
    """The number of elements."""
    return dim_value(self.size)


@models("numpy.ndarray.dtype", kind="property")
def dtype(self: Value) -> Value:
    """The type of the elements."""
    return UNKNOWN if self.dtype is None or self.dtype in ("str", "bytes") else DType(f"numpy.{self.dtype}")


@models("numpy.ndarray.itemsize", kind="property")
def itemsize(self: Value) -> Value:
    """The number of bytes of an element."""
    return _BITS[self.dtype][1] // 8 if self.dtype in _BITS else UNKNOWN


@models("numpy.ndarray.nbytes", kind="property")
def nbytes(self: Value) -> Value:
    """The number of bytes of all elements."""
    count = self.size
    return count * (_BITS[self.dtype][1] // 8) if self.dtype in _BITS and isinstance(count, (int, Poly)) else UNKNOWN


@models("numpy.ndarray.flat", kind="property")
def flat(self: Value) -> Value:
    """All elements on one axis."""
    return Array((self.size if isinstance(self.size, (int, Poly)) else UNKNOWN_DIM,), self.dtype, data=self.data, bounds=self.bounds)


@models("numpy.ndarray.real", "numpy.ndarray.imag", kind="property")
def real(self: Value) -> Value:
    """The real or imaginary parts."""
    return Array(self.shape, {"complex128": "float64", "complex64": "float32"}.get(self.dtype, self.dtype))


@models("numpy.ndarray.astype")
def astype(self: Value, dtype: Value, order: Value = "K", casting: Value = "unsafe", subok: Value = True, copy: Value = True) -> Value:
    """The same elements as another type."""
    return Array(None) if may_add_axes(dtype) else cast(self, dtype_name(dtype), self.shape)


@models("numpy.astype")
def astype_function(x: Value, dtype: Value, /, *, copy: Value = True, device: Value = None) -> Value:
    """The same elements as another type."""
    a = as_array(x)
    return cast(a, dtype_name(dtype), a.shape)


@models("numpy.ndarray.copy")
def copy(self: Value, order: Value = "C") -> Value:
    """The same array again."""
    return self.copied()


@models("numpy.ndarray.view")
def view(self: Value, dtype: Value = None, type: Value = None) -> Value:
    """The same memory seen as another type."""
    if dtype is None:
        return self
    wanted = dtype_name(dtype)
    if wanted in _BITS and self.dtype in _BITS and _BITS[wanted][1] == _BITS[self.dtype][1]:
        return Array(self.shape, wanted)
    return Array(None if self.shape is None else (*self.shape[:-1], UNKNOWN_DIM) if self.shape else None, wanted)


@models("numpy.ndarray.__array__")
def array_of(self: Value, dtype: Value = None, copy: Value = None) -> Value:
    """The array itself."""
    return self


@models("numpy.ndarray.__copy__", "numpy.ndarray.__deepcopy__")
def copied(self: Value, memo: Value = None) -> Value:
    """The same array again."""
    return self.copied()


def _number(a: Array) -> Value:
    return a.data[0] if a.data is not None and len(a.data) == 1 else UNKNOWN


@models("numpy.ndarray.item")
def item(self: Value, *args: Value) -> Value:
    """One element as a plain number."""
    return _number(self) if not args else UNKNOWN


@models("numpy.ndarray.tolist")
def tolist(self: Value) -> Value:
    """Nested lists of plain numbers."""
    if self.shape is None:
        return UNKNOWN
    if self.shape == ():
        return _number(self)
    return _nested(self.shape, self.data, self.dtype)


def _nested(shape: tuple[Dim, ...], data: tuple[Value, ...] | None, dtype: str | None) -> Value:
    if not shape:
        return data[0] if data else _plain(dtype)
    count, rest = shape[0], shape[1:]
    if isinstance(count, int) and count <= 64 and (data is not None or len(shape) > 1 or count <= 16):
        if data is None:
            return (
                ListObj(Seq(tuple(_nested(rest, None, dtype) for _ in range(count))))
                if count <= 16
                else ListObj(Seq(None, _nested(rest, None, dtype), count))
            )
        each = len(data) // count if count else 0
        return ListObj(Seq(tuple(_nested(rest, data[i * each : (i + 1) * each], dtype) for i in range(count))))
    return ListObj(Seq(None, _nested(rest, None, dtype), count))


def _plain(dtype: str | None) -> Value:
    """A number of unknown value, so that lists of it are still lists of numbers."""
    return UNKNOWN if dtype in (None, "str", "bytes", "object", "bool", "void") else Real(object(), "element")


@models("numpy.ndarray.fill", "numpy.ndarray.put", "numpy.ndarray.itemset")
def in_place(self: Value, *args: Value, **options: Value) -> Value:
    """Changes the elements in their place; returns nothing."""
    self.written()
    return None


@models("numpy.ndarray.sort", "numpy.ndarray.partition")
def reorder(self: Value, *args: Value, **options: Value) -> Value:
    """Puts the elements in another order in their place; returns nothing."""
    self.written(reordered=True)
    return None


@models("numpy.ndarray.setflags")
def setflags(self: Value, write: Value = None, align: Value = None, uic: Value = None) -> Value:
    """Changes what may be done with an array; returns nothing."""
    return None


@models("numpy.ndarray.resize")
def resize(self: Value, *new_shape: Value, refcheck: Value = True) -> Value:
    """Changes the shape in its place; returns nothing. Which other arrays share its elements is not known, so no shape is claimed."""
    if isinstance(self, Array):
        self.written()
        restate(self, None, self.history)
    return None


@models("numpy.ndarray.clip")
def clip(self: Value, min: Value = None, max: Value = None, out: Value = None, **options: Value) -> Value:
    """Values outside an interval moved to its edges."""
    return clip_function(self, min, max, out)


@models("numpy.ndarray.round")
def round_(self: Value, decimals: Value = 0, out: Value = None) -> Value:
    """Each element rounded."""
    return into(out, Array(self.shape, self.dtype))


@models("numpy.ndarray.conj", "numpy.ndarray.conjugate", "numpy.ndarray.byteswap", "numpy.ndarray.newbyteorder")
def same_again(self: Value, *args: Value) -> Value:
    """An array of the same shape."""
    return Array(self.shape, self.dtype)


@models("numpy.ndarray.tobytes", "numpy.ndarray.tostring")
def tobytes(self: Value, order: Value = "C") -> Value:
    """The bytes of all elements."""
    return UNKNOWN


@models("numpy.ndarray.tofile", "numpy.ndarray.dump")
def tofile(self: Value, *args: Value, **options: Value) -> Value:
    """Write to a file; returns nothing."""
    return None


@models("numpy.ndarray.strides", "numpy.ndarray.flags", "numpy.ndarray.base", "numpy.ndarray.data", "numpy.ndarray.ctypes", kind="property")
def opaque(self: Value) -> Value:
    """What tells nothing of shapes."""
    return UNKNOWN


def _converter(name: str, convert: Callable[[Any], Any], otherwise: Callable[[], Value]) -> None:
    @models(f"numpy.ndarray.{name}")
    def model(self: Value) -> Value:
        value = _number(self)
        return (
            convert(value)
            if type(value) in (int, float, bool)
            else value
            if isinstance(value, Poly) and name in ("__int__", "__index__")
            else otherwise()
        )


_converter("__int__", int, lambda: fresh("i", 0))
_converter("__index__", int, lambda: fresh("i", 0))
_converter("__float__", float, lambda: UNKNOWN)
_converter("__bool__", bool, lambda: UNKNOWN)
