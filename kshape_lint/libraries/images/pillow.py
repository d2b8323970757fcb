"""Pillow: an image has a size, (width, height), and a mode, which says how many channels its array has."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, LibObj, Value, fresh
from ...records import record, replace
from ...rules.arrays import RankDemanded
from ...shapes import UNKNOWN_DIM, Dim, is_exact, same
from ..api import Mismatch, Raises, bases, constant, items, models
from ..arraylike import as_array, dim_value, minus, plus

IMAGE = "PIL.Image.Image"
_CHANNELS = {
    **dict.fromkeys(("1", "L", "P", "I", "F", "I;16"), 0),
    **dict.fromkeys(("LA", "PA", "La"), 2),
    **dict.fromkeys(("RGB", "HSV", "YCbCr", "LAB"), 3),
    **dict.fromkeys(("RGBA", "CMYK", "RGBX", "RGBa"), 4),
}
_DTYPES = {"1": "bool", "I": "int32", "F": "float32", "I;16": "uint16"}
for _name, _number in {
    "FLIP_LEFT_RIGHT": 0,
    "FLIP_TOP_BOTTOM": 1,
    "ROTATE_90": 2,
    "ROTATE_180": 3,
    "ROTATE_270": 4,
    "TRANSPOSE": 5,
    "TRANSVERSE": 6,
    "NEAREST": 0,
    "LANCZOS": 1,
    "ANTIALIAS": 1,
    "BILINEAR": 2,
    "BICUBIC": 3,
    "BOX": 4,
    "HAMMING": 5,
}.items():
    constant(f"PIL.Image.{_name}", _number)
    constant(f"PIL.Image.{'Transpose' if _number == 6 or 'ROTATE' in _name or 'FLIP' in _name else 'Resampling'}.{_name}", _number)


@record
class ImageState:
    """State of an image: its size, and its mode where known."""

    width: Dim = UNKNOWN_DIM
    height: Dim = UNKNOWN_DIM
    mode: str | None = None

    def __blur__(self, other: ImageState) -> ImageState:
        """Return what two possible images have in common."""
        return ImageState(
            self.width if self.width == other.width else UNKNOWN_DIM,
            self.height if self.height == other.height else UNKNOWN_DIM,
            self.mode if self.mode == other.mode else None,
        )


def image(width: Dim, height: Dim, mode: str | None) -> LibObj:
    """Return a new image."""
    return LibObj(IMAGE, ImageState(width, height, mode))


def state_of(value: Value) -> ImageState:
    """Return what is known of an image; nothing for what is none."""
    state = value.state if isinstance(value, LibObj) else None
    return state if isinstance(state, ImageState) else ImageState()


def _of(state: ImageState) -> LibObj:
    return LibObj(IMAGE, state)


def _size(size: Value) -> tuple[Dim, Dim]:
    """Return (width, height) as given."""
    parts = items(size)
    if isinstance(size, Array) and size.data is not None:
        parts = size.data
    if parts is None or len(parts) != 2:
        return UNKNOWN_DIM, UNKNOWN_DIM
    width, height = (p if is_exact(p) else UNKNOWN_DIM for p in parts)
    return width, height


@models(IMAGE + ".__array__")
def to_array(self: Value, dtype: Value = None, copy: Value = None) -> Value:
    """``np.array(image)``: (height, width), and the channels where the mode has several."""
    state = state_of(self)
    channels = _CHANNELS.get(state.mode) if state.mode is not None else None
    if channels is None:
        return Array(None)
    made = _DTYPES.get(state.mode or "", "uint8")
    bounds = (0, 255) if made == "uint8" else None
    return Array((state.height, state.width) if channels == 0 else (state.height, state.width, channels), made, bounds=bounds)


@models("PIL.Image.open")
def open_image(fp: Value, mode: Value = "r", formats: Value = None) -> Value:
    """An image of any size and mode."""
    return image(fresh("w"), fresh("h"), None)


@models("PIL.Image.new")
def new(mode: Value, size: Value, color: Value = 0) -> Value:
    """A plain image."""
    return image(*_size(size), mode if isinstance(mode, str) else None)


@models("PIL.Image.fromarray")
def fromarray(obj: Value, mode: Value = None) -> Value:
    """An image of an array: (height, width), or with 2, 3 or 4 channels."""
    a = as_array(obj)
    if a is None or a.shape is None or (isinstance(obj, Array) and obj.kind != "numpy"):
        return image(fresh("w"), fresh("h"), mode if isinstance(mode, str) else None)
    shape = a.shape
    channels = shape[2] if len(shape) == 3 else 0
    if len(shape) > 3 or (len(shape) == 3 and isinstance(channels, int) and channels not in (2, 3, 4)):
        hint = "drop the last axis: array[:, :, 0]" if len(shape) == 3 and same(channels, 1) else None
        if len(shape) == 4:
            hint = "take one image of the batch: array[0]"
        raise Mismatch(
            RankDemanded("Image.fromarray", shape, "(height, width), or (height, width, channels) of 2, 3 or 4 channels", hint), obj
        )
    if len(shape) < 2:
        return image(fresh("w"), fresh("h"), None)
    found = (
        mode if isinstance(mode, str) else {2: "LA", 3: "RGB", 4: "RGBA"}.get(channels) if isinstance(channels, int) and channels else None
    )
    if found is None and len(shape) == 2 and mode is None:
        found = (
            "1" if a.dtype == "bool" else "F" if a.dtype is not None and a.dtype.startswith("float") else "I" if a.dtype == "int32" else "L"
        )
    return image(shape[1], shape[0], found)


@models("PIL.Image.merge")
def merge(mode: Value, bands: Value) -> Value:
    """Bands as channels."""
    parts = items(bands)
    first = state_of(parts[0]) if parts else ImageState()
    return image(first.width, first.height, mode if isinstance(mode, str) else None)


@models("PIL.Image.blend", "PIL.Image.alpha_composite", "PIL.Image.composite")
def blend(im1: Value, im2: Value, *args: Value) -> Value:
    """An image of the same size."""
    return _of(state_of(im1))


@models(IMAGE + ".size", kind="property")
def size(self: Value) -> Value:
    """``(width, height)``."""
    state = state_of(self)
    return (dim_value(state.width), dim_value(state.height))


@models(IMAGE + ".width", kind="property")
def width(self: Value) -> Value:
    """The width."""
    return dim_value(state_of(self).width)


@models(IMAGE + ".height", kind="property")
def height(self: Value) -> Value:
    """The height."""
    return dim_value(state_of(self).height)


@models(IMAGE + ".mode", kind="property")
def mode(self: Value) -> Value:
    """The mode."""
    found = state_of(self).mode
    return UNKNOWN if found is None else found


@models(IMAGE + ".convert")
def convert(self: Value, mode: Value = None, *args: Value, **kwargs: Value) -> Value:
    """The same image in another mode."""
    return _of(replace(state_of(self), mode=mode if isinstance(mode, str) else None))


@models(IMAGE + ".resize")
def resize(self: Value, size: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the size given as (width, height)."""
    if isinstance(size, int):
        raise Raises("TypeError", "'int' object is not iterable")
    w, h = _size(size)
    return _of(replace(state_of(self), width=w, height=h))


