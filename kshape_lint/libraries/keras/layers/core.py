"""Core layers: Dense, Embedding, EinsumDense, Lambda, Masking, Identity."""

from __future__ import annotations

import re

from ....interpreter.values import Array, DictObj, ListObj, Seq, Unknown, Value
from ....rules.contract import IndexRange
from ....rules.layers import LayerRank, MergeShapes, UndefinedDimension, WeightShapes
from ....shapes import UNKNOWN_DIM, Dim, Shape, is_exact, same, show_shape
from ...api import Mismatch, as_dim, call, host, items, keras_major, tracing
from ..engine_graph import Extremes, any_symbolic
from ..losses import extremes_of
from ..objects import constructor, layer
from .common import array_of, label, output, positive, refuse, show, want_defined, want_rank


@constructor("keras.layers.Dense")
def dense_arguments(*, units: Value) -> None:
    """Check ``units``; Keras 2 takes what ``int`` takes."""
    if keras_major() == 3:
        positive("Dense", "units", units)
    elif units is None:
        raise refuse("Dense", "`units` must be a whole number, got None")
    elif isinstance(units, int) and units < 0:
        raise refuse("Dense", f"`units` must not be negative, got {units}")


@layer("keras.layers.Dense")
def dense(inputs: Value, *, units: Value, self: Value = None) -> Array:
    """Multiply the last axis into `units`."""
    x = array_of(inputs)
    if x.shape is None or not x.shape:
        return output(x, None)
    want_defined(self, x, -1)
    return output(x, (*x.shape[:-1], _whole(units)))


def _whole(value: Value) -> Dim:
    if isinstance(value, float):
        return int(value)
    d = as_dim(value)
    return UNKNOWN_DIM if d is None else d


@constructor("keras.layers.Embedding", "keras.layers.ReversibleEmbedding")
def embedding_arguments(
    *, input_dim: Value, output_dim: Value, weights: Value = None, sparse: Value = False, mask_zero: Value = False
) -> None:
    """Check the table's size, and that the weights given have it."""
    if sparse is True and mask_zero is True:
        raise refuse("Embedding", "`mask_zero` cannot be given where `sparse` is")
    strict = keras_major() == 3
    positive("Embedding", "input_dim", input_dim, strict=strict)
    positive("Embedding", "output_dim", output_dim, strict=strict)
    given = items(weights) if isinstance(weights, (tuple, ListObj)) else (weights,)
    if given is not None and len(given) == 1 and isinstance(given[0], Array):
        table = given[0]
        wanted = (as_dim(input_dim), as_dim(output_dim))
        if strict and table.shape is not None and _differ(table.shape, wanted):
            reason = f"holds a table of {show_shape(wanted)}, its weights are {show_shape(table.shape)}"
            raise Mismatch(WeightShapes("Embedding", reason), table)


def _differ(a: Shape, b: Shape) -> bool:
    return len(a) != len(b) or any(same(x, y) is False for x, y in zip(a, b))


@layer("keras.layers.Embedding")
def embedding(inputs: Value, *, input_dim: Value, output_dim: Value, self: Value = None) -> Array:
    """Give every index a vector: one more axis."""
    for name, size in (("input_dim", input_dim), ("output_dim", output_dim)):
        if isinstance(size, float):
            raise refuse(self, f"`{name}` must be a whole number, got {size!r}", "`/` makes a float; `//` keeps whole numbers")
    x = array_of(inputs)
    _refuse_indices(x, input_dim)
    return output(x, None if x.shape is None else (*x.shape, _whole(output_dim)))


def _refuse_indices(x: Array, size: Value) -> None:
    """Raise where an index lies certainly outside the table; Keras 3 counts negative ones from the end."""
    if not isinstance(size, int) or x.kind not in ("numpy", "tensor"):
        return
    found = x.history if type(x.history) is Extremes else extremes_of(x) if x.data is not None else None
    if found is not None and (found.reach(size) or (found.negative and keras_major() < 3)) and not tracing():
        raise Mismatch(IndexRange(found.low, found.high, size), x)


