"""``tf.nn``: activations, windows over axes, losses over logits, embeddings."""

from __future__ import annotations

from typing import cast

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape, is_exact, never_divides, same
from ...shapes.axes import axis_index, reduce_axes
from ...shapes.broadcast import broadcast
from ...shapes.errors import BroadcastError, WindowExhausts
from ...shapes.reshape import times
from ...shapes.windows import window_length
from .common import all_same, demand, demand_rank, flag, op, out, parts_of, refusing, shape_of, tensor, whole, wholes
from .math import elementwise


@op("tensorflow.nn.softmax", "tensorflow.nn.log_softmax", "tensorflow.math.softmax", "tensorflow.math.log_softmax")
def softmax(logits: Value, axis: Value = None, name: Value = None, dim: Value = None) -> Value:
    """``tf.nn.softmax``: of rank 1 or more, along the last axis unless told."""
    return along_axis("tf.nn.softmax", logits, dim if axis is None else axis)


def along_axis(function: str, value: Value, axis: Value, default: int = -1) -> Value:
    """Return a tensor of the same shape, after a check that it has the axis."""
    x = tensor(value)
    if x is None:
        return UNKNOWN
    at = default if axis is None else whole(axis)
    demand_rank(function, x, least=1)
    if x.shape is not None and at is not None:
        with refusing(function, x):
            axis_index(at, len(x.shape))
    return out(x.shape, x.dtype, x)


@op("tensorflow.nn.crelu")
def crelu(features: Value, axis: Value = -1, name: Value = None) -> Value:
    """``tf.nn.crelu``: twice as long along the axis."""
    x, at = tensor(features), whole(axis)
    if x is None or not x.shape or at is None:
        return UNKNOWN
    with refusing("tf.nn.crelu", x):
        i = axis_index(at, len(x.shape))
    return out((*x.shape[:i], times(x.shape[i], 2), *x.shape[i + 1 :]), x.dtype, x)


@op("tensorflow.nn.dropout", "tensorflow.nn.experimental.stateless_dropout")
def dropout(x: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.dropout``."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op("tensorflow.nn.bias_add")
def bias_add(value: Value, bias: Value, data_format: Value = None, name: Value = None) -> Value:
    """``tf.nn.bias_add``: as many biases as the last axis is long."""
    x, b = tensor(value), tensor(bias)
    if x is None:
        return UNKNOWN
    demand_rank("tf.nn.bias_add", x, least=2)
    if x.shape is not None and b is not None and b.shape is not None and data_format in (None, "NHWC"):
        demand_rank("tf.nn.bias_add", b, exactly=(1,))
        with refusing("tf.nn.bias_add", x, b):
            if same(x.shape[-1], b.shape[0]) is False:
                raise BroadcastError(x.shape, b.shape, -1)
    return out(x.shape, x.dtype, x, b)


# --- windows -----------------------------------------------------------------------------------------------------------------------


def _sizes(value: Value, spatial: int, channels_last: bool = True) -> Shape | None:
    """Read ksize, strides or dilations: one number, one for each spatial axis, or one for each axis."""
    if value is None:
        return (1,) * spatial
    given = shape_of(value)
    if given is None:
        return None
    if len(given) == 1:
        return given * spatial
    if len(given) == spatial:
        return given
    if len(given) == spatial + 2:
        return given[1:-1] if channels_last else given[2:]
    return None


def _slid(
    function: str, x: Array, spatial: Shape, kernel: Shape | None, strides: Shape | None, padding: Value, dilations: Shape | None
) -> Shape:
    """Return the spatial axes after a window has slid along them."""
    if kernel is None or strides is None or dilations is None:
        return (UNKNOWN_DIM,) * len(spatial)
    if isinstance(padding, str):
        how = padding.lower()
        try:
            return tuple(window_length(d, k, s, how, r, i) for i, (d, k, s, r) in enumerate(zip(spatial, kernel, strides, dilations)))
        except WindowExhausts as error:
            if "max" not in function:
                # Outside of graphs some of TensorFlow's CPU kernels let this pass, so nothing is certain.
                return (UNKNOWN_DIM,) * len(spatial)
            demand(function, x, f"at least {error.window!r} elements along spatial axis {error.axis}")
    return (UNKNOWN_DIM,) * len(spatial)


def convolved(
    function: str,
    input: Value,
    filters: Value,
    strides: Value,
    padding: Value,
    data_format: Value,
    dilations: Value,
    rank: int,
    *,
    depthwise: bool = False,
) -> Value:
    """Return a convolution's output: filters are (…window, in, out)."""
    x, w = tensor(input), tensor(filters)
    if x is None:
        return UNKNOWN
    demand_rank(function, x, least=rank + 2)
    if w is not None:
        demand_rank(function, w, exactly=(rank + 2,))
    if x.shape is None or w is None or w.shape is None:
        return out(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, x, w)
    if isinstance(data_format, str) and data_format.startswith("NC"):
        channels, spatial, last = x.shape[-rank - 1], x.shape[-rank:], False
        batch = x.shape[: -rank - 1]
    elif data_format is None or (isinstance(data_format, str) and data_format.endswith("C")):
        channels, spatial, last = x.shape[-1], x.shape[-rank - 1 : -1], True
        batch = x.shape[: -rank - 1]
    else:
        return out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x, w)
    if same(channels, w.shape[-2]) is False and (depthwise or never_divides(channels, w.shape[-2])):
        demand(function, x, f"{w.shape[-2]!r} channels for filters of shape {w.shape!r}")
    made = _slid(function, x, spatial, w.shape[:rank], _sizes(strides, rank, last), padding, _sizes(dilations, rank, last))
    filters_out: Dim = times(w.shape[-2], w.shape[-1]) if depthwise else w.shape[-1]
    shape = (*batch, *made, filters_out) if last else (*batch, filters_out, *made)
    return out(shape, x.dtype, x, w)


