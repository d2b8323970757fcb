"""``keras.ops.image``: what colours, moves, frames and cuts images."""

from __future__ import annotations

from typing import TypeAlias

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim
from ...shapes.reshape import plus, times
from ..tensorflow.common import op, out, parts_of, shape_of, tensor, whole
from .ops_signal import OPS, axis_length


def _image(images: Value, data_format: Value) -> Array | None:
    array = tensor(images)
    if array is None or array.shape is None or len(array.shape) not in (3, 4) or data_format not in (None, "channels_last"):
        return None
    return array


def _sized(array: Array, height: Dim, width: Dim, channels: Dim | None = None, *, deep: bool = False) -> Array:
    assert array.shape is not None
    return out((*array.shape[:-3], height, width, channels if deep else array.shape[-1]), array.dtype, array)


@op(f"{OPS}.image.rgb_to_hsv", f"{OPS}.image.hsv_to_rgb")
def recolored(images: Value, data_format: Value = None) -> Value:
    """``ops.image.rgb_to_hsv`` and back: the shape is kept."""
    array = tensor(images)
    return UNKNOWN if array is None else out(array.shape, array.dtype, array)


@op(f"{OPS}.image.gaussian_blur", f"{OPS}.image.affine_transform", f"{OPS}.image.perspective_transform", f"{OPS}.image.elastic_transform")
def moved(images: Value, *args: Value, **kwargs: Value) -> Value:
    """``ops.image.gaussian_blur`` and kin: the shape is kept."""
    return recolored(images)


@op(f"{OPS}.image.sobel_edges")
def sobel_edges(images: Value, data_format: Value = None) -> Value:
    """``ops.image.sobel_edges``: two numbers for each pixel."""
    array = tensor(images)
    return UNKNOWN if array is None or array.shape is None else out((*array.shape, 2), array.dtype, array)


def _side(length: Dim, before: Value, after: Value, target: Value, sign: int) -> Dim:
    """Return a side after padding or cropping: two of three numbers are given."""
    if target is not None:
        size = whole(target)
        return UNKNOWN_DIM if size is None else size
    sizes = [whole(before), whole(after)]
    if None in sizes:
        return UNKNOWN_DIM
    made = plus(length, sign * sum(int(s or 0) for s in sizes))
    return made if not isinstance(made, int) or made > 0 else UNKNOWN_DIM


Margins: TypeAlias = "tuple[Value, Value, Value]"


@op(f"{OPS}.image.pad_images")
def pad_images(
    images: Value,
    top_padding: Value = None,
    left_padding: Value = None,
    bottom_padding: Value = None,
    right_padding: Value = None,
    target_height: Value = None,
    target_width: Value = None,
    data_format: Value = None,
) -> Value:
    """``ops.image.pad_images``."""
    return _framed(images, data_format, (top_padding, bottom_padding, target_height), (left_padding, right_padding, target_width), 1)


def _framed(images: Value, data_format: Value, vertical: Margins, horizontal: Margins, sign: int) -> Value:
    """Return images with margins more (`sign` 1) or less (-1): those before and after, and the length that is aimed at."""
    array = _image(images, data_format)
    if array is None or array.shape is None:
        return UNKNOWN
    return _sized(array, _side(array.shape[-3], *vertical, sign), _side(array.shape[-2], *horizontal, sign))


@op(f"{OPS}.image.crop_images")
def crop_images(
    images: Value,
    top_cropping: Value = None,
    left_cropping: Value = None,
    bottom_cropping: Value = None,
    right_cropping: Value = None,
    target_height: Value = None,
    target_width: Value = None,
    data_format: Value = None,
) -> Value:
    """``ops.image.crop_images``."""
    return _framed(images, data_format, (top_cropping, bottom_cropping, target_height), (left_cropping, right_cropping, target_width), -1)


@op(f"{OPS}.image.extract_patches")
def extract_patches(
    images: Value, size: Value, strides: Value = None, dilation_rate: Value = 1, padding: Value = "valid", data_format: Value = None
) -> Value:
    """``ops.image.extract_patches``: each patch laid out in the channels."""
    array = _image(images, data_format)
    sizes = _each(size, 2)
    steps = sizes if strides is None else _each(strides, 2)
    if array is None or array.shape is None or sizes is None or steps is None or dilation_rate != 1 or min(steps) < 1:
        return UNKNOWN
    if padding not in ("valid", "same"):
        return UNKNOWN
    lengths = [_patches(d, k, s, padding == "same") for d, k, s in zip(array.shape[-3:-1], sizes, steps)]
    return _sized(array, lengths[0], lengths[1], times(array.shape[-1], sizes[0] * sizes[1]), deep=True)


def _patches(length: Dim, size: int, step: int, same: bool) -> Dim:
    """Return how many patches fit in a side."""
    return axis_length(length, lambda n: -(-n // step) if same else (n - size) // step + 1)


def _each(value: Value, count: int) -> tuple[int, ...] | None:
    """Return the sizes along some axes: one for all, or one for each."""
    one = whole(value) if not isinstance(value, tuple) else None
    if one is not None:
        return (one,) * count
    parts = [n for n in map(whole, parts_of(value) or ()) if n is not None]
    return tuple(parts) if len(parts) == count else None


@op(f"{OPS}.image.extract_patches_3d")
def extract_patches_3d(
    volumes: Value, size: Value, strides: Value = None, dilation_rate: Value = 1, padding: Value = "valid", data_format: Value = None
) -> Value:
    """``ops.image.extract_patches_3d``: each block laid out in the channels."""
    array = tensor(volumes)
    sizes = _each(size, 3)
    steps = sizes if strides is None else _each(strides, 3)
    if array is None or array.shape is None or len(array.shape) not in (4, 5) or data_format not in (None, "channels_last"):
        return UNKNOWN
    if sizes is None or steps is None or dilation_rate != 1 or min(steps) < 1 or padding not in ("valid", "same"):
        return UNKNOWN
    lengths = (_patches(d, k, s, padding == "same") for d, k, s in zip(array.shape[-4:-1], sizes, steps))
    return out((*array.shape[:-4], *lengths, times(array.shape[-1], sizes[0] * sizes[1] * sizes[2])), array.dtype, array)


@op(f"{OPS}.image.scale_and_translate")
def scale_and_translate(
    images: Value, output_shape: Value, scale: Value, translation: Value, spatial_dims: Value, method: Value, antialias: Value = True
) -> Value:
    """``ops.image.scale_and_translate``: of the shape that is asked for."""
    array, shape = tensor(images), shape_of(output_shape)
    return UNKNOWN if array is None or shape is None else out(shape, array.dtype, array)


@op(f"{OPS}.image.ssim")
def ssim(image1: Value, image2: Value, max_val: Value = 1.0, *args: Value, **kwargs: Value) -> Value:
    """``ops.image.ssim``: one number for each pair of images."""
    a, b = _image(image1, None), _image(image2, None)
    if a is None or b is None or a.shape is None or b.shape is None or len(a.shape) != len(b.shape):
        return UNKNOWN
    return out(a.shape[:-3], "float32", a, b)


@op(f"{OPS}.image.map_coordinates")
def map_coordinates(inputs: Value, coordinates: Value, order: Value, fill_mode: Value = "constant", fill_value: Value = 0) -> Value:
    """``ops.image.map_coordinates``: one value for each place that is asked for."""
    array, places = tensor(inputs), tensor(coordinates)
    if array is None or places is None or not places.shape:
        return UNKNOWN
    return out(places.shape[1:], array.dtype, array, places)
