"""Layers that make one tensor of several: Add and its kin, Concatenate, Dot."""

from __future__ import annotations

from ....interpreter.values import Array, Library, ListObj, Value
from ....rules.layers import MergeShapes
from ....shapes import UNKNOWN_DIM, Dim, Shape, same
from ....shapes.broadcast import broadcast_dims
from ....shapes.reshape import plus
from ...api import Mismatch, call, items, keras_major, models
from ..engine_graph import any_symbolic
from ..objects import Built, constructor, layer
from .common import label, no_tensor, output, refuse, show

ELEMENTWISE = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")


def _tensors(self: Value, inputs: Value, exactly: int | None = None) -> list[Array] | None:
    """Return what a merge is called on, one array each; None where not known one by one. Refuse what is no list."""
    if isinstance(inputs, Array):
        wanted = "a list of tensors" if exactly is None else f"a list of {exactly} tensors"
        if inputs.shape is None and inputs.kind not in ("keras", "tensor"):
            return None
        if inputs.kind != "keras" and getattr(self, "state", None) is not None:
            return None  # once it is built, an array's first axis passes for a list here and there
        raise no_tensor(self, f"is to be called on {wanted}, got one tensor", inputs)
    parts = items(inputs) if isinstance(inputs, (tuple, ListObj)) else None
    if parts is None:
        return None
    if not parts:
        raise no_tensor(self, "is to be called on a list of tensors, got an empty list")
    arrays = [p if isinstance(p, Array) else Array(None, None, "tensor") for p in parts]
    if exactly is not None and len(parts) != exactly:
        raise no_tensor(self, f"is to be called on {exactly} tensors, got {len(parts)}", *arrays)
    return arrays


def _unknown(inputs: Value, arrays: list[Array] | None) -> Array:
    symbolic = any(a.kind == "keras" for a in arrays or ())
    return Array(None, None, "keras" if symbolic else "tensor")


def _like(arrays: list[Array], shape: Shape | None) -> Array:
    return output(next((a for a in arrays if a.kind == "keras"), arrays[0]), shape)


def _batch(self: Value, arrays: list[Array]) -> Dim:
    """Return the batch size that the inputs share; refuse different ones."""
    found: Dim = None
    unknown = False
    for array in arrays:
        if not array.shape:
            unknown = True
            continue
        d = array.shape[0]
        if d is UNKNOWN_DIM:
            unknown = True
        elif d is not None:
            if found is not None and same(found, d) is False:
                raise _mismatch(self, arrays, f"batch sizes {found!r} and {d!r} differ")
            found = d if found is None else found
    return found if found is not None else (UNKNOWN_DIM if unknown else None)


def _mismatch(self: Value, arrays: list[Array], reason: str) -> Mismatch:
    return Mismatch(MergeShapes(label(self), tuple(a.shape for a in arrays), reason), *arrays)


@layer(*(f"keras.layers.{name}" for name in ELEMENTWISE))
def elementwise(inputs: Value, *, self: Value = None, built: Built | None = None) -> Array:
    """Combine element by element: sample shapes are broadcast, aligned at their last axis."""
    name = label(self)
    # Keras 3 has a look at the batch and the number of its inputs when it is built, and not again on symbolic tensors.
    again = built is not None and keras_major() == 3 and any_symbolic(inputs)
    arrays = _tensors(self, inputs, 2 if name == "Subtract" and not again else None)
    if arrays is None:
        return _unknown(inputs, None)
    if name == "Average" and len(arrays) < 2 and keras_major() == 2:
        return _like(arrays, arrays[0].shape)
    batch: Dim = None
    try:
        batch = _batch(self, arrays)
    except Mismatch:
        if not again:
            raise
    known = [a for a in arrays if a.shape]
    shape: Shape | None = None
    for array in known:
        assert array.shape is not None
        shape = array.shape[1:] if shape is None else _pair(self, arrays, shape, array.shape[1:])
    if shape is None or len(known) < len(arrays):
        return _like(arrays, None)
    return _like(arrays, (batch, *shape))


def _pair(self: Value, arrays: list[Array], a: Shape, b: Shape) -> Shape:
    if len(a) < len(b):
        a, b = b, a
    out: list[Dim] = list(a[: len(a) - len(b)])
    for i, j in zip(a[len(a) - len(b) :], b):
        if (i is None or j is None) and keras_major() == 3:
            out.append(None)
            continue
        d = broadcast_dims(i, j)
        if d is False:
            raise _mismatch(self, arrays, f"lengths {i!r} and {j!r} differ and neither is 1")
        out.append(d)
    return tuple(out)


