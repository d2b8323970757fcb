"""TensorFlow Addons: its layers, activations and image operations; losses, metrics and optimizers say nothing of shapes."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ..api import items, models
from ..keras.engine import call_layer
from ..keras.layers.common import array_of, output
from ..tensorflow.common import out, tensor
from .common import last_axis, layer_class, length_of, unchanged

ROOT = "tensorflow_addons"

for _name in (
    "GELU",
    "InstanceNormalization",
    "GroupNormalization",
    "FilterResponseNormalization",
    "TLU",
    "Sparsemax",
    "PoincareNormalize",
):
    layer_class(f"{ROOT}.layers.{_name}")(unchanged)


def _wrapping(inputs: Value, *, layer: Value) -> Value:
    """Give what the layer held gives."""
    return call_layer(layer, array_of(inputs))


for _name in ("WeightNormalization", "SpectralNormalization"):
    layer_class(f"{ROOT}.layers.{_name}", ("layer",), layer=UNKNOWN)(_wrapping)


@layer_class(f"{ROOT}.layers.NoisyDense", ("units",), units=UNKNOWN)
def noisy_dense(inputs: Value, *, units: Value) -> Array:
    """A dense layer with noise in its weights."""
    return last_axis(array_of(inputs), units)


@layer_class(f"{ROOT}.layers.Maxout", ("num_units", "axis"), num_units=UNKNOWN, axis=-1)
def maxout(inputs: Value, *, num_units: Value, axis: Value) -> Array:
    """Groups of channels, the greatest of each."""
    x = array_of(inputs)
    return last_axis(x, num_units) if axis == -1 else output(x, None)


@layer_class(f"{ROOT}.layers.StochasticDepth", ("survival_probability",))
def stochastic_depth(inputs: Value) -> Array:
    """A shortcut and a residual, added or not."""
    parts = items(inputs)
    x = array_of(parts[0]) if parts else array_of(UNKNOWN)
    return output(x, x.shape)


def _pooled(inputs: Value, *, output_size: Value) -> Array:
    """Pool height and width to a stated size, channels last."""
    x = array_of(inputs)
    if x.shape is None or len(x.shape) != 4:
        return output(x, None)
    size = items(output_size) or (output_size, output_size)
    return output(x, (x.shape[0], *(length_of(s) for s in size[:2]), x.shape[3]))


for _name in ("AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D"):
    layer_class(f"{ROOT}.layers.{_name}", ("output_size",), output_size=UNKNOWN)(_pooled)


@models(*(f"{ROOT}.activations.{name}" for name in (
    "gelu", "hardshrink", "lisht", "mish", "rrelu", "snake", "softshrink", "sparsemax", "tanhshrink",
)))  # fmt: skip
def activation(x: Value, *args: Value, **kwargs: Value) -> Value:
    """An activation: the shape stays."""
    a = tensor(x)
    return UNKNOWN if a is None else out(a.shape, a.dtype, a)


@models(*(f"{ROOT}.image.{name}" for name in (
    "gaussian_filter2d", "mean_filter2d", "median_filter2d", "rotate", "translate", "translate_xy", "shear_x", "shear_y", "transform",
    "equalize", "sharpness", "random_cutout", "cutout", "adjust_hsv_in_yiq", "random_hsv_in_yiq", "dense_image_warp", "blend",
    "euclidean_dist_transform",
)))  # fmt: skip
def image(image: Value = UNKNOWN, *args: Value, **kwargs: Value) -> Value:
    """An operation on images that leaves them their size."""
    a = tensor(kwargs.get("images", image))
    return UNKNOWN if a is None else out(a.shape, a.dtype, a)
