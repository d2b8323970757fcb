"""Arithmetic element by element, sums over axes, sorting."""

from __future__ import annotations

import operator
from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Poly, is_exact, same
from ...shapes.axes import axis_index, reduce_axes
from ...shapes.broadcast import broadcast_optional
from .common import demand, demand_rank, dim_of, dtype_of, flag, join_dtype, op, out, parts_of, refusing, tensor, whole, wholes

_ONE = """abs acos acosh asin asinh atan atanh ceil conj cos cosh digamma erf erfc erfcinv erfinv exp expm1 floor lgamma log
log1p log_sigmoid logical_not negative ndtri reciprocal reciprocal_no_nan rint round rsqrt sigmoid sign sin sinh
softplus softsign sqrt square tan tanh bessel_i0 bessel_i0e bessel_i1 bessel_i1e special.expint""".split()  # noqa: SIM905

_ONE_TO_BOOL = ["is_finite", "is_inf", "is_nan", "logical_not", "is_non_decreasing_"]

_IN_NN = ["relu", "relu6", "elu", "selu", "silu", "swish", "gelu", "sigmoid", "tanh", "softplus", "softsign", "leaky_relu"]

_TWO = """add subtract multiply divide truediv floordiv floormod mod pow maximum minimum atan2 squared_difference divide_no_nan
multiply_no_nan xlogy xdivy xlog1py truncatediv truncatemod polygamma zeta nextafter igamma igammac""".split()  # noqa: SIM905

_COMPARE = """equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor approximate_equal""".split()  # noqa: SIM905

_OLD_NAMES = {"divide": "div", "subtract": "sub", "multiply": "mul", "negative": "neg", "mod": "mod_"}


def one_to_one(function: str, dtype: str | None = None) -> Callable[..., Value]:
    """Return the model of a function that works on each element alone."""

    def model(*args: Value, name: Value = None, **kwargs: Value) -> Value:
        # The first parameter is called x, features, input, tensor … from function to function.
        given = (*args, *kwargs.values())
        array = tensor(given[0]) if given else None
        if array is None:
            return UNKNOWN
        return out(array.shape, dtype or array.dtype, array)

    model.__doc__ = f"``{function}``: element by element."
    return model


def two_to_one(function: str, dtype: str | None = None) -> Callable[..., Value]:
    """Return the model of a function of two tensors that are broadcast."""

    def model(*args: Value, name: Value = None, **kwargs: Value) -> Value:
        given = (*args, *kwargs.values())
        return elementwise(function, *given[:2], dtype=dtype) if len(given) > 1 else UNKNOWN

    model.__doc__ = f"``{function}``: element by element, broadcast."
    return model


def elementwise(function: str, *values: Value, dtype: str | None = None) -> Value:
    """Return the result of an operation on tensors that are broadcast against each other."""
    arrays = [tensor(v) for v in values]
    known = [a for a in arrays if a is not None]
    if not known:
        return UNKNOWN
    with refusing(function, *known):
        shape = broadcast_optional(*(None if a is None else a.shape for a in arrays))
    return out(shape, dtype or join_dtype(*(a for v, a in zip(values, arrays) if isinstance(v, Array))) or join_dtype(*known), *known)


_DECIDED: dict[str, Callable[[float, float], bool]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
}


def comparison(name: str) -> Callable[..., Value]:
    """Return the model of a comparison of two tensors; of two known numbers its answer is known too."""
    plain, decide = two_to_one(f"tf.{name}", "bool"), _DECIDED.get(name)

    def model(*args: Value, **kwargs: Value) -> Value:
        result = plain(*args, **kwargs)
        numbers = [v for v in args[:2] if isinstance(v, (int, float))]
        if decide is not None and len(numbers) == 2 and isinstance(result, Array):
            return Array((), "bool", "tensor", data=(decide(*numbers),))
        return result

    model.__doc__ = plain.__doc__
    return model


