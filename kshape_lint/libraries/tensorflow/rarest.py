"""``tf.*`` that hardly any program calls: sets, sampling of classes, decompositions, and old names of what is modelled elsewhere."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim
from ..api import alias
from .common import dim_of, dtype_of, make_list, op, out, parts_of, shape_of, tensor, tensors, whole
from .math import one_to_one, two_to_one

for _name in (
    *("bessel_i0", "bessel_i0e", "bessel_i1", "bessel_i1e", "bessel_j0", "bessel_j1", "bessel_k0", "bessel_k0e", "bessel_k1"),
    *("bessel_k1e", "bessel_y0", "bessel_y1", "dawsn", "fresnel_cos", "fresnel_sin", "spence", "expint"),
):
    op(f"tensorflow.math.special.{_name}")(one_to_one(f"tf.math.special.{_name}"))
for _name in ("args", "vars", "vars_per_channel"):
    _path = f"quantization.fake_quant_with_min_max_{_name}"
    op(f"tensorflow.{_path}")(one_to_one(f"tf.{_path}"))
op("tensorflow.quantization.quantize_and_dequantize_v2", "tensorflow.quantization.quantize_and_dequantize")(
    one_to_one("tf.quantization.quantize_and_dequantize_v2")
)
op("tensorflow.io.encode_base64", "tensorflow.io.decode_base64")(one_to_one("tf.io.encode_base64"))
op("tensorflow.linalg.matrix_square_root", "tensorflow.matrix_square_root")(one_to_one("tf.matrix_square_root"))
op("tensorflow.random.fold_in")(one_to_one("tf.random.fold_in"))
op("tensorflow.realdiv")(two_to_one("tf.realdiv"))
op("tensorflow.nn.log_poisson_loss")(two_to_one("tf.nn.log_poisson_loss"))

for _old, _new in (
    ("div_no_nan", "math.divide_no_nan"), ("floor_div", "math.floordiv"), ("matrix_transpose", "linalg.matrix_transpose"),
    ("count_nonzero", "math.count_nonzero"), ("confusion_matrix", "math.confusion_matrix"), ("cross", "linalg.cross"),
    ("bincount", "math.bincount"), ("betainc", "math.betainc"), ("accumulate_n", "math.add_n"), ("where_v2", "where"),
    ("matrix_triangular_solve", "linalg.triangular_solve"), ("cholesky_solve", "linalg.cholesky_solve"),
    ("string_to_number", "strings.to_number"), ("regex_replace", "strings.regex_replace"), ("substr", "strings.substr"),
    ("string_strip", "strings.strip"), ("string_to_hash_bucket_fast", "strings.to_hash_bucket_fast"),
    ("invert_permutation", "math.invert_permutation"), ("parse_tensor", "io.parse_tensor"), ("sparse_reorder", "sparse.reorder"),
    ("sparse_tensor_to_dense", "sparse.to_dense"), ("sparse_tensor_dense_matmul", "sparse.sparse_dense_matmul"),
    ("sparse_reshape", "sparse.reshape"), ("sparse_transpose", "sparse.transpose"), ("reverse_v2", "reverse"),
    ("tensor_scatter_update", "tensor_scatter_nd_update"), ("tensor_scatter_add", "tensor_scatter_nd_add"),
    ("nn.max_pool_v2", "nn.max_pool"), ("nn.avg_pool_v2", "nn.avg_pool"), ("nn.ctc_loss_v2", "nn.ctc_loss"),
):  # fmt: skip
    alias(f"tensorflow.{_old}", f"tensorflow.{_new}")


# --- sets --------------------------------------------------------------------------------------------------------------------------


@op("tensorflow.sets.size")
def set_size(a: Value, validate_indices: Value = True) -> Value:
    """``tf.sets.size``: how many differ along the last axis."""
    return out(a.shape[:-1], "int32") if isinstance(a, Array) and a.shape else UNKNOWN


@op("tensorflow.sets.union", "tensorflow.sets.intersection", "tensorflow.sets.difference")
def set_operation(a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.sets.union`` and kin: sparse, with as many along the last axis as there are at the most."""
    x, y = (p if isinstance(p, Array) else tensor(p) for p in (a, b))
    shape = next((p.shape for p in (x, y) if p is not None and p.shape), None)
    return UNKNOWN if shape is None else Array((*shape[:-1], UNKNOWN_DIM), None, "sparse")


