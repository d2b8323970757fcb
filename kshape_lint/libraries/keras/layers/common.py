"""What the layers' models share: reading arguments, laying out axes, making outputs."""

from __future__ import annotations

from functools import cache
from typing import Any

from ....interpreter.values import UNKNOWN, Array, ListObj, Obj, ResultList, Seq, Unknown, Value
from ....rules.layers import LayerArgument, LayerInput, LayerRank, UndefinedDimension, WindowExhausted
from ....shapes import UNKNOWN_DIM, Dim, Poly, Shape, at_least, is_exact, show_shape
from ....shapes.errors import WindowExhausts
from ....shapes.windows import transposed_length, window_extent, window_length
from ...api import Mismatch, as_dim, items, keras_major
from ...tensorflow.tracing import in_first_trace
from ..objects import LayerObj

FIRST = "channels_first"
LAST = "channels_last"


def label(self: Value) -> str:
    """Return what a message calls a layer: its class."""
    return self.path.rpartition(".")[2] if isinstance(self, LayerObj) else "layer"


def array_of(inputs: Value) -> Array:
    """Return a layer's input as an array; what is no array stands for one of unknown shape."""
    if isinstance(inputs, Array):
        return inputs
    # A list of one tensor is taken for that tensor by most layers.
    parts = items(inputs) if isinstance(inputs, (tuple, ListObj)) else None
    if parts is not None and len(parts) == 1 and isinstance(parts[0], Array):
        return parts[0]
    return Array(None, None, "tensor")


def output(like: Value, shape: Shape | None, dtype: str | None = "float32") -> Array:
    """Return the array that a layer gives for an input."""
    symbolic = isinstance(like, Array) and like.kind == "keras"
    return Array(shape, dtype, "keras" if symbolic else "tensor")


def several(*parts: Value) -> Value:
    """Return several outputs: a tuple in Keras 3, a list in Keras 2."""
    return tuple(parts) if keras_major() == 3 else ResultList(Seq(parts))


def refuse(layer: Value, reason: str, hint: str | None = None) -> Mismatch:
    """Return the error for an argument that a constructor does not accept."""
    return Mismatch(LayerArgument(layer if isinstance(layer, str) else label(layer), reason, hint))


def is_known(value: Value) -> bool:
    """Tell whether a value is plain Python's (None, a number, text, a tuple) and not unknown."""
    return not isinstance(value, (Unknown, Obj, Array))


def positive(layer: Value, name: str, value: Value, *, strict: bool = True) -> None:
    """Refuse what is certainly no positive whole number. With `strict`, floats and numbers as text are refused too."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if value <= 0:
            raise refuse(layer, f"`{name}` must be positive, got {value}")
    elif strict and isinstance(value, Array) and value.kind in ("numpy", "tensor") and value.shape is not None:
        what = "a NumPy number" if value.kind == "numpy" and not value.shape else f"an array of shape {show_shape(value.shape)}"
        raise refuse(layer, f"`{name}` must be a Python int, got {what}", "convert it with int(...)")
    elif strict and (value is None or isinstance(value, (float, str, tuple, dict))):
        raise refuse(layer, f"`{name}` must be a positive whole number, got {show(value)}", _floor_hint(value))


def _floor_hint(value: Value) -> str | None:
    return "`/` makes a float; `//` keeps whole numbers" if isinstance(value, float) else None


def show(value: Value) -> str:
    """Return a value as a message shows it."""
    parts = items(value) if isinstance(value, (tuple, ListObj)) else None
    if parts is not None:
        inner = ", ".join(show(p) for p in parts)
        return f"[{inner}]" if isinstance(value, ListObj) else f"({inner}{',' if len(parts) == 1 else ''})"
    return repr(value)


def several_of(layer: Value, name: str, value: Value, count: int, *, zero: bool = False) -> tuple[Dim, ...]:
    """Return an argument such as ``kernel_size`` as `count` numbers, as Keras's ``standardize_tuple`` does; unknown where it is."""
    parts: tuple[Dim, ...]
    if type(value) is int and value > 0:
        return (value,) * count
    if type(value) is tuple and len(value) == count and all(type(v) is int and v > 0 for v in value):
        return value
    if isinstance(value, (tuple, ListObj)):
        given = items(value)
        if given is None:
            return (UNKNOWN_DIM,) * count
        if len(given) != count:
            raise refuse(layer, f"`{name}` takes one number or {count}, got {show(value)}")
        if any(g is None or isinstance(g, tuple) for g in given):
            raise refuse(layer, f"`{name}` takes {count} whole numbers, got {show(value)}")
        # A float in a tuple passes the constructor and breaks later, in one place or another.
        parts = tuple(as_dim(g) for g in given)
    elif is_exact(value):
        parts = (as_dim(value),) * count
    elif value is None or isinstance(value, float):
        raise refuse(layer, f"`{name}` takes one whole number or {count}, got {show(value)}", _floor_hint(value))
    else:
        return (UNKNOWN_DIM,) * count
    least = 0 if zero else 1
    for part in parts:
        if isinstance(part, int) and part < least:
            raise refuse(layer, f"`{name}` must be {'0 or more' if zero else 'positive'}, got {show(value)}")
    return parts


def layout(layer: Value, data_format: Value) -> str | None:
    """Return ``channels_last`` or ``channels_first``, None where unknown."""
    if data_format is None:
        return default_layout()
    if isinstance(data_format, str):
        lowered = data_format.lower()
        if lowered not in (FIRST, LAST):
            raise refuse(layer, f"`data_format` must be '{LAST}' or '{FIRST}', got {data_format!r}")
        return lowered
    return None


