"""``keras.ops``: NumPy's functions and some more, on tensors of any kind and on Keras's symbolic ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...interpreter.values import UNKNOWN, Array, Library, ListObj, Value
from ...shapes import UNKNOWN_DIM, Shape, never_divides, same
from ...shapes.axes import axis_index, expand_dims, permute
from ...shapes.joining import split_at, split_equally
from ...shapes.windows import transposed_length
from ..api import lookup, models
from ..tensorflow import linalg as tf_linalg
from ..tensorflow import nn as tf_nn
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    all_same,
    demand,
    demand_rank,
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
    tensors,
    whole,
    wholes,
)
from ..tensorflow.control import map_fn
from ..tensorflow.creation import cast as tf_cast
from ..tensorflow.creation import convert_to_tensor as tf_convert
from ..tensorflow.creation import filled
from ..tensorflow.math import elementwise, one_to_one, reduced, two_to_one
from ..tensorflow.shaping import chosen, concatenated, reshaped, stacked
from ..tensorflow.tensors import getitem

OPS = "keras.ops"

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


# --- making ------------------------------------------------------------------------------------------------------------------------


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


# --- shape -------------------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.reshape")
def reshape(x: Value, newshape: Value) -> Value:
    """``ops.reshape``."""
    return reshaped("ops.reshape", x, newshape)


@op(f"{OPS}.transpose")
def transpose(x: Value, axes: Value = None) -> Value:
    """``ops.transpose``."""
    array = tensor(x)
    if array is None:
        return UNKNOWN
    order = None if axes is None else wholes(axes)
    if array.shape is None or (axes is not None and order is None):
        return out(None if array.shape is None else (UNKNOWN_DIM,) * len(array.shape), array.dtype, array)
    with refusing("ops.transpose", array):
        return out(permute(array.shape, order), array.dtype, array)


@op(f"{OPS}.expand_dims")
def expand(x: Value, axis: Value) -> Value:
    """``ops.expand_dims``."""
    array, axes = tensor(x), wholes(axis)
    if array is None or array.shape is None or axes is None:
        return UNKNOWN if array is None else out(None, array.dtype, array)
    with refusing("ops.expand_dims", array):
        return out(expand_dims(array.shape, axes), array.dtype, array)


@op(f"{OPS}.concatenate")
def concatenate(xs: Value, axis: Value = 0) -> Value:
    """``ops.concatenate``."""
    return concatenated("ops.concatenate", xs, axis)


@op(f"{OPS}.stack")
def stack(x: Value, axis: Value = 0) -> Value:
    """``ops.stack``."""
    return stacked("ops.stack", x, axis)


@op(f"{OPS}.unstack")
def unstack(x: Value, num: Value = None, axis: Value = 0) -> Value:
    """``ops.unstack``."""
    from ..tensorflow.shaping import tf_unstack

    return tf_unstack(x, num, axis)


@op(f"{OPS}.split")
def split(x: Value, indices_or_sections: Value, axis: Value = 0) -> Value:
    """``ops.split``: into equal parts, or cut before each index."""
    array, at = tensor(x), whole(axis)
    if array is None or array.shape is None or at is None:
        return UNKNOWN
    count = whole(indices_or_sections)
    with refusing("ops.split", array):
        if count is not None:
            if not 1 <= count <= 1024:
                return UNKNOWN
            return make_list([out(split_equally(array.shape, count, at), array.dtype, array)] * count)
        places = shape_of(indices_or_sections)
        if places is None:
            return UNKNOWN
        return make_list(out(s, array.dtype, array) for s in split_at(array.shape, places, at))


@op(f"{OPS}.vstack")
def vstack(xs: Value) -> Value:
    """``ops.vstack``: of vectors the backends make different things."""
    parts = tensors(xs)
    if not parts or any(p is None or p.rank is None or p.rank < 2 for p in parts):
        return UNKNOWN
    return concatenated("ops.vstack", xs, 0)


@op(f"{OPS}.broadcast_to")
def broadcast_to(x: Value, shape: Value) -> Value:
    """``ops.broadcast_to``."""
    from ..tensorflow.shaping import tf_broadcast_to

    return tf_broadcast_to(x, shape)


@op(f"{OPS}.pad")
def pad(x: Value, pad_width: Value, mode: Value = "constant", constant_values: Value = None) -> Value:
    """``ops.pad``: one number, one pair, or a pair for each axis."""
    from ...shapes.reshape import plus

    array, rows = tensor(x), tensor(pad_width)
    if array is None or array.shape is None:
        return UNKNOWN
    rank = len(array.shape)
    if rows is None or rows.data is None:
        return out((UNKNOWN_DIM,) * rank, array.dtype, array)
    widths = [dim_of(v) for v in rows.data]
    if len(widths) <= 2:
        # Keras's symbolic shape says one thing here and TensorFlow, asked, refuses.
        return out((UNKNOWN_DIM,) * rank, array.dtype, array)
    if len(widths) == 2 * rank:
        pairs = [(widths[2 * i], widths[2 * i + 1]) for i in range(rank)]
    else:
        return out((UNKNOWN_DIM,) * rank, array.dtype, array)
    return out(tuple(plus(plus(d, a), b) for d, (a, b) in zip(array.shape, pairs)), array.dtype, array)


@op(f"{OPS}.take")
def take(x: Value, indices: Value, axis: Value = None) -> Value:
    """``ops.take``: without an axis from the flattened tensor."""
    array, picks = tensor(x), tensor(indices)
    if array is None or array.shape is None or picks is None or picks.shape is None:
        return UNKNOWN
    if axis is None:
        return out(picks.shape, array.dtype, array, picks)
    at = whole(axis)
    if at is None:
        return UNKNOWN
    with refusing("ops.take", array):
        i = axis_index(at, len(array.shape))
    return out((*array.shape[:i], *picks.shape, *array.shape[i + 1 :]), array.dtype, array, picks)


@op(f"{OPS}.where")
def where(condition: Value, x1: Value = None, x2: Value = None) -> Value:
    """``ops.where``."""
    if x1 is None and x2 is None:
        return UNKNOWN
    return chosen("ops.where", condition, x1, x2)


@op(f"{OPS}.slice")
def slice_(inputs: Value, start_indices: Value, shape: Value) -> Value:
    """``ops.slice``: a part of the given shape."""
    x, made = tensor(inputs), shape_of(shape)
    return UNKNOWN if x is None else out(made, x.dtype, x)


@op(f"{OPS}.slice_update", f"{OPS}.scatter_update")
def slice_update(inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """``ops.slice_update``: the tensor with a part changed."""
    x = tensor(inputs)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op(f"{OPS}.scatter")
def scatter(indices: Value, values: Value, shape: Value) -> Value:
    """``ops.scatter``."""
    v = tensor(values)
    return out(shape_of(shape), v.dtype if v else None, v)


@op(f"{OPS}.get_item")
def get_item(x: Value, key: Value) -> Value:
    """``ops.get_item``."""
    return getitem(x, key) if isinstance(x, Array) else UNKNOWN


@op(f"{OPS}.sort", f"{OPS}.argsort")
def sort(x: Value, axis: Value = -1) -> Value:
    """``ops.sort``."""
    return tf_nn.along_axis("ops.sort", x, axis) if axis is not None else UNKNOWN


@op(f"{OPS}.count_nonzero")
def count_nonzero(x: Value, axis: Value = None) -> Value:
    """``ops.count_nonzero``."""
    return reduced("ops.count_nonzero", x, axis, False, "int32")


@op(f"{OPS}.one_hot", f"{OPS}.nn.one_hot")
def one_hot(x: Value, num_classes: Value, axis: Value = -1, dtype: Value = None, sparse: Value = False) -> Value:
    """``ops.one_hot``."""
    from ..tensorflow.creation import one_hot as tf_one_hot

    return tf_one_hot(x, num_classes, axis=axis, dtype=dtype)


@op(f"{OPS}.multi_hot", f"{OPS}.nn.multi_hot")
def multi_hot(
    inputs: Value, num_classes: Value = None, axis: Value = -1, dtype: Value = None, sparse: Value = False, **kwargs: Value
) -> Value:
    """``ops.multi_hot``: the last axis becomes the classes."""
    x = tensor(inputs)
    if x is None or x.shape is None or axis != -1:
        return UNKNOWN
    head = x.shape[:-1] if len(x.shape) > 1 else ()
    return out((*head, dim_of(num_classes)), "float32", x)


@op(f"{OPS}.add")
def add(x1: Value, x2: Value) -> Value:
    """``ops.add``: broadcast; but what looks like a bias is added along the channels, be they the last axis or axis 1."""
    a, b = tensor(x1), tensor(x2)
    if (
        a is not None
        and b is not None
        and a.shape is not None
        and b.shape is not None
        and "keras" not in (a.kind, b.kind)
        and len(a.shape) > 1
    ):
        long = [d for d in b.shape if not (isinstance(d, int) and d == 1)]
        if len(long) == 1 and len(a.shape) > 2 and same(long[0], a.shape[-1]) is not True and same(long[0], a.shape[1]) is not False:
            return out(a.shape if same(long[0], a.shape[1]) else None, join_dtype(a, b), a, b)
    return elementwise("ops.add", x1, x2)


# --- products ----------------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.matmul")
def matmul(x1: Value, x2: Value) -> Value:
    """``ops.matmul``: as NumPy's, vectors included."""
    return _product("ops.matmul", x1, x2, "matmul")


