"""``keras.ops``: NumPy's functions and some more, on tensors of any kind and on Keras's symbolic ones.

What needs more than its name to be told stands in the files named ``ops_…``; here are the rest, control flow, images and random numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, ListObj, Value
from ...shapes import UNKNOWN_DIM
from ...shapes.axes import axis_index
from ..api import lookup, models
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    demand_rank,
    dim_of,
    dtype_of,
    make_list,
    op,
    out,
    parts_of,
    refusing,
    shape_of,
    tensor,
    whole,
)
from ..tensorflow.control import map_fn
from ..tensorflow.math import one_to_one, reduced, two_to_one
from . import ops_making, ops_nn, ops_products, ops_shaping  # noqa: F401 - what is here goes before what is there
from .ops_making import OPS
from .ops_products import segment

_ONE = """abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh bitwise_invert bitwise_not cbrt ceil celu conj
conjugate copy cos cosh deg2rad elu erf erfc erfinv exp exp2 expm1 fabs floor gelu hard_shrink hard_sigmoid hard_silu
hard_swish hard_tanh i0 imag leaky_relu log log10 log1p log2 log_sigmoid nan_to_num negative rad2deg real reciprocal
relu relu6 round rsqrt selu sigmoid sign silu sin sinc sinh soft_shrink softplus softsign sparse_plus sparse_sigmoid
sqrt square squareplus stop_gradient swish tan tanh tanh_shrink threshold trunc clip""".split()  # noqa: SIM905

_ONE_TO_BOOL = ["isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "logical_not", "signbit"]

_TWO = """arctan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor divide divide_no_nan floor_divide
fmax fmin fmod gcd heaviside hypot lcm ldexp left_shift logaddexp logaddexp2 maximum minimum mod multiply nextafter
power right_shift subtract true_divide""".split()  # noqa: SIM905

_COMPARE = ["equal", "greater", "greater_equal", "isclose", "less", "less_equal", "logical_and", "logical_or", "logical_xor", "not_equal"]

_REDUCE = """amax amin max mean median min nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar prod ptp std sum var
logsumexp""".split()  # noqa: SIM905

_NUMPY = """append arange argpartition array_split average bartlett bincount blackman corrcoef correlate cross diag diagflat
diagonal diff digitize dsplit dstack empty eye flip fliplr flipud geomspace hamming hanning histogram hsplit hstack
identity inner isin kaiser kron linspace logspace meshgrid moveaxis nonzero outer ravel repeat roll rot90 searchsorted
select squeeze swapaxes take_along_axis tile trace trapezoid tri tril triu unravel_index vander vdot vsplit allclose
percentile quantile nanpercentile nanquantile nancumsum nancumprod nanargmax nanargmin""".split()  # noqa: SIM905


def _register() -> None:
    for name in _ONE:
        op(f"{OPS}.{name}")(one_to_one(f"ops.{name}"))
    for name in _ONE_TO_BOOL:
        op(f"{OPS}.{name}")(one_to_one(f"ops.{name}", "bool"))
    for name in _TWO:
        op(f"{OPS}.{name}")(two_to_one(f"ops.{name}"))
    for name in _COMPARE:
        op(f"{OPS}.{name}")(two_to_one(f"ops.{name}", "bool"))
    for name in _REDUCE:
        op(f"{OPS}.{name}")(_reduction(f"ops.{name}"))
    for name in ("all", "any"):
        op(f"{OPS}.{name}")(_reduction(f"ops.{name}", "bool"))
    for name in _NUMPY:
        op(f"{OPS}.{name}")(_through_numpy(name))
    for name in ("softmax", "log_softmax", "sparsemax", "layer_normalization", "rms_normalization", "normalize", "batch_normalization"):
        op(f"{OPS}.{name}", f"{OPS}.nn.{name}")(_kept_shape(f"ops.{name}"))
    for name in ("argmax", "argmin"):
        op(f"{OPS}.{name}")(_arg_reduction(f"ops.{name}"))
    for name in ("cumsum", "cumprod"):
        op(f"{OPS}.{name}")(_cumulative(f"ops.{name}"))
    for kind in ("sum", "max", "min", "prod"):
        op(f"{OPS}.segment_{kind}")(segment)


def _reduction(function: str, dtype: str | None = None) -> Callable[..., Value]:
    def model(x: Value, axis: Value = None, keepdims: Value = False, **kwargs: Value) -> Value:
        return reduced(function, x, axis, keepdims, dtype)

    model.__doc__ = f"``{function}``: over the given axes, or all."
    return model


def _arg_reduction(function: str) -> Callable[..., Value]:
    def model(x: Value, axis: Value = None, keepdims: Value = False) -> Value:
        return reduced(function, x, axis, keepdims, "int32")

    model.__doc__ = f"``{function}``: of all elements unless told."
    return model


def _cumulative(function: str) -> Callable[..., Value]:
    def model(x: Value, axis: Value = None, dtype: Value = None) -> Value:
        array = tensor(x)
        if array is None:
            return UNKNOWN
        if axis is None:
            total = array.size
            return out((total,) if array.shape is not None else (UNKNOWN_DIM,), array.dtype, array)
        at = whole(axis)
        if array.shape is not None and at is not None:
            with refusing(function, array):
                axis_index(at, len(array.shape))
        return out(array.shape, array.dtype, array)

    model.__doc__ = f"``{function}``."
    return model


def _kept_shape(function: str) -> Callable[..., Value]:
    def model(x: Value, *args: Value, **kwargs: Value) -> Value:
        array = tensor(x)
        return UNKNOWN if array is None else out(array.shape, array.dtype, array)

    model.__doc__ = f"``{function}``: the shape is kept."
    return model


def _through_numpy(name: str) -> Callable[..., Value]:
    """Return the model of a function that does to shapes what NumPy's of the same name does."""

    def model(*args: Value, **kwargs: Value) -> Value:
        theirs = lookup(f"numpy.{name}")
        if theirs is None:
            return UNKNOWN
        first = [kwargs.pop(k) for k in ("x", "x1", "x2", "xs", "array") if k in kwargs]
        kinds: set[str] = set()
        wide: set[str | None] = set()
        plain = [_bare(a, kinds, wide) for a in (*first, *args)]
        named = {k: _bare(v, kinds, wide) for k, v in kwargs.items()}
        if not _binds(theirs.function, len(plain), named):
            return UNKNOWN
        return _dressed(theirs.function(*plain, **named), "keras" if "keras" in kinds else "tensor", "float64" in wide)

    model.__doc__ = f"``ops.{name}``: as NumPy's."
    return model


