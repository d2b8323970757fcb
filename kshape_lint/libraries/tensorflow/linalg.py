"""Products and decompositions of matrices."""

from __future__ import annotations

from collections.abc import Sequence

from ...interpreter.values import UNKNOWN, Array, Value
from ...rules.arrays import Einsum
from ...shapes import UNKNOWN_DIM, Dim, same, size
from ...shapes.axes import axis_index, axis_indices
from ...shapes.broadcast import broadcast
from ...shapes.errors import ContractionMismatch
from ...shapes.matmul import einsum as einsum_shape
from ...shapes.matmul import tensordot as tensordot_shape
from ...shapes.reshape import lesser
from ..api import Mismatch
from .common import demand, demand_rank, dtype_of, flag, join_dtype, op, out, parts_of, refusing, tensor, whole, wholes


@op("tensorflow.matmul", "tensorflow.linalg.matmul", "tensorflow.batch_matmul", "tensorflow.sparse.sparse_dense_matmul")
def matmul(
    a: Value,
    b: Value,
    transpose_a: Value = False,
    transpose_b: Value = False,
    adjoint_a: Value = False,
    adjoint_b: Value = False,
    a_is_sparse: Value = False,
    b_is_sparse: Value = False,
    output_type: Value = None,
    grad_a: Value = False,
    grad_b: Value = False,
    name: Value = None,
) -> Value:
    """``tf.matmul``: both of rank 2 or more, leading axes broadcast."""
    return product("tf.matmul", a, b, (transpose_a, adjoint_a), (transpose_b, adjoint_b), dtype_of(output_type))


def product(
    function: str, a: Value, b: Value, turn_a: Sequence[Value] = (), turn_b: Sequence[Value] = (), dtype: str | None = None
) -> Value:
    """Return the product of two stacks of matrices, as TensorFlow has it: no operand of rank 1."""
    x, y = tensor(a), tensor(b)
    known = [v for v in (x, y) if v is not None]
    dtype = dtype or join_dtype(*known)
    for v in known:
        demand_rank(function, v, least=2, hint="tf.linalg.matvec multiplies a matrix by a vector; tf.tensordot takes any rank")
    flags_a, flags_b = [flag(t) for t in turn_a], [flag(t) for t in turn_b]
    if x is None or y is None or x.shape is None or y.shape is None or None in flags_a or None in flags_b:
        return out(None, dtype, *known) if known else UNKNOWN
    left = (*x.shape[:-2], x.shape[-1], x.shape[-2]) if any(flags_a) else x.shape
    right = (*y.shape[:-2], y.shape[-1], y.shape[-2]) if any(flags_b) else y.shape
    with refusing(function, x, y):
        if same(left[-1], right[-2]) is False:
            raise ContractionMismatch(left, right, len(left) - 1, len(right) - 2)
        return out((*broadcast(left[:-2], right[:-2]), left[-2], right[-1]), dtype, x, y)


@op("tensorflow.linalg.matvec")
def matvec(
    a: Value,
    b: Value,
    transpose_a: Value = False,
    adjoint_a: Value = False,
    a_is_sparse: Value = False,
    b_is_sparse: Value = False,
    name: Value = None,
) -> Value:
    """``tf.linalg.matvec``."""
    x, y = tensor(a), tensor(b)
    if x is None or y is None or x.shape is None or y.shape is None or flag(transpose_a) is None or flag(adjoint_a) is None:
        return UNKNOWN
    demand_rank("tf.linalg.matvec", x, least=2)
    demand_rank("tf.linalg.matvec", y, least=1)
    left = (*x.shape[:-2], x.shape[-1], x.shape[-2]) if flag(transpose_a) or flag(adjoint_a) else x.shape
    with refusing("tf.linalg.matvec", x, y):
        if same(left[-1], y.shape[-1]) is False:
            raise ContractionMismatch(left, y.shape, len(left) - 1, len(y.shape) - 1)
        return out((*broadcast(left[:-2], y.shape[:-1]), left[-2]), join_dtype(x, y), x, y)


