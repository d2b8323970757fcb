"""``keras.backend`` of Keras 2: steps through time, one of two ways, convolutions without shared weights."""

from __future__ import annotations

from math import prod

from ...interpreter.frames import BoundMethod, Function
from ...interpreter.values import UNKNOWN, Array, Builtin, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape
from ...shapes.broadcast import broadcast
from ...shapes.errors import BroadcastError
from ..api import call, models
from ..tensorflow.common import make_list, merge_arrays, op, out, parts_of, shape_of, tensor, whole
from ..tensorflow.loops import fold
from ..tensorflow.shaping import chosen

K = "keras.backend"


@op(f"{K}.rnn")
def rnn(
    step_function: Value,
    inputs: Value,
    initial_states: Value,
    go_backwards: Value = False,
    mask: Value = None,
    constants: Value = None,
    unroll: Value = False,
    input_length: Value = None,
    time_major: Value = False,
    zero_output_for_mask: Value = False,
    return_all_outputs: Value = True,
) -> Value:
    """``K.rnn``: the last output, all outputs along time, the last states."""
    x, states = tensor(inputs) if isinstance(inputs, Array) else None, parts_of(initial_states)
    kept = () if constants is None else parts_of(constants)
    if x is None or x.shape is None or len(x.shape) < 3 or states is None or kept is None or time_major not in (True, False):
        return (UNKNOWN, UNKNOWN, UNKNOWN)
    first, second = x.shape[:2]
    batch, steps = (second, first) if time_major else (first, second)
    given = parts_of(call(step_function, out((batch, *x.shape[2:]), x.dtype, x), make_list((*states, *kept))))
    if given is None or len(given) != 2:
        return (UNKNOWN, UNKNOWN, UNKNOWN)
    last = tensor(given[0])
    if last is None or not last.shape:
        return (UNKNOWN, UNKNOWN, given[1])
    shown: Dim = steps if return_all_outputs is True else 1 if return_all_outputs is False else UNKNOWN_DIM
    along = (shown, last.shape[0]) if time_major else (last.shape[0], shown)
    return (last, out((*along, *last.shape[1:]), last.dtype, last), given[1])


@op(f"{K}.switch")
def switch(condition: Value, then_expression: Value, else_expression: Value) -> Value:
    """``K.switch``: one of two, as a whole where the condition is one number, else row by row or element by element."""
    c = tensor(condition)
    a, b = (tensor(call(e) if isinstance(e, (Function, BoundMethod, Builtin)) else e) for e in (then_expression, else_expression))
    if a is None or b is None or c is None or c.shape is None:
        return UNKNOWN
    if not c.shape:
        merged = merge_arrays([a, b])
        return UNKNOWN if merged is None else merged
    if len(c.shape) == 1:
        return chosen("K.switch", c, a, b)
    try:
        shape: Shape | None = None if a.shape is None or b.shape is None else broadcast(a.shape, b.shape)
    except BroadcastError:
        return UNKNOWN
    return out(shape, a.dtype, a, b, c)


@op(f"{K}.foldl", f"{K}.foldr")
def backend_fold(fn: Value, elems: Value, initializer: Value = None, name: Value = None) -> Value:
    """``K.foldl``."""
    return fold(fn, elems, initializer)


@op(f"{K}.local_conv1d")
def local_conv1d(inputs: Value, kernel: Value, kernel_size: Value, strides: Value, data_format: Value = None) -> Value:
    """``K.local_conv1d``: the kernel holds a matrix for each place of the output."""
    x, w = tensor(inputs), tensor(kernel)
    if x is None or not x.shape or w is None or w.shape is None or len(w.shape) != 3 or len(x.shape) != 3:
        return UNKNOWN
    return _laid(x, (w.shape[0],), w.shape[2], data_format)


@op(f"{K}.local_conv2d")
def local_conv2d(inputs: Value, kernel: Value, kernel_size: Value, strides: Value, output_shape: Value, data_format: Value = None) -> Value:
    """``K.local_conv2d``: the size of the output is stated."""
    x, w, sides = tensor(inputs), tensor(kernel), shape_of(output_shape)
    if x is None or not x.shape or w is None or w.shape is None or len(w.shape) != 3 or len(x.shape) != 4 or sides is None:
        return UNKNOWN
    return _laid(x, sides, w.shape[2], data_format) if len(sides) == 2 else UNKNOWN


def _laid(x: Array, sides: Shape, filters: Dim, data_format: Value) -> Value:
    if data_format not in (None, "channels_last", "channels_first") or not x.shape:
        return UNKNOWN
    first = data_format == "channels_first"
    return out((x.shape[0], filters, *sides) if first else (x.shape[0], *sides, filters), x.dtype, x)


@models(f"{K}.count_params")
def count_params(x: Value) -> Value:
    """``K.count_params``: how many numbers there are."""
    array = tensor(x)
    known = [d for d in (array.shape or ()) if isinstance(d, int)] if array is not None and array.shape is not None else None
    return prod(known) if known is not None and array is not None and len(known) == len(array.shape or ()) else UNKNOWN


@op(f"{K}.normalize_batch_in_training")
def normalize_batch_in_training(x: Value, gamma: Value, beta: Value, reduction_axes: Value, epsilon: Value = 1e-3) -> Value:
    """``K.normalize_batch_in_training``: the batch normalized, its mean and its variance."""
    array = tensor(x)
    axes = [whole(a) for a in parts_of(reduction_axes) or ()]
    if array is None or array.shape is None or not axes or None in axes:
        return (UNKNOWN, UNKNOWN, UNKNOWN)
    left = tuple(d for i, d in enumerate(array.shape) if i not in axes and i - len(array.shape) not in axes)
    return (out(array.shape, array.dtype, array), out(left, array.dtype, array), out(left, array.dtype, array))