def _register() -> None:
    for name in _ONE:
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(one_to_one(f"tf.{name}"))
    for name in _ONE_TO_BOOL:
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(one_to_one(f"tf.math.{name}", "bool"))
    for name in _IN_NN:
        op(f"tensorflow.nn.{name}")(one_to_one(f"tf.nn.{name}"))
    for name in _TWO:
        paths = [f"tensorflow.{name}", f"tensorflow.math.{name}"]
        if name in _OLD_NAMES:
            paths.append(f"tensorflow.{_OLD_NAMES[name]}")
        op(*paths)(two_to_one(f"tf.{name}"))
    for name in _COMPARE:
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(comparison(name))
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift"):
        op(f"tensorflow.bitwise.{name}")(two_to_one(f"tf.bitwise.{name}"))
    op("tensorflow.bitwise.invert")(one_to_one("tf.bitwise.invert"))
    for name in ("real", "imag", "angle"):
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(one_to_one(f"tf.math.{name}", "float32"))
    op("tensorflow.complex", "tensorflow.dtypes.complex")(two_to_one("tf.complex", "complex64"))
    for name in _REDUCTIONS:
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(
            reduction(f"tf.{name}", "bool" if name in ("reduce_any", "reduce_all") else None)
        )
    for name in ("cumsum", "cumprod", "cumulative_logsumexp"):
        op(f"tensorflow.{name}", f"tensorflow.math.{name}")(cumulative(f"tf.math.{name}"))
    for name in ("argmax", "argmin"):
        op(f"tensorflow.{name}", f"tensorflow.math.{name}", f"tensorflow.arg_{name[3:]}")(arg_reduction(f"tf.{name}"))
    for kind in ("sum", "mean", "max", "min", "prod"):
        op(f"tensorflow.math.unsorted_segment_{kind}", f"tensorflow.unsorted_segment_{kind}")(unsorted_segment)
        op(f"tensorflow.math.segment_{kind}", f"tensorflow.segment_{kind}")(segment)


_REDUCTIONS = """reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_any reduce_all reduce_logsumexp reduce_std
reduce_variance reduce_euclidean_norm""".split()  # noqa: SIM905


def reduction(function: str, dtype: str | None = None) -> Callable[..., Value]:
    """Return the model of a reduction over axes."""

    def model(
        input_tensor: Value,
        axis: Value = None,
        keepdims: Value = False,
        name: Value = None,
        reduction_indices: Value = None,
        keep_dims: Value = None,
    ) -> Value:
        return reduced(
            function, input_tensor, reduction_indices if axis is None else axis, keep_dims if keep_dims is not None else keepdims, dtype
        )

    model.__doc__ = f"``{function}``: over the given axes, or all."
    return model


def reduced(function: str, value: Value, axis: Value, keepdims: Value, dtype: str | None = None) -> Value:
    """Return a tensor with some axes summed over, or the like."""
    x = tensor(value)
    if x is None:
        return UNKNOWN
    kept = flag(keepdims)
    dtype = dtype or x.dtype
    axes = None if axis is None else wholes(axis)
    if axis is not None and axes is None:
        return out(x.shape and (UNKNOWN_DIM,) * len(x.shape) if kept else None, dtype, x)
    if x.shape is None:
        return out(() if axis is None and kept is False else None, dtype, x)
    with refusing(function, x):
        shape = reduce_axes(x.shape, axes, bool(kept))
    if kept is None:
        return out(None, dtype, x)
    return out(
        shape,
        dtype,
        x,
        data=_reduced_data(function, x) if shape == () else None,
        bounds=x.bounds if function.endswith(("max", "min", "mean")) else None,
    )


def _reduced_data(function: str, x: Array) -> tuple[Value, ...] | None:
    """The sum or product of whole numbers that are known, such as ``tf.reduce_prod(tf.shape(x)[1:])``."""
    if x.data is None or not all(map(is_exact, x.data)) or len(x.data) > 16:
        return None
    if function.endswith("prod"):
        total: int | Poly = 1
        for d in x.data:
            total = total * d
        return (total,)
    if function.endswith("sum"):
        total = 0
        for d in x.data:
            total = total + d
        return (total,)
    return None


def cumulative(function: str) -> Callable[..., Value]:
    """Return the model of a running sum and kin."""

    def model(x: Value, axis: Value = 0, exclusive: Value = False, reverse: Value = False, name: Value = None) -> Value:
        array, at = tensor(x), whole(axis)
        if array is None:
            return UNKNOWN
        if array.shape is not None and at is not None:
            with refusing(function, array):
                axis_index(at, len(array.shape))
        return out(array.shape, array.dtype, array)

    model.__doc__ = f"``{function}``."
    return model


