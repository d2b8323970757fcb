"""Constants, and what tells of data types."""

from __future__ import annotations

import math

from ...interpreter.values import UNKNOWN, LibObj, Library, Value, fresh_unknown
from ..api import alias, constant, models
from .convert import as_array
from .dtypes import _BITS, DType, dtype_name, promote

constant("numpy.newaxis", None)
for _name in ("pi", "e", "inf", "nan"):
    constant(f"numpy.{_name}", getattr(math, _name))
for _name in ("Inf", "Infinity", "PINF", "infty"):
    constant(f"numpy.{_name}", math.inf)
constant("numpy.NINF", -math.inf)
for _name in ("NaN", "NAN"):
    constant(f"numpy.{_name}", math.nan)
constant("numpy.euler_gamma", 0.5772156649015329)
constant("numpy.True_", True)
constant("numpy.False_", False)
constant("numpy.__version__", "2.4.0")

for _path in ("numpy.core", "numpy.ma"):
    alias(f"{_path}.multiarray", "numpy")
for _name in ("mgrid", "ogrid", "r_", "c_"):
    constant(f"numpy.{_name}", LibObj(f"numpy.{_name}"))
constant("numpy.s_", LibObj("numpy.s_"))
alias("numpy.index_exp", "numpy.s_")


@models("numpy.s_.__getitem__")
def s_(self: Value, index: Value) -> Value:
    """What stands between the brackets, to index with later."""
    return index


@models("numpy.dtype")
def dtype(dtype: Value, align: Value = False, copy: Value = False) -> Value:
    """A data type."""
    name = dtype_name(dtype)
    return UNKNOWN if name is None or name in ("str", "bytes") else DType(f"numpy.{name}")


@models("numpy.iinfo", "numpy.finfo")
def iinfo(type: Value) -> Value:
    """The limits of a number type."""
    return LibObj("numpy.iinfo", dtype_name(type))


@models("numpy.iinfo.max", kind="property")
def iinfo_max(self: Value) -> Value:
    """The greatest number."""
    kind, bits = _BITS.get(self.state or "", ("?", 0))
    return (
        2 ** (bits - 1) - 1
        if kind == "i"
        else 2**bits - 1
        if kind == "u"
        else 1.7976931348623157e308
        if kind == "f" and bits == 64
        else UNKNOWN
    )


@models("numpy.iinfo.min", kind="property")
def iinfo_min(self: Value) -> Value:
    """The least number."""
    kind, bits = _BITS.get(self.state or "", ("?", 0))
    return -(2 ** (bits - 1)) if kind == "i" else 0 if kind == "u" else UNKNOWN


@models("numpy.iinfo.eps", "numpy.iinfo.tiny", "numpy.iinfo.bits", "numpy.iinfo.resolution", kind="property")
def iinfo_other(self: Value) -> Value:
    """A number that tells nothing of shapes."""
    return UNKNOWN


@models("numpy.result_type", "numpy.promote_types")
def result_type(*arrays_and_dtypes: Value) -> Value:
    """The type that holds all."""
    made: str | None = None
    for i, v in enumerate(arrays_and_dtypes):
        one = dtype_name(v) or as_array(v).dtype
        made = one if i == 0 else promote(made, one)
    return UNKNOWN if made is None or made in ("str", "bytes") else DType(f"numpy.{made}")


_GROUPS = {
    "generic": "biufc",
    "number": "iufc",
    "integer": "iu",
    "signedinteger": "i",
    "unsignedinteger": "u",
    "inexact": "fc",
    "floating": "f",
}
"""Of which kinds the classes are from which NumPy's number types derive."""


@models("numpy.issubdtype")
def issubdtype(arg1: Value, arg2: Value) -> Value:
    """Tell whether a type is of a group."""
    kind = _BITS.get(dtype_name(arg1) or "", ("",))[0]
    group = _GROUPS.get(arg2.path.rpartition(".")[2]) if isinstance(arg2, Library) and arg2.path.startswith("numpy.") else None
    return kind in group if kind and group is not None else fresh_unknown()


@models("numpy.isscalar", "numpy.can_cast", "numpy.iscomplexobj", "numpy.isrealobj", "numpy.shares_memory")
def question(*args: Value) -> Value:
    """A truth value."""
    return UNKNOWN


@models("numpy.errstate", "numpy.printoptions")
def errstate(*args: Value, **options: Value) -> Value:
    """A context that changes how errors are treated."""
    return LibObj("numpy.errstate")


@models("numpy.errstate.__enter__", "numpy.errstate.__exit__")
def errstate_enter(self: Value, *args: Value) -> Value:
    """Nothing that has a shape."""
    return None