def default_layout() -> str | None:
    """Return the data format that layers take where none is given; None where the program may have changed it in ways not followed."""
    found = _backend().image_data_format()
    return found if found in (FIRST, LAST) else None


@cache
def _backend() -> Any:
    """Return the room of the backend's settings, which stands on this one."""
    from .. import backend

    return backend


def padding_of(layer: Value, padding: Value, *allowed: str) -> str | None:
    """Return a padding in lower case, None where unknown."""
    if isinstance(padding, (int, float)):
        raise refuse(layer, f"`padding` must be one of {', '.join(map(repr, allowed))}, got {padding!r}")
    if not isinstance(padding, str):
        return None
    lowered = padding.lower()
    if lowered not in allowed:
        raise refuse(layer, f"`padding` must be one of {', '.join(map(repr, allowed))}, got {padding!r}")
    return lowered


def want_rank(self: Value, inputs: Array, rank: int, *, at_least_: bool = False, hint: str | None = None) -> bool:
    """Refuse an input of another rank; tell whether the rank is known."""
    if inputs.shape is None:
        return False
    wrong = len(inputs.shape) < rank if at_least_ else len(inputs.shape) != rank
    if wrong:
        record = LayerRank(label(self), inputs.shape, None if at_least_ else rank, rank if at_least_ else None, hint=hint)
        raise Mismatch(record, inputs)
    return True


def want_defined(self: Value, inputs: Array, axis: int) -> None:
    """Refuse an input whose axis is None where weights are made from it; symbolic ones do for a layer that has its weights already."""
    assert inputs.shape is not None
    if inputs.shape[axis] is None and (inputs.kind != "keras" or getattr(self, "state", None) is None):
        raise Mismatch(UndefinedDimension(label(self), inputs.shape, axis), inputs)


def no_tensor(self: Value, reason: str, *blame: Value) -> Mismatch:
    """Return the error for a layer called on the wrong kind or number of things."""
    return Mismatch(LayerInput(label(self), reason), *blame)


def spatial_axes(shape: Shape, form: str) -> range:
    """Return the axes that are neither batch nor channels."""
    return range(1, len(shape) - 1) if form == LAST else range(2, len(shape))


def channel_axis(form: str) -> int:
    """Return the axis of the channels."""
    return -1 if form == LAST else 1


def laid_out(form: str, batch: Shape, spatial: Shape, channels: Dim) -> Shape:
    """Put a shape together from its parts."""
    return (*batch, *spatial, channels) if form == LAST else (*batch, channels, *spatial)


def slide(
    self: Value,
    inputs: Array,
    axis: int,
    window: Dim,
    stride: Dim,
    padding: str | None,
    dilation: Dim = 1,
    what: str = "window",
    *,
    lenient: bool = False,
) -> Dim:
    """Return the length of an axis after a window has slid along it, or refuse the input where the window is longer than the axis."""
    assert inputs.shape is not None
    length = inputs.shape[axis]
    if padding is None or window is UNKNOWN_DIM or stride is UNKNOWN_DIM:
        return None if length is None else UNKNOWN_DIM
    try:
        return window_length(length, window, stride, padding, dilation, axis)
    except WindowExhausts:
        if lenient and inputs.kind != "keras" and not in_first_trace() and not _far_beyond(length, window, stride, dilation):
            return UNKNOWN_DIM  # Keras does not look, and TensorFlow gives an empty result, or anything, unless it traces
        record = WindowExhausted(label(self), inputs.shape, axis, window_extent(window, dilation), what, _window_hint(inputs.shape, stride))
        raise Mismatch(record, inputs) from None


def _far_beyond(length: Dim, window: Dim, stride: Dim, dilation: Dim) -> bool:
    """Tell whether a window is longer than an axis by two strides and more: TensorFlow refuses that on data, too."""
    if not (isinstance(length, int) and isinstance(window, int) and isinstance(stride, int)) or dilation != 1 or stride < 1:
        return False
    return window - length >= 2 * stride


def _window_hint(shape: Shape, stride: Dim) -> str | None:
    channels = shape[1]
    if len(shape) >= 4 and isinstance(channels, int) and channels <= 4 and all(at_least(d, 5) for d in shape[2:]):
        return f"axis 1 of {show_shape(shape)} looks like the channels: layers take them last unless told data_format='channels_first'"
    if isinstance(stride, int) and stride > 1 and len(shape) >= 4:
        return f"its strides are {stride}; a second number after the kernel size is the strides, write kernel_size=(height, width)"
    return None


def grow(length: Dim, kernel: Dim, stride: Dim, padding: str | None, extra: Dim, dilation: Dim) -> Dim:
    """Return the length of an axis after a transposed convolution."""
    if length is None:
        return None
    if padding is None or kernel is UNKNOWN_DIM or stride is UNKNOWN_DIM or extra is UNKNOWN_DIM or dilation is UNKNOWN_DIM:
        return UNKNOWN_DIM
    return transposed_length(length, kernel, stride, padding, extra, dilation)


def config_of(layer: Value, name: str, default: Value = UNKNOWN) -> Value:
    """Return an argument of another layer, such as the one a wrapper holds."""
    return layer.config.get(name, default) if isinstance(layer, LayerObj) else default


def batch_of(*shapes: Shape | None) -> Dim:
    """Return the batch size that several inputs share: a known one wins over None."""
    found: Dim = None
    for shape in shapes:
        if shape:
            if isinstance(shape[0], (int, Poly)):
                return shape[0]
            found = shape[0] if shape[0] is not None else found
        else:
            found = UNKNOWN_DIM
    return found
