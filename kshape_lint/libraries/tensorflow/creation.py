"""Tensors made from values, numbers and shapes."""

from __future__ import annotations

import math

from ...interpreter.values import UNKNOWN, Array, LibObj, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact
from ...shapes.axes import expand_dims
from ...shapes.reshape import ceil_divide, plus, times
from ..api import models
from .common import (
    MOST_DATA,
    Varying,
    dim_of,
    dim_value,
    dtype_of,
    join_dtype,
    make_list,
    op,
    out,
    parts_of,
    refusing,
    shape_of,
    tensor,
    whole,
)


def _typed(x: Array, dtype: str | None) -> Array:
    if dtype is None or dtype == x.dtype:
        return (
            x
            if x.kind == "tensor"
            else Array(x.shape, x.dtype, "tensor" if x.kind == "numpy" else x.kind, data=x.data, bounds=x.bounds, history=x.history)
        )
    return out(x.shape, dtype, x, data=_cast_data(x.data, dtype), bounds=x.bounds)


def _cast_data(data: tuple[Value, ...] | None, dtype: str) -> tuple[Value, ...] | None:
    if data is None:
        return None
    if dtype.startswith(("int", "uint")):
        made = []
        for v in data:
            if is_exact(v) or isinstance(v, Varying):
                made.append(int(v) if isinstance(v, bool) else v)
            elif isinstance(v, float) and math.isfinite(v):
                made.append(int(v))
            else:
                return None
        return tuple(made)
    if dtype.startswith(("float", "bfloat")):
        return tuple(float(v) if isinstance(v, (int, float)) else v for v in data)
    return None


@op("tensorflow.constant", "tensorflow.compat.v1.constant")
def tf_constant(value: Value, dtype: Value = None, shape: Value = None, name: Value = "Const", verify_shape: Value = False) -> Value:
    """``tf.constant``: with `shape`, one value fills it and several must fill it exactly."""
    wanted = dtype_of(dtype)
    x = tensor(value, wanted)
    if shape is None:
        return UNKNOWN if x is None else _typed(x, wanted)
    target = shape_of(shape)
    if x is None or x.shape is None or target is None or x.size == 1:
        return out(target, wanted or (x.dtype if x else None), x)
    from ...shapes.reshape import reshape

    with refusing("tf.constant", x):
        return out(reshape(x.shape, target), wanted or x.dtype, x)


@op("tensorflow.convert_to_tensor")
def convert_to_tensor(value: Value, dtype: Value = None, dtype_hint: Value = None, name: Value = None) -> Value:
    """``tf.convert_to_tensor``."""
    wanted = dtype_of(dtype)
    x = tensor(value, wanted)
    if x is None:
        return UNKNOWN
    if x.kind == "variable":
        x = Array(x.shape, x.dtype, "tensor", bounds=x.bounds)
    return _typed(x, wanted)


@op("tensorflow.identity", "tensorflow.stop_gradient", "tensorflow.grad_pass_through", "tensorflow.nest.map_structure_")
def identity(input: Value, name: Value = None) -> Value:
    """``tf.identity``."""
    x = tensor(input)
    if x is None:
        return UNKNOWN
    return out(x.shape, x.dtype, x, data=x.data, bounds=x.bounds)


@op("tensorflow.cast", "tensorflow.saturate_cast")
def cast(x: Value, dtype: Value, name: Value = None) -> Value:
    """``tf.cast``."""
    array = tensor(x)
    name_ = dtype_of(dtype)
    if array is None:
        # Whatever it is, it is a tensor afterwards.
        return UNKNOWN
    return out(array.shape, name_, array, data=_cast_data(array.data, name_) if name_ else None, bounds=array.bounds)


def _register_casts() -> None:
    for old, new in (("to_float", "float32"), ("to_double", "float64"), ("to_int32", "int32"), ("to_int64", "int64")):

        def convert(x: Value, name: Value = None, _dtype: str = new) -> Value:
            array = tensor(x)
            return UNKNOWN if array is None else out(array.shape, _dtype, array)

        op(f"tensorflow.{old}")(convert)


_register_casts()


@op("tensorflow.zeros")
def zeros(shape: Value, dtype: Value = None, name: Value = None, layout: Value = None) -> Value:
    """``tf.zeros``."""
    return filled(shape, dtype_of(dtype, "float32"), 0)


