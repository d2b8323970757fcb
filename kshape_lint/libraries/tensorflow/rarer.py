"""``tf.*`` that few programs call, and whose shapes follow from their arguments alone."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim
from .common import demand_rank, dim_of, dtype_of, make_list, op, out, shape_of, tensor, tensors, whole
from .math import one_to_one
from .nn import pooled
from .shaping import concatenated, reshaped

# --- sounds ------------------------------------------------------------------------------------------------------------------------


@op("tensorflow.signal.overlap_and_add")
def overlap_and_add(signal: Value, frame_step: Value, name: Value = None) -> Value:
    """``tf.signal.overlap_and_add``: frames laid over each other."""
    x = tensor(signal)
    demand_rank("tf.signal.overlap_and_add", x, least=2)
    if x is None or x.shape is None:
        return UNKNOWN
    frames, length = x.shape[-2:]
    return out((*x.shape[:-2], _overlaid(frames, length, whole(frame_step))), x.dtype, x)


def _overlaid(frames: Dim, length: Dim, step: int | None) -> Dim:
    if frames is None:
        return None
    if step is None or not isinstance(frames, int) or not isinstance(length, int):
        return UNKNOWN_DIM
    return (frames - 1) * step + length


@op("tensorflow.signal.inverse_stft")
def inverse_stft(
    stfts: Value, frame_length: Value, frame_step: Value, fft_length: Value = None, window_fn: Value = None, name: Value = None
) -> Value:
    """``tf.signal.inverse_stft``: as long as the frames reach."""
    x, length = tensor(stfts), whole(frame_length)
    demand_rank("tf.signal.inverse_stft", x, least=2)
    if x is None or x.shape is None:
        return UNKNOWN
    reach = _overlaid(x.shape[-2], UNKNOWN_DIM if length is None else length, whole(frame_step))
    return out((*x.shape[:-2], reach), "float32", x)


@op("tensorflow.signal.kaiser_window", "tensorflow.signal.kaiser_bessel_derived_window", "tensorflow.signal.vorbis_window")
def window(window_length: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.signal.kaiser_window`` and kin."""
    return out((dim_of(window_length),), None)


# --- matrices ----------------------------------------------------------------------------------------------------------------------


