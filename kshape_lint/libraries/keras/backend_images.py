"""``keras.backend``: images and volumes pooled, padded and resized, separable convolutions, decoded sequences."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM
from ...shapes.reshape import plus, times
from ..tensorflow import nn as tf_nn
from ..tensorflow.common import demand_rank, dim_of, make_list, op, out, parts_of, shape_of, tensor, whole
from .backend import K
from .ops_nn import format_of
from .ops_nn import separable_conv as separable


@op(f"{K}.pool2d")
def pool2d(
    x: Value, pool_size: Value, strides: Value = (1, 1), padding: Value = "valid", data_format: Value = None, pool_mode: Value = "max"
) -> Value:
    """``K.pool2d``."""
    return tf_nn.pooled("K.pool2d", x, pool_size, strides, padding, format_of(data_format, 2), 2)


@op(f"{K}.pool3d")
def pool3d(
    x: Value, pool_size: Value, strides: Value = (1, 1, 1), padding: Value = "valid", data_format: Value = None, pool_mode: Value = "max"
) -> Value:
    """``K.pool3d``."""
    return tf_nn.pooled("K.pool3d", x, pool_size, strides, padding, format_of(data_format, 3), 3)


@op(f"{K}.spatial_3d_padding")
def spatial_3d_padding(x: Value, padding: Value = ((1, 1), (1, 1), (1, 1)), data_format: Value = None) -> Value:
    """``K.spatial_3d_padding``."""
    array = tensor(x)
    rows = [r for r in map(shape_of, parts_of(padding) or ()) if r is not None and len(r) == 2]
    demand_rank("K.spatial_3d_padding", array, exactly=(5,))
    if array is None or array.shape is None or len(rows) != 3 or data_format not in (None, "channels_last"):
        return UNKNOWN
    sides = (plus(plus(d, before), after) for d, (before, after) in zip(array.shape[1:4], rows))
    return out((array.shape[0], *sides, array.shape[-1]), array.dtype, array)


@op(f"{K}.resize_volumes")
def resize_volumes(x: Value, depth_factor: Value, height_factor: Value, width_factor: Value, data_format: Value) -> Value:
    """``K.resize_volumes``."""
    array = tensor(x)
    demand_rank("K.resize_volumes", array, exactly=(5,))
    if array is None or array.shape is None or data_format not in ("channels_last", "channels_first"):
        return UNKNOWN
    first = 1 if data_format == "channels_last" else 2
    factors = (dim_of(depth_factor), dim_of(height_factor), dim_of(width_factor))
    sides = (times(d, f) for d, f in zip(array.shape[first:], factors))
    return out((*array.shape[:first], *sides, *array.shape[first + 3 :]), array.dtype, array)


@op(f"{K}.separable_conv2d")
def separable_conv2d(
    x: Value,
    depthwise_kernel: Value,
    pointwise_kernel: Value,
    strides: Value = (1, 1),
    padding: Value = "valid",
    data_format: Value = None,
    dilation_rate: Value = (1, 1),
) -> Value:
    """``K.separable_conv2d``."""
    return separable(x, depthwise_kernel, pointwise_kernel, strides, padding, data_format, dilation_rate)


@op(f"{K}.batch_normalization")
def batch_normalization(x: Value, mean: Value, var: Value, beta: Value, gamma: Value, axis: Value = -1, epsilon: Value = 1e-3) -> Value:
    """``K.batch_normalization``: the shape is kept."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op(f"{K}.ctc_decode")
def ctc_decode(y_pred: Value, input_length: Value, greedy: Value = True, beam_width: Value = 100, top_paths: Value = 1) -> Value:
    """``K.ctc_decode``: a list of paths, whose lengths the text decides, and how likely they are."""
    array = tensor(y_pred)
    paths = 1 if greedy is True else whole(top_paths) if greedy is False else None
    demand_rank("K.ctc_decode", array, exactly=(3,))
    if array is None or array.shape is None or paths is None or not 0 < paths < 100:
        return UNKNOWN
    batch = array.shape[0]
    decoded: list[Array] = [out((batch, UNKNOWN_DIM), "int64", array) for _ in range(paths)]
    return (make_list(decoded), out((batch, paths), "float32", array))