@op(f"{OPS}.dot")
def dot(x1: Value, x2: Value) -> Value:
    """``ops.dot``: as NumPy's."""
    return _product("ops.dot", x1, x2, "dot")


def _product(function: str, x1: Value, x2: Value, how: str) -> Value:
    from ...shapes import matmul as products

    a, b = tensor(x1), tensor(x2)
    known = [v for v in (a, b) if v is not None]
    if a is None or b is None or a.shape is None or b.shape is None:
        return out(None, join_dtype(*known), *known) if known else UNKNOWN
    with refusing(function, a, b):
        made = products.matmul(a.shape, b.shape) if how == "matmul" else products.dot(a.shape, b.shape)
    return out(made, join_dtype(a, b), a, b)


@op(f"{OPS}.tensordot")
def tensordot(x1: Value, x2: Value, axes: Value = 2) -> Value:
    """``ops.tensordot``."""
    return tf_linalg.contracted("ops.tensordot", x1, x2, axes)


@op(f"{OPS}.einsum")
def einsum(subscripts: Value, *operands: Value, **kwargs: Value) -> Value:
    """``ops.einsum``."""
    return tf_linalg.summed("ops.einsum", subscripts, operands)


@op(f"{OPS}.norm", f"{OPS}.linalg.norm")
def norm(x: Value, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Value:
    """``ops.norm``."""
    return reduced("ops.norm", x, axis, keepdims)


def _register_linalg() -> None:
    same_names = {
        "inv": tf_linalg.inverse, "cholesky": tf_linalg.inverse, "cholesky_inverse": tf_linalg.inverse, "det": tf_linalg.det,
        "logdet": tf_linalg.det, "slogdet": tf_linalg.slogdet, "eigh": tf_linalg.eigh, "eig": tf_linalg.eigh, "pinv": tf_linalg.pinv,
    }  # fmt: skip
    for name, theirs in same_names.items():

        def model(x: Value, *args: Value, _theirs: Any = theirs, **kwargs: Value) -> Value:
            return _theirs(x)

        model.__doc__ = f"``ops.{name}``."
        op(f"{OPS}.{name}", f"{OPS}.linalg.{name}")(model)


_register_linalg()


@op(f"{OPS}.solve", f"{OPS}.linalg.solve", f"{OPS}.solve_triangular", f"{OPS}.linalg.solve_triangular", f"{OPS}.lstsq")
def solve(a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """``ops.solve``: no claim, its rules for vectors are its own."""
    return UNKNOWN


@op(f"{OPS}.qr", f"{OPS}.linalg.qr")
def qr(x: Value, mode: Value = "reduced") -> Value:
    """``ops.qr``."""
    return tf_linalg.qr(x, mode == "complete") if isinstance(mode, str) else (UNKNOWN, UNKNOWN)


@op(f"{OPS}.svd", f"{OPS}.linalg.svd")
def svd(x: Value, full_matrices: Value = True, compute_uv: Value = True) -> Value:
    """``ops.svd``: u, s and v transposed."""
    made = tf_linalg.svd(x, full_matrices, compute_uv)
    if not isinstance(made, tuple):
        return made
    s, u, v = made
    if not isinstance(v, Array) or v.shape is None:
        return UNKNOWN
    return (u, s, out((*v.shape[:-2], v.shape[-1], v.shape[-2]), v.dtype, v))


@op(f"{OPS}.top_k")
def top_k(x: Value, k: Value, sorted: Value = True) -> Value:
    """``ops.top_k``."""
    from ..tensorflow.math import top_k as tf_top_k

    return tf_top_k(x, k)


@op(f"{OPS}.in_top_k")
def in_top_k(targets: Value, predictions: Value, k: Value) -> Value:
    """``ops.in_top_k``."""
    t = tensor(targets)
    return out(t.shape if t else None, "bool", t)


def segment(data: Value, segment_ids: Value, num_segments: Value = None, sorted: Value = False) -> Value:
    """``ops.segment_sum`` and kin."""
    x = tensor(data)
    if x is None or not x.shape:
        return UNKNOWN
    return out((None if num_segments is None else dim_of(num_segments), *x.shape[1:]), x.dtype, x)


# --- nn ----------------------------------------------------------------------------------------------------------------------------


def _windows(value: Value, spatial: int) -> Shape | None:
    given = shape_of(value)
    if given is None:
        return None
    return given * spatial if len(given) == 1 else given if len(given) == spatial else None


def _tf_padding(padding: Value) -> Value:
    return padding.upper() if isinstance(padding, str) else padding


def _format(data_format: Value, rank: int) -> Value:
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
    w = tensor(kernel)
    if w is None or w.shape is None or not 3 <= len(w.shape) <= 5:
        return UNKNOWN
    rank = len(w.shape) - 2
    return tf_nn.convolved("ops.conv", inputs, kernel, strides, padding, _format(data_format, rank), dilation_rate, rank)


@op(f"{OPS}.depthwise_conv", f"{OPS}.nn.depthwise_conv")
def depthwise_conv(
    inputs: Value, kernel: Value, strides: Value = 1, padding: Value = "valid", data_format: Value = None, dilation_rate: Value = 1
) -> Value:
    """``ops.depthwise_conv``."""
    w = tensor(kernel)
    if w is None or w.shape is None or not 3 <= len(w.shape) <= 4:
        return UNKNOWN
    rank = len(w.shape) - 2
    return tf_nn.convolved(
        "ops.depthwise_conv", inputs, kernel, strides, padding, _format(data_format, rank), dilation_rate, rank, depthwise=True
    )


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
    form = _format(data_format, rank)
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
    return tf_nn.pooled(function, inputs, pool_size, strides, padding, _format(data_format, len(x.shape) - 2), None)


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


def _register_nn_names() -> None:
    """``keras.ops.nn.relu`` and ``keras.ops.numpy.sum`` are other names of the same."""
    from ..api import alias

    for name in ("numpy", "nn", "core", "math"):
        alias(f"{OPS}.{name}", OPS)


# --- control -----------------------------------------------------------------------------------------------------------------------


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


# --- images ------------------------------------------------------------------------------------------------------------------------


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


# --- random ------------------------------------------------------------------------------------------------------------------------


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
_register_activations()
_register_nn_names()
