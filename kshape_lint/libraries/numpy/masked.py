"""``numpy.ma``: a masked array has the shape of the array under its mask, and what is done to it gives the shapes that come of that."""

from __future__ import annotations

from ...interpreter.values import Array, Value
from ...shapes import UNKNOWN_DIM
from ..api import models
from .convert import as_array
from .creation import array as array_of


def _masked(data: Value, dtype: Value = None) -> Value:
    x = array_of(data, dtype)
    return Array(x.shape, x.dtype) if isinstance(x, Array) else x


@models("numpy.ma.array", "numpy.ma.masked_array", "numpy.ma.MaskedArray")
def array(data: Value, mask: Value = None, dtype: Value = None, *args: Value, **options: Value) -> Value:
    """An array with a mask."""
    return _masked(data, dtype) if not args and not options.keys() & {"ndmin", "subok"} else Array(None)


@models("numpy.ma.masked_where")
def masked_where(condition: Value, a: Value, copy: Value = True) -> Value:
    """An array, masked where a condition holds."""
    return _masked(a)


@models("numpy.ma.masked_invalid", "numpy.ma.asarray", "numpy.ma.asanyarray", "numpy.ma.getdata", "numpy.ma.getmaskarray")
def masked_invalid(a: Value, *args: Value, **options: Value) -> Value:
    """An array, masked where it holds no numbers; and what has the shape of a masked array."""
    return _masked(a)


@models(*(f"numpy.ma.masked_{how}" for how in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "values")))
def masked_against(x: Value, value: Value, *args: Value, **options: Value) -> Value:
    """An array, masked where a comparison holds."""
    return _masked(x)


@models("numpy.ndarray.filled")
def filled(self: Value, fill_value: Value = None) -> Value:
    """A masked array with a value where it was masked."""
    return Array(self.shape, self.dtype)


@models("numpy.ndarray.compressed", "numpy.ma.compressed")
def compressed(self: Value) -> Value:
    """What is not masked, on one axis."""
    return Array((UNKNOWN_DIM,), as_array(self).dtype)
