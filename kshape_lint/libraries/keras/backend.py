"""``keras.backend``: the old functions on tensors, and the settings of Keras."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, Obj, Value
from ...interpreter.world import kept
from ...shapes import UNKNOWN_DIM, Dim, Shape, same
from ...shapes.axes import expand_dims, permute, squeeze
from ...shapes.errors import ContractionMismatch
from ...shapes.reshape import flatten as flatten_shape
from ...shapes.reshape import plus, times
from ..api import alias, keras_major, models
from ..tensorflow import nn as tf_nn
from ..tensorflow.common import (
    demand_rank,
    dim_of,
    dim_value,
    dtype_of,
    join_dtype,
    op,
    out,
    parts_of,
    refusing,
    shape_of,
    tensor,
    whole,
    wholes,
)
from ..tensorflow.creation import cast as tf_cast
from ..tensorflow.creation import filled, tf_shape
from ..tensorflow.creation import one_hot as tf_one_hot
from ..tensorflow.linalg import product
from ..tensorflow.math import one_to_one, reduced, two_to_one
from ..tensorflow.shaping import concatenated, reshaped, stacked

K = "keras.backend"


class _Settings(Obj):
    """What ``set_image_data_format`` and kin have set in this run, by run."""

    __slots__ = ()


def _read() -> dict[str, Value]:
    state = kept(_Settings).state
    return state if isinstance(state, dict) else {}


def _set(name: str, value: Value) -> None:
    kept(_Settings).put({**_read(), name: value})


@models(f"{K}.image_data_format", f"{K}.image_dim_ordering", "keras.config.image_data_format")
def image_data_format() -> Value:
    """``K.image_data_format()``: channels_last unless the program sets it otherwise."""
    return _read().get("image_data_format", "channels_last")


def data_format() -> Value:
    """Return the data format in force."""
    return image_data_format()


@models(f"{K}.set_image_data_format", "keras.config.set_image_data_format")
def set_image_data_format(data_format: Value) -> Value:
    """``K.set_image_data_format``."""
    _set("image_data_format", data_format if isinstance(data_format, str) else UNKNOWN)
    return None


@models(f"{K}.set_image_dim_ordering")
def set_image_dim_ordering(dim_ordering: Value) -> Value:
    """``K.set_image_dim_ordering`` of Keras 1: "th" or "tf"."""
    _set(
        "image_data_format",
        {"th": "channels_first", "tf": "channels_last"}.get(dim_ordering, UNKNOWN) if isinstance(dim_ordering, str) else UNKNOWN,
    )
    return None


@models(f"{K}.floatx", "keras.config.floatx")
def floatx() -> Value:
    """``K.floatx()``."""
    return _read().get("floatx", "float32")


@models(f"{K}.set_floatx", "keras.config.set_floatx")
def set_floatx(value: Value) -> Value:
    """``K.set_floatx``."""
    _set("floatx", value)
    return None


@models(f"{K}.epsilon", "keras.config.epsilon")
def epsilon() -> Value:
    """``K.epsilon()``."""
    return 1e-7


@models(f"{K}.backend", "keras.config.backend")
def backend() -> Value:
    """``K.backend()``."""
    return "tensorflow"


@models(f"{K}.clear_session", f"{K}.set_epsilon", f"{K}.set_learning_phase", f"{K}.reset_uids", f"{K}.manual_variable_initialization",
        f"{K}.set_session", f"{K}.tensorflow_backend.set_session", "keras.utils.clear_session", "keras.config.set_epsilon")  # fmt: skip
def effect(*args: Value, **kwargs: Value) -> Value:
    """What says nothing about shapes."""
    return None


@models(f"{K}.learning_phase", f"{K}.get_session", f"{K}.get_uid", f"{K}.function", f"{K}.gradients", f"{K}.is_keras_tensor",
        f"{K}.is_sparse")  # fmt: skip
def not_followed(*args: Value, **kwargs: Value) -> Value:
    """``K.function`` and kin: not followed."""
    return UNKNOWN


# --- shapes ------------------------------------------------------------------------------------------------------------------------


@models(f"{K}.int_shape", f"{K}.get_variable_shape")
def int_shape(x: Value) -> Value:
    """``K.int_shape``: a tuple, None for what is open."""
    array = tensor(x)
    if array is None or array.shape is None:
        return UNKNOWN
    return tuple(None if d is None else dim_value(d) for d in array.shape)


@models(f"{K}.shape")
def shape(x: Value) -> Value:
    """``K.shape``: a tensor of the lengths."""
    return tf_shape(x)


@models(f"{K}.ndim")
def ndim(x: Value) -> Value:
    """``K.ndim``."""
    array = tensor(x)
    return UNKNOWN if array is None or array.shape is None else len(array.shape)


@models(f"{K}.dtype")
def dtype(x: Value) -> Value:
    """``K.dtype``: its name."""
    array = tensor(x)
    return UNKNOWN if array is None or array.dtype is None else array.dtype


@models(f"{K}.eval", f"{K}.get_value")
def get_value(x: Value) -> Value:
    """``K.get_value``: a NumPy array."""
    array = tensor(x)
    return UNKNOWN if array is None else Array(array.shape, array.dtype, "numpy", data=array.data, bounds=array.bounds)


# --- making ------------------------------------------------------------------------------------------------------------------------


@models(f"{K}.placeholder")
def placeholder(
    shape: Value = None, ndim: Value = None, dtype: Value = None, sparse: Value = False, name: Value = None, ragged: Value = False
) -> Value:
    """``K.placeholder``."""
    made: Shape | None = shape_of(shape) if shape is not None else (None,) * ndim if isinstance(ndim, int) else None
    return Array(made, dtype_of(dtype, "float32"), "keras" if keras_major() == 2 else "tensor")


@models(f"{K}.variable")
def variable(value: Value, dtype: Value = None, name: Value = None, constraint: Value = None) -> Value:
    """``K.variable``."""
    array = tensor(value)
    return UNKNOWN if array is None else Array(array.shape, dtype_of(dtype, "float32"), "variable")


@models(f"{K}.constant")
def constant(value: Value, dtype: Value = None, shape: Value = None, name: Value = None) -> Value:
    """``K.constant``."""
    from ..tensorflow.creation import tf_constant

    return tf_constant(value, "float32" if dtype is None else dtype, shape)


@models(f"{K}.zeros", f"{K}.ones")
def zeros(shape: Value, dtype: Value = None, name: Value = None) -> Value:
    """``K.zeros``."""
    return filled(shape, dtype_of(dtype, "float32"), None)


@models(f"{K}.eye")
def eye(size: Value, dtype: Value = None, name: Value = None) -> Value:
    """``K.eye``."""
    d = dim_of(size)
    return Array((d, d), dtype_of(dtype, "float32"), "tensor")


@op(f"{K}.zeros_like", f"{K}.ones_like")
def like(x: Value, dtype: Value = None, name: Value = None) -> Value:
    """``K.zeros_like``."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, dtype_of(dtype, array.dtype), array)


