"""TensorFlow Probability: its layers whose outputs have a plain shape."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import is_exact
from ..api import as_dim, as_shape, models
from ..keras.layers.common import array_of, output
from .common import batched, last_axis, layer_class

ROOT = "tensorflow_probability.layers"


def _dense(inputs: Value, *, units: Value) -> Array:
    """A dense layer whose weights are drawn anew at each call."""
    return last_axis(array_of(inputs), units)


for _name in ("DenseVariational", "DenseFlipout", "DenseReparameterization", "DenseLocalReparameterization"):
    layer_class(f"{ROOT}.{_name}", ("units",), units=UNKNOWN)(_dense)


@layer_class(f"{ROOT}.IndependentNormal", ("event_shape",), event_shape=())
def independent_normal(inputs: Value, *, event_shape: Value) -> Array:
    """A distribution, which stands for a tensor drawn from it."""
    x = array_of(inputs)
    shape = as_shape(event_shape)
    return output(x, None) if shape is None or x.shape is None or len(x.shape) != 2 else batched(x, *shape)


@models(f"{ROOT}.IndependentNormal.params_size")
def normal_parameters(event_shape: Value = (), name: Value = None) -> Value:
    """Two numbers for each of the event's."""
    shape = as_shape(event_shape)
    if shape is None or not all(is_exact(d) for d in shape):
        return UNKNOWN
    count: Value = 2
    for d in shape:
        count = count * as_dim(d)
    return count


@layer_class(f"{ROOT}.MultivariateNormalTriL", ("event_size",), event_size=UNKNOWN)
def multivariate_normal(inputs: Value, *, event_size: Value) -> Array:
    """A distribution of vectors."""
    return last_axis(array_of(inputs), event_size)


@models(f"{ROOT}.MultivariateNormalTriL.params_size")
def multivariate_parameters(event_size: Value, name: Value = None) -> Value:
    """The mean, and a triangle of a matrix."""
    size = as_dim(event_size)
    return size + size * (size + 1) // 2 if isinstance(size, int) else UNKNOWN