@op("tensorflow.nn.conv2d")
def conv2d(
    input: Value, filters: Value = None, strides: Value = None, padding: Value = None, data_format: Value = "NHWC", dilations: Value = None,
    name: Value = None, filter: Value = None, use_cudnn_on_gpu: Value = True,
) -> Value:  # fmt: skip
    """``tf.nn.conv2d``."""
    return convolved("tf.nn.conv2d", input, filter if filters is None else filters, strides, padding, data_format, dilations, 2)


@op("tensorflow.nn.conv1d")
def conv1d(
    input: Value, filters: Value, stride: Value, padding: Value, data_format: Value = None, dilations: Value = None, name: Value = None
) -> Value:
    """``tf.nn.conv1d``."""
    return convolved("tf.nn.conv1d", input, filters, stride, padding, data_format, dilations, 1)


@op("tensorflow.nn.conv3d")
def conv3d(
    input: Value, filters: Value, strides: Value, padding: Value, data_format: Value = None, dilations: Value = None, name: Value = None
) -> Value:
    """``tf.nn.conv3d``."""
    return convolved("tf.nn.conv3d", input, filters, strides, padding, data_format, dilations, 3)


@op("tensorflow.nn.convolution")
def convolution(
    input: Value,
    filters: Value,
    strides: Value = None,
    padding: Value = "VALID",
    data_format: Value = None,
    dilations: Value = None,
    name: Value = None,
) -> Value:
    """``tf.nn.convolution``: as many spatial axes as the filters have."""
    w = tensor(filters)
    if w is None or w.shape is None or not 3 <= len(w.shape) <= 5:
        return UNKNOWN
    return convolved("tf.nn.convolution", input, filters, strides, padding, data_format, dilations, len(w.shape) - 2)


@op("tensorflow.nn.depthwise_conv2d")
def depthwise_conv2d(
    input: Value, filter: Value, strides: Value, padding: Value, data_format: Value = None, dilations: Value = None, name: Value = None
) -> Value:
    """``tf.nn.depthwise_conv2d``."""
    return convolved("tf.nn.depthwise_conv2d", input, filter, strides, padding, data_format, dilations, 2, depthwise=True)


@op("tensorflow.nn.separable_conv2d")
def separable_conv2d(
    input: Value, depthwise_filter: Value, pointwise_filter: Value, strides: Value, padding: Value, data_format: Value = None,
    dilations: Value = None, name: Value = None,
) -> Value:  # fmt: skip
    """``tf.nn.separable_conv2d``."""
    made = convolved("tf.nn.separable_conv2d", input, depthwise_filter, strides, padding, data_format, dilations, 2, depthwise=True)
    point = tensor(pointwise_filter)
    if not isinstance(made, Array) or not made.shape or point is None or not point.shape:
        return UNKNOWN
    return out((*made.shape[:-1], point.shape[-1]), made.dtype, made)


