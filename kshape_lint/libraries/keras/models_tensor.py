"""Symbolic tensors as the program sees them: attributes and indexing are a tensor's, but for the shape, which is a tuple in Keras 3."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ..api import bases, keras_major, models
from ..tensorflow.tensorshape import tensor_shape
from .engine import shape_value

KERAS_TENSOR = "keras.KerasTensor"

bases(KERAS_TENSOR, "tensorflow.Tensor")


@models(f"{KERAS_TENSOR}.shape", kind="property")
def shape(self: Array) -> Value:
    """The static shape."""
    return shape_value(self.shape) if keras_major() == 3 else tensor_shape(self.shape)


@models(f"{KERAS_TENSOR}.dtype", kind="property")
def dtype(self: Array) -> Value:
    """The type of the elements: a text in Keras 3."""
    return self.dtype if self.dtype is not None and keras_major() == 3 else UNKNOWN


@models(f"{KERAS_TENSOR}._keras_shape", kind="property")
def keras_shape(self: Array) -> Value:
    """The static shape as Keras once kept it."""
    return shape_value(self.shape)