@layer("keras.layers.ReversibleEmbedding")
def reversible_embedding(inputs: Value, *, input_dim: Value, output_dim: Value, reverse: Value = False) -> Array:
    """Embed, or project back onto the vocabulary."""
    x = array_of(inputs)
    if x.shape is None or reverse not in (True, False):
        return output(x, None)
    if reverse:
        return output(x, (*x.shape[:-1], _whole(input_dim)) if x.shape else None)
    return output(x, (*x.shape, _whole(output_dim)))


@constructor("keras.layers.experimental.RandomFourierFeatures")
def fourier_arguments(*, output_dim: Value) -> None:
    """Check ``output_dim``."""
    positive("RandomFourierFeatures", "output_dim", output_dim, strict=False)


@layer("keras.layers.experimental.RandomFourierFeatures")
def fourier(inputs: Value, *, output_dim: Value, self: Value = None) -> Array:
    """Map rows of features to `output_dim` features by chance."""
    x = array_of(inputs)
    if not want_rank(self, x, 2):
        return output(x, None)
    assert x.shape is not None
    want_defined(self, x, 1)
    return output(x, (x.shape[0], _whole(output_dim)))


@layer("keras.layers.Masking", "keras.layers.Identity", "keras.layers.ActivityRegularization")
def unchanged(inputs: Value) -> Value:
    """Leave the shape as it is."""
    if not isinstance(inputs, Array):
        return array_of(inputs)
    return output(inputs, inputs.shape, inputs.dtype)


@layer("keras.layers.Lambda")
def lambda_(inputs: Value, *, function: Value, output_shape: Value = None, arguments: Value = None) -> Value:
    """Call the program's function; for symbolic inputs Keras 3 takes the ``output_shape`` that is given, without calling."""
    parts = items(inputs) if isinstance(inputs, (tuple, ListObj)) else (inputs,)
    first = next((p for p in parts or () if isinstance(p, Array) and p.kind == "keras"), None)
    if first is not None and output_shape is not None and keras_major() == 3:
        return output(first, _declared(first, output_shape), None)
    keywords: dict[str, Value] = {}
    if isinstance(arguments, DictObj):
        state = arguments.state
        if all(isinstance(k, str) for k in state):
            keywords = dict(state)
        else:
            return output(inputs, None, None)
    elif arguments is not None:
        return output(inputs, None, None)
    # Where Keras 3 asks for the output shape alone, the function is run in a trial, and the layer's call tells that it failed.
    trial = keras_major() == 3 and any_symbolic(inputs)
    result = (host().call_traced if trial else host().call)(function, (_inside(inputs),), keywords)
    if isinstance(result, Array):
        return output(inputs if isinstance(inputs, Array) else result, result.shape, result.dtype)
    return output(inputs, None, None) if isinstance(result, Unknown) else result


def _inside(inputs: Value) -> Value:
    """Return the inputs as the function sees them: plain tensors, with open axes where the symbolic tensor has them."""
    if isinstance(inputs, Array):
        return Array(inputs.shape, inputs.dtype, "tensor", origin=inputs.origin)
    parts = items(inputs) if isinstance(inputs, (tuple, ListObj)) else None
    if parts is None:
        return inputs
    changed = tuple(_inside(p) for p in parts)
    if isinstance(inputs, tuple):
        return changed
    return ListObj(Seq(changed))


def _declared(inputs: Array, output_shape: Value) -> Shape | None:
    if isinstance(output_shape, (tuple, ListObj)):
        parts = items(output_shape)
        batch: Dim = UNKNOWN_DIM if not inputs.shape else inputs.shape[0]
        return None if parts is None else (batch, *(as_dim(p) for p in parts))
    if is_exact(output_shape) or isinstance(output_shape, (Unknown, Array)):
        return None
    if inputs.shape is None:
        return None
    result = call(output_shape, inputs.shape)
    parts = items(result) if isinstance(result, (tuple, ListObj)) else None
    return None if parts is None else tuple(as_dim(p) for p in parts)