def _binds(function: Callable[..., Value], count: int, named: dict[str, Value]) -> bool:
    code = getattr(function, "__wrapped__", function).__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return (count <= code.co_argcount or bool(code.co_flags & 0x04)) and (
        bool(code.co_flags & 0x08) or all(k in names[count:] for k in named)
    )


def _bare(value: Value, kinds: set[str], wide: set[str | None]) -> Value:
    if isinstance(value, Array):
        kinds.add(value.kind)
        wide.add(value.dtype)
        return Array(value.shape, value.dtype, "numpy", data=value.data, bounds=value.bounds, origin=value.origin)
    if type(value) is tuple:
        return tuple(_bare(v, kinds, wide) for v in value)
    if isinstance(value, ListObj):
        parts = parts_of(value)
        return value if parts is None else make_list(_bare(v, kinds, wide) for v in parts)
    return value


def _dressed(value: Value, kind: str, wide: bool) -> Value:
    if isinstance(value, Array):
        dtype = "float32" if value.dtype == "float64" and not wide else "int32" if value.dtype == "int64" else value.dtype
        return Array(value.shape, dtype, "keras" if kind == "keras" else "tensor", data=value.data, bounds=value.bounds)
    if type(value) is tuple:
        return tuple(_dressed(v, kind, wide) for v in value)
    if isinstance(value, ListObj):
        parts = parts_of(value)
        return UNKNOWN if parts is None else make_list(_dressed(v, kind, wide) for v in parts)
    return value


