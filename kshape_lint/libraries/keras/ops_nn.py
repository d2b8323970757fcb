"""``keras.ops`` of networks: convolutions, pooling, losses, attention, and the activations."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Library, Value
from ...shapes import UNKNOWN_DIM, Shape, never_divides
from ...shapes.axes import axis_index
from ...shapes.windows import transposed_length
from ..api import models
from ..tensorflow import linalg as tf_linalg
from ..tensorflow import nn as tf_nn
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    all_same,
    demand,
    demand_rank,
    op,
    out,
    refusing,
    shape_of,
    tensor,
    whole,
)
from ..tensorflow.math import one_to_one
from .ops_making import OPS


def _windows(value: Value, spatial: int) -> Shape | None:
    given = shape_of(value)
    if given is None:
        return None
    return given * spatial if len(given) == 1 else given if len(given) == spatial else None


def _tf_padding(padding: Value) -> Value:
    return padding.upper() if isinstance(padding, str) else padding


def format_of(data_format: Value, rank: int) -> Value:
    """Return TensorFlow's name, such as ``NHWC``, of the order of axes that Keras is told, or takes by default."""
    if data_format is None:
        from .backend import data_format as current

        data_format = current()
    last, first = {1: ("NWC", "NCW"), 2: ("NHWC", "NCHW")}.get(rank, ("NDHWC", "NCDHW"))
    return {"channels_last": last, "channels_first": first}.get(data_format, UNKNOWN) if isinstance(data_format, str) else UNKNOWN


@op(f"{OPS}.conv", f"{OPS}.nn.conv")
def conv(
    inputs: Value, kernel: Value, strides: Value = 1, padding: Value = "valid", data_format: Value = None, dilation_rate: Value = 1
) -> Value:
    """``ops.conv``: as many spatial axes as the kernel has."""
    return _convolved("ops.conv", inputs, kernel, strides, padding, data_format, dilation_rate)


def _convolved(
    name: str, inputs: Value, kernel: Value, strides: Value, padding: Value, data_format: Value, dilation: Value, *, depthwise: bool = False
) -> Value:
    """Return what a convolution over one, two or three axes gives, a depthwise one over one or two."""
    w = tensor(kernel)
    if w is None or w.shape is None or not 3 <= len(w.shape) <= (4 if depthwise else 5):
        return UNKNOWN
    rank = len(w.shape) - 2
    return tf_nn.convolved(name, inputs, kernel, strides, padding, format_of(data_format, rank), dilation, rank, depthwise=depthwise)


@op(f"{OPS}.depthwise_conv", f"{OPS}.nn.depthwise_conv")
def depthwise_conv(
    inputs: Value, kernel: Value, strides: Value = 1, padding: Value = "valid", data_format: Value = None, dilation_rate: Value = 1
) -> Value:
    """``ops.depthwise_conv``."""
    return _convolved("ops.depthwise_conv", inputs, kernel, strides, padding, data_format, dilation_rate, depthwise=True)


@op(f"{OPS}.separable_conv", f"{OPS}.nn.separable_conv")
def separable_conv(
    inputs: Value,
    depthwise_kernel: Value,
    pointwise_kernel: Value,
    strides: Value = 1,
    padding: Value = "valid",
    data_format: Value = None,
    dilation_rate: Value = 1,
) -> Value:
    """``ops.separable_conv``."""
    deep = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(deep, pointwise_kernel, 1, "valid", data_format) if isinstance(deep, Array) else UNKNOWN


@op(f"{OPS}.conv_transpose", f"{OPS}.nn.conv_transpose")
def conv_transpose(
    inputs: Value,
    kernel: Value,
    strides: Value = 1,
    padding: Value = "valid",
    output_padding: Value = None,
    data_format: Value = None,
    dilation_rate: Value = 1,
) -> Value:
    """``ops.conv_transpose``: kernels are (…window, out, in)."""
    x, w = tensor(inputs), tensor(kernel)
    if x is None or w is None or w.shape is None or x.shape is None or len(x.shape) != len(w.shape):
        return UNKNOWN
    rank = len(w.shape) - 2
    form = format_of(data_format, rank)
    steps, dilation = _windows(strides, rank), _windows(dilation_rate, rank)
    extra = None if output_padding is None else _windows(output_padding, rank)
    if not isinstance(form, str) or form.startswith("NC") or steps is None or dilation is None or not isinstance(padding, str):
        return out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    made = tuple(
        transposed_length(d, k, s, padding.lower(), e, r)
        for d, k, s, e, r in zip(x.shape[1:-1], w.shape[:rank], steps, extra or (None,) * rank, dilation)
    )
    return out((x.shape[0], *made, w.shape[-2]), x.dtype, x, w)


@op(f"{OPS}.max_pool", f"{OPS}.nn.max_pool")
def max_pool(inputs: Value, pool_size: Value, strides: Value = None, padding: Value = "valid", data_format: Value = None) -> Value:
    """``ops.max_pool``."""
    return _pooled("ops.max_pool", inputs, pool_size, strides, padding, data_format)


@op(f"{OPS}.average_pool", f"{OPS}.nn.average_pool")
def average_pool(inputs: Value, pool_size: Value, strides: Value = None, padding: Value = "valid", data_format: Value = None) -> Value:
    """``ops.average_pool``."""
    return _pooled("ops.average_pool", inputs, pool_size, strides, padding, data_format)