@op("tensorflow.tensordot", "tensorflow.linalg.tensordot")
def tensordot(a: Value, b: Value, axes: Value, name: Value = None) -> Value:
    """``tf.tensordot``."""
    return contracted("tf.tensordot", a, b, axes)


def contracted(function: str, a: Value, b: Value, axes: Value) -> Value:
    """Return the product summed over the last axes of `a` and the first of `b`, or over pairs of axes."""
    x, y = tensor(a), tensor(b)
    if x is None or y is None or x.shape is None or y.shape is None:
        return UNKNOWN
    count = whole(axes)
    if count is not None and not isinstance(axes, Array):
        if count > len(x.shape) or count > len(y.shape):
            demand(function, x if count > len(x.shape) else y, f"tensors of rank {count} or more with axes={count}")
        left: Sequence[int] | None = range(len(x.shape) - count, len(x.shape))
        right: Sequence[int] | None = range(count)
    else:
        pair = parts_of(axes)
        if pair is None or len(pair) != 2:
            return out(None, join_dtype(x, y), x, y)
        left, right = wholes(pair[0]), wholes(pair[1])
    if left is None or right is None:
        return out(None, join_dtype(x, y), x, y)
    with refusing(function, x, y):
        pairs = zip(axis_indices(left, len(x.shape)), axis_indices(right, len(y.shape)))
        if len(left) == len(right) > 1 and any(same(x.shape[i], y.shape[j]) is False for i, j in pairs):
            # Several axes are made into one first, so only the products must agree.
            sums = size(x.shape[i] for i in left), size(y.shape[j] for j in right)
            if same(*sums) is not False:
                rest = [d for i, d in enumerate(x.shape) if i not in axis_indices(left, len(x.shape))]
                rest += [d for j, d in enumerate(y.shape) if j not in axis_indices(right, len(y.shape))]
                return out(tuple(rest), join_dtype(x, y), x, y)
        return out(tensordot_shape(x.shape, y.shape, left, right), join_dtype(x, y), x, y)


@op("tensorflow.einsum", "tensorflow.linalg.einsum")
def einsum(equation: Value, *inputs: Value, **kwargs: Value) -> Value:
    """``tf.einsum``."""
    return summed("tf.einsum", equation, inputs)


def summed(function: str, equation: Value, inputs: Sequence[Value]) -> Value:
    """Return an Einstein sum."""
    arrays = [tensor(i) for i in inputs]
    known = [a for a in arrays if a is not None]
    if not isinstance(equation, str):
        return out(None, join_dtype(*known), *known) if known else UNKNOWN
    shapes = [None if a is None else a.shape for a in arrays]
    try:
        with refusing(function, *known):
            shape = einsum_shape(equation, shapes)
    except Mismatch as mismatch:
        if isinstance(mismatch.record, Einsum):
            raise Mismatch(Einsum(equation, tuple(shapes), mismatch.record.reason), *known) from None
        raise
    return out(shape, join_dtype(*known), *known)


@op("tensorflow.linalg.cross")
def cross(a: Value, b: Value, name: Value = None) -> Value:
    """``tf.linalg.cross``."""
    x = tensor(a)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


def _square(function: str, value: Value) -> Array | None:
    x = tensor(value)
    if x is None or x.shape is None:
        return None
    demand_rank(function, x, least=2)
    if same(x.shape[-1], x.shape[-2]) is False:
        demand(function, x, "square matrices")
    return x


@op("tensorflow.linalg.inv", "tensorflow.matrix_inverse", "tensorflow.linalg.cholesky", "tensorflow.cholesky", "tensorflow.linalg.expm",
        "tensorflow.linalg.logm", "tensorflow.linalg.sqrtm")  # fmt: skip
def inverse(input: Value, adjoint: Value = False, name: Value = None) -> Value:
    """``tf.linalg.inv`` and kin: square matrices into square matrices."""
    x = _square("tf.linalg.inv", input)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.linalg.pinv")