@op("tensorflow.nn.conv2d_transpose", "tensorflow.nn.conv1d_transpose", "tensorflow.nn.conv3d_transpose", "tensorflow.nn.conv_transpose")
def conv_transpose(input: Value, filters: Value, output_shape: Value, strides: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.conv2d_transpose``: the output shape is given."""
    x = tensor(input)
    return out(shape_of(output_shape), x.dtype if x else None, x)


def pooled(function: str, input: Value, ksize: Value, strides: Value, padding: Value, data_format: Value, rank: int | None) -> Value:
    """Return a pooling's output."""
    x = tensor(input)
    if x is None or x.shape is None:
        return UNKNOWN
    if rank is None:
        demand_rank(function, x, exactly=(3, 4, 5))
        rank = len(x.shape) - 2
    else:
        demand_rank(function, x, exactly=(rank + 2,))
    if isinstance(data_format, str) and data_format.startswith("NC"):
        spatial, last = x.shape[2:], False
    elif data_format is None or (isinstance(data_format, str) and data_format.endswith("C")):
        spatial, last = x.shape[1:-1], True
    else:
        return out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    made = _slid(
        function, x, spatial, _sizes(ksize, rank, last), _sizes(ksize if strides is None else strides, rank, last), padding, (1,) * rank
    )
    return out((x.shape[0], *made, x.shape[-1]) if last else (*x.shape[:2], *made), x.dtype, x)


def _register_pools() -> None:
    for kind in ("max_pool", "avg_pool"):
        for suffix, rank in (("", None), ("1d", 1), ("2d", 2), ("3d", 3)):

            def pool(
                input: Value = None, ksize: Value = None, strides: Value = None, padding: Value = None, data_format: Value = None,
                name: Value = None, value: Value = None, _function: str = f"tf.nn.{kind}{suffix}", _rank: int | None = rank,
            ) -> Value:  # fmt: skip
                return pooled(_function, value if input is None else input, ksize, strides, padding, data_format, _rank)

            pool.__doc__ = f"``tf.nn.{kind}{suffix}``."
            op(f"tensorflow.nn.{kind}{suffix}")(pool)


_register_pools()


@op("tensorflow.nn.pool")
def pool(
    input: Value, window_shape: Value, pooling_type: Value, strides: Value = None, padding: Value = "VALID", data_format: Value = None,
    dilations: Value = None, name: Value = None,
) -> Value:  # fmt: skip
    """``tf.nn.pool``."""
    return pooled("tf.nn.pool", input, window_shape, 1 if strides is None else strides, padding, data_format, None)


@op("tensorflow.nn.space_to_depth", "tensorflow.space_to_depth")
def space_to_depth(input: Value, block_size: Value, data_format: Value = "NHWC", name: Value = None) -> Value:
    """``tf.nn.space_to_depth``."""
    x, b = tensor(input), whole(block_size)
    if x is None or x.shape is None or b is None or data_format != "NHWC":
        return UNKNOWN
    demand_rank("tf.nn.space_to_depth", x, exactly=(4,))
    n, h, w, c = x.shape
    if never_divides(h, b) or never_divides(w, b):
        demand("tf.nn.space_to_depth", x, f"height and width that are multiples of {b}")
    return out((n, _over(h, b), _over(w, b), times(c, b * b)), x.dtype, x)


@op("tensorflow.nn.depth_to_space", "tensorflow.depth_to_space")
def depth_to_space(input: Value, block_size: Value, data_format: Value = "NHWC", name: Value = None) -> Value:
    """``tf.nn.depth_to_space``."""
    x, b = tensor(input), whole(block_size)
    if x is None or x.shape is None or b is None or data_format != "NHWC":
        return UNKNOWN
    demand_rank("tf.nn.depth_to_space", x, exactly=(4,))
    n, h, w, c = x.shape
    if never_divides(c, b * b):
        demand("tf.nn.depth_to_space", x, f"channels that are a multiple of {b * b}")
    return out((n, times(h, b), times(w, b), _over(c, b * b)), x.dtype, x)


def _over(d: Dim, by: int) -> Dim:
    return cast("int", d) // by if is_exact(d) else d


# --- losses ------------------------------------------------------------------------------------------------------------------------


@op("tensorflow.nn.softmax_cross_entropy_with_logits", "tensorflow.nn.softmax_cross_entropy_with_logits_v2")
def softmax_cross_entropy(labels: Value = None, logits: Value = None, axis: Value = -1, name: Value = None, dim: Value = None) -> Value:
    """``tf.nn.softmax_cross_entropy_with_logits``: labels as wide as the logits, or broadcast to them."""
    y, x = tensor(labels), tensor(logits)
    if x is None:
        return UNKNOWN
    demand_rank("tf.nn.softmax_cross_entropy_with_logits", x, least=1)
    if x.shape is None or axis not in (-1, None):
        return out(None, x.dtype, x, y)
    if y is not None and y.shape is not None and len(y.shape) <= 2 and len(x.shape) == 2:
        with refusing("tf.nn.softmax_cross_entropy_with_logits", y, x):
            broadcast(y.shape, x.shape)
    elif y is not None and y.shape is not None and len(y.shape) == len(x.shape) > 2 and all_same(y.shape, x.shape) is False:
        total_y, total_x = y.size, x.size
        if (
            same(y.shape[-1], x.shape[-1]) is False
            and same(y.shape[-1], 1) is False
            and same(x.shape[-1], 1) is False
            and total_y is not total_x
        ):
            with refusing("tf.nn.softmax_cross_entropy_with_logits", y, x):
                raise BroadcastError(y.shape, x.shape, -1)
    return out(x.shape[:-1], x.dtype, x, y)


@op("tensorflow.nn.sparse_softmax_cross_entropy_with_logits")
def sparse_softmax_cross_entropy(labels: Value = None, logits: Value = None, name: Value = None) -> Value:
    """``tf.nn.sparse_softmax_cross_entropy_with_logits``: labels of the logits' shape without the last axis."""
    y, x = tensor(labels), tensor(logits)
    function = "tf.nn.sparse_softmax_cross_entropy_with_logits"
    if x is None:
        return UNKNOWN
    demand_rank(function, x, least=1)
    if x.shape is None:
        return out(y.shape if y is not None else None, x.dtype, x, y)
    if y is not None and y.shape is not None and x.kind != "keras":
        if len(y.shape) != len(x.shape) - 1:
            demand(function, y, f"labels of rank {len(x.shape) - 1} for logits of rank {len(x.shape)}")
        if all_same(y.shape, x.shape[:-1]) is False:
            with refusing(function, y, x):
                raise BroadcastError(y.shape, x.shape[:-1], -1)
    return out(x.shape[:-1], x.dtype, x, y)


@op("tensorflow.nn.sigmoid_cross_entropy_with_logits", "tensorflow.nn.weighted_cross_entropy_with_logits")
def sigmoid_cross_entropy(labels: Value = None, logits: Value = None, pos_weight: Value = None, name: Value = None) -> Value:
    """``tf.nn.sigmoid_cross_entropy_with_logits``: equal shapes, nothing is broadcast."""
    y, x = tensor(labels), tensor(logits)
    if x is None:
        return UNKNOWN
    if y is not None and y.shape is not None and x.shape is not None and all_same(y.shape, x.shape) is False:
        demand("tf.nn.sigmoid_cross_entropy_with_logits", y, f"labels of the logits' shape {x.shape!r}")
    return out(x.shape, x.dtype, x, y)


@op("tensorflow.nn.l2_loss")
def l2_loss(t: Value, name: Value = None) -> Value:
    """``tf.nn.l2_loss``."""
    x = tensor(t)
    return out((), x.dtype if x else None, x)


@op("tensorflow.nn.ctc_loss")
def ctc_loss(labels: Value, logits: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.ctc_loss``: one number for each sequence."""
    x = tensor(labels)
    rows = x.shape[0] if x is not None and x.shape else UNKNOWN_DIM
    return out((rows,), "float32")


@op("tensorflow.nn.embedding_lookup")
def embedding_lookup(params: Value, ids: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.embedding_lookup``."""
    single = parts_of(params)
    table, picks = tensor(single[0] if single and len(single) == 1 else params), tensor(ids)
    if table is None or not table.shape or picks is None or picks.shape is None:
        return UNKNOWN
    return out((*picks.shape, *table.shape[1:]), table.dtype, table, picks)


@op("tensorflow.nn.moments")
def moments(x: Value, axes: Value, shift: Value = None, keepdims: Value = False, name: Value = None, keep_dims: Value = None) -> Value:
    """``tf.nn.moments``: mean and variance."""
    array, over, kept = tensor(x), wholes(axes), flag(keepdims if keep_dims is None else keep_dims)
    if array is None or array.shape is None or over is None or kept is None:
        return (UNKNOWN, UNKNOWN)
    with refusing("tf.nn.moments", array):
        each = out(reduce_axes(array.shape, over, kept), array.dtype, array)
    return (each, each)


@op("tensorflow.nn.batch_normalization", "tensorflow.nn.local_response_normalization", "tensorflow.nn.lrn")
def batch_normalization(x: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.batch_normalization``."""
    array = tensor(kwargs.get("input") if x is None else x)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op("tensorflow.nn.zero_fraction")
def zero_fraction(value: Value, name: Value = None) -> Value:
    """``tf.nn.zero_fraction``."""
    return out((), "float32", tensor(value))


@op("tensorflow.nn.scale_regularization_loss", "tensorflow.nn.compute_average_loss")
def average_loss(*args: Value, **kwargs: Value) -> Value:
    """``tf.nn.compute_average_loss``: a scalar."""
    return Array((), "float32", "tensor")


@op("tensorflow.nn.xw_plus_b", "tensorflow.nn.relu_layer")
def xw_plus_b(x: Value, weights: Value, biases: Value, name: Value = None) -> Value:
    """``tf.compat.v1.nn.xw_plus_b``."""
    from .linalg import product

    return elementwise("tf.nn.xw_plus_b", product("tf.nn.xw_plus_b", x, weights), biases)