@op("tensorflow.ones")
def ones(shape: Value, dtype: Value = None, name: Value = None, layout: Value = None) -> Value:
    """``tf.ones``."""
    return filled(shape, dtype_of(dtype, "float32"), 1)


def filled(shape: Value, dtype: str | None, value: Value) -> Array:
    """Return a tensor of this shape, all its elements one number."""
    target = shape_of(shape)
    bounds = (value, value) if isinstance(value, (int, float)) else None
    sources = (shape,) if isinstance(shape, Array) else tuple(p for p in parts_of(shape) or () if isinstance(p, Array))
    return out(target, dtype, *sources, bounds=bounds)


@op("tensorflow.fill")
def fill(dims: Value, value: Value, name: Value = None, layout: Value = None) -> Value:
    """``tf.fill``."""
    v = tensor(value)
    number = value if isinstance(value, (int, float)) else None
    return filled(dims, v.dtype if v else None, number)


def _like(input: Value, dtype: Value, number: int) -> Value:
    x = tensor(input)
    if x is None:
        return UNKNOWN
    return out(x.shape, dtype_of(dtype, x.dtype), x, bounds=(number, number))


@op("tensorflow.zeros_like")
def zeros_like(input: Value, dtype: Value = None, name: Value = None, layout: Value = None) -> Value:
    """``tf.zeros_like``."""
    return _like(input, dtype, 0)


@op("tensorflow.ones_like")
def ones_like(input: Value, dtype: Value = None, name: Value = None, layout: Value = None) -> Value:
    """``tf.ones_like``."""
    return _like(input, dtype, 1)