def _pooled(function: str, inputs: Value, pool_size: Value, strides: Value, padding: Value, data_format: Value) -> Value:
    x = tensor(inputs)
    if x is None or x.shape is None or not 3 <= len(x.shape) <= 5:
        return UNKNOWN
    return tf_nn.pooled(function, inputs, pool_size, strides, padding, format_of(data_format, len(x.shape) - 2), None)


@op(f"{OPS}.moments", f"{OPS}.nn.moments")
def moments(x: Value, axes: Value, keepdims: Value = False, synchronized: Value = False) -> Value:
    """``ops.moments``."""
    return tf_nn.moments(x, axes, None, keepdims)


@op(f"{OPS}.glu", f"{OPS}.nn.glu")
def glu(x: Value, axis: Value = -1) -> Value:
    """``ops.glu``: half as long along the axis."""
    array, at = tensor(x), whole(axis)
    if array is None or array.shape is None or at is None:
        return UNKNOWN
    with refusing("ops.glu", array):
        i = axis_index(at, len(array.shape))
    d = array.shape[i]
    if never_divides(d, 2):
        demand("ops.glu", array, "an even length along the axis")
    return out((*array.shape[:i], d // 2 if isinstance(d, int) else UNKNOWN_DIM, *array.shape[i + 1 :]), array.dtype, array)


@op(f"{OPS}.binary_crossentropy", f"{OPS}.nn.binary_crossentropy")
def binary_crossentropy(target: Value, output: Value, from_logits: Value = False) -> Value:
    """``ops.binary_crossentropy``: equal shapes, element by element."""
    t, o = tensor(target), tensor(output)
    if o is None:
        return UNKNOWN
    if t is not None and t.shape is not None and o.shape is not None and all_same(t.shape, o.shape) is False:
        demand("ops.binary_crossentropy", t, f"a target of the output's shape {o.shape!r}")
    return out(o.shape, o.dtype, o, t)


@op(f"{OPS}.categorical_crossentropy", f"{OPS}.nn.categorical_crossentropy")
def categorical_crossentropy(target: Value, output: Value, from_logits: Value = False, axis: Value = -1) -> Value:
    """``ops.categorical_crossentropy``: equal shapes, the classes' axis summed over."""
    t, o = tensor(target), tensor(output)
    if o is None or o.shape is None or axis != -1:
        return UNKNOWN
    demand_rank("ops.categorical_crossentropy", o, least=1)
    if t is not None and t.shape is not None and all_same(t.shape, o.shape) is False:
        demand("ops.categorical_crossentropy", t, f"a target of the output's shape {o.shape!r}")
    return out(o.shape[:-1], o.dtype, o, t)


@op(f"{OPS}.sparse_categorical_crossentropy", f"{OPS}.nn.sparse_categorical_crossentropy")
def sparse_categorical_crossentropy(target: Value, output: Value, from_logits: Value = False, axis: Value = -1) -> Value:
    """``ops.sparse_categorical_crossentropy``: integer targets, with or without a last axis of 1."""
    t, o = tensor(target), tensor(output)
    if o is None or o.shape is None or axis != -1:
        return UNKNOWN
    demand_rank("ops.sparse_categorical_crossentropy", o, least=1)
    if t is not None and t.shape is not None:
        bare = t.shape
        if len(bare) == len(o.shape) and bare and isinstance(bare[-1], int) and bare[-1] == 1:
            bare = bare[:-1]
        if len(t.shape) not in (len(o.shape), len(o.shape) - 1) or (
            len(bare) == len(o.shape) - 1 and all_same(bare, o.shape[:-1]) is False
        ):
            demand("ops.sparse_categorical_crossentropy", t, f"a target of shape {o.shape[:-1]!r}")
    return out(o.shape[:-1], o.dtype, o, t)


@op(f"{OPS}.dot_product_attention", f"{OPS}.nn.dot_product_attention")
def dot_product_attention(query: Value, key: Value, value: Value, *args: Value, **kwargs: Value) -> Value:
    """``ops.dot_product_attention``: (batch, length, heads, width of value)."""
    q, v = tensor(query), tensor(value)
    if q is None or q.shape is None or v is None or v.shape is None:
        return UNKNOWN
    demand_rank("ops.dot_product_attention", q, exactly=(4,))
    demand_rank("ops.dot_product_attention", v, exactly=(4,))
    return out((*q.shape[:-1], v.shape[-1]), q.dtype, q, v)


@op(f"{OPS}.extract_sequences")
def extract_sequences(x: Value, sequence_length: Value, sequence_stride: Value) -> Value:
    """``ops.extract_sequences``."""
    return tf_linalg.frame(x, sequence_length, sequence_stride)


_ACTIVATIONS = """celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparsemax squareplus swish
tanh tanh_shrink threshold""".split()  # noqa: SIM905


def _register_activations() -> None:
    for name in _ACTIVATIONS:
        op(f"keras.activations.{name}")(one_to_one(f"keras.activations.{name}"))


@models("keras.activations.get")
def activation(identifier: Value) -> Value:
    """``keras.activations.get``: the function of that name."""
    if isinstance(identifier, str):
        return Library(f"keras.activations.{identifier}") if identifier in _ACTIVATIONS else UNKNOWN
    return Library("keras.activations.linear") if identifier is None else identifier


_register_activations()
