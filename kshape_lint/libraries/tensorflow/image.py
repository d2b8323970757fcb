"""``tf.image`` and the decoders of ``tf.io``: images are (height, width, channels), batches of them one axis more."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...shapes import UNKNOWN_DIM, Dim, Shape, same
from ...shapes.broadcast import broadcast_optional
from ...shapes.reshape import plus, times
from ...shapes.windows import window_length
from ..api import tracing
from .common import demand, demand_rank, dim_of, dtype_of, flag, is_float, op, out, parts_of, refusing, shape_of, tensor, whole


def _images(function: str, value: Value, ranks: tuple[int, ...] = (3, 4), hint: str | None = None) -> Array | None:
    x = tensor(value)
    demand_rank(function, x, exactly=ranks, hint=hint)
    return x


def _sized(x: Array, height: Dim, width: Dim, dtype: str | None = None) -> Value:
    """Return images of another height and width."""
    if x.shape is None:
        return out(None, dtype or x.dtype, x)
    return out((*x.shape[:-3], height, width, x.shape[-1]), dtype or x.dtype, x)


@op("tensorflow.image.resize", "tensorflow.image.resize_images")
def resize(
    images: Value,
    size: Value,
    method: Value = "bilinear",
    preserve_aspect_ratio: Value = False,
    antialias: Value = False,
    name: Value = None,
    align_corners: Value = False,
) -> Value:
    """``tf.image.resize``: rank 3 or 4, and a size of height and width."""
    x = _images("tf.image.resize", images, hint="an image needs a channel axis: tf.expand_dims(image, -1)")
    wanted = shape_of(size)
    if x is None:
        return UNKNOWN
    if wanted is not None and (len(wanted) != 2 or _is_scalar(size)):
        demand("tf.image.resize", x, "a size of two numbers, height and width")
    ratio = flag(preserve_aspect_ratio)
    height, width = wanted if wanted is not None and ratio is False else (UNKNOWN_DIM, UNKNOWN_DIM)
    keeps = isinstance(method, str) and method in ("nearest", "area_")
    return _sized(x, height, width, x.dtype if keeps else "float32" if not is_float(x.dtype) or x.dtype == "float64" else x.dtype)


def _is_scalar(value: Value) -> bool:
    return not isinstance(value, Array) and parts_of(value) is None


def _register_resizers() -> None:
    for name in ("resize_bilinear", "resize_bicubic", "resize_nearest_neighbor", "resize_area"):

        def resizer(images: Value, size: Value, *args: Value, _f: str = f"tf.image.{name}", **kwargs: Value) -> Value:
            x = _images(_f, images, (4,))
            wanted = shape_of(size)
            if x is None:
                return UNKNOWN
            return _sized(x, *(wanted if wanted is not None and len(wanted) == 2 else (UNKNOWN_DIM, UNKNOWN_DIM)))

        op(f"tensorflow.image.{name}")(resizer)
    for name in ("resize_with_pad", "resize_with_crop_or_pad", "resize_image_with_crop_or_pad", "resize_image_with_pad"):

        def fitted(
            image: Value, target_height: Value, target_width: Value, *args: Value, _f: str = f"tf.image.{name}", **kwargs: Value
        ) -> Value:
            x = _images(_f, image)
            return (
                UNKNOWN
                if x is None
                else _sized(x, dim_of(target_height), dim_of(target_width), "float32" if _f.endswith("with_pad") else None)
            )

        op(f"tensorflow.image.{name}")(fitted)
    for name in ("flip_left_right", "flip_up_down", "random_flip_left_right", "random_flip_up_down", "per_image_standardization",
                 "stateless_random_flip_left_right", "stateless_random_flip_up_down"):  # fmt: skip

        def kept(image: Value = None, *args: Value, _f: str = f"tf.image.{name}", **kwargs: Value) -> Value:
            x = tensor(image)
            ranks = (3, 4) if "flip" in _f else None
            demand_rank(_f, x, least=3, exactly=ranks)
            return (
                UNKNOWN
                if x is None
                else out(x.shape, "float32" if _f.endswith("standardization") and not is_float(x.dtype) else x.dtype, x)
            )

        op(f"tensorflow.image.{name}")(kept)
    for name in ("adjust_brightness", "adjust_gamma", "random_brightness", "stateless_random_brightness"):
        op(f"tensorflow.image.{name}")(_adjuster(f"tf.image.{name}", 0))
    for name in ("adjust_contrast", "random_contrast", "stateless_random_contrast", "random_jpeg_quality", "adjust_jpeg_quality",
                 "stateless_random_jpeg_quality"):  # fmt: skip
        op(f"tensorflow.image.{name}")(_adjuster(f"tf.image.{name}", 3))
    for name in (
        "adjust_hue",
        "adjust_saturation",
        "random_hue",
        "random_saturation",
        "stateless_random_hue",
        "stateless_random_saturation",
    ):
        op(f"tensorflow.image.{name}")(_adjuster(f"tf.image.{name}", 3, 3))
    for name in ("rgb_to_hsv", "hsv_to_rgb", "rgb_to_yuv", "yuv_to_rgb", "rgb_to_yiq", "yiq_to_rgb"):
        op(f"tensorflow.image.{name}")(_adjuster(f"tf.image.{name}", 1, 3))


def _adjuster(function: str, least: int, channels: int | None = None):  # type: ignore[no-untyped-def]
    def adjust(image: Value = None, *args: Value, images: Value = None, **kwargs: Value) -> Value:
        x = tensor(images if image is None else image)
        if x is None:
            return UNKNOWN
        demand_rank(function, x, least=least or None)
        if channels is not None and x.shape and same(x.shape[-1], channels) is False:
            demand(function, x, f"images of {channels} channels")
        return out(x.shape, x.dtype, x)

    adjust.__doc__ = f"``{function}``."
    return adjust


_register_resizers()


@op("tensorflow.image.rot90")
def rot90(image: Value, k: Value = 1, name: Value = None) -> Value:
    """``tf.image.rot90``."""
    x = _images("tf.image.rot90", image)
    turns = whole(k)
    if x is None or x.shape is None:
        return UNKNOWN
    height, width = x.shape[-3], x.shape[-2]
    if turns is None:
        return _sized(x, height if same(height, width) else UNKNOWN_DIM, width if same(height, width) else UNKNOWN_DIM)
    return _sized(x, width, height) if turns % 2 else out(x.shape, x.dtype, x)


@op("tensorflow.image.transpose", "tensorflow.image.transpose_image")
def transpose(image: Value, name: Value = None) -> Value:
    """``tf.image.transpose``: height and width exchanged."""
    x = _images("tf.image.transpose", image)
    return UNKNOWN if x is None or x.shape is None else _sized(x, x.shape[-2], x.shape[-3])


@op("tensorflow.image.rgb_to_grayscale")
def rgb_to_grayscale(images: Value, name: Value = None) -> Value:
    """``tf.image.rgb_to_grayscale``: three channels become one."""
    x = tensor(images)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.image.rgb_to_grayscale", x, least=2)
    if same(x.shape[-1], 3) is False:
        demand("tf.image.rgb_to_grayscale", x, "images of 3 channels")
    return out((*x.shape[:-1], 1), x.dtype, x)


@op("tensorflow.image.grayscale_to_rgb")
def grayscale_to_rgb(images: Value, name: Value = None) -> Value:
    """``tf.image.grayscale_to_rgb``: one channel becomes three."""
    x = tensor(images)
    if x is None or x.shape is None:
        return UNKNOWN
    demand_rank("tf.image.grayscale_to_rgb", x, least=2, hint="an image needs a channel axis: tf.expand_dims(image, -1)")
    if same(x.shape[-1], 1) is False:
        demand("tf.image.grayscale_to_rgb", x, "images of 1 channel", "an image needs a channel axis: tf.expand_dims(image, -1)")
    return out((*x.shape[:-1], 3), x.dtype, x)


@op("tensorflow.image.central_crop")
def central_crop(image: Value, central_fraction: Value) -> Value:
    """``tf.image.central_crop``."""
    x = _images("tf.image.central_crop", image)
    if x is None or x.shape is None:
        return UNKNOWN

    def cut(d: Dim) -> Dim:
        if not isinstance(d, int) or not isinstance(central_fraction, (int, float)):
            return None if d is None else UNKNOWN_DIM
        start = int((d - d * central_fraction) / 2)
        return d - 2 * start

    return _sized(x, cut(x.shape[-3]), cut(x.shape[-2]))


@op("tensorflow.image.crop_to_bounding_box")
def crop_to_bounding_box(image: Value, offset_height: Value, offset_width: Value, target_height: Value, target_width: Value) -> Value:
    """``tf.image.crop_to_bounding_box``: the box must lie within the image."""
    x = _images("tf.image.crop_to_bounding_box", image)
    if x is None:
        return UNKNOWN
    height, width = dim_of(target_height), dim_of(target_width)
    if x.shape is not None:
        for d, offset, target in ((x.shape[-3], dim_of(offset_height), height), (x.shape[-2], dim_of(offset_width), width)):
            end = plus(offset, target)
            if isinstance(end, int) and isinstance(d, int) and end > d:
                demand("tf.image.crop_to_bounding_box", x, f"an image that holds the box, which ends at {end} where the image ends at {d}")
    return _sized(x, height, width)


@op("tensorflow.image.pad_to_bounding_box")
def pad_to_bounding_box(image: Value, offset_height: Value, offset_width: Value, target_height: Value, target_width: Value) -> Value:
    """``tf.image.pad_to_bounding_box``: the image must fit into the box."""
    x = _images("tf.image.pad_to_bounding_box", image)
    if x is None:
        return UNKNOWN
    height, width = dim_of(target_height), dim_of(target_width)
    if x.shape is not None:
        for d, offset, target in ((x.shape[-3], dim_of(offset_height), height), (x.shape[-2], dim_of(offset_width), width)):
            end = plus(offset, d)
            if isinstance(end, int) and isinstance(target, int) and end > target:
                demand("tf.image.pad_to_bounding_box", x, f"an image that fits into {target} elements, but it ends at {end}")
    return _sized(x, height, width)


@op("tensorflow.image.crop_and_resize")
def crop_and_resize(
    image: Value, boxes: Value, box_indices: Value = None, crop_size: Value = None, method: Value = "bilinear",
    extrapolation_value: Value = 0.0, name: Value = None, box_ind: Value = None,
) -> Value:  # fmt: skip
    """``tf.image.crop_and_resize``: one crop for each box."""
    x = _images("tf.image.crop_and_resize", image, (4,))
    b = tensor(boxes)
    demand_rank("tf.image.crop_and_resize", b, exactly=(2,))
    wanted = shape_of(crop_size)
    rows = b.shape[0] if b is not None and b.shape is not None else UNKNOWN_DIM
    channels = x.shape[-1] if x is not None and x.shape is not None else UNKNOWN_DIM
    height, width = wanted if wanted is not None and len(wanted) == 2 else (UNKNOWN_DIM, UNKNOWN_DIM)
    return out((rows, height, width, channels), "float32", x)


@op("tensorflow.image.random_crop", "tensorflow.random_crop", "tensorflow.image.stateless_random_crop")
def random_crop(value: Value, size: Value, seed: Value = None, name: Value = None) -> Value:
    """``tf.image.random_crop``: a size for every axis, none larger than the image."""
    x, wanted = tensor(value), shape_of(size)
    if x is None or wanted is None:
        return out(wanted, x.dtype if x else None, x) if wanted is not None else UNKNOWN
    if x.shape is not None and not _is_scalar(size):
        if len(wanted) != len(x.shape):
            demand("tf.image.random_crop", x, f"a tensor of rank {len(wanted)} with a size of {len(wanted)} numbers")
        for d, w in zip(x.shape, wanted):
            if isinstance(d, int) and isinstance(w, int) and w > d:
                demand("tf.image.random_crop", x, f"a tensor that holds the crop {wanted!r}")
    return out(wanted, x.dtype, x, bounds=x.bounds)


@op("tensorflow.image.convert_image_dtype")
def convert_image_dtype(image: Value, dtype: Value, saturate: Value = False, name: Value = None) -> Value:
    """``tf.image.convert_image_dtype``."""
    x = tensor(image)
    return UNKNOWN if x is None else out(x.shape, dtype_of(dtype), x)


@op("tensorflow.image.extract_patches", "tensorflow.extract_image_patches", "tensorflow.image.extract_image_patches")
def extract_patches(
    images: Value,
    sizes: Value = None,
    strides: Value = None,
    rates: Value = None,
    padding: Value = None,
    name: Value = None,
    ksizes: Value = None,
) -> Value:
    """``tf.image.extract_patches``: the patches lie in the channel axis."""
    x = _images("tf.image.extract_patches", images, (4,))
    k, s, r = shape_of(ksizes if sizes is None else sizes), shape_of(strides), shape_of(rates)
    if x is None or x.shape is None:
        return UNKNOWN
    if k is None or s is None or r is None or not len(k) == len(s) == len(r) == 4 or not isinstance(padding, str):
        return out((x.shape[0], UNKNOWN_DIM, UNKNOWN_DIM, UNKNOWN_DIM), x.dtype, x)
    from ...shapes.errors import WindowExhausts

    try:
        made = tuple(window_length(x.shape[i], k[i], s[i], padding.lower(), r[i], i) for i in (1, 2))
    except WindowExhausts as error:
        demand("tf.image.extract_patches", x, f"at least {error.window!r} elements along axis {error.axis}")
    return out((x.shape[0], *made, times(times(k[1], k[2]), x.shape[3])), x.dtype, x)


def _register_measures() -> None:
    for name in ("psnr", "ssim", "ssim_multiscale"):

        def measure(
            img1: Value = None, img2: Value = None, max_val: Value = None, *args: Value, _f: str = f"tf.image.{name}", **kwargs: Value
        ) -> Value:
            a, b = tensor(img1 if img1 is not None else kwargs.get("a")), tensor(img2 if img2 is not None else kwargs.get("b"))
            known = [v for v in (a, b) if v is not None]
            for v in known:
                demand_rank(_f, v, least=3)
            with refusing(_f, *known):
                shape = broadcast_optional(*(None if v is None else v.shape for v in (a, b)))
            return out(None if shape is None else shape[:-3], "float32", *known)

        measure.__doc__ = f"``tf.image.{name}``: one number for each image."
        op(f"tensorflow.image.{name}")(measure)


_register_measures()


@op("tensorflow.image.total_variation")
def total_variation(images: Value, name: Value = None) -> Value:
    """``tf.image.total_variation``."""
    x = _images("tf.image.total_variation", images)
    return UNKNOWN if x is None or x.shape is None else out(x.shape[:-3], x.dtype, x)


@op("tensorflow.image.image_gradients")
def image_gradients(image: Value) -> Value:
    """``tf.image.image_gradients``: dy and dx."""
    x = _images("tf.image.image_gradients", image, (4,))
    each = UNKNOWN if x is None else out(x.shape, x.dtype, x)
    return (each, each)


@op("tensorflow.image.sobel_edges")
def sobel_edges(image: Value) -> Value:
    """``tf.image.sobel_edges``."""
    x = _images("tf.image.sobel_edges", image, (4,))
    return UNKNOWN if x is None or x.shape is None else out((*x.shape, 2), x.dtype, x)


@op("tensorflow.image.draw_bounding_boxes")
def draw_bounding_boxes(images: Value, boxes: Value, colors: Value = None, name: Value = None) -> Value:
    """``tf.image.draw_bounding_boxes``."""
    x = _images("tf.image.draw_bounding_boxes", images, (4,))
    return UNKNOWN if x is None else out(x.shape, x.dtype, x)


@op("tensorflow.image.non_max_suppression")
def non_max_suppression(boxes: Value, scores: Value, max_output_size: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.image.non_max_suppression``: as many as are left."""
    return Array((None,), "int32", "tensor")