def pinv(a: Value, rcond: Value = None, validate_args: Value = False, name: Value = None) -> Value:
    """``tf.linalg.pinv``."""
    x = tensor(a)
    if x is None or x.shape is None or len(x.shape) < 2:
        return UNKNOWN
    return out((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, x)


@op("tensorflow.linalg.det", "tensorflow.matrix_determinant", "tensorflow.linalg.logdet")
def det(input: Value, name: Value = None) -> Value:
    """``tf.linalg.det``."""
    x = _square("tf.linalg.det", input)
    return UNKNOWN if x is None or x.shape is None else out(x.shape[:-2], x.dtype, x)


@op("tensorflow.linalg.slogdet")
def slogdet(input: Value, name: Value = None) -> Value:
    """``tf.linalg.slogdet``."""
    each = det(input)
    return (each, each)


@op("tensorflow.linalg.trace", "tensorflow.trace")
def trace(x: Value, name: Value = None) -> Value:
    """``tf.linalg.trace``."""
    array = tensor(x)
    if array is None or array.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.trace", array, least=2)
    return out(array.shape[:-2], array.dtype, array)


@op("tensorflow.linalg.diag_part", "tensorflow.matrix_diag_part")
def diag_part(input: Value, name: Value = "diag_part", k: Value = 0, padding_value: Value = 0, align: Value = None) -> Value:
    """``tf.linalg.diag_part``."""
    x = tensor(input)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.diag_part", x, least=2)
    if k != 0:
        return out(None, x.dtype, x)
    return out((*x.shape[:-2], lesser(x.shape[-2], x.shape[-1])), x.dtype, x)


@op("tensorflow.linalg.tensor_diag_part", "tensorflow.diag_part")
def tensor_diag_part(input: Value, name: Value = None) -> Value:
    """``tf.linalg.tensor_diag_part``."""
    x = tensor(input)
    if x is None or x.shape is None or len(x.shape) % 2:
        return UNKNOWN
    return out(x.shape[: len(x.shape) // 2], x.dtype, x)


@op("tensorflow.linalg.diag", "tensorflow.matrix_diag")
def diag(
    diagonal: Value,
    name: Value = "diag",
    k: Value = 0,
    num_rows: Value = -1,
    num_cols: Value = -1,
    padding_value: Value = 0,
    align: Value = None,
) -> Value:
    """``tf.linalg.diag``."""
    x = tensor(diagonal)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.diag", x, least=1)
    if k != 0 or num_rows != -1 or num_cols != -1:
        return out(None, x.dtype, x)
    return out((*x.shape, x.shape[-1]), x.dtype, x)


@op("tensorflow.linalg.set_diag", "tensorflow.matrix_set_diag", "tensorflow.linalg.band_part", "tensorflow.matrix_band_part")
def set_diag(input: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.linalg.set_diag``, ``tf.linalg.band_part``."""
    x = tensor(input)
    if x is None:
        return UNKNOWN
    demand_rank("tf.linalg.band_part", x, least=2)
    return out(x.shape, x.dtype, x)


@op("tensorflow.linalg.solve", "tensorflow.matrix_solve", "tensorflow.linalg.triangular_solve", "tensorflow.linalg.cholesky_solve")
def solve(matrix: Value, rhs: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.linalg.solve``."""
    x, y = _square("tf.linalg.solve", matrix), tensor(rhs)
    if x is None or y is None or y.shape is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.solve", y, least=2)
    with refusing("tf.linalg.solve", x, y):
        if same(x.shape[-1], y.shape[-2]) is False:
            raise ContractionMismatch(x.shape, y.shape, len(x.shape) - 1, len(y.shape) - 2)
        batch = broadcast(x.shape[:-2], y.shape[:-2])
    return out((*batch, *y.shape[-2:]), y.dtype, x, y)


@op("tensorflow.linalg.lstsq", "tensorflow.matrix_solve_ls")
def lstsq(matrix: Value, rhs: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.linalg.lstsq``."""
    x, y = tensor(matrix), tensor(rhs)
    if x is None or y is None or x.shape is None or y.shape is None or len(x.shape) < 2 or len(y.shape) < 2:
        return UNKNOWN
    return out((*x.shape[:-2], x.shape[-1], y.shape[-1]), y.dtype, x, y)


@op("tensorflow.linalg.qr", "tensorflow.qr")
def qr(input: Value, full_matrices: Value = False, name: Value = None) -> Value:
    """``tf.linalg.qr``: q and r."""
    x = tensor(input)
    if x is None or x.shape is None:
        return (UNKNOWN, UNKNOWN)
    demand_rank("tf.linalg.qr", x, least=2)
    m, n = x.shape[-2], x.shape[-1]
    k = m if flag(full_matrices) else lesser(m, n)
    return (out((*x.shape[:-2], m, k), x.dtype, x), out((*x.shape[:-2], k, n), x.dtype, x))


@op("tensorflow.linalg.svd", "tensorflow.svd")
def svd(tensor: Value, full_matrices: Value = False, compute_uv: Value = True, name: Value = None) -> Value:
    """``tf.linalg.svd``: s, u and v in this order."""
    x = _tensor(tensor)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.svd", x, least=2)
    batch, m, n = x.shape[:-2], x.shape[-2], x.shape[-1]
    k = lesser(m, n)
    s = out((*batch, k), x.dtype, x)
    if flag(compute_uv, True) is False:
        return s
    if flag(full_matrices):
        return (s, out((*batch, m, m), x.dtype, x), out((*batch, n, n), x.dtype, x))
    return (s, out((*batch, m, k), x.dtype, x), out((*batch, n, k), x.dtype, x))


_tensor = tensor


@op("tensorflow.linalg.eigh", "tensorflow.self_adjoint_eig", "tensorflow.linalg.eig")
def eigh(tensor: Value, name: Value = None) -> Value:
    """``tf.linalg.eigh``: values and vectors."""
    x = _square("tf.linalg.eigh", tensor)
    if x is None or x.shape is None:
        return (UNKNOWN, UNKNOWN)
    return (out(x.shape[:-1], x.dtype, x), out(x.shape, x.dtype, x))


@op("tensorflow.linalg.eigvalsh", "tensorflow.self_adjoint_eigvals", "tensorflow.linalg.eigvals")
def eigvalsh(tensor: Value, name: Value = None) -> Value:
    """``tf.linalg.eigvalsh``."""
    x = _square("tf.linalg.eigvalsh", tensor)
    return UNKNOWN if x is None or x.shape is None else out(x.shape[:-1], x.dtype, x)


def _transform(function: str, value: Value, axes: int, real_in: bool = False, real_out: bool = False, length: Value = None) -> Value:
    x = tensor(value)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank(function, x, least=axes)
    last = x.shape[-1]
    if length is not None:
        sizes = wholes(length)
        if sizes is None:
            return out((*x.shape[:-1], UNKNOWN_DIM), None, x)
        if axes == 1:
            last = sizes[-1]
            return out((*x.shape[:-1], last // 2 + 1 if real_in else last), "float32" if real_out else "complex64", x)
        return out((*x.shape[:-1], UNKNOWN_DIM), None, x)
    if real_in:
        half = _half(last)
        return out((*x.shape[:-1], half), "complex64", x)
    if real_out:
        return out((*x.shape[:-1], _double(last)), "float32", x)
    return out(x.shape, x.dtype if x.dtype in ("complex64", "complex128") else "complex64", x)


def _half(d: Dim) -> Dim:
    return d // 2 + 1 if isinstance(d, int) else None if d is None else UNKNOWN_DIM


def _double(d: Dim) -> Dim:
    return (d - 1) * 2 if isinstance(d, int) else None if d is None else UNKNOWN_DIM


def _register_transforms() -> None:
    for axes, end in ((1, ""), (2, "2d"), (3, "3d")):
        for name, real_in, real_out in (("fft", False, False), ("ifft", False, False), ("rfft", True, False), ("irfft", False, True)):

            def transform(
                input: Value, fft_length: Value = None, name: Value = None, _f: str = f"tf.signal.{name}{end}", _n: int = axes,
                _i: bool = real_in, _o: bool = real_out,
            ) -> Value:  # fmt: skip
                return _transform(_f, input, _n, _i, _o, fft_length)

            transform.__doc__ = f"``tf.signal.{name}{end}``."
            op(f"tensorflow.signal.{name}{end}", f"tensorflow.{name}{end}")(transform)
    for name in ("fftshift", "ifftshift", "dct", "idct"):

        def shifted(input: Value, *args: Value, **kwargs: Value) -> Value:
            x = tensor(input)
            return UNKNOWN if x is None else out(x.shape, x.dtype, x)

        op(f"tensorflow.signal.{name}")(shifted)


_register_transforms()


@op("tensorflow.signal.frame")
def frame(
    signal: Value,
    frame_length: Value,
    frame_step: Value,
    pad_end: Value = False,
    pad_value: Value = 0,
    axis: Value = -1,
    name: Value = None,
) -> Value:
    """``tf.signal.frame``."""
    x, at = tensor(signal), whole(axis)
    length, step, padded = whole(frame_length), whole(frame_step), flag(pad_end)
    if x is None or x.shape is None or at is None:
        return UNKNOWN
    with refusing("tf.signal.frame", x):
        i = axis_index(at, len(x.shape))
    return out(
        (*x.shape[:i], _frames(x.shape[i], length, step, padded), UNKNOWN_DIM if length is None else length, *x.shape[i + 1 :]), x.dtype, x
    )


def _frames(d: Dim, length: int | None, step: int | None, padded: bool | None) -> Dim:
    if d is None:
        return None
    if not isinstance(d, int) or length is None or not step or padded is None:
        return UNKNOWN_DIM
    return -(-d // step) if padded else max(0, 1 + (d - length) // step)


@op("tensorflow.signal.stft")
def stft(
    signals: Value,
    frame_length: Value,
    frame_step: Value,
    fft_length: Value = None,
    window_fn: Value = None,
    pad_end: Value = False,
    name: Value = None,
) -> Value:
    """``tf.signal.stft``: frames by frequencies."""
    x = tensor(signals)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.signal.stft", x, least=1)
    length = whole(frame_length)
    points = whole(fft_length) if fft_length is not None else None if length is None else 1 << max(0, (length - 1).bit_length())
    bins: Dim = UNKNOWN_DIM if points is None else points // 2 + 1
    return out((*x.shape[:-1], _frames(x.shape[-1], length, whole(frame_step), flag(pad_end)), bins), "complex64", x)


@op("tensorflow.signal.linear_to_mel_weight_matrix")
def linear_to_mel_weight_matrix(
    num_mel_bins: Value = 20,
    num_spectrogram_bins: Value = 129,
    sample_rate: Value = 8000,
    lower_edge_hertz: Value = 125.0,
    upper_edge_hertz: Value = 3800.0,
    dtype: Value = None,
    name: Value = None,
) -> Value:
    """``tf.signal.linear_to_mel_weight_matrix``."""
    from .common import dim_of

    return out((dim_of(num_spectrogram_bins), dim_of(num_mel_bins)), dtype_of(dtype, "float32"))


@op("tensorflow.signal.mfccs_from_log_mel_spectrograms")
def mfccs(log_mel_spectrograms: Value, name: Value = None) -> Value:
    """``tf.signal.mfccs_from_log_mel_spectrograms``."""
    x = tensor(log_mel_spectrograms)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.signal.hann_window", "tensorflow.signal.hamming_window")
def window(window_length: Value, periodic: Value = True, dtype: Value = None, name: Value = None) -> Value:
    """``tf.signal.hann_window``."""
    from .common import dim_of

    return out((dim_of(window_length),), dtype_of(dtype, "float32"))