# --- sampling ----------------------------------------------------------------------------------------------------------------------


@op(*(f"tensorflow.random.{kind}_candidate_sampler" for kind in ("uniform", "log_uniform", "learned_unigram", "fixed_unigram")),
    *(f"tensorflow.nn.{kind}_candidate_sampler" for kind in ("uniform", "log_uniform", "learned_unigram", "fixed_unigram")))  # fmt: skip
def candidates(true_classes: Value, num_true: Value, num_sampled: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.random.uniform_candidate_sampler`` and kin: the classes sampled, and how often the true ones and these are to be expected."""
    x, count = tensor(true_classes), dim_of(num_sampled)
    return (out((count,), "int64"), out(None if x is None else x.shape, "float32"), out((count,), "float32"))


@op("tensorflow.nn.sampled_softmax_loss", "tensorflow.nn.nce_loss")
def sampled_loss(weights: Value, biases: Value, labels: Value, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.nn.sampled_softmax_loss``, ``tf.nn.nce_loss``: one number for each row."""
    x = tensor(inputs)
    return UNKNOWN if x is None or not x.shape else out(x.shape[:1], x.dtype, x)


@op("tensorflow.random.split")
def random_split(seed: Value, num: Value = 2, alg: Value = "auto_select") -> Value:
    """``tf.random.split``: so many seeds."""
    return out((dim_of(num), 2), "int32")


@op("tensorflow.random.stateless_parameterized_truncated_normal")
def truncated(shape: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.random.stateless_parameterized_truncated_normal``."""
    return out(shape_of(shape), None)


# --- matrices ----------------------------------------------------------------------------------------------------------------------


@op("tensorflow.linalg.lu")
def lu(input: Value, output_idx_type: Value = None, name: Value = None) -> Value:
    """``tf.linalg.lu``: both triangles in one matrix, and the order of its rows."""
    x = tensor(input)
    if x is None or x.shape is None or len(x.shape) < 2:
        return UNKNOWN
    return (out(x.shape, x.dtype, x), out(x.shape[:-1], "int32", x))


@op("tensorflow.linalg.lu_matrix_inverse", "tensorflow.linalg.lu_reconstruct")
def of_lu(lower_upper: Value, perm: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.linalg.lu_matrix_inverse``: a matrix of the same size."""
    x = tensor(lower_upper)
    return UNKNOWN if x is None or x.shape is None else out(x.shape, x.dtype, x)


@op("tensorflow.linalg.lu_solve")
def lu_solve(lower_upper: Value, perm: Value, rhs: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.linalg.lu_solve``: as the right-hand side is."""
    x, y = tensor(lower_upper), tensor(rhs)
    alike = x is not None and y is not None and x.shape is not None and y.shape is not None and len(x.shape) == len(y.shape) == 2
    return out(y.shape, y.dtype, y) if alike and y is not None else UNKNOWN


@op("tensorflow.eig", "tensorflow.linalg.eig")
def eig(tensor: Value, name: Value = None) -> Value:
    """``tf.linalg.eig``: complex values and vectors."""
    x = _array(tensor)
    if x is None or x.shape is None or len(x.shape) < 2:
        return UNKNOWN
    return (out(x.shape[:-1], "complex64", x), out(x.shape, "complex64", x))


@op("tensorflow.eigvals", "tensorflow.linalg.eigvals")
def eigvals(tensor: Value, name: Value = None) -> Value:
    """``tf.linalg.eigvals``."""
    x = _array(tensor)
    return UNKNOWN if x is None or x.shape is None or len(x.shape) < 2 else out(x.shape[:-1], "complex64", x)


def _array(value: Value) -> Array | None:
    return tensor(value)


# --- statistics --------------------------------------------------------------------------------------------------------------------


@op("tensorflow.nn.weighted_moments")
def weighted_moments(x: Value, axes: Value, frequency_weights: Value, keepdims: Value = False, name: Value = None) -> Value:
    """``tf.nn.weighted_moments``: mean and variance over axes."""
    from .math import reduced

    made = reduced("tf.nn.weighted_moments", x, axes, keepdims)
    return (made, made) if isinstance(made, Array) else (UNKNOWN, UNKNOWN)


@op("tensorflow.nn.normalize_moments")
def normalize_moments(counts: Value, mean_ss: Value, variance_ss: Value, shift: Value, name: Value = None) -> Value:
    """``tf.nn.normalize_moments``: mean and variance."""
    made = tuple(tensor(v) for v in (mean_ss, variance_ss))
    return tuple(UNKNOWN if m is None else out(m.shape, m.dtype, m) for m in made)


@op("tensorflow.math.approx_max_k", "tensorflow.math.approx_min_k", "tensorflow.nn.approx_max_k", "tensorflow.nn.approx_min_k")
def approx_k(operand: Value, k: Value, reduction_dimension: Value = -1, *args: Value, **kwargs: Value) -> Value:
    """``tf.math.approx_max_k``: the greatest along one axis, and where they were."""
    x, at, count = tensor(operand), whole(reduction_dimension), dim_of(k)
    if x is None or not x.shape or at is None or not -len(x.shape) <= at < len(x.shape):
        return (UNKNOWN, UNKNOWN)
    shape = list(x.shape)
    shape[at] = count
    return (out(tuple(shape), x.dtype, x), out(tuple(shape), "int32", x))


# --- images ------------------------------------------------------------------------------------------------------------------------


@op("tensorflow.extract_volume_patches")
def extract_volume_patches(input: Value, ksizes: Value, strides: Value, padding: Value, name: Value = None) -> Value:
    """``tf.extract_volume_patches``: each patch laid out along the channels."""
    from ...shapes.errors import WindowExhausts
    from ...shapes.reshape import times
    from ...shapes.windows import window_length

    x, sizes, steps = tensor(input), shape_of(ksizes), shape_of(strides)
    if x is None or x.shape is None or len(x.shape) != 5 or not isinstance(padding, str) or sizes is None or steps is None:
        return UNKNOWN
    if len(sizes) != 5 or len(steps) != 5:
        return UNKNOWN
    sides: list[Dim] = []
    depth = x.shape[-1]
    for length, size, step in zip(x.shape[1:4], sizes[1:4], steps[1:4]):
        try:
            sides.append(window_length(length, size, step, padding.lower()))
        except WindowExhausts:
            return UNKNOWN
        depth = times(depth, size)
    return out((x.shape[0], *sides, depth), x.dtype, x)


@op("tensorflow.image.sample_distorted_bounding_box", "tensorflow.image.stateless_sample_distorted_bounding_box")
def distorted_box(image_size: Value, bounding_boxes: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.image.sample_distorted_bounding_box``: where a part begins, how large it is, and its box."""
    return (out((3,), "int32"), out((3,), "int32"), out((1, 1, 4), "float32"))


@op("tensorflow.image.non_max_suppression_with_scores")
def suppressed_with_scores(*args: Value, **kwargs: Value) -> Value:
    """``tf.image.non_max_suppression_with_scores``: as many as are left, and their scores."""
    return (out((UNKNOWN_DIM,), "int32"), out((UNKNOWN_DIM,), "float32"))


@op("tensorflow.image.non_max_suppression_overlaps")
def suppressed(*args: Value, **kwargs: Value) -> Value:
    """``tf.image.non_max_suppression_overlaps``: as many as are left."""
    return out((UNKNOWN_DIM,), "int32")


@op("tensorflow.image.extract_jpeg_shape", "tensorflow.io.extract_jpeg_shape")
def jpeg_shape(contents: Value, output_type: Value = None, name: Value = None) -> Value:
    """``tf.image.extract_jpeg_shape``: height, width, channels."""
    return out((3,), "int32")


@op("tensorflow.image.is_jpeg", "tensorflow.io.is_jpeg")
def is_jpeg(contents: Value, name: Value = None) -> Value:
    """``tf.image.is_jpeg``: yes or no."""
    return out((), "bool")


# --- sparse and ragged tensors, and the rest ---------------------------------------------------------------------------------------


@op("tensorflow.sparse.transpose")
def sparse_transpose(sp_input: Value, perm: Value = None, name: Value = None) -> Value:
    """``tf.sparse.transpose``."""
    if not isinstance(sp_input, Array) or sp_input.shape is None:
        return UNKNOWN
    rank = len(sp_input.shape)
    order = tuple(range(rank))[::-1] if perm is None else tuple(whole(p) for p in parts_of(perm) or ())
    if sorted(p for p in order if p is not None) != list(range(rank)):
        return UNKNOWN
    return Array(tuple(sp_input.shape[p] for p in order if p is not None), sp_input.dtype, "sparse")


@op("tensorflow.sparse.slice")
def sparse_slice(sp_input: Value, start: Value, size: Value, name: Value = None) -> Value:
    """``tf.sparse.slice``: no longer than what there is."""
    sizes, starts = shape_of(size), shape_of(start)
    shape = sp_input.shape if isinstance(sp_input, Array) else None
    if shape is None or sizes is None or starts is None or not len(sizes) == len(starts) == len(shape):
        return UNKNOWN
    made: list[Dim] = []
    for length, first, count in zip(shape, starts, sizes):
        known = isinstance(length, int) and isinstance(first, int) and isinstance(count, int)
        made.append(max(0, min(count, length - first)) if known else UNKNOWN_DIM)  # type: ignore[operator,type-var]
    return Array(tuple(made), sp_input.dtype, "sparse") if isinstance(sp_input, Array) else UNKNOWN


@op("tensorflow.sparse.map_values")
def sparse_map(op: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.sparse.map_values``: the shape is kept."""
    first = next((a for a in args if isinstance(a, Array) and a.kind == "sparse"), None)
    return UNKNOWN if first is None else Array(first.shape, None, "sparse")


@op("tensorflow.tuple")
def tuple_(tensors: Value, control_inputs: Value = None, name: Value = None) -> Value:
    """``tf.tuple``: a list of the same."""
    parts = _parts(tensors)
    return UNKNOWN if parts is None else make_list(UNKNOWN if p is None else p for p in parts)


def _parts(value: Value) -> list[Array | None] | None:
    return tensors(value)


@op("tensorflow.timestamp")
def timestamp(name: Value = None) -> Value:
    """``tf.timestamp``: one number."""
    return out((), "float64")


@op("tensorflow.bitcast")
def bitcast(input: Value, type: Value, name: Value = None) -> Value:
    """``tf.bitcast``: the shape is kept where numbers are as wide as before."""
    x, named = tensor(input), dtype_of(type)
    if x is None or x.dtype is None or named is None or _width(x.dtype) is None or _width(x.dtype) != _width(named):
        return UNKNOWN
    return out(x.shape, named, x)


def _width(dtype: str) -> str | None:
    digits = "".join(c for c in dtype if c.isdigit())
    return digits if digits and not dtype.startswith("complex") else None


@op("tensorflow.dynamic_stitch")
def dynamic_stitch(indices: Value, data: Value, name: Value = None) -> Value:
    """``tf.dynamic_stitch``: rows put where the indices say; how many is not looked at."""
    first, rows = ((tensors(v) or [None])[0] for v in (indices, data))
    if first is None or rows is None or first.shape is None or rows.shape is None or len(rows.shape) < len(first.shape):
        return UNKNOWN
    return out((UNKNOWN_DIM, *rows.shape[len(first.shape) :]), rows.dtype, rows)
