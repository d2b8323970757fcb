"""``keras.ops`` that change shapes, join, pick and order."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, same
from ...shapes.axes import axis_index, expand_dims, permute
from ...shapes.joining import split_at, split_equally
from ..tensorflow import nn as tf_nn
from ..tensorflow import pipelines as _pipelines  # noqa: F401 - keras.ops is at home where tensors are
from ..tensorflow.common import (
    dim_of,
    join_dtype,
    make_list,
    op,
    out,
    refusing,
    shape_of,
    tensor,
    tensors,
    whole,
    wholes,
)
from ..tensorflow.math import elementwise, reduced
from ..tensorflow.shaping import chosen, concatenated, reshaped, stacked
from ..tensorflow.tensors import getitem
from .ops_making import OPS


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
    """``ops.sort`` and ``ops.argsort``, which takes a number too."""
    if isinstance(x, Array) and x.shape == ():
        return UNKNOWN
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
