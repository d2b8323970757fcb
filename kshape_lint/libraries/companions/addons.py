"""TensorFlow Addons: its layers, activations and image operations; losses, metrics and optimizers say nothing of shapes."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM
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
    rank = len(x.shape or ())
    if x.shape is None or type(axis) is not int or not -rank <= axis < rank:
        return output(x, None)
    at = axis % rank
    return output(x, (*x.shape[:at], length_of(num_units), *x.shape[at + 1 :]))


@layer_class(f"{ROOT}.layers.StochasticDepth", ("survival_probability",))
def stochastic_depth(inputs: Value) -> Array:
    """A shortcut and a residual, added or not."""
    parts = items(inputs)
    if not parts or len(parts) != 2:
        return array_of(UNKNOWN)
    x, residual = map(array_of, parts)
    return output(x, x.shape if x.shape == residual.shape else None)


def _pooled(inputs: Value, *, output_size: Value, data_format: Value) -> Array:
    """Pool height and width to a stated size."""
    x = array_of(inputs)
    if x.shape is None or len(x.shape) != 4:
        return output(x, None)
    height, width = map(length_of, (items(output_size) or (output_size, output_size))[:2])
    if data_format == "channels_first":
        return output(x, (x.shape[0], x.shape[1], height, width))
    if data_format not in (None, "channels_last"):
        return output(x, (x.shape[0], UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM))
    return output(x, (x.shape[0], height, width, x.shape[3]))


for _name in ("AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D"):
    layer_class(f"{ROOT}.layers.{_name}", ("output_size", "data_format"), output_size=UNKNOWN, data_format=None)(_pooled)


@models(*(f"{ROOT}.activations.{name}" for name in (
    "gelu", "hardshrink", "lisht", "mish", "rrelu", "snake", "softshrink", "sparsemax", "tanhshrink",
)))  # fmt: skip
def activation(x: Value, *args: Value, **kwargs: Value) -> Value:
    """An activation: the shape stays."""
    a = tensor(x)
    return UNKNOWN if a is None else out(a.shape, a.dtype, a)


@models(*(f"{ROOT}.image.{name}" for name in (
    "gaussian_filter2d", "mean_filter2d", "median_filter2d", "rotate", "translate", "translate_xy", "shear_x", "shear_y",
    "equalize", "sharpness", "random_cutout", "cutout", "adjust_hsv_in_yiq", "random_hsv_in_yiq", "dense_image_warp",
)))  # fmt: skip
def image(image: Value = UNKNOWN, *args: Value, **kwargs: Value) -> Value:
    """An operation on images that leaves them their size."""
    a = tensor(kwargs.get("images", image))
    return UNKNOWN if a is None else out(a.shape, a.dtype, a)


@models(f"{ROOT}.image.transform")
def transform(
    images: Value, transforms: Value, interpolation: Value = None, fill_mode: Value = None, output_shape: Value = None, **more: Value
) -> Value:
    """Images moved by a projection: of their own height and width, or of those stated."""
    a = tensor(images)
    if a is None or output_shape is None:
        return UNKNOWN if a is None else out(a.shape, a.dtype, a)
    size = items(output_shape)
    if a.shape is None or len(a.shape) not in (2, 3, 4) or size is None or len(size) != 2:
        return out(None, a.dtype, a)
    before = 1 if len(a.shape) == 4 else 0
    return out((*a.shape[:before], *map(length_of, size), *a.shape[before + 2 :]), a.dtype, a)


@models(f"{ROOT}.image.blend")
def blend(image1: Value, image2: Value, factor: Value) -> Value:
    """Two images mixed: they broadcast, and what comes out is of floating point."""
    a, b = tensor(image1), tensor(image2)
    if a is None or b is None:
        return UNKNOWN
    return out(a.shape if a.shape == b.shape else None, "float32", a)


@models(f"{ROOT}.image.euclidean_dist_transform")
def distances(images: Value, dtype: Value = "float32", name: Value = None) -> Value:
    """How far each pixel is from the next that is zero."""
    a = tensor(images)
    return UNKNOWN if a is None else out(a.shape, dtype if isinstance(dtype, str) else None, a)