def _register_nn_names() -> None:
    """``keras.ops.nn.relu`` and ``keras.ops.numpy.sum`` are other names of the same."""
    from ..api import alias

    for name in ("numpy", "nn", "core", "math"):
        alias(f"{OPS}.{name}", OPS)


@models(f"{OPS}.map", f"{OPS}.vectorized_map")
def map_(f: Value = None, xs: Value = None, function: Value = None, elements: Value = None) -> Value:
    """``ops.map``."""
    return map_fn(function if f is None else f, elements if xs is None else xs)


@models(f"{OPS}.cond")
def cond(pred: Value, true_fn: Value, false_fn: Value) -> Value:
    """``ops.cond``."""
    from ..tensorflow.control import cond as tf_cond

    return tf_cond(pred, true_fn, false_fn)


@models(f"{OPS}.scan", f"{OPS}.while_loop", f"{OPS}.fori_loop", f"{OPS}.switch", f"{OPS}.associative_scan", f"{OPS}.custom_gradient",
        f"{OPS}.vectorize", f"{OPS}.jvp")  # fmt: skip
def not_followed(*args: Value, **kwargs: Value) -> Value:
    """``ops.scan`` and kin: not followed."""
    return UNKNOWN


@op(f"{OPS}.image.resize")
def image_resize(images: Value, size: Value, *args: Value, data_format: Value = None, **kwargs: Value) -> Value:
    """``ops.image.resize``."""
    x, wanted = tensor(images), shape_of(size)
    demand_rank("ops.image.resize", x, exactly=(3, 4))
    if x is None or x.shape is None or wanted is None or len(wanted) != 2 or args or data_format not in (None, "channels_last"):
        return UNKNOWN
    return out((*x.shape[:-3], *wanted, x.shape[-1]), "float32", x)


@op(f"{OPS}.image.rgb_to_grayscale")
def image_rgb_to_grayscale(images: Value, data_format: Value = None) -> Value:
    """``ops.image.rgb_to_grayscale``."""
    x = tensor(images)
    demand_rank("ops.image.rgb_to_grayscale", x, exactly=(3, 4))
    if x is None or x.shape is None or data_format not in (None, "channels_last"):
        return UNKNOWN
    return out((*x.shape[:-1], 1), x.dtype, x)


@models("keras.random.normal", "keras.random.uniform", "keras.random.truncated_normal", "keras.random.randint")
def random(shape: Value = None, *args: Value, dtype: Value = None, **kwargs: Value) -> Value:
    """``keras.random.normal`` and kin."""
    return out(shape_of(shape), dtype_of(dtype, "float32"))


@models("keras.random.gamma", "keras.random.beta", "keras.random.binomial")
def random_parametrised(shape: Value = None, *args: Value, dtype: Value = None, **kwargs: Value) -> Value:
    """``keras.random.gamma`` and kin."""
    return out(shape_of(shape), dtype_of(dtype, "float32"))


@models("keras.random.categorical")
def random_categorical(logits: Value, num_samples: Value, dtype: Value = None, seed: Value = None) -> Value:
    """``keras.random.categorical``."""
    x = tensor(logits)
    demand_rank("keras.random.categorical", x, exactly=(2,))
    return out((x.shape[0] if x is not None and x.shape else UNKNOWN_DIM, dim_of(num_samples)), "int32", x)


@op("keras.random.dropout", "keras.random.shuffle")
def random_dropout(inputs: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``keras.random.dropout``."""
    x = tensor(kwargs.get("x") if inputs is None else inputs)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


_register()


_register_nn_names()