@models(f"{K}.random_normal", f"{K}.random_uniform", f"{K}.random_binomial", f"{K}.random_bernoulli", f"{K}.truncated_normal",
        f"{K}.random_normal_variable", f"{K}.random_uniform_variable")  # fmt: skip
def random(shape: Value, *args: Value, dtype: Value = None, **kwargs: Value) -> Value:
    """``K.random_normal`` and kin."""
    return filled(shape, dtype_of(dtype, "float32"), None)


@models(f"{K}.arange")
def arange(start: Value, stop: Value = None, step: Value = 1, dtype: Value = "int32") -> Value:
    """``K.arange``."""
    from ..tensorflow.creation import tf_range

    return tf_range(start, stop, step, dtype)


@op(f"{K}.cast", f"{K}.cast_to_floatx_")
def cast(x: Value, dtype: Value) -> Value:
    """``K.cast``."""
    return tf_cast(x, dtype)


@models(f"{K}.cast_to_floatx")
def cast_to_floatx(x: Value) -> Value:
    """``K.cast_to_floatx``."""
    array = tensor(x)
    return UNKNOWN if array is None else Array(array.shape, "float32", array.kind)


# --- element by element, reductions ------------------------------------------------------------------------------------------------

_ONE = """abs sqrt exp log round sign sin cos square relu elu softplus softsign sigmoid hard_sigmoid tanh dropout
l2_normalize stop_gradient print_tensor identity clip cumsum cumprod update_ moving_average_update_ to_dense""".split()  # noqa: SIM905
_TWO = ["maximum", "minimum"]
_COMPARE = ["equal", "not_equal", "greater", "greater_equal", "less", "less_equal"]
_REDUCE = ["max", "min", "sum", "prod", "mean", "std", "var", "any", "all", "logsumexp"]


def _reduction(function: str, result: str | None) -> Callable[..., Value]:
    def model(x: Value, axis: Value = None, keepdims: Value = False) -> Value:
        return reduced(function, x, axis, keepdims, result)

    model.__doc__ = f"``{function}``."
    return model