def arg_reduction(function: str) -> Callable[..., Value]:
    """Return the model of ``tf.argmax`` and ``tf.argmin``: over axis 0 unless told."""

    def model(input: Value, axis: Value = None, output_type: Value = None, name: Value = None, dimension: Value = None) -> Value:
        x = tensor(input)
        axis = dimension if axis is None else axis
        at = 0 if axis is None else whole(axis)
        if x is None:
            return UNKNOWN
        dtype = dtype_of(output_type, "int64")
        if x.shape is None or at is None:
            return out(None, dtype, x)
        with refusing(function, x):
            i = axis_index(at, len(x.shape))
        length = x.shape[i]
        return out((*x.shape[:i], *x.shape[i + 1 :]), dtype, x, bounds=(0, length - 1) if isinstance(length, int) and length else None)

    model.__doc__ = f"``{function}``: over axis 0 unless told."
    return model


def unsorted_segment(data: Value, segment_ids: Value, num_segments: Value, name: Value = None) -> Value:
    """``tf.math.unsorted_segment_sum`` and kin."""
    x, ids = tensor(data), tensor(segment_ids)
    if x is None or x.shape is None or ids is None or ids.shape is None:
        return UNKNOWN if x is None else out(None, x.dtype, x)
    return out((dim_of(num_segments), *x.shape[len(ids.shape) :]), x.dtype, x, ids)


def segment(data: Value, segment_ids: Value, name: Value = None) -> Value:
    """``tf.math.segment_sum`` and kin."""
    x = tensor(data)
    return UNKNOWN if x is None else out(None if not x.shape else (None, *x.shape[1:]), x.dtype, x)


@op("tensorflow.math.add_n", "tensorflow.add_n")
def add_n(inputs: Value, name: Value = None) -> Value:
    """``tf.add_n``: shapes must be equal, nothing is broadcast."""
    parts = parts_of(inputs)
    if not parts:
        return UNKNOWN
    arrays = [tensor(p) for p in parts]
    known = [a for a in arrays if a is not None]
    from ...shapes.joining import stack

    with refusing("tf.add_n", *known):
        shape = stack([None if a is None else a.shape for a in arrays])
    return out(None if shape is None else shape[1:], join_dtype(*known), *known)


@op("tensorflow.math.accumulate_n")
def accumulate_n(inputs: Value, shape: Value = None, tensor_dtype: Value = None, name: Value = None) -> Value:
    """``tf.math.accumulate_n``."""
    return add_n(inputs)


@op("tensorflow.clip_by_value")
def clip_by_value(t: Value, clip_value_min: Value, clip_value_max: Value, name: Value = None) -> Value:
    """``tf.clip_by_value``: the bounds may be broadcast to the tensor."""
    x = tensor(t)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.clip_by_norm")
def clip_by_norm(t: Value, clip_norm: Value, axes: Value = None, name: Value = None) -> Value:
    """``tf.clip_by_norm``."""
    x = tensor(t)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.clip_by_global_norm")
def clip_by_global_norm(t_list: Value, clip_norm: Value, use_norm: Value = None, name: Value = None) -> Value:
    """``tf.clip_by_global_norm``: the tensors and their norm."""
    return (t_list, Array((), "float32", "tensor"))


@op("tensorflow.linalg.global_norm", "tensorflow.global_norm")
def global_norm(t_list: Value, name: Value = None) -> Value:
    """``tf.linalg.global_norm``."""
    return Array((), "float32", "tensor")


@op("tensorflow.sort")
def tf_sort(values: Value, axis: Value = -1, direction: Value = "ASCENDING", name: Value = None) -> Value:
    """``tf.sort``."""
    return _sorted("tf.sort", values, axis, None)


@op("tensorflow.argsort")
def tf_argsort(values: Value, axis: Value = -1, direction: Value = "ASCENDING", stable: Value = False, name: Value = None) -> Value:
    """``tf.argsort``."""
    return _sorted("tf.argsort", values, axis, "int32")


def _sorted(function: str, value: Value, axis: Value, dtype: str | None) -> Value:
    x, at = tensor(value), whole(axis)
    if x is None:
        return UNKNOWN
    if x.shape is not None and at is not None and x.shape:
        with refusing(function, x):
            axis_index(at, len(x.shape))
    return out(x.shape, dtype or x.dtype, x, bounds=x.bounds if dtype is None else None)