@op("tensorflow.linalg.adjoint")
def adjoint(matrix: Value, name: Value = None) -> Value:
    """``tf.linalg.adjoint``: the last two axes exchanged."""
    x = tensor(matrix)
    demand_rank("tf.linalg.adjoint", x, least=2)
    return UNKNOWN if x is None or x.shape is None else out((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, x)


@op("tensorflow.linalg.matrix_rank")
def matrix_rank(a: Value, tol: Value = None, validate_args: Value = False, name: Value = None) -> Value:
    """``tf.linalg.matrix_rank``: one number for each matrix."""
    x = tensor(a)
    return UNKNOWN if x is None or x.shape is None or len(x.shape) < 2 else out(x.shape[:-2], "int32", x)


# --- images ------------------------------------------------------------------------------------------------------------------------


@op("tensorflow.nn.max_pool_with_argmax")
def max_pool_with_argmax(
    input: Value,
    ksize: Value,
    strides: Value,
    padding: Value,
    data_format: Value = "NHWC",
    output_dtype: Value = None,
    include_batch_in_index: Value = False,
    name: Value = None,
) -> Value:
    """``tf.nn.max_pool_with_argmax``: the greatest, and where they were."""
    made = pooled("tf.nn.max_pool_with_argmax", input, ksize, strides, padding, data_format, 2)
    return (made, out(made.shape, "int64", made)) if isinstance(made, Array) else UNKNOWN


@op("tensorflow.image.extract_glimpse")
def extract_glimpse(input: Value, size: Value, offsets: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.image.extract_glimpse``: parts of one size."""
    x, sides = tensor(input), shape_of(size)
    if x is None or x.shape is None or len(x.shape) != 4 or sides is None or len(sides) != 2:
        return UNKNOWN
    return out((x.shape[0], *sides, x.shape[-1]), "float32", x)


# --- numbers -----------------------------------------------------------------------------------------------------------------------


@op("tensorflow.dtypes.saturate_cast", "tensorflow.saturate_cast")
def saturate_cast(value: Value, dtype: Value, name: Value = None) -> Value:
    """``tf.saturate_cast``: another dtype."""
    x = tensor(value)
    return UNKNOWN if x is None else out(x.shape, dtype_of(dtype), x)


@op("tensorflow.math.zero_fraction", "tensorflow.nn.zero_fraction")
def zero_fraction(value: Value, name: Value = None) -> Value:
    """``tf.math.zero_fraction``: one number."""
    return UNKNOWN if tensor(value) is None else out((), "float32", tensor(value))


@op("tensorflow.math.is_strictly_increasing", "tensorflow.math.is_non_decreasing")
def increasing(x: Value, name: Value = None) -> Value:
    """``tf.math.is_strictly_increasing``: yes or no."""
    return UNKNOWN if tensor(x) is None else out((), "bool", tensor(x))


@op("tensorflow.math.lbeta", "tensorflow.lbeta")
def lbeta(x: Value, name: Value = None) -> Value:
    """``tf.math.lbeta``: one number for each row."""
    array = tensor(x)
    return UNKNOWN if array is None or not array.shape else out(array.shape[:-1], array.dtype, array)


op("tensorflow.math.betainc")(one_to_one("tf.math.betainc"))
op("tensorflow.histogram_fixed_width_bins")(one_to_one("tf.histogram_fixed_width_bins", "int32"))


@op("tensorflow.searchsorted")
def searchsorted(sorted_sequence: Value, values: Value, side: Value = "left", out_type: Value = None, name: Value = None) -> Value:
    """``tf.searchsorted``: a place for each value."""
    x = tensor(values)
    return UNKNOWN if x is None else out(x.shape, "int32", x)


@op("tensorflow.unravel_index")
def unravel_index(indices: Value, dims: Value, name: Value = None) -> Value:
    """``tf.unravel_index``: for each place one number along each axis."""
    x, sides = tensor(indices), shape_of(dims)
    if x is None or x.shape is None or sides is None:
        return UNKNOWN
    return out((len(sides), *x.shape), x.dtype, x)


@op("tensorflow.identity_n")
def identity_n(input: Value, name: Value = None) -> Value:
    """``tf.identity_n``: a list of the same."""
    parts = tensors(input)
    return UNKNOWN if parts is None else make_list(UNKNOWN if p is None else p for p in parts)


@op("tensorflow.random.stateless_gamma", "tensorflow.random.stateless_poisson", "tensorflow.random.stateless_binomial")
def stateless(shape: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.random.stateless_gamma`` and kin: the shape is given in full."""
    return out(shape_of(shape), None)


@op("tensorflow.math.sobol_sample")
def sobol_sample(dim: Value, num_results: Value, skip: Value = 0, dtype: Value = None, name: Value = None) -> Value:
    """``tf.math.sobol_sample``: so many points of so many numbers."""
    return out((dim_of(num_results), dim_of(dim)), dtype_of(dtype, "float32"))


# --- sparse tensors ----------------------------------------------------------------------------------------------------------------


def _sparse(made: Value) -> Value:
    return Array(made.shape, made.dtype, "sparse") if isinstance(made, Array) else UNKNOWN


def _dense(value: Value) -> Array | None:
    return Array(value.shape, value.dtype, "tensor") if isinstance(value, Array) else None


@op("tensorflow.sparse.eye")
def sparse_eye(num_rows: Value, num_columns: Value = None, dtype: Value = None, name: Value = None) -> Value:
    """``tf.sparse.eye``."""
    return Array((dim_of(num_rows), dim_of(num_rows if num_columns is None else num_columns)), dtype_of(dtype, "float32"), "sparse")


@op("tensorflow.sparse.reshape")
def sparse_reshape(sp_input: Value, shape: Value, name: Value = None) -> Value:
    """``tf.sparse.reshape``."""
    x = _dense(sp_input)
    return UNKNOWN if x is None else _sparse(reshaped("tf.sparse.reshape", x, shape))


@op("tensorflow.sparse.concat")
def sparse_concat(axis: Value, sp_inputs: Value, expand_nonconcat_dims: Value = False, name: Value = None) -> Value:
    """``tf.sparse.concat``."""
    parts = [_dense(p) for p in tensors(sp_inputs) or ()]
    if not parts or expand_nonconcat_dims is not False or any(p is None for p in parts):
        return UNKNOWN
    return _sparse(concatenated("tf.sparse.concat", make_list(p for p in parts if p is not None), axis))


@op("tensorflow.sparse.add", "tensorflow.sparse.maximum", "tensorflow.sparse.minimum")
def sparse_add(a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.sparse.add`` and kin: of one shape, sparse where both are."""
    if not isinstance(a, Array) or not isinstance(b, Array) or a.shape is None or a.shape != b.shape:
        return UNKNOWN
    return Array(a.shape, a.dtype, "sparse" if a.kind == b.kind == "sparse" else "tensor")


@op("tensorflow.sparse.expand_dims")
def sparse_expand_dims(sp_input: Value, axis: Value = None, name: Value = None) -> Value:
    """``tf.sparse.expand_dims``: an axis of 1, the last where none is named."""
    at = -1 if axis is None else whole(axis)
    if not isinstance(sp_input, Array) or sp_input.shape is None or at is None:
        return UNKNOWN
    shape = sp_input.shape
    place = at if at >= 0 else at + len(shape) + 1
    return Array((*shape[:place], 1, *shape[place:]), sp_input.dtype, "sparse") if 0 <= place <= len(shape) else UNKNOWN


@op("tensorflow.sparse.reduce_sum", "tensorflow.sparse.reduce_max")
def sparse_reduce(
    sp_input: Value, axis: Value = None, keepdims: Value = None, output_is_sparse: Value = False, name: Value = None
) -> Value:
    """``tf.sparse.reduce_sum``: dense, unless told otherwise."""
    from .math import reduced

    x = _dense(sp_input)
    return UNKNOWN if x is None or output_is_sparse is not False else reduced("tf.sparse.reduce_sum", x, axis, keepdims)