def _register() -> None:
    for name in _ONE:
        op(f"{K}.{name}")(one_to_one(f"K.{name}"))
    for name in _TWO:
        op(f"{K}.{name}")(two_to_one(f"K.{name}"))
    for name in _COMPARE:
        op(f"{K}.{name}")(two_to_one(f"K.{name}", "bool"))
    for name in _REDUCE:
        op(f"{K}.{name}")(_reduction(f"K.{name}", "bool" if name in ("any", "all") else None))
    alias("keras.backend.tensorflow_backend", K)
    alias("keras.legacy.backend", K)


@op(f"{K}.pow")
def pow_(x: Value, a: Value) -> Value:
    """``K.pow``: TensorFlow's own, which broadcasts."""
    raised: Value = two_to_one("K.pow")(x, a)
    return raised


@op(f"{K}.argmax", f"{K}.argmin")
def argmax(x: Value, axis: Value = -1) -> Value:
    """``K.argmax``: over the last axis unless told."""
    return reduced("K.argmax", x, axis, False, "int64") if axis is not None else UNKNOWN


@op(f"{K}.softmax")
def softmax(x: Value, axis: Value = -1) -> Value:
    """``K.softmax``."""
    return tf_nn.along_axis("K.softmax", x, axis)


# --- shape -------------------------------------------------------------------------------------------------------------------------


@op(f"{K}.reshape")
def reshape(x: Value, shape: Value) -> Value:
    """``K.reshape``."""
    return reshaped("K.reshape", x, shape)


@op(f"{K}.permute_dimensions")
def permute_dimensions(x: Value, pattern: Value) -> Value:
    """``K.permute_dimensions``."""
    array, axes = tensor(x), wholes(pattern)
    if array is None or array.shape is None or axes is None:
        return UNKNOWN
    with refusing("K.permute_dimensions", array):
        return out(permute(array.shape, axes), array.dtype, array)


@op(f"{K}.transpose")
def transpose(x: Value) -> Value:
    """``K.transpose``."""
    array = tensor(x)
    return UNKNOWN if array is None else out(None if array.shape is None else array.shape[::-1], array.dtype, array)


@op(f"{K}.expand_dims")
def expand(x: Value, axis: Value = -1) -> Value:
    """``K.expand_dims``."""
    array, at = tensor(x), whole(axis)
    if array is None or array.shape is None or at is None:
        return UNKNOWN
    with refusing("K.expand_dims", array):
        return out(expand_dims(array.shape, (at,)), array.dtype, array)


@op(f"{K}.squeeze")
def squeezed(x: Value, axis: Value) -> Value:
    """``K.squeeze``."""
    array, axes = tensor(x), wholes(axis)
    if array is None or array.shape is None or axes is None:
        return UNKNOWN
    with refusing("K.squeeze", array):
        return out(squeeze(array.shape, axes), array.dtype, array)


@op(f"{K}.flatten")
def flatten(x: Value) -> Value:
    """``K.flatten``: one axis, the batch's included."""
    array = tensor(x)
    if array is None or array.shape is None:
        return out((None,), array.dtype if array else None, array)
    return out(flatten_shape(array.shape) if array.shape else (1,), array.dtype, array)


@op(f"{K}.batch_flatten")
def batch_flatten(x: Value) -> Value:
    """``K.batch_flatten``: all axes but the first made into one."""
    array = tensor(x)
    if array is None or array.shape is None:
        return UNKNOWN
    return out(flatten_shape(array.shape, 1) if len(array.shape) > 1 else (array.shape[0], 1) if array.shape else None, array.dtype, array)


@op(f"{K}.concatenate")
def concatenate(tensors: Value, axis: Value = -1) -> Value:
    """``K.concatenate``."""
    return concatenated("K.concatenate", tensors, axis)


@op(f"{K}.stack")
def stack(x: Value, axis: Value = 0) -> Value:
    """``K.stack``."""
    return stacked("K.stack", x, axis)


@op(f"{K}.repeat")
def repeat(x: Value, n: Value) -> Value:
    """``K.repeat``: (samples, dim) becomes (samples, n, dim)."""
    array = tensor(x)
    demand_rank("K.repeat", array, exactly=(2,))
    if array is None or array.shape is None:
        return UNKNOWN
    return out((array.shape[0], dim_of(n), array.shape[1]), array.dtype, array)


@op(f"{K}.repeat_elements")
def repeat_elements(x: Value, rep: Value, axis: Value) -> Value:
    """``K.repeat_elements``."""
    array, at = tensor(x), whole(axis)
    if array is None or array.shape is None or at is None or not -len(array.shape) <= at < len(array.shape):
        return UNKNOWN
    i = at % len(array.shape)
    return out((*array.shape[:i], times(array.shape[i], dim_of(rep)), *array.shape[i + 1 :]), array.dtype, array)


