"""``keras.ops``: Fourier transforms, loops over arrays, blocks of pixels, and what else tells its shape by its arguments alone."""

from __future__ import annotations

from collections.abc import Callable

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape, divide_exactly, is_exact
from ...shapes.reshape import times
from ..api import call
from ..tensorflow.common import op, out, parts_of, tensor, tensors, whole
from ..tensorflow.control import over_slices, stacked_slices

OPS = "keras.ops"


def axis_length(length: Dim, change: Callable[[int], int]) -> Dim:
    """Return a length changed by a rule for numbers, open where it is open."""
    if length is None:
        return None
    if not isinstance(length, int):
        return UNKNOWN_DIM
    made = change(length)
    return made if made > 0 else UNKNOWN_DIM


def _pair(x: Value) -> Array | None:
    """Return the first of a pair of tensors, the real part of complex numbers."""
    parts = tensors(x) if not isinstance(x, Array) else None
    return parts[0] if parts and len(parts) == 2 else None


def _twice(shape: Shape | None, like: Array) -> Value:
    return (out(shape, "float32", like), out(shape, "float32", like))


# --- Fourier transforms ------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.fft", f"{OPS}.fft2", f"{OPS}.ifft2")
def fft(x: Value) -> Value:
    """``ops.fft`` and kin: the parts keep their shape."""
    part = _pair(x)
    return UNKNOWN if part is None else _twice(part.shape, part)