@op("tensorflow.eye", "tensorflow.linalg.eye")
def eye(num_rows: Value, num_columns: Value = None, batch_shape: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """``tf.eye``."""
    rows = dim_of(num_rows)
    columns = rows if num_columns is None else dim_of(num_columns)
    batch: Shape | None = () if batch_shape is None else shape_of(batch_shape)
    return out(None if batch is None else (*batch, rows, columns), dtype_of(dtype, "float32"))


@op("tensorflow.linspace", "tensorflow.lin_space")
def linspace(start: Value, stop: Value, num: Value, name: Value = None, axis: Value = 0) -> Value:
    """``tf.linspace``: start and stop may be tensors; the new axis is the first unless told."""
    a = tensor(start)
    at = whole(axis)
    if a is None or a.shape is None or at is None:
        return UNKNOWN
    with refusing("tf.linspace", a):
        shape = expand_dims(a.shape, (at,))
        i = at % len(shape)
    return out((*shape[:i], dim_of(num), *shape[i + 1 :]), a.dtype if a.dtype in ("float32", "float64") else None, a)


@op("tensorflow.range")
def tf_range(start: Value, limit: Value = None, delta: Value = 1, dtype: Value = None, name: Value = "range") -> Value:
    """``tf.range``."""
    if limit is None:
        start, limit = 0, start
    first, last, step = (_number(v) for v in (start, limit, delta))
    kind = dtype_of(dtype)
    if kind is None:
        kind = "float32" if any(isinstance(v, float) for v in (first, last, step)) else join_dtype(start, limit, delta) or "int32"
    if isinstance(first, (int, float)) and isinstance(last, (int, float)) and isinstance(step, (int, float)) and step:
        count = max(0, math.ceil((last - first) / step))
        if isinstance(first, int) and isinstance(last, int) and isinstance(step, int) and count <= MOST_DATA:
            data = tuple(range(first, last, step))
            return out((count,), kind, data=data, bounds=(min(data), max(data)) if data else None)
        return out((count,), kind)
    if is_exact(first) and isinstance(step, int) and step > 0:
        length = plus(dim_of(limit), times(first, -1))
        return out((ceil_divide(length, step),), kind, limit)
    return out((UNKNOWN_DIM,), kind, limit)


def _number(value: Value) -> Value:
    if isinstance(value, Array):
        return value.data[0] if value.data and value.shape == () else UNKNOWN
    return value


@op("tensorflow.one_hot")
def one_hot(
    indices: Value,
    depth: Value,
    on_value: Value = None,
    off_value: Value = None,
    axis: Value = None,
    dtype: Value = None,
    name: Value = None,
) -> Value:
    """``tf.one_hot``: a new axis of length `depth`, the last unless told."""
    x = tensor(indices)
    if x is None:
        return UNKNOWN
    at = -1 if axis is None else whole(axis)
    kind = dtype_of(dtype) or join_dtype(*(tensor(v) for v in (on_value, off_value) if v is not None)) or "float32"
    if x.shape is None or at is None:
        return out(None, kind, x)
    with refusing("tf.one_hot", x):
        if at < -1:
            from ...shapes.errors import AxisOutOfRange

            raise AxisOutOfRange(at, len(x.shape) + 1)
        shape = expand_dims(x.shape, (at,))
    i = at % len(shape)
    return out((*shape[:i], dim_of(depth), *shape[i + 1 :]), kind, x, bounds=(0, 1))


@op("tensorflow.shape")
def tf_shape(input: Value, out_type: Value = None, name: Value = None) -> Value:
    """``tf.shape``: a vector of the lengths."""
    x = tensor(input)
    kind = dtype_of(out_type, "int32")
    if x is None or x.shape is None:
        return Array((UNKNOWN_DIM,), kind, "tensor")
    return Array((len(x.shape),), kind, "tensor", data=tuple(dim_value(d) for d in x.shape))


@op("tensorflow.shape_n")
def shape_n(input: Value, out_type: Value = None, name: Value = None) -> Value:
    """``tf.shape_n``."""
    parts = parts_of(input)
    return UNKNOWN if parts is None else make_list(tf_shape(p) for p in parts)


@op("tensorflow.rank")
def rank(input: Value, name: Value = None) -> Value:
    """``tf.rank``."""
    x = tensor(input)
    return Array((), "int32", "tensor", data=None if x is None or x.shape is None else (len(x.shape),))


@op("tensorflow.size")
def size(input: Value, out_type: Value = None, name: Value = None) -> Value:
    """``tf.size``."""
    x = tensor(input)
    count: Dim = UNKNOWN_DIM if x is None else x.size
    return Array((), dtype_of(out_type, "int32"), "tensor", data=(dim_value(count),) if is_exact(count) else None)


@op("tensorflow.broadcast_static_shape")
def broadcast_static_shape(shape_x: Value, shape_y: Value) -> Value:
    """``tf.broadcast_static_shape``: no claim, the shape alone."""
    from ...shapes.broadcast import broadcast
    from .tensorshape import tensor_shape

    a, b = shape_of(shape_x), shape_of(shape_y)
    if a is None or b is None:
        return UNKNOWN
    with refusing("tf.broadcast_static_shape"):
        return tensor_shape(broadcast(a, b))


@op("tensorflow.broadcast_dynamic_shape")
def broadcast_dynamic_shape(shape_x: Value, shape_y: Value) -> Value:
    """``tf.broadcast_dynamic_shape``."""
    from ...shapes.broadcast import broadcast

    a, b = shape_of(shape_x), shape_of(shape_y)
    if a is None or b is None:
        return UNKNOWN
    with refusing("tf.broadcast_dynamic_shape"):
        made = broadcast(a, b)
    return Array((len(made),), "int32", "tensor", data=tuple(map(dim_value, made)))


@op("tensorflow.sequence_mask")
def sequence_mask(lengths: Value, maxlen: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """``tf.sequence_mask``."""
    x = tensor(lengths)
    longest = dim_of(maxlen) if maxlen is not None else None
    return out(None if x is None or x.shape is None else (*x.shape, longest), dtype_of(dtype, "bool"), x)


@op("tensorflow.diag", "tensorflow.linalg.tensor_diag")
def tensor_diag(diagonal: Value, name: Value = None) -> Value:
    """``tf.linalg.tensor_diag``."""
    x = tensor(diagonal)
    return UNKNOWN if x is None else out(None if x.shape is None else x.shape * 2, x.dtype, x)


INITIALIZER = "tensorflow.Initializer"


def _register_initializers() -> None:
    for name in ("random_normal", "random_uniform", "truncated_normal", "zeros", "ones", "constant", "orthogonal", "variance_scaling",
                 "glorot_uniform",
                 "glorot_normal", "uniform_unit_scaling"):  # fmt: skip

        def make(*args: Value, **kwargs: Value) -> Value:
            return LibObj(INITIALIZER)

        make.__doc__ = f"``tf.{name}_initializer``."
        models(f"tensorflow.{name}_initializer")(make)


_register_initializers()


@models(f"{INITIALIZER}.__call__")
def initialize(self: Value, shape: Value, dtype: Value = None, partition_info: Value = None, **kwargs: Value) -> Value:
    """A tensor of the given shape."""
    return filled(shape, dtype_of(dtype, "float32"), None)