@op(f"{K}.tile")
def tile(x: Value, n: Value) -> Value:
    """``K.tile``: one number is for the last axis alone."""
    array = tensor(x)
    reps = shape_of(n)
    if array is None or array.shape is None or reps is None:
        return UNKNOWN
    if parts_of(n) is None and not isinstance(n, Array):
        reps = (1,) * (len(array.shape) - 1) + reps
    if len(reps) != len(array.shape):
        return UNKNOWN
    return out(tuple(times(d, r) for d, r in zip(array.shape, reps)), array.dtype, array)


@op(f"{K}.reverse")
def reverse(x: Value, axes: Value) -> Value:
    """``K.reverse``."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op(f"{K}.gather")
def gather(reference: Value, indices: Value) -> Value:
    """``K.gather``."""
    array, picks = tensor(reference), tensor(indices)
    if array is None or not array.shape or picks is None or picks.shape is None:
        return UNKNOWN
    return out((*picks.shape, *array.shape[1:]), array.dtype, array, picks)


@op(f"{K}.one_hot")
def one_hot(indices: Value, num_classes: Value) -> Value:
    """``K.one_hot``."""
    return tf_one_hot(indices, num_classes)


def _padded(x: Value, rank: int, pairs: tuple[tuple[Dim, Dim], ...]) -> Value:
    array = tensor(x)
    if array is None or array.shape is None:
        return UNKNOWN
    demand_rank("K.padding", array, exactly=(rank,))
    return out(tuple(plus(plus(d, a), b) for d, (a, b) in zip(array.shape, pairs)), array.dtype, array)


@op(f"{K}.temporal_padding")
def temporal_padding(x: Value, padding: Value = (1, 1)) -> Value:
    """``K.temporal_padding``."""
    pair = shape_of(padding)
    return UNKNOWN if pair is None or len(pair) != 2 else _padded(x, 3, ((0, 0), (pair[0], pair[1]), (0, 0)))


@op(f"{K}.spatial_2d_padding")
def spatial_2d_padding(x: Value, padding: Value = ((1, 1), (1, 1)), data_format: Value = None) -> Value:
    """``K.spatial_2d_padding``."""
    rows = [shape_of(p) for p in parts_of(padding) or ()]
    if len(rows) != 2 or any(r is None or len(r) != 2 for r in rows) or data_format not in (None, "channels_last"):
        return UNKNOWN
    high, wide = (r for r in rows if r is not None)
    return _padded(x, 4, ((0, 0), (high[0], high[1]), (wide[0], wide[1]), (0, 0)))


@op(f"{K}.resize_images")
def resize_images(x: Value, height_factor: Value, width_factor: Value, data_format: Value, interpolation: Value = "nearest") -> Value:
    """``K.resize_images``."""
    array = tensor(x)
    demand_rank("K.resize_images", array, exactly=(4,))
    if array is None or array.shape is None:
        return UNKNOWN
    n, a, b, c = array.shape
    if data_format == "channels_last":
        return out((n, times(a, dim_of(height_factor)), times(b, dim_of(width_factor)), c), array.dtype, array)
    if data_format == "channels_first":
        return out((n, a, times(b, dim_of(height_factor)), times(c, dim_of(width_factor))), array.dtype, array)
    return UNKNOWN


# --- products ----------------------------------------------------------------------------------------------------------------------


@op(f"{K}.dot")
def dot(x: Value, y: Value) -> Value:
    """``K.dot``: the last axis of the left against the second to last of the right, for any rank."""
    a, b = tensor(x), tensor(y)
    if a is None or b is None or a.shape is None or b.shape is None:
        return UNKNOWN
    if len(a.shape) <= 2 and len(b.shape) <= 2:
        return product("K.dot", x, y)
    if not a.shape or not b.shape:
        return UNKNOWN
    against = max(len(b.shape) - 2, 0)
    with refusing("K.dot", a, b):
        if same(a.shape[-1], b.shape[against]) is False:
            raise ContractionMismatch(a.shape, b.shape, len(a.shape) - 1, against)
    return out((*a.shape[:-1], *b.shape[:against], *b.shape[against + 1 :]), join_dtype(a, b), a, b)


@op(f"{K}.batch_dot")
def batch_dot(x: Value, y: Value, axes: Value = None) -> Value:
    """``K.batch_dot``: sample by sample, one axis of each summed over."""
    a, b = tensor(x), tensor(y)
    if a is None or b is None or a.shape is None or b.shape is None or len(a.shape) < 2 or len(b.shape) < 2:
        return UNKNOWN
    if axes is None:
        pair = (len(a.shape) - 1, 1 if len(b.shape) == 2 else len(b.shape) - 2)
    else:
        given = wholes(axes)
        if given is None or len(given) not in (1, 2):
            return UNKNOWN
        pair = (given[0], given[-1])
        pair = (pair[0] % len(a.shape), pair[1] % len(b.shape))
    left, right = pair
    if not 0 < left < len(a.shape) or not 0 < right < len(b.shape):
        return UNKNOWN
    with refusing("K.batch_dot", a, b):
        if same(a.shape[left], b.shape[right]) is False:
            raise ContractionMismatch(a.shape, b.shape, left, right)
    rest = tuple(d for i, d in enumerate(a.shape) if i not in (0, left)) + tuple(d for i, d in enumerate(b.shape) if i not in (0, right))
    return out((a.shape[0], *(rest or (1,))), join_dtype(a, b), a, b)


@op(f"{K}.bias_add")
def bias_add(x: Value, bias: Value, data_format: Value = None) -> Value:
    """``K.bias_add``."""
    array = tensor(x)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


def _convolution(name: str, rank: int, depthwise: bool = False) -> None:
    def model(
        x: Value, kernel: Value, strides: Value = 1, padding: Value = "valid", data_format: Value = None, dilation_rate: Value = 1
    ) -> Value:
        from .ops_nn import format_of

        return tf_nn.convolved(
            f"K.{name}", x, kernel, strides, padding, format_of(data_format, rank), dilation_rate, rank, depthwise=depthwise
        )

    model.__doc__ = f"``K.{name}``."
    op(f"{K}.{name}")(model)


for _name, _rank, _deep in (("conv1d", 1, False), ("conv2d", 2, False), ("conv3d", 3, False), ("depthwise_conv2d", 2, True)):
    _convolution(_name, _rank, _deep)


@op(f"{K}.conv2d_transpose")
def conv2d_transpose(x: Value, kernel: Value, output_shape: Value, *args: Value, **kwargs: Value) -> Value:
    """``K.conv2d_transpose``: the output shape is given."""
    array = tensor(x)
    return out(shape_of(output_shape), array.dtype if array else None, array)


# --- losses ------------------------------------------------------------------------------------------------------------------------


@op(f"{K}.binary_crossentropy", f"{K}.binary_focal_crossentropy")
def binary_crossentropy(target: Value, output: Value, *args: Value, **kwargs: Value) -> Value:
    """``K.binary_crossentropy``."""
    array = tensor(output)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array, tensor(target))


@op(f"{K}.categorical_crossentropy", f"{K}.sparse_categorical_crossentropy", f"{K}.categorical_focal_crossentropy")
def categorical_crossentropy(target: Value, output: Value, *args: Value, **kwargs: Value) -> Value:
    """``K.categorical_crossentropy``."""
    array = tensor(output)
    if array is None or not array.shape or kwargs.get("axis", -1) != -1 or len(args) > 1:
        return UNKNOWN
    return out(array.shape[:-1], array.dtype, array, tensor(target))


@op(f"{K}.in_top_k")
def in_top_k(predictions: Value, targets: Value, k: Value) -> Value:
    """``K.in_top_k``."""
    t = tensor(targets)
    return out(t.shape if t is not None else None, "bool", t)


@op(f"{K}.ctc_batch_cost")
def ctc_batch_cost(y_true: Value, y_pred: Value, input_length: Value, label_length: Value) -> Value:
    """``K.ctc_batch_cost``: (samples, 1)."""
    x = tensor(y_true)
    return out((x.shape[0] if x is not None and x.shape else UNKNOWN_DIM, 1), "float32", x)


@models(f"{K}.in_train_phase", f"{K}.in_test_phase")
def in_train_phase(x: Value, alt: Value, training: Value = None) -> Value:
    """``K.in_train_phase``: one of two."""
    a, b = tensor(x), tensor(alt)
    return a if a is not None and b is not None and a.shape == b.shape and a.shape is not None else UNKNOWN


@models(f"{K}.update", f"{K}.update_add", f"{K}.update_sub", f"{K}.moving_average_update", f"{K}.set_value", f"{K}.batch_set_value")
def update(x: Value, *args: Value) -> Value:
    """``K.update``."""
    return x


@op(f"{K}.map_fn")
def map_fn(fn: Value, elems: Value, name: Value = None, dtype: Value = None) -> Value:
    """``K.map_fn``."""
    from ..tensorflow.control import map_fn as tf_map_fn

    return tf_map_fn(fn, elems)


_register()