@models(IMAGE + ".thumbnail")
def thumbnail(self: Value, size: Value, *args: Value, **kwargs: Value) -> Value:
    """The image itself becomes smaller, its proportions kept."""
    self.put(replace(state_of(self), width=fresh("w"), height=fresh("h")))
    return None


@models(IMAGE + ".draft")
def draft(self: Value, mode: Value, size: Value) -> Value:
    """The image itself may be read smaller."""
    self.put(ImageState(fresh("w"), fresh("h")))
    return UNKNOWN


@models(IMAGE + ".crop")
def crop(self: Value, box: Value = None) -> Value:
    """What lies in (left, upper, right, lower)."""
    state = state_of(self)
    if box is None:
        return _of(state)
    parts = items(box)
    if parts is None or len(parts) != 4:
        return _of(replace(state, width=fresh("w"), height=fresh("h")))
    left, upper, right, lower = (p if is_exact(p) else UNKNOWN_DIM for p in parts)
    w, h = minus(right, left), minus(lower, upper)
    return _of(replace(state, width=w if is_exact(w) else fresh("w"), height=h if is_exact(h) else fresh("h")))


@models(IMAGE + ".rotate")
def rotate(self: Value, angle: Value, resample: Value = 0, expand: Value = 0, *args: Value, **kwargs: Value) -> Value:
    """The same size, unless it is told to expand."""
    state = state_of(self)
    if expand in (0, False):
        return _of(state)
    if angle in (90, 270, -90) and not isinstance(angle, bool) and expand in (1, True):
        return _of(replace(state, width=state.height, height=state.width))
    return _of(replace(state, width=fresh("w"), height=fresh("h")))


