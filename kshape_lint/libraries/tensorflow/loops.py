"""``tf.scan`` and kin: functions that TensorFlow calls in turn, and one of several ways."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, DictObj, Value
from ..api import call, host, models
from .common import make_list, merge_arrays, nested, parts_of, tensor, whole
from .control import over_slices, stacked_slices


@models("tensorflow.scan")
def scan(
    fn: Value,
    elems: Value,
    initializer: Value = None,
    parallel_iterations: Value = 10,
    back_prop: Value = True,
    swap_memory: Value = False,
    infer_shape: Value = True,
    reverse: Value = False,
    name: Value = None,
) -> Value:
    """``tf.scan``: what is carried after each slice along the first axis, stacked."""
    carried, length = _carried(fn, elems, initializer)
    return stacked_slices(carried, length)


@models("tensorflow.foldl", "tensorflow.foldr")
def fold(fn: Value, elems: Value, initializer: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.foldl``: what is carried after the last slice along the first axis."""
    return _carried(fn, elems, initializer)[0]


def _carried(fn: Value, elems: Value, initializer: Value) -> tuple[Value, Value]:
    """Return what a function of what is carried and of a slice makes of it in one turn, and how many slices there are."""
    slices, length = over_slices(elems)
    if slices is None or length == 0:
        return UNKNOWN, length
    start = slices if initializer is None else nested(initializer, lambda leaf: tensor(leaf) or UNKNOWN)
    if initializer is None and length == 1:
        return start, length  # the function is not called
    return call(fn, start, slices), length


@models("tensorflow.while_loop")
def while_loop(cond: Value, body: Value, loop_vars: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.while_loop``: what goes round keeps its shape where one turn that is certainly made keeps it."""
    start = nested(loop_vars, lambda leaf: tensor(leaf) or UNKNOWN)
    before = parts_of(start)
    if before is None or host().truth(call(cond, *before)) is not True:
        return UNKNOWN
    after = call(body, *before)
    once = parts_of(after) if parts_of(after) is not None else (after,)
    if once is None or len(once) != len(before):
        return UNKNOWN
    same = [_kept(a, b) for a, b in zip(before, once)]
    return tuple(same) if isinstance(loop_vars, tuple) else make_list(same)


def _kept(before: Value, after: Value) -> Value:
    a, b = tensor(before), tensor(after)
    if a is None or b is None or a.shape is None or a.shape != b.shape:
        return UNKNOWN
    return Array(a.shape, a.dtype, "keras" if "keras" in (a.kind, b.kind) else "tensor")


@models("tensorflow.case")
def case(pred_fn_pairs: Value, default: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``tf.case``: what all the ways have in common."""
    pairs = [parts_of(p) for p in parts_of(pred_fn_pairs) or ()]
    if not pairs or default is None or any(p is None or len(p) != 2 for p in pairs):
        return UNKNOWN
    return _in_common([*(p[1] for p in pairs if p is not None), default])


@models("tensorflow.switch_case")
def switch_case(branch_index: Value, branch_fns: Value, default: Value = None, name: Value = None) -> Value:
    """``tf.switch_case``: one of several functions, the last or `default` where the number is beyond them."""
    ways: tuple[Value, ...] | None
    if isinstance(branch_fns, DictObj):
        ways = tuple(branch_fns.state.values()) if isinstance(branch_fns.state, dict) else None
    else:
        ways = parts_of(branch_fns)
    if not ways or any(isinstance(w, tuple) for w in ways):
        return UNKNOWN
    at = whole(branch_index)
    if at is not None and not isinstance(branch_fns, DictObj):
        last = ways[-1] if default is None else default
        return call(ways[at] if 0 <= at < len(ways) else last)
    return _in_common([*ways, *(() if default is None else (default,))])


def _in_common(ways: list[Value]) -> Value:
    merged = merge_arrays([tensor(call(way)) for way in ways])
    return UNKNOWN if merged is None else merged