@layer("keras.layers.Concatenate")
def concatenate(inputs: Value, *, axis: Value = -1, self: Value = None) -> Array:
    """Join along one axis; all others must agree."""
    arrays = _tensors(self, inputs)
    if arrays is None:
        return _unknown(inputs, None)
    known = [a for a in arrays if a.shape is not None]
    if known and any(len(a.shape or ()) != len(known[0].shape or ()) for a in known):
        ranks = " and ".join(str(r) for r in dict.fromkeys(len(a.shape or ()) for a in known))
        raise _mismatch(self, arrays, f"ranks {ranks} differ")
    if not known or not isinstance(axis, int):
        return _like(arrays, None)
    first = known[0].shape or ()
    rank = len(first)
    if not -rank <= axis < rank:
        if len(arrays) == 1:
            return _like(arrays, None)  # nothing is to be joined: Keras may give it back as it is
        raise _mismatch(self, arrays, f"axis {axis} is out of range for rank {rank}")
    at = axis % rank
    lead: list[Dim] = list(first)
    for array in known[1:]:
        for i, d in enumerate(array.shape or ()):
            if i != at and same(lead[i], d) is False:
                raise _mismatch(self, arrays, f"axis {i} is {lead[i]!r} and {d!r}, only axis {at} may differ")
            if i != at and lead[i] is None:
                lead[i] = d
    if len(known) < len(arrays):
        return _like(arrays, None)
    # Keras 3 tells the other lengths as the first input has them, Keras 2 as any has them.
    out = list(first) if keras_major() == 3 else lead
    out[at] = first[at]
    for array in known[1:]:
        out[at] = plus(out[at], (array.shape or ())[at])
    return _like(arrays, tuple(out))


@constructor("keras.layers.Dot")
def dot_arguments(*, axes: Value) -> None:
    """Check that one or two axes are given."""
    if isinstance(axes, (str, float)) or axes is None:
        raise refuse("Dot", f"`axes` must be a number or two, got {show(axes)}")
    parts = items(axes) if isinstance(axes, (tuple, ListObj)) else None
    if parts is not None and len(parts) != 2:
        raise refuse("Dot", f"`axes` must be a number or two, got {show(axes)}")


@layer("keras.layers.Dot")
def dot(inputs: Value, *, axes: Value, self: Value = None, built: Built | None = None) -> Array:
    """Sum products over one axis of each input."""
    arrays = _tensors(self, inputs, 2)
    if arrays is None:
        return _unknown(inputs, None)
    left, right = arrays
    parts = items(axes) if isinstance(axes, (tuple, ListObj)) else (axes, axes)
    if left.shape is None or right.shape is None or parts is None or not all(isinstance(p, int) for p in parts):
        return _like(arrays, None)
    for shape, axis in ((left.shape, parts[0]), (right.shape, parts[1])):
        if not -len(shape) <= axis < len(shape):
            raise _mismatch(self, arrays, f"axis {axis} is out of range for rank {len(shape)}")
    i, j = parts[0] % len(left.shape), parts[1] % len(right.shape)
    a, b = left.shape[i], right.shape[j]
    # Keras 3 compares lengths when it builds the layer: a later call on symbolic tensors is only asked for its shape.
    later = built is not None and keras_major() == 3 and any(x.kind == "keras" for x in arrays)
    if i and j and not later and (same(a, b) is False or ((a is None) != (b is None and a is not UNKNOWN_DIM) and _one_open(a, b))):
        raise _mismatch(self, arrays, f"axis {i} of the first is {a!r}, axis {j} of the second is {b!r}")
    if not i or not j:
        return _like(arrays, None)
    out = (*(d for k, d in enumerate(left.shape) if k != i), *(d for k, d in enumerate(right.shape) if k not in (0, j)))
    return _like(arrays, (*out, 1) if len(out) == 1 else out)


def _one_open(a: Dim, b: Dim) -> bool:
    """Tell whether one length is None and the other a number: Keras takes these for different."""
    return (a is None) != (b is None) and UNKNOWN_DIM is not a and UNKNOWN_DIM is not b


def _function(name: str, kind: str) -> None:
    def merge(inputs: Value, **kwargs: Value) -> Value:
        return call(call(Library(f"keras.layers.{kind}"), **kwargs), inputs)

    def merge_along(inputs: Value, axis: Value = -1, **kwargs: Value) -> Value:
        return call(call(Library(f"keras.layers.{kind}"), axis=axis, **kwargs), inputs)

    def merge_over(inputs: Value, axes: Value = -1, normalize: Value = False, **kwargs: Value) -> Value:
        return call(call(Library(f"keras.layers.{kind}"), axes=axes, normalize=normalize, **kwargs), inputs)

    register = models(f"keras.layers.{name}")
    if kind == "Concatenate":
        register(merge_along)
    elif kind == "Dot":
        register(merge_over)
    else:
        register(merge)


for _kind in (*ELEMENTWISE, "Concatenate", "Dot"):
    _function(_kind.lower(), _kind)