@models(IMAGE + ".transpose")
def transpose(self: Value, method: Value) -> Value:
    """Flips keep the size, quarter turns swap it."""
    state = state_of(self)
    if method in (0, 1, 3) and isinstance(method, int):
        return _of(state)
    if method in (2, 4, 5, 6) and isinstance(method, int):
        return _of(replace(state, width=state.height, height=state.width))
    return _of(replace(state, width=fresh("w"), height=fresh("h")))


@models(*(f"{IMAGE}.{name}" for name in ("copy", "filter", "point", "effect_spread", "__enter__")))
def keep(self: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the same size."""
    state = state_of(self)
    return _of(state) if not (args and len(args) > 1) else _of(replace(state, mode=None))


@models(IMAGE + ".quantize")
def quantize(self: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the same size whose pixels are numbers of colours."""
    return _of(replace(state_of(self), mode="P"))


@models(IMAGE + ".reduce")
def reduce(self: Value, factor: Value, box: Value = None) -> Value:
    """An image made smaller by whole factors, rounded up."""
    state = state_of(self)
    both = factor if isinstance(factor, tuple) else (factor, factor)
    if box is None and len(both) == 2 and isinstance(state.width, int) and isinstance(state.height, int):
        across, down = both
        if isinstance(across, int) and isinstance(down, int) and across > 0 and down > 0:
            return _of(replace(state, width=-(-state.width // across), height=-(-state.height // down)))
    return _of(replace(state, width=fresh("w"), height=fresh("h")))


@models(IMAGE + ".split")
def split(self: Value) -> Value:
    """One grey image for each band."""
    state = state_of(self)
    count = _CHANNELS.get(state.mode) if state.mode is not None else None
    return UNKNOWN if count is None else tuple(image(state.width, state.height, "L") for _ in range(count or 1))


@models(IMAGE + ".getchannel")
def getchannel(self: Value, channel: Value) -> Value:
    """One band."""
    state = state_of(self)
    return image(state.width, state.height, "L")


@models(*(f"{IMAGE}.{name}" for name in ("save", "show", "close", "load", "paste", "putalpha", "seek", "verify")))
def effect(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Called for its effect."""
    return None


@models("PIL.ImageOps.fit", "PIL.ImageOps.pad")
def ops_fit(image: Value, size: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the size given as (width, height)."""
    w, h = _size(size)
    return _of(replace(state_of(image), width=w, height=h))


@models(*(f"PIL.ImageOps.{name}" for name in ("invert", "mirror", "flip", "autocontrast", "equalize", "posterize", "solarize")))
def ops_keep(image: Value, *args: Value, **kwargs: Value) -> Value:
    """An image of the same size."""
    return _of(state_of(image))


@models("PIL.ImageOps.exif_transpose")
def ops_exif(image: Value, **kwargs: Value) -> Value:
    """Turned as the camera was held."""
    return _of(replace(state_of(image), width=fresh("w"), height=fresh("h")))


@models("PIL.ImageOps.grayscale")
def ops_grey(image: Value) -> Value:
    """A grey image."""
    return _of(replace(state_of(image), mode="L"))


@models("PIL.ImageOps.expand")
def ops_expand(image: Value, border: Value = 0, *args: Value, **kwargs: Value) -> Value:
    """A border around the image."""
    state = state_of(image)
    if not is_exact(border):
        return _of(replace(state, width=fresh("w"), height=fresh("h")))
    return _of(replace(state, width=plus(state.width, border * 2), height=plus(state.height, border * 2)))


_ENHANCER = "PIL.ImageEnhance.<enhancer>"


def _enhancer(name: str) -> None:
    path = f"PIL.ImageEnhance.{name}"
    bases(path, _ENHANCER)

    @models(path)
    def make(image: Value) -> Value:
        """An enhancer of the image."""
        return LibObj(path, (image,))


for _name in ("Color", "Contrast", "Brightness", "Sharpness"):
    _enhancer(_name)


@models(_ENHANCER + ".enhance")
def enhance(self: Value, factor: Value) -> Value:
    """An image of the same size."""
    return _of(state_of(self.state[0]))