_EINSUM = (
    (re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"), False),
    (re.compile(r"0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)"), True),
    (re.compile(r"([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0"), False),
)


@layer("keras.layers.EinsumDense", "keras.layers.experimental.EinsumDense")
def einsum_dense(inputs: Value, *, equation: Value, output_shape: Value, bias_axes: Value = None, self: Value = None) -> Array:
    """Contract the input with a kernel as the equation says."""
    x = array_of(inputs)
    if not isinstance(equation, str) or not x.shape:
        return output(x, None)
    matches = ((pattern.match(equation.replace("...", "0")), left) for pattern, left in _EINSUM)
    found, left = next(((m, left) for m, left in matches if m is not None), (None, False))
    if found is None:
        raise refuse(self, f"`equation` must be like 'ab,bc->ac', '...x,xy->...y' or 'ab...,bc->ac...', got {equation!r}")
    source, weights, target = found.groups()
    if isinstance(bias_axes, str) and not set(bias_axes) <= set(target):
        raise refuse(self, f"`bias_axes` {bias_axes!r} must be among the axes of the output, {target!r}")
    wanted = _partial(output_shape)
    if wanted is None:
        return output(x, None)
    elided = len(x.shape) - len(source)
    for c in weights:
        if c not in source and c not in target:
            raise refuse(self, f"'{c}' of {equation!r} is neither in the input nor in the output")
    if elided > 0 and "..." not in equation and (keras_major() == 2 or x.kind != "keras"):
        # Keras 3 tells a symbolic shape with what is too much at its end, and fails when data comes.
        raise Mismatch(LayerRank(label(self), x.shape, len(source), hint=f"the equation is {equation!r}"), x)
    if elided < 0:
        raise Mismatch(LayerRank(label(self), x.shape, len(source), hint=f"the equation is {equation!r}"), x)
    full: list[Dim] = [x.shape[0], *wanted]
    if elided and left:
        # Keras 3 tells the symbolic shape with these axes in reverse order.
        swapped = x.kind == "keras" and keras_major() == 3
        full[1:1] = x.shape[elided - 1 : 0 : -1] if swapped else x.shape[1:elided]
    elif elided:
        full.extend(x.shape[len(x.shape) - elided :])
    offset = elided if left else 0
    places = {c: i + offset for i, c in enumerate(source)}
    targets = {c: i + offset for i, c in enumerate(target)}
    if any(i >= len(full) for i in targets.values()):
        raise refuse(self, f"`output_shape` {show(output_shape)} has not as many axes as {equation!r} gives, the batch left out")
    for c, i in places.items():
        j = targets.get(c)
        if j is not None and full[j] is not None and same(full[j], x.shape[i]) is False:
            reason = f"axis '{c}' of {equation!r} is {x.shape[i]!r} in the input and {full[j]!r} in `output_shape`"
            raise Mismatch(MergeShapes(label(self), (x.shape,), reason), x)
    if keras_major() == 2 or x.kind != "keras":
        # Keras 3 leaves the None of `output_shape` in the symbolic shape.
        for c, j in targets.items():
            if full[j] is None and c in places:
                full[j] = x.shape[places[c]]
    for c in weights:
        if c in targets:
            continue
        at = places[c]
        if x.shape[at] is None:
            raise Mismatch(UndefinedDimension(label(self), x.shape, at), x)
    return output(x, tuple(full))


def _partial(output_shape: Value) -> Shape | None:
    if is_exact(output_shape):
        return (as_dim(output_shape),)
    parts = items(output_shape) if isinstance(output_shape, (tuple, ListObj)) else None
    return None if parts is None else tuple(as_dim(p) for p in parts)