@op("tensorflow.image.combined_non_max_suppression")
def combined_non_max_suppression(*args: Value, **kwargs: Value) -> Value:
    """``tf.image.combined_non_max_suppression``: boxes, scores, classes and counts."""
    return UNKNOWN


# --- decoding ----------------------------------------------------------------------------------------------------------------------


@op("tensorflow.io.read_file", "tensorflow.read_file")
def read_file(filename: Value, name: Value = None) -> Value:
    """``tf.io.read_file``: one string."""
    return Array((), "str", "tensor")


def _told_by_contents() -> Dim:
    """Return a length that what is decoded decides: open while a function is traced, and some number when it is run."""
    return None if tracing() else UNKNOWN_DIM


def _channels(channels: Value) -> Dim:
    n = whole(channels)
    return _told_by_contents() if n == 0 else UNKNOWN_DIM if n is None else n


def _register_decoders() -> None:
    for name in ("decode_png", "decode_jpeg", "decode_bmp", "decode_and_crop_jpeg"):
        channels_at = {"decode_and_crop_jpeg": 1}.get(name, 0)

        def decode(
            contents: Value, *args: Value, _at: int = channels_at, channels: Value = 0, dtype: Value = None, **kwargs: Value
        ) -> Value:
            given = args[_at] if len(args) > _at else channels
            return Array((_told_by_contents(), _told_by_contents(), _channels(given)), dtype_of(dtype, "uint8"), "tensor")

        decode.__doc__ = f"``tf.io.{name}``: height and width are open."
        op(f"tensorflow.io.{name}", f"tensorflow.image.{name}")(decode)


