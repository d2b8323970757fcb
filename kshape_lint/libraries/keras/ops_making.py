"""``keras.ops`` that make tensors, and tell what there is to know of one."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ..api import models
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    dim_value,
    dtype_of,
    op,
    out,
    tensor,
)
from ..tensorflow.creation import cast as tf_cast
from ..tensorflow.creation import convert_to_tensor as tf_convert
from ..tensorflow.creation import filled

OPS = "keras.ops"


@op(f"{OPS}.zeros")
def zeros(shape: Value, dtype: Value = None) -> Value:
    """``ops.zeros``."""
    return filled(shape, dtype_of(dtype, "float32"), 0)


@op(f"{OPS}.ones")
def ones(shape: Value, dtype: Value = None) -> Value:
    """``ops.ones``."""
    return filled(shape, dtype_of(dtype, "float32"), 1)


@op(f"{OPS}.full")
def full(shape: Value, fill_value: Value, dtype: Value = None) -> Value:
    """``ops.full``."""
    return filled(shape, dtype_of(dtype, "float32"), fill_value)


@op(f"{OPS}.zeros_like", f"{OPS}.ones_like", f"{OPS}.empty_like")
def like(x: Value, dtype: Value = None) -> Value:
    """``ops.zeros_like`` and kin."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, dtype_of(dtype, array.dtype), array)


@op(f"{OPS}.full_like")
def full_like(x: Value, fill_value: Value, dtype: Value = None) -> Value:
    """``ops.full_like``."""
    return like(x, dtype)


@op(f"{OPS}.convert_to_tensor", f"{OPS}.array")
def convert_to_tensor(x: Value, dtype: Value = None, sparse: Value = None, ragged: Value = None) -> Value:
    """``ops.convert_to_tensor``."""
    return tf_convert(x, dtype)


@models(f"{OPS}.convert_to_numpy")
def convert_to_numpy(x: Value) -> Value:
    """``ops.convert_to_numpy``."""
    array = tensor(x)
    return (
        UNKNOWN
        if array is None or array.kind == "keras"
        else Array(array.shape, array.dtype, "numpy", data=array.data, bounds=array.bounds)
    )


@op(f"{OPS}.cast", f"{OPS}.saturate_cast")
def cast_(x: Value, dtype: Value) -> Value:
    """``ops.cast``."""
    return tf_cast(x, dtype)


@models(f"{OPS}.shape")
def shape(x: Value) -> Value:
    """``ops.shape``: a tuple; where a length is open, a scalar tensor that is known at run time."""
    array = tensor(x)
    if array is None or array.shape is None:
        return UNKNOWN
    return tuple(dim_value(d) for d in array.shape)


@models(f"{OPS}.ndim")
def ndim(x: Value) -> Value:
    """``ops.ndim``."""
    array = tensor(x)
    return UNKNOWN if array is None or array.shape is None else len(array.shape)


@models(f"{OPS}.size")
def size(x: Value) -> Value:
    """``ops.size``."""
    array = tensor(x)
    return UNKNOWN if array is None else dim_value(array.size)


@models(f"{OPS}.dtype")
def dtype(x: Value) -> Value:
    """``ops.dtype``: its name."""
    array = tensor(x)
    return UNKNOWN if array is None or array.dtype is None else array.dtype


@models(f"{OPS}.is_tensor")
def is_tensor(x: Value) -> Value:
    """``ops.is_tensor``."""
    return x.kind in ("tensor", "variable") if isinstance(x, Array) else UNKNOWN
