"""``keras.ops``: axes rearranged by a pattern, columns folded back into images, other views of the same bytes, values that differ."""

from __future__ import annotations

import re
from math import prod

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape, divide_exactly
from ...shapes.axes import axis_index
from ...shapes.reshape import times
from ..tensorflow.common import demand_rank, dtype_of, op, out, parts_of, refusing, shape_of, whole
from ..tensorflow.common import tensor as tensor_of
from .ops_making import OPS


@op(f"{OPS}.rearrange")
def rearrange(tensor: Value, pattern: Value, **axes_lengths: Value) -> Value:
    """``ops.rearrange``: axes named, taken apart, put in another order and together again, as in einops."""
    array = tensor_of(tensor)
    if array is None or array.shape is None or not isinstance(pattern, str) or pattern.count("->") != 1:
        return UNKNOWN
    before, after = (re.findall(r"\(.*?\)|\w+", side) for side in pattern.split("->"))
    if array.kind == "keras" and None in array.shape:
        return out(None, array.dtype, array)  # Keras 3.15 multiplies by the None
    if len(before) != len(array.shape) or re.search(r"[^\w\s()>-]", pattern):
        return out(None, array.dtype, array)
    lengths: dict[str, Dim] = {}
    for group, length in zip(before, array.shape):
        names = re.findall(r"\w+", group)
        told = {n: whole(axes_lengths[n]) for n in names if n in axes_lengths}
        open_ = [n for n in names if n not in told]
        known = [n for n in told.values() if n is not None and n > 0]
        if len(open_) > 1 or len(known) < len(told):
            return out(None, array.dtype, array)
        lengths.update(told)
        if open_:
            rest = length if not known else None if length is None else divide_exactly(length, prod(known))
            lengths[open_[0]] = UNKNOWN_DIM if rest is None and length is not None else rest
    if sorted(re.findall(r"\w+", " ".join(after))) != sorted(lengths):
        return out(None, array.dtype, array)
    return out(tuple(_together(lengths, re.findall(r"\w+", group)) for group in after), array.dtype, array)


def _together(lengths: dict[str, Dim], names: list[str]) -> Dim:
    made: Dim = 1
    for name in names:
        made = times(made, lengths[name])
    return made


@op(f"{OPS}.fold")
def fold(x: Value, output_size: Value, kernel_size: Value, dilation: Value = 1, padding: Value = 0, stride: Value = 1) -> Value:
    """``ops.fold``: columns of windows laid back into images whose channels come first."""
    array, size, window = tensor_of(x), shape_of(output_size), shape_of(kernel_size)
    demand_rank("ops.fold", array, exactly=(3,))
    if array is None or array.shape is None or size is None or window is None:
        return UNKNOWN
    size, window = (s * 2 if len(s) == 1 else s for s in (size, window))
    area = times(window[0], window[1]) if len(window) == 2 else UNKNOWN_DIM
    channels = divide_exactly(array.shape[1], area) if isinstance(area, int) and array.shape[1] is not None else None
    return out((array.shape[0], UNKNOWN_DIM if channels is None else channels, *size), array.dtype, array)


_BYTES = {"8": 1, "16": 2, "32": 4, "64": 8}


def _bytes(dtype: str | None) -> int | None:
    if dtype == "bool":
        return 1
    found = re.fullmatch(r"(?:u?int|float|bfloat)(8|16|32|64)", dtype or "")
    return _BYTES[found[1]] if found else None


@op(f"{OPS}.view")
def view(x: Value, dtype: Value = None) -> Value:
    """``ops.view``: the same bytes read as another dtype, which stretches or shortens the last axis."""
    array = tensor_of(x)
    if array is None or array.shape is None:
        return UNKNOWN
    named = array.dtype if dtype is None else dtype_of(dtype)
    old, new = _bytes(array.dtype), _bytes(named)
    if old is None or new is None or not array.shape:
        return out(array.shape if old == new and old is not None else None, named, array)
    last: Dim = array.shape[-1]
    if old != new and last is not None:
        made = divide_exactly(times(last, old), new)
        last = UNKNOWN_DIM if made is None else made
    return out((*array.shape[:-1], last), named, array)


@op(f"{OPS}.unique")
def unique(
    x: Value,
    sorted: Value = True,
    return_index: Value = False,
    return_inverse: Value = False,
    return_counts: Value = False,
    axis: Value = None,
    size: Value = None,
    fill_value: Value = None,
) -> Value:
    """``ops.unique``: how many values differ is not known, unless their number is given."""
    array, asked = tensor_of(x), [return_index, return_inverse, return_counts]
    at = whole(axis)
    if array is None or array.shape is None or not all(isinstance(a, bool) for a in asked) or (axis is not None and at is None):
        return UNKNOWN
    given = None if size is None else whole(size)
    count: Dim = given if given is not None else None if size is None and array.kind == "keras" else UNKNOWN_DIM
    values: Shape = (count,)
    inverse: Shape | None = array.shape
    if at is not None:
        with refusing("ops.unique", array):
            i = axis_index(at, len(array.shape))
        values, inverse = (*array.shape[:i], count, *array.shape[i + 1 :]), (array.shape[i],)
    made = [out(values, array.dtype, array)]
    for wanted, shape in zip(asked, ((count,), inverse, (count,))):
        if wanted:
            made.append(out(shape, "int32", array))
    return tuple(made) if len(made) > 1 else made[0]


@op(f"{OPS}.ctc_decode")
def ctc_decode(
    inputs: Value,
    sequence_lengths: Value,
    strategy: Value = "greedy",
    beam_width: Value = 100,
    top_paths: Value = 1,
    merge_repeated: Value = True,
    mask_index: Value = 0,
) -> Value:
    """``ops.ctc_decode``: as many paths as asked for, each as long as the sequence; and how likely they are."""
    array, paths = tensor_of(inputs), whole(top_paths)
    demand_rank("ops.ctc_decode", array, exactly=(3,))
    if array is None or array.shape is None or strategy not in ("greedy", "beam_search"):
        return UNKNOWN
    count: Dim = 1 if strategy == "greedy" else UNKNOWN_DIM if paths is None else paths
    batch, steps = array.shape[:2]
    return (out((count, batch, steps), "int32", array), out((batch, count), "float32", array))


@op(f"{OPS}.adaptive_average_pool", f"{OPS}.adaptive_max_pool")
def adaptive_pool(inputs: Value, output_size: Value, data_format: Value = None) -> Value:
    """``ops.adaptive_average_pool`` and its kin, on tensors: Keras 3.15 takes the sizes of symbolic ones, and NumPy's arrays, otherwise."""
    array = tensor_of(inputs)
    if array is None or array.shape is None or array.kind != "tensor" or not 3 <= len(array.shape) <= 5:
        return UNKNOWN
    rank = len(array.shape) - 2
    sizes = shape_of(output_size) if not isinstance(output_size, Array) else None
    if sizes is None or len(sizes) not in (1, rank) or (len(sizes) == 1 and parts_of(output_size) is not None and rank > 1):
        return UNKNOWN
    sizes = sizes * rank if len(sizes) == 1 else sizes
    if data_format == "channels_first":
        return out((*array.shape[:2], *sizes), array.dtype, array)
    return out((array.shape[0], *sizes, array.shape[-1]), array.dtype, array) if data_format in (None, "channels_last") else UNKNOWN