_register_decoders()


@op("tensorflow.io.decode_image", "tensorflow.image.decode_image")
def decode_image(
    contents: Value, channels: Value = None, dtype: Value = None, name: Value = None, expand_animations: Value = True
) -> Value:
    """``tf.io.decode_image``: of rank 4 for GIFs, unless told not to expand animations; so its static shape is unknown."""
    animated = flag(expand_animations)
    if animated is False:
        size = _told_by_contents()
        return Array((size, size, _channels(0 if channels is None else channels)), dtype_of(dtype, "uint8"), "tensor")
    return Array(None, dtype_of(dtype, "uint8"), "tensor")


@op("tensorflow.io.decode_gif", "tensorflow.image.decode_gif")
def decode_gif(contents: Value, name: Value = None) -> Value:
    """``tf.io.decode_gif``: (frames, height, width, 3)."""
    length = _told_by_contents()
    return Array((length, length, length, 3), "uint8", "tensor")


@op("tensorflow.io.encode_jpeg", "tensorflow.io.encode_png", "tensorflow.image.encode_jpeg", "tensorflow.image.encode_png")
def encode(image: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.io.encode_jpeg``: one string."""
    x = tensor(image)
    demand_rank("tf.io.encode_jpeg", x, least=3)
    return Array(() if x is not None and x.shape is not None and len(x.shape) == 3 else None, "str", "tensor")


@op("tensorflow.audio.decode_wav")
def decode_wav(contents: Value, desired_channels: Value = -1, desired_samples: Value = -1, name: Value = None) -> Value:
    """``tf.audio.decode_wav``: the samples (time, channels) and the rate."""
    from ...interpreter.values import NamedItems

    channels, samples = whole(desired_channels), whole(desired_samples)
    shape: Shape = (
        _told_by_contents() if samples == -1 else UNKNOWN_DIM if samples is None else samples,
        _told_by_contents() if channels == -1 else UNKNOWN_DIM if channels is None else channels,
    )
    return NamedItems((Array(shape, "float32", "tensor"), Array((), "int32", "tensor")), ("audio", "sample_rate"))


@op("tensorflow.audio.encode_wav")
def encode_wav(audio: Value, sample_rate: Value, name: Value = None) -> Value:
    """``tf.audio.encode_wav``."""
    return Array((), "str", "tensor")


@op("tensorflow.io.decode_raw", "tensorflow.decode_raw")
def decode_raw(*args: Value, **kwargs: Value) -> Value:
    """``tf.io.decode_raw``: a new axis of open length."""
    given = args[0] if args else kwargs.get("input_bytes", kwargs.get("bytes"))
    kind = args[1] if len(args) > 1 else kwargs.get("out_type")
    x = tensor(given)
    return Array(None if x is None or x.shape is None else (*x.shape, None), dtype_of(kind), "tensor")


@op("tensorflow.io.decode_csv", "tensorflow.decode_csv")
def decode_csv(records: Value, record_defaults: Value, *args: Value, **kwargs: Value) -> Value:
    """``tf.io.decode_csv``: a tensor for each column, of the records' shape."""
    x, defaults = tensor(records), parts_of(record_defaults)
    if defaults is None:
        return UNKNOWN
    from .common import make_list

    return make_list(Array(None if x is None else x.shape, None, "tensor") for _ in defaults)
