"""Activations: the shape stays."""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ....rules.layers import LayerRank
from ...api import Mismatch, is_sequence, items, keras_major
from ..objects import layer
from .common import array_of, label, output, want_defined


@layer(*(f"keras.layers.{name}" for name in ("Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU")))
def activation(inputs: Value) -> Array:
    """Leave the shape as it is."""
    x = array_of(inputs)
    return output(x, x.shape)


@layer("keras.layers.Softmax")
def softmax(inputs: Value, *, axis: Value = -1, self: Value = None) -> Array:
    """Leave the shape as it is; the axis must be there when the layer runs at once."""
    x = array_of(inputs)
    at_once = x.kind != "keras" or keras_major() == 2
    if x.shape is not None and len(x.shape) == 1 and keras_major() == 2:
        raise Mismatch(LayerRank(label(self), x.shape, min_rank=2), x)
    if x.shape is not None and isinstance(axis, int) and at_once and not -len(x.shape) <= axis < len(x.shape):
        raise Mismatch(LayerRank(label(self), x.shape, min_rank=axis + 1 if axis >= 0 else -axis), x)
    return output(x, x.shape)


@layer("keras.layers.PReLU")
def prelu(inputs: Value, *, shared_axes: Value = None, self: Value = None) -> Array:
    """Leave the shape as it is; weights are made for all axes but the batch and the shared ones."""
    x = array_of(inputs)
    shared = (shared_axes,) if isinstance(shared_axes, int) else items(shared_axes) if is_sequence(shared_axes) else None
    if x.shape is not None:
        for axis in shared or ():
            if isinstance(axis, int) and axis >= len(x.shape):
                raise Mismatch(LayerRank(label(self), x.shape, min_rank=axis + 1, hint=f"axis {axis} is to be shared"), x)
    if x.shape is not None and (shared_axes is None or shared is not None):
        for axis in range(1, len(x.shape)):
            if axis not in (shared or ()) and all(isinstance(s, int) and s > 0 for s in shared or ()):
                want_defined(self, x, axis)
    return output(x, x.shape)