@op("tensorflow.math.top_k", "tensorflow.nn.top_k")
def top_k(input: Value, k: Value = 1, sorted: Value = True, index_type: Value = None, name: Value = None) -> Value:
    """``tf.math.top_k``: the greatest `k` along the last axis, and where they stand."""
    from ...interpreter.values import NamedItems

    x = tensor(input)
    if x is None or x.shape is None:
        return (UNKNOWN, UNKNOWN)
    demand_rank("tf.math.top_k", x, least=1)
    count = dim_of(k)
    if isinstance(count, int) and isinstance(x.shape[-1], int) and count > x.shape[-1]:
        demand("tf.math.top_k", x, f"at least {count} elements along the last axis for k={count}")
    shape = (*x.shape[:-1], count)
    return NamedItems((out(shape, x.dtype, x), out(shape, "int32", x)), ("values", "indices"))


@op("tensorflow.math.in_top_k", "tensorflow.nn.in_top_k")
def in_top_k(targets: Value, predictions: Value, k: Value = None, name: Value = None) -> Value:
    """``tf.math.in_top_k``."""
    t = tensor(targets)
    return out(t.shape if t else None, "bool", t)


@op("tensorflow.math.count_nonzero")
def count_nonzero(input: Value, axis: Value = None, keepdims: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """``tf.math.count_nonzero``."""
    return reduced("tf.math.count_nonzero", input, axis, keepdims, dtype_of(dtype, "int64"))


@op("tensorflow.norm", "tensorflow.linalg.norm")
def norm(tensor: Value, ord: Value = "euclidean", axis: Value = None, keepdims: Value = None, name: Value = None) -> Value:
    """``tf.norm``."""
    return reduced("tf.norm", tensor, axis, keepdims)


@op("tensorflow.math.l2_normalize", "tensorflow.nn.l2_normalize", "tensorflow.linalg.l2_normalize")
def l2_normalize(x: Value, axis: Value = None, epsilon: Value = 1e-12, name: Value = None, dim: Value = None) -> Value:
    """``tf.math.l2_normalize``."""
    array = tensor(x)
    if array is None:
        return UNKNOWN
    axis = dim if axis is None else axis
    axes = None if axis is None else wholes(axis)
    if array.shape is not None and axes is not None:
        with refusing("tf.math.l2_normalize", array):
            reduce_axes(array.shape, axes)
    return out(array.shape, array.dtype, array)


@op("tensorflow.linalg.normalize")
def normalize(tensor: Value, ord: Value = "euclidean", axis: Value = None, name: Value = None) -> Value:
    """``tf.linalg.normalize``: the tensor, and its norms with the axes kept."""
    return (_alike(tensor), reduced("tf.linalg.normalize", tensor, axis, True))


def _alike(value: Value) -> Value:
    x = tensor(value)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.math.confusion_matrix")
def confusion_matrix(
    labels: Value, predictions: Value, num_classes: Value = None, weights: Value = None, dtype: Value = None, name: Value = None
) -> Value:
    """``tf.math.confusion_matrix``."""
    n: Dim = UNKNOWN_DIM if num_classes is None else dim_of(num_classes)
    a, b = tensor(labels), tensor(predictions)
    if (
        a
        and b
        and a.shape is not None
        and b.shape is not None
        and len(a.shape) == len(b.shape) == 1
        and same(a.shape[0], b.shape[0]) is False
    ):
        from ...rules.arrays import InconsistentLengths
        from .common import refuse

        refuse(InconsistentLengths("tf.math.confusion_matrix", (a.shape[0], b.shape[0]), ("labels", "predictions")), a, b)
    return out((n, n), dtype_of(dtype, "int32"), a, b)


@op("tensorflow.math.bincount")
def bincount(arr: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.math.bincount``: as many as the greatest number says."""
    if kwargs.get("axis") is not None:
        return UNKNOWN
    return out((None,), "int32", tensor(arr))


@op("tensorflow.histogram_fixed_width")
def histogram_fixed_width(values: Value, value_range: Value, nbins: Value = 100, dtype: Value = None, name: Value = None) -> Value:
    """``tf.histogram_fixed_width``."""
    return out((dim_of(nbins),), "int32", tensor(values))


@op("tensorflow.math.scalar_mul", "tensorflow.scalar_mul")
def scalar_mul(scalar: Value, x: Value, name: Value = None) -> Value:
    """``tf.math.scalar_mul``."""
    return _alike(x)


@op("tensorflow.math.invert_permutation")
def invert_permutation(x: Value, name: Value = None) -> Value:
    """``tf.math.invert_permutation``."""
    return _alike(x)


@op("tensorflow.math.polyval")
def polyval(coeffs: Value, x: Value, name: Value = None) -> Value:
    """``tf.math.polyval``."""
    return _alike(x)


_register()
