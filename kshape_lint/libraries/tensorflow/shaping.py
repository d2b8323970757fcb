"""``tf.reshape`` and kin: the same elements under another shape, joined, cut or picked."""

from __future__ import annotations

from collections.abc import Sequence

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Poly, Shape, is_exact, same
from ...shapes.axes import axis_index, expand_dims, permute, squeeze
from ...shapes.broadcast import broadcast_optional, broadcast_to
from ...shapes.errors import (
    AxisOutOfRange,
    BadPermutation,
    BroadcastError,
    IndexOutOfBounds,
    MaskMismatch,
    RepeatedAxis,
    UnequalSplit,
)
from ...shapes.joining import concatenate, split_equally, stack
from ...shapes.reshape import plus, reshape, times
from ..api import tracing
from .common import (
    demand,
    demand_rank,
    dim_of,
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


@op("tensorflow.reshape", "tensorflow.manip.reshape")
def tf_reshape(tensor: Value, shape: Value, name: Value = None) -> Value:
    """``tf.reshape``."""
    return reshaped("tf.reshape", tensor, shape)


def reshaped(function: str, value: Value, shape: Value) -> Value:
    """Return a tensor under another shape, or refuse in `function`'s name."""
    x = tensor(value)
    target = shape_of(shape)
    if target is None:
        return out(None, x.dtype, x) if x is not None else UNKNOWN
    with refusing(function, x):
        if x is not None and x.size == 0 and 0 in target:
            # Of tensors without elements TensorFlow works out -1 in its own way.
            return out((UNKNOWN_DIM,) * len(target), x.dtype, x)
        made = reshape(None if x is None else x.shape, target)
    if x is None:
        return out(made, None)
    return out(made, x.dtype, x, data=x.data, bounds=x.bounds)


@op("tensorflow.expand_dims")
def tf_expand_dims(input: Value, axis: Value, name: Value = None) -> Value:
    """``tf.expand_dims``: one axis at a time."""
    x = tensor(input)
    if x is None:
        return UNKNOWN
    axes = wholes(axis)
    if x.shape is None or axes is None or len(axes) != 1:
        return out(None, x.dtype, x)
    with refusing("tf.expand_dims", x):
        return out(expand_dims(x.shape, axes), x.dtype, x, data=x.data, bounds=x.bounds)


@op("tensorflow.squeeze")
def tf_squeeze(input: Value, axis: Value = None, name: Value = None, squeeze_dims: Value = None) -> Value:
    """``tf.squeeze``."""
    x = tensor(input)
    axis = squeeze_dims if axis is None else axis
    if x is None:
        return UNKNOWN
    axes = None if axis is None else wholes(axis)
    if x.shape is None or (axis is not None and axes is None):
        return out(None, x.dtype, x)
    with refusing("tf.squeeze", x):
        return out(squeeze(x.shape, axes or None), x.dtype, x, data=x.data, bounds=x.bounds)


@op("tensorflow.transpose", "tensorflow.linalg.transpose_")
def tf_transpose(a: Value, perm: Value = None, conjugate: Value = False, name: Value = "transpose") -> Value:
    """``tf.transpose``."""
    x = tensor(a)
    if x is None:
        return UNKNOWN
    axes = None if perm is None else wholes(perm)
    if x.shape is None:
        return out((UNKNOWN_DIM,) * len(axes) if axes is not None else None, x.dtype, x)
    if perm is not None and axes is None:
        given = shape_of(perm)
        if given is not None and len(given) != len(x.shape):
            with refusing("tf.transpose", x):
                raise BadPermutation(given, len(x.shape))
        return out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    with refusing("tf.transpose", x):
        return out(permute(x.shape, axes), x.dtype, x, bounds=x.bounds)


@op("tensorflow.linalg.matrix_transpose")
def matrix_transpose(a: Value, name: Value = "matrix_transpose", conjugate: Value = False) -> Value:
    """``tf.linalg.matrix_transpose``: the last two axes exchanged."""
    x = tensor(a)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.linalg.matrix_transpose", x, least=2)
    return out((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, x)


@op("tensorflow.concat")
def tf_concat(values: Value, axis: Value, name: Value = "concat") -> Value:
    """``tf.concat``: all ranks equal; one tensor alone comes back as it is, whatever the axis."""
    return concatenated("tf.concat", values, axis)


def concatenated(function: str, values: Value, axis: Value) -> Value:
    """Return tensors joined along an axis."""
    parts = tensors(values)
    if not parts:
        return UNKNOWN
    known = [p for p in parts if p is not None]
    if len(parts) == 1:
        return parts[0] if parts[0] is not None else UNKNOWN
    shapes = [None if p is None else p.shape for p in parts]
    for p in known:
        demand_rank(function, p, least=1)
    at = whole(axis)
    dtype = join_dtype(*known)
    with refusing(function, *known):
        if at is None:
            _same_rank(shapes)
            first = next((s for s in shapes if s is not None), None)
            return out(None if first is None else (UNKNOWN_DIM,) * len(first), dtype, *known)
        return out(concatenate(shapes, at), dtype, *known)


def _same_rank(shapes: Sequence[Shape | None]) -> None:
    known = [s for s in shapes if s is not None]
    if known:
        blank = [None if s is None else (UNKNOWN_DIM,) * len(s) for s in shapes]
        concatenate(blank, 0)


@op("tensorflow.stack", "tensorflow.parallel_stack")
def tf_stack(values: Value, axis: Value = 0, name: Value = "stack") -> Value:
    """``tf.stack``."""
    return stacked("tf.stack", values, axis)


def stacked(function: str, values: Value, axis: Value) -> Value:
    """Return tensors joined along a new axis."""
    if isinstance(values, Array):
        if values.shape is None:
            return out(None, values.dtype, values)
        demand_rank(function, values, least=1)
        count: Dim = values.shape[0]
        parts: list[Array | None] = [Array(values.shape[1:], values.dtype, values.kind)]
    else:
        items = parts_of(values)
        if items is None:
            whole_list = tensor(values)
            if whole_list is None or whole_list.shape is None or whole(axis) != 0:
                return UNKNOWN
            return whole_list
        if not items:
            return out((0,), "float32")
        parts = [tensor(i) for i in items]
        count = len(parts)
    known = [p for p in parts if p is not None]
    at = whole(axis)
    with refusing(function, *known):
        shape = stack([None if p is None else p.shape for p in parts], 0 if at is None else at, count)
    if at is None and shape is not None:
        shape = (UNKNOWN_DIM,) * len(shape)
    data = None
    if at == 0 and len(known) == len(parts) and all(p.data is not None and p.shape == () for p in known) and count == len(known):
        data = tuple(v for p in known for v in p.data or ())
    return out(shape, join_dtype(*known), *known, data=data)


@op("tensorflow.unstack")
def tf_unstack(value: Value, num: Value = None, axis: Value = 0, name: Value = "unstack") -> Value:
    """``tf.unstack``: a list of the slices along an axis."""
    x = tensor(value)
    at = whole(axis)
    count = whole(num)
    if x is None or x.shape is None or at is None:
        return make_list([out(None, x.dtype if x else None, x)] * count) if count is not None and count <= 64 else UNKNOWN
    with refusing("tf.unstack", x):
        i = axis_index(at, len(x.shape))
        length = x.shape[i]
        if count is not None and same(length, count) is False:
            raise UnequalSplit(x.shape, count, i)
    if count is None:
        count = length if isinstance(length, int) else None
    part = out((*x.shape[:i], *x.shape[i + 1 :]), x.dtype, x, bounds=x.bounds)
    if count is None or count > 64:
        from ...interpreter.values import ListObj, Seq

        return ListObj(Seq(None, part, length if count is None else count))
    if x.data is not None and len(x.shape) == 1:
        return make_list(out((), x.dtype, x, data=(d,)) for d in x.data)
    return make_list([part] * count)


@op("tensorflow.split")
def tf_split(value: Value, num_or_size_splits: Value, axis: Value = 0, num: Value = None, name: Value = "split") -> Value:
    """``tf.split``: into equal parts, or into parts of the given sizes, of which one may be -1."""
    return make_list_of(_split("tf.split", value, num_or_size_splits, axis))


def make_list_of(parts: Sequence[Array] | None) -> Value:
    """Return a list of the program, or unknown."""
    return UNKNOWN if parts is None else make_list(parts)


def _split(function: str, value: Value, sections: Value, axis: Value) -> list[Array] | None:
    x = tensor(value)
    at = whole(axis)
    count = whole(sections) if not isinstance(sections, Array) or sections.shape == () else None
    sizes = None if count is not None else shape_of(sections)
    many = count if count is not None else None if sizes is None else len(sizes)
    if many is None or many > 1024 or many < 1:
        return None
    if x is None or x.shape is None or at is None:
        rank_only = None if x is None or x.shape is None else (UNKNOWN_DIM,) * len(x.shape)
        return [out(rank_only, x.dtype if x else None, x)] * many
    with refusing(function, x):
        i = axis_index(at, len(x.shape))
        if count is not None:
            return [out(split_equally(x.shape, count, i), x.dtype, x, bounds=x.bounds)] * count
        assert sizes is not None
        length = x.shape[i]
        open_at = [k for k, d in enumerate(sizes) if isinstance(d, int) and d == -1]
        total: Dim = 0
        for k, d in enumerate(sizes):
            if k not in open_at:
                total = plus(total, d)
        if not open_at and same(total, length) is False:
            raise UnequalSplit(x.shape, total, i)
        rest = plus(length, times(total, -1))
        if open_at and isinstance(rest, int) and rest < 0:
            raise UnequalSplit(x.shape, total, i)
        shapes = [(*x.shape[:i], rest if k in open_at else d, *x.shape[i + 1 :]) for k, d in enumerate(sizes)]
    return [out(s, x.dtype, x, bounds=x.bounds) for s in shapes]


@op("tensorflow.tile")
def tf_tile(input: Value, multiples: Value, name: Value = None) -> Value:
    """``tf.tile``: as many multiples as there are axes."""
    x = tensor(input)
    if _scalar(multiples) and x is not None:
        demand("tf.tile", x, "multiples as a list, one for each axis,")
    reps = shape_of(multiples)
    if x is None:
        return UNKNOWN
    if x.shape is None or reps is None:
        return out(None if reps is None and x.shape is None else (UNKNOWN_DIM,) * len(x.shape or reps or ()), x.dtype, x)
    if len(reps) != len(x.shape):
        demand("tf.tile", x, f"a tensor of rank {len(reps)} with {len(reps)} multiples")
    return out(tuple(times(d, r) for d, r in zip(x.shape, reps)), x.dtype, x, bounds=x.bounds)


def _scalar(value: Value) -> bool:
    return is_exact(value) or (isinstance(value, Array) and value.shape == ())


@op("tensorflow.repeat")
def tf_repeat(input: Value, repeats: Value, axis: Value = None, name: Value = None) -> Value:
    """``tf.repeat``: without an axis the tensor is flattened first."""
    x = tensor(input)
    if x is None:
        return UNKNOWN
    if x.shape is None:
        return out((UNKNOWN_DIM,) if axis is None else None, x.dtype, x)
    if axis is None:
        shape: Shape = (x.size if is_exact(x.size) else _open_size(x.shape),)
        at: int | None = 0
    else:
        shape, at = x.shape, whole(axis)
    if at is None:
        return out((UNKNOWN_DIM,) * len(shape), x.dtype, x)
    with refusing("tf.repeat", x):
        i = axis_index(at, len(shape))
    times_each = tensor(repeats)
    counts = None if times_each is None else times_each.data
    length: Dim = UNKNOWN_DIM
    if counts is not None and len(counts) == 1:
        length = times(shape[i], dim_of(counts[0]))
    elif times_each is not None and times_each.shape is not None and len(times_each.shape) == 1:
        many = times_each.shape[0]
        with refusing("tf.repeat", x, times_each):
            if same(many, shape[i]) is False and same(many, 1) is False:
                raise BroadcastError((many,), (shape[i],), -1)
        if counts is not None:
            length = 0
            for c in counts:
                length = plus(length, dim_of(c))
    return out((*shape[:i], length, *shape[i + 1 :]), x.dtype, x, bounds=x.bounds)


def _open_size(shape: Shape) -> Dim:
    return None if any(d is None for d in shape) and UNKNOWN_DIM not in shape else UNKNOWN_DIM


@op("tensorflow.pad")
def tf_pad(tensor: Value, paddings: Value, mode: Value = "CONSTANT", constant_values: Value = 0, name: Value = None) -> Value:
    """``tf.pad``: a row (before, after) for every axis."""
    return padded("tf.pad", tensor, paddings)


def padded(function: str, value: Value, paddings: Value) -> Value:
    """Return a tensor with elements added before and after along each axis."""
    x = tensor(value)
    rows = tensor(paddings)
    if x is None:
        return UNKNOWN
    if rows is None or rows.shape is None or x.shape is None or len(rows.shape) != 2:
        return out(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    if same(rows.shape[0], len(x.shape)) is False:
        demand(function, x, f"a tensor of rank {rows.shape[0]!r} with {rows.shape[0]!r} rows of paddings")
    if rows.data is None or len(rows.data) != 2 * len(x.shape):
        return out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    pairs = [dim_of(v) for v in rows.data]
    return out(tuple(plus(plus(d, pairs[2 * i]), pairs[2 * i + 1]) for i, d in enumerate(x.shape)), x.dtype, x)


@op("tensorflow.gather")
def tf_gather(
    params: Value, indices: Value, validate_indices: Value = None, axis: Value = None, batch_dims: Value = 0, name: Value = None
) -> Value:
    """``tf.gather``: whole slices along an axis, picked by number."""
    x, picks = tensor(params), tensor(indices)
    if x is None:
        return UNKNOWN
    batch = whole(batch_dims)
    at = batch if axis is None else whole(axis)
    if x.shape is None or picks is None or picks.shape is None or at is None or batch is None:
        return out(None, x.dtype, x, picks)
    demand_rank("tf.gather", x, least=1)
    with refusing("tf.gather", x, picks):
        i = axis_index(at, len(x.shape))
        if batch < 0:
            batch += len(picks.shape)
        if not 0 <= batch <= i:
            return out(None, x.dtype, x, picks)
        for a, b in zip(x.shape[:batch], picks.shape[:batch]):
            if same(a, b) is False:
                raise BroadcastError(x.shape[:batch], picks.shape[:batch], -1)
        length = x.shape[i]
        # What a traced function makes and leaves unused is never run.
        if isinstance(length, int) and picks.bounds is not None and x.kind != "keras" and not tracing():
            low, high = picks.bounds
            if low < 0 or high >= length:
                raise IndexOutOfBounds(int(low) if low < 0 else int(high), length, i, x.shape)
    return out((*x.shape[:i], *picks.shape[batch:], *x.shape[i + 1 :]), x.dtype, x, picks, bounds=x.bounds)


@op("tensorflow.gather_nd")
def tf_gather_nd(params: Value, indices: Value, batch_dims: Value = 0, name: Value = None, bad_indices_policy: Value = "") -> Value:
    """``tf.gather_nd``: each innermost row of the indices picks one slice."""
    x, picks = tensor(params), tensor(indices)
    batch = whole(batch_dims)
    if x is None or x.shape is None or picks is None or not picks.shape or batch is None:
        return out(None, x.dtype, x, picks) if x is not None else UNKNOWN
    depth = picks.shape[-1]
    if not isinstance(depth, int):
        return out(None, x.dtype, x, picks)
    with refusing("tf.gather_nd", x, picks):
        if depth + batch > len(x.shape):
            from ...shapes.errors import TooManyIndices

            raise TooManyIndices(x.shape, depth + batch)
    return out((*picks.shape[:-1], *x.shape[batch + depth :]), x.dtype, x, picks, bounds=x.bounds)


@op("tensorflow.boolean_mask")
def tf_boolean_mask(tensor: Value, mask: Value, axis: Value = None, name: Value = "boolean_mask") -> Value:
    """``tf.boolean_mask``."""
    return masked("tf.boolean_mask", tensor, mask, axis)


def masked(function: str, value: Value, mask: Value, axis: Value) -> Value:
    """Return the elements where a mask is true: its axes become one of unknown length."""
    x, m = tensor(value), tensor(mask)
    at = 0 if axis is None else whole(axis)
    if x is None:
        return UNKNOWN
    if x.shape is None or m is None or m.shape is None or at is None:
        return out(None, x.dtype, x)
    demand_rank(function, m, least=1)
    with refusing(function, x, m):
        if at < 0:
            at += len(x.shape)
        if not 0 <= at < max(len(x.shape), 1):
            raise AxisOutOfRange(at, len(x.shape))
        for k, d in enumerate(m.shape):
            if at + k >= len(x.shape):
                from ...shapes.errors import TooManyIndices

                raise TooManyIndices(x.shape, at + len(m.shape))
            if same(d, x.shape[at + k]) is False:
                raise MaskMismatch(x.shape, m.shape, at + k, k)
    count: Dim = sum(map(bool, m.data)) if m.data is not None and all(isinstance(v, bool) for v in m.data) else None
    return out((*x.shape[:at], count, *x.shape[at + len(m.shape) :]), x.dtype, x, m, bounds=x.bounds)


@op("tensorflow.slice")
def tf_slice(input_: Value, begin: Value, size: Value, name: Value = None) -> Value:
    """``tf.slice``: `size` elements from `begin` on, -1 for all that is left."""
    x = tensor(input_)
    begins, sizes = shape_of(begin), shape_of(size)
    if x is None:
        return UNKNOWN
    if x.shape is None or begins is None or sizes is None:
        return out(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
    for given in (begins, sizes):
        if len(given) != len(x.shape):
            demand("tf.slice", x, f"a tensor of rank {len(given)} with begin and size of length {len(given)}")
    with refusing("tf.slice", x):
        shape: list[Dim] = []
        for i, (d, b, s) in enumerate(zip(x.shape, begins, sizes)):
            if isinstance(s, int) and s == -1:
                shape.append(plus(d, times(b, -1)) if is_exact(b) else UNKNOWN_DIM)
                continue
            if isinstance(d, int) and isinstance(b, int) and isinstance(s, int) and (b < 0 or b > d or b + s > d):
                raise IndexOutOfBounds(b + s, d, i, x.shape)
            shape.append(s)
    return out(tuple(shape), x.dtype, x, bounds=x.bounds)


@op("tensorflow.strided_slice")
def strided_slice(
    input_: Value,
    begin: Value,
    end: Value,
    strides: Value = None,
    begin_mask: Value = 0,
    end_mask: Value = 0,
    ellipsis_mask: Value = 0,
    new_axis_mask: Value = 0,
    shrink_axis_mask: Value = 0,
    var: Value = None,
    name: Value = None,
) -> Value:
    """``tf.strided_slice``, without masks."""
    x = tensor(input_)
    begins, ends = shape_of(begin), shape_of(end)
    steps = None if strides is None else shape_of(strides)
    plain = all(m == 0 for m in (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask))
    if x is None or x.shape is None or begins is None or ends is None or not plain or len(begins) != len(ends):
        return out(None, x.dtype, x) if x is not None else UNKNOWN
    from ...shapes.indexing import Span, index_shape

    spans = [Span(b, e, steps[i] if steps else None) for i, (b, e) in enumerate(zip(begins, ends))]
    with refusing("tf.strided_slice", x):
        return out(index_shape(x.shape, spans), x.dtype, x)


@op("tensorflow.broadcast_to")
def tf_broadcast_to(input: Value, shape: Value, name: Value = None) -> Value:
    """``tf.broadcast_to``."""
    x, target = tensor(input), shape_of(shape)
    if target is None:
        return out(None, x.dtype, x) if x is not None else UNKNOWN
    if x is None or x.shape is None:
        return out(target, x.dtype if x else None, x)
    with refusing("tf.broadcast_to", x):
        return out(broadcast_to(x.shape, target), x.dtype, x, bounds=x.bounds)


@op("tensorflow.reverse")
def tf_reverse(tensor: Value, axis: Value, name: Value = None) -> Value:
    """``tf.reverse``."""
    return _along_axes("tf.reverse", tensor, axis)


@op("tensorflow.roll")
def tf_roll(input: Value, shift: Value, axis: Value, name: Value = None) -> Value:
    """``tf.roll``."""
    return _along_axes("tf.roll", input, axis, repeated=True)


def _along_axes(function: str, value: Value, axis: Value, repeated: bool = False) -> Value:
    x = tensor(value)
    if x is None:
        return UNKNOWN
    axes = wholes(axis)
    if x.shape is not None and axes is not None:
        with refusing(function, x):
            seen = [axis_index(a, len(x.shape)) for a in axes]
            if not repeated and len(set(seen)) < len(seen):
                raise RepeatedAxis(seen[0], len(x.shape))
    return out(x.shape, x.dtype, x, bounds=x.bounds)


@op("tensorflow.reverse_sequence")
def reverse_sequence(input: Value, seq_lengths: Value, seq_axis: Value = None, batch_axis: Value = None, name: Value = None) -> Value:
    """``tf.reverse_sequence``."""
    x = tensor(input)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.where")
def tf_where(condition: Value, x: Value = None, y: Value = None, name: Value = None) -> Value:
    """``tf.where``: with one argument the places that are true, one a row."""
    return chosen("tf.where", condition, x, y)


def chosen(function: str, condition: Value, x: Value, y: Value) -> Value:
    """Return `x` where the condition is true, else `y`, all three broadcast."""
    c = tensor(condition)
    if x is None and y is None:
        if c is None:
            return UNKNOWN
        return out(None if c.shape is None else (None, len(c.shape)), "int64", c)
    a, b = tensor(x), tensor(y)
    known = [v for v in (c, a, b) if v is not None]
    with refusing(function, *known):
        shape = broadcast_optional(*(None if v is None else v.shape for v in (c, a, b)))
    return out(shape, join_dtype(*(v for v in (a, b) if v is not None)), *known)


@op("tensorflow.meshgrid")
def tf_meshgrid(*args: Value, indexing: Value = "xy", name: Value = None) -> Value:
    """``tf.meshgrid``."""
    lengths: list[Dim] = []
    arrays = [tensor(a) for a in args]
    for a in arrays:
        lengths.append(
            a.shape[0]
            if a is not None and a.shape is not None and len(a.shape) == 1
            else 1
            if a is not None and a.shape == ()
            else UNKNOWN_DIM
        )
    if indexing == "xy" and len(lengths) > 1:
        lengths[0], lengths[1] = lengths[1], lengths[0]
    elif indexing not in ("xy", "ij"):
        lengths = [UNKNOWN_DIM] * len(lengths)
    return make_list(out(tuple(lengths), a.dtype if a else None, *arrays) for a in arrays)


@op("tensorflow.ensure_shape")
def ensure_shape(x: Value, shape: Value, name: Value = None) -> Value:
    """``tf.ensure_shape``: the tensor must have this shape, None meaning any length."""
    return ensured("tf.ensure_shape", x, shape)


def ensured(function: str, x: Value, shape: Value) -> Value:
    """Return a tensor with what a stated shape adds to what is known of it, or refuse where they contradict."""
    array, stated = tensor(x), shape_of(shape)
    if array is None:
        return out(stated, None) if stated is not None else UNKNOWN
    if stated is None:
        return array
    if array.shape is None:
        return out(stated, array.dtype, array)
    from .refusals import contradiction

    if len(stated) != len(array.shape) or any(same(a, b) is False for a, b in zip(stated, array.shape)):
        contradiction(function, array, stated)
    shape_now = tuple(b if isinstance(b, (int, Poly)) else a if a is not None else b for a, b in zip(stated, array.shape))
    return out(shape_now, array.dtype, array, data=array.data, bounds=array.bounds)


@op("tensorflow.dynamic_partition")
def dynamic_partition(data: Value, partitions: Value, num_partitions: Value, name: Value = None) -> Value:
    """``tf.dynamic_partition``: a list of parts of unknown length."""
    x, p, n = tensor(data), tensor(partitions), whole(num_partitions)
    if x is None or n is None or n > 64:
        return UNKNOWN
    shape = None if x.shape is None or p is None or p.shape is None else (None, *x.shape[len(p.shape) :])
    return make_list([out(shape, x.dtype, x)] * n)


@op("tensorflow.unique")
def tf_unique(x: Value, out_idx: Value = None, name: Value = None) -> Value:
    """``tf.unique``: the values, and for each element the place of its value."""
    array = tensor(x)
    if array is None:
        return (UNKNOWN, UNKNOWN)
    return (out((None,), array.dtype, array), out(array.shape, "int32", array))


@op("tensorflow.unique_with_counts")
def unique_with_counts(x: Value, out_idx: Value = None, name: Value = None) -> Value:
    """``tf.unique_with_counts``."""
    array = tensor(x)
    if array is None:
        return (UNKNOWN, UNKNOWN, UNKNOWN)
    return (out((None,), array.dtype, array), out(array.shape, "int32", array), out((None,), "int32", array))


@op("tensorflow.tensor_scatter_nd_update", "tensorflow.tensor_scatter_nd_add", "tensorflow.tensor_scatter_nd_sub",
        "tensorflow.tensor_scatter_nd_max", "tensorflow.tensor_scatter_nd_min")  # fmt: skip
def tensor_scatter(tensor: Value, indices: Value, updates: Value, name: Value = None) -> Value:
    """``tf.tensor_scatter_nd_update`` and kin: the tensor with some elements changed."""
    return _alike(tensor)


def _alike(value: Value) -> Value:
    x = tensor(value)
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.scatter_nd")
def scatter_nd(indices: Value, updates: Value, shape: Value, name: Value = None) -> Value:
    """``tf.scatter_nd``."""
    u = tensor(updates)
    return out(shape_of(shape), u.dtype if u else None, u)


@op("tensorflow.space_to_batch", "tensorflow.batch_to_space")
def space_to_batch(*args: Value, **kwargs: Value) -> Value:
    """``tf.space_to_batch``: rank kept, lengths not worked out."""
    x = tensor(args[0]) if args else None
    return UNKNOWN if x is None or x.shape is None else out((UNKNOWN_DIM,) * len(x.shape), x.dtype, x)