@op(f"{OPS}.rfft")
def rfft(x: Value, fft_length: Value = None) -> Value:
    """``ops.rfft``: half of the last axis, and one."""
    array = tensor(x)
    if array is None or not array.shape:
        return UNKNOWN
    size = whole(fft_length)
    last = axis_length(array.shape[-1] if fft_length is None else UNKNOWN_DIM if size is None else size, lambda n: n // 2 + 1)
    return _twice((*array.shape[:-1], last), array)


@op(f"{OPS}.irfft")
def irfft(x: Value, fft_length: Value = None) -> Value:
    """``ops.irfft``: the length that ``rfft`` had halved, where it was even, or the one that is given."""
    part = _pair(x)
    if part is None or not part.shape:
        return UNKNOWN
    size = whole(fft_length)
    last = axis_length(part.shape[-1], lambda n: 2 * (n - 1)) if fft_length is None else UNKNOWN_DIM if size is None else size
    return out((*part.shape[:-1], last), "float32", part)


@op(f"{OPS}.stft")
def stft(
    x: Value, sequence_length: Value, sequence_stride: Value, fft_length: Value, window: Value = "hann", center: Value = True
) -> Value:
    """``ops.stft``: frames, and half of the transform's length."""
    array, stride, size = tensor(x), whole(sequence_stride), whole(fft_length)
    if array is None or not array.shape or stride is None or size is None or stride < 1 or not isinstance(center, bool):
        return UNKNOWN
    pad = 2 * (size // 2) if center else 0
    frames = axis_length(array.shape[-1], lambda n: 1 + (n + pad - size) // stride)
    return _twice((*array.shape[:-1], frames, size // 2 + 1), array)


@op(f"{OPS}.istft")
def istft(
    x: Value,
    sequence_length: Value,
    sequence_stride: Value,
    fft_length: Value,
    length: Value = None,
    window: Value = "hann",
    center: Value = True,
) -> Value:
    """``ops.istft``: as long as the frames reach, without what was padded, or the length that is given."""
    part, stride, size, given = _pair(x), whole(sequence_stride), whole(fft_length), whole(length)
    if part is None or part.shape is None or len(part.shape) < 2 or stride is None or size is None or not isinstance(center, bool):
        return UNKNOWN
    pad = 2 * (size // 2) if center else 0
    reach = axis_length(part.shape[-2], lambda n: (n - 1) * stride + size - pad)
    last = reach if length is None else UNKNOWN_DIM if given is None else given
    return out((*part.shape[:-2], last), "float32", part)


# --- loops -------------------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.scan")
def scan(f: Value, init: Value, xs: Value = None, length: Value = None, reverse: Value = False, unroll: Value = 1) -> Value:
    """``ops.scan``: the function of what is carried and of each slice; what is carried last, and what each step gave."""
    count: Value = whole(length)
    slices: Value = None
    if xs is not None:
        slices, count = over_slices(xs)
        if slices is None:
            return UNKNOWN
    carried = tensor(init)
    parts = parts_of(call(f, init if carried is None else carried, slices))
    if parts is None or len(parts) != 2:
        return (UNKNOWN, UNKNOWN)
    return (parts[0], UNKNOWN if count is None or parts[1] is None else stacked_slices(parts[1], count))


@op(f"{OPS}.associative_scan")
def associative_scan(f: Value, elems: Value, reverse: Value = False, axis: Value = 0) -> Value:
    """``ops.associative_scan``: the shape is kept."""
    array = tensor(elems) if isinstance(elems, Array) else None
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op(f"{OPS}.fori_loop")
def fori_loop(lower: Value, upper: Value, body_fun: Value, init_val: Value) -> Value:
    """``ops.fori_loop``: what goes round keeps its shape where one turn keeps it."""
    first, last, start = whole(lower), whole(upper), tensor(init_val) if isinstance(init_val, Array) else None
    if first is None or last is None or start is None or first >= last:
        return UNKNOWN
    after = call(body_fun, first, start)
    return after if isinstance(after, Array) and after.shape == start.shape else UNKNOWN


@op(f"{OPS}.switch")
def switch(index: Value, branches: Value, *operands: Value) -> Value:
    """``ops.switch``: one of several functions, the last or first where the number is beyond them."""
    at, ways = whole(index), parts_of(branches)
    if at is None or not ways:
        return UNKNOWN
    return call(ways[max(0, min(at, len(ways) - 1))], *operands)


# --- pixels ------------------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.depth_to_space")
def depth_to_space(x: Value, block_size: Value, data_format: Value = "channels_last") -> Value:
    """``ops.depth_to_space``: channels become blocks of pixels."""
    array, block = tensor(x), whole(block_size)
    if array is None or array.shape is None or len(array.shape) != 4 or block is None or block < 1 or data_format != "channels_last":
        return UNKNOWN
    batch, height, width, depth = array.shape
    channels = divide_exactly(depth, block * block)
    return out((batch, times(height, block), times(width, block), UNKNOWN_DIM if channels is None else channels), array.dtype, array)


@op(f"{OPS}.space_to_depth")
def space_to_depth(x: Value, block_size: Value, data_format: Value = "channels_last") -> Value:
    """``ops.space_to_depth``: blocks of pixels become channels."""
    array, block = tensor(x), whole(block_size)
    if array is None or array.shape is None or len(array.shape) != 4 or block is None or block < 1 or data_format != "channels_last":
        return UNKNOWN
    batch, *sides, depth = array.shape
    halves = (None if s is None else divide_exactly(s, block) for s in sides)
    lengths = tuple(UNKNOWN_DIM if h is None and s is not None else h for h, s in zip(halves, sides))
    return out((batch, *lengths, times(depth, block * block)), array.dtype, array)


@op(f"{OPS}.unfold")
def unfold(x: Value, kernel_size: Value, dilation: Value = 1, padding: Value = 0, stride: Value = 1) -> Value:
    """``ops.unfold``: windows of images whose channels come first, each laid out in a column."""
    array = tensor(x)
    given = [whole(v) for v in (kernel_size, dilation, padding, stride)]
    if array is None or array.shape is None or len(array.shape) != 4 or None in given:
        return UNKNOWN
    kernel, gap, pad, step = (int(v or 0) for v in given)
    if step < 1:
        return UNKNOWN
    batch, channels, *sides = array.shape
    lengths = [axis_length(s, lambda n: (n + 2 * pad - gap * (kernel - 1) - 1) // step + 1) for s in sides]
    return out((batch, times(channels, kernel * kernel), times(*lengths)), array.dtype, array)


# --- the rest ----------------------------------------------------------------------------------------------------------------------


@op(f"{OPS}.cdist")
def cdist(x: Value, y: Value) -> Value:
    """``ops.cdist``: the distances of all rows from all rows."""
    a, b = tensor(x), tensor(y)
    if a is None or b is None or not a.shape or not b.shape or len(a.shape) != len(b.shape) or len(a.shape) < 2:
        return UNKNOWN
    return out((*a.shape[:-1], b.shape[-2]), "float32", a, b) if len(a.shape) == 2 else UNKNOWN


@op(f"{OPS}.polar")
def polar(abs_: Value, angle: Value) -> Value:
    """``ops.polar``: complex numbers of the same shape."""
    a, b = tensor(abs_), tensor(angle)
    return out(a.shape, "complex64", a, b) if a is not None and b is not None and a.shape == b.shape else UNKNOWN


@op(f"{OPS}.psnr")
def psnr(x1: Value, x2: Value, max_val: Value) -> Value:
    """``ops.psnr``: one number."""
    a, b = tensor(x1), tensor(x2)
    return out((), "float32", a, b) if a is not None and b is not None else UNKNOWN


@op(f"{OPS}.lu_factor")
def lu_factor(x: Value) -> Value:
    """``ops.lu_factor``: the factors in one matrix, and the order of the rows."""
    array = tensor(x)
    if array is None or array.shape is None or len(array.shape) < 2 or not is_exact(array.shape[-1]):
        return UNKNOWN
    if array.shape[-1] != array.shape[-2]:
        return UNKNOWN
    return (out(array.shape, array.dtype, array), out(array.shape[:-1], "int32", array))


@op(f"{OPS}.matrix_rank")
def matrix_rank(x: Value, tol: Value = None) -> Value:
    """``ops.matrix_rank``: one number for each matrix."""
    array = tensor(x)
    return out(array.shape[:-2], "int32", array) if array is not None and array.shape is not None and len(array.shape) >= 2 else UNKNOWN


@op(f"{OPS}.view_as_complex")
def view_as_complex(x: Value) -> Value:
    """``ops.view_as_complex``: a last axis of two becomes one number."""
    array = tensor(x)
    return out(array.shape[:-1], "complex64", array) if array is not None and array.shape else UNKNOWN


@op(f"{OPS}.view_as_real")
def view_as_real(x: Value) -> Value:
    """``ops.view_as_real``: each number becomes two, in a last axis."""
    array = tensor(x)
    return out((*array.shape, 2), "float32", array) if array is not None and array.shape is not None else UNKNOWN


@op(f"{OPS}.ctc_loss")
def ctc_loss(target: Value, output: Value, target_length: Value, output_length: Value, mask_index: Value = 0) -> Value:
    """``ops.ctc_loss``: one number for each sample."""
    array = tensor(output)
    return out(array.shape[:1], "float32", array) if array is not None and array.shape else UNKNOWN
