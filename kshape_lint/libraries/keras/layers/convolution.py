"""Convolutions: plain, transposed, depthwise, separable, locally connected."""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ....rules.layers import LayerRank
from ....shapes import UNKNOWN_DIM, Dim, Shape, is_exact, never_divides, same_shape
from ...api import Mismatch, as_dim, keras_major
from ...tensorflow.tracing import in_first_trace
from ..objects import Built, constructor, layer
from .common import (
    array_of,
    channel_axis,
    grow,
    label,
    laid_out,
    layout,
    output,
    padding_of,
    positive,
    refuse,
    several_of,
    slide,
    want_defined,
)


def _check_windows(name: str, rank: int, kernel_size: Value, strides: Value, dilation_rate: Value, *, exclusive: bool) -> None:
    several_of(name, "kernel_size", kernel_size, rank)
    steps = several_of(name, "strides", strides, rank)
    gaps = several_of(name, "dilation_rate", dilation_rate, rank)
    if exclusive and any(isinstance(s, int) and s > 1 for s in steps) and any(isinstance(g, int) and g > 1 for g in gaps):
        raise refuse(name, f"`strides` and `dilation_rate` cannot both be above 1, got {strides!r} and {dilation_rate!r}")


def _paddings(name: str, rank: int) -> tuple[str, ...]:
    """Return the paddings a class takes."""
    if keras_major() == 3:
        return ("valid", "same", "causal") if name == "Conv1D" else ("valid", "same")
    return ("valid", "same", "causal") if name in ("Conv1D", "SeparableConv1D") else ("valid", "same")


def _number(value: Value) -> Dim:
    d = as_dim(value)
    return UNKNOWN_DIM if d is None else d


def _split(self: Value, x: Array, rank: int, form: str | None, *, stacked: bool) -> tuple[Shape, range] | None:
    """Return the leading (batch) axes and the numbers of the spatial ones; refuse another rank. `stacked` allows several batch axes."""
    if x.shape is None or form is None:
        return None
    extra = len(x.shape) - rank - 2
    if extra < 0 or (extra and not stacked):
        raise Mismatch(LayerRank(label(self), x.shape, rank + 2), x)
    start = 1 + extra + (form != "channels_last")
    return x.shape[: 1 + extra], range(start, start + rank)


def _unknown(x: Array, rank: int) -> Array:
    """Return what a convolution of unknown layout gives."""
    if x.shape is None or len(x.shape) != rank + 2:
        return output(x, None)
    return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)))


def _convolution(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
        groups: Value = 1,
    ) -> None:
        _check_windows(name, rank, kernel_size, strides, dilation_rate, exclusive=True)
        padding_of(name, padding, *_paddings(name, rank))
        layout(name, data_format)
        positive(name, "filters", filters, strict=False)
        if keras_major() == 3 or groups:
            positive(name, "groups", groups, strict=False)
        if isinstance(groups, int) and groups > 1 and never_divides(as_dim(filters), groups):
            raise refuse(name, f"`groups` {groups} does not divide `filters` {filters!r}")

    @layer(path)
    def convolve(
        inputs: Value,
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
        groups: Value = 1,
        self: Value = None,
    ) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        parts = _split(self, x, rank, form, stacked=keras_major() == 2)
        if parts is None or form is None or x.shape is None:
            return _unknown(x, rank)
        batch, axes = parts
        channels = channel_axis(form) if form == "channels_last" else len(batch)
        want_defined(self, x, channels)
        if isinstance(groups, int) and groups > 1 and never_divides(x.shape[channels], groups):
            raise refuse(self, f"`groups` {groups} does not divide the {x.shape[channels]!r} channels of the input")
        # TensorFlow's kernel for three axes does not always look, on data, whether the window fits.
        loose = rank == 3 and keras_major() == 2
        try:
            sides = _slid(self, x, axes, rank, kernel_size, strides, padding, dilation_rate, lenient=loose)
        except Mismatch:
            # Nor, where some axis is open, whether a dilated one does.
            if not loose or dilation_rate in (1, (1, 1, 1)) or None not in x.shape[1:]:
                raise
            sides = (UNKNOWN_DIM,) * rank
        return output(x, laid_out(form, batch, sides, _number(filters)))


def _slid(
    self: Value,
    x: Array,
    axes: range,
    rank: int,
    kernel_size: Value,
    strides: Value,
    padding: Value,
    dilation_rate: Value,
    *,
    lenient: bool,
) -> Shape:
    kernel = several_of(self, "kernel_size", kernel_size, rank)
    steps = several_of(self, "strides", strides, rank)
    gaps = several_of(self, "dilation_rate", dilation_rate, rank)
    mode = padding.lower() if isinstance(padding, str) else None
    sides = tuple(slide(self, x, axis, k, s, mode, g, "kernel", lenient=lenient) for axis, k, s, g in zip(axes, kernel, steps, gaps))
    # Where one axis is exhausted unnoticed, all of the result is arbitrary.
    return (UNKNOWN_DIM,) * rank if lenient and x.kind != "keras" and UNKNOWN_DIM in sides else sides


def _by_depth(
    self: Value, x: Array, axes: range, rank: int, kernel_size: Value, strides: Value, padding: Value, dilation_rate: Value
) -> Shape:
    """Return the sides after windows have slid over each channel; None where Keras 2 dilates by moving space into the batch."""
    assert x.shape is not None
    open_ = keras_major() == 2 and dilation_rate != 1 and any(x.shape[a] is None for a in axes)
    if open_ and any(g != 1 for g in several_of("", "dilation_rate", dilation_rate, rank)):
        return (None,) * rank
    return _slid(self, x, axes, rank, kernel_size, strides, padding, dilation_rate, lenient=keras_major() == 2)


def _depthwise(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(
        *,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        depth_multiplier: Value = 1,
        data_format: Value = None,
        dilation_rate: Value = 1,
    ) -> None:
        _check_windows(name, rank, kernel_size, strides, dilation_rate, exclusive=keras_major() == 2)
        padding_of(name, padding, *_paddings(name, rank))
        layout(name, data_format)
        if keras_major() == 3:
            positive(name, "depth_multiplier", depth_multiplier, strict=False)

    @layer(path)
    def convolve(
        inputs: Value,
        *,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        depth_multiplier: Value = 1,
        data_format: Value = None,
        dilation_rate: Value = 1,
        self: Value = None,
    ) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        parts = _split(self, x, rank, form, stacked=False)
        if parts is None or form is None or x.shape is None:
            return _unknown(x, rank)
        batch, axes = parts
        want_defined(self, x, channel_axis(form))
        sides = _by_depth(self, x, axes, rank, kernel_size, strides, padding, dilation_rate)
        if keras_major() == 2 and x.kind != "keras" and UNKNOWN_DIM in sides:
            return _unknown(x, rank)  # no window fits: what comes out is anything
        channels, times = x.shape[channel_axis(form)], as_dim(depth_multiplier)
        depth: Dim = channels * times if is_exact(channels) and is_exact(times) else UNKNOWN_DIM
        return output(x, laid_out(form, batch, sides, depth))


def _separable(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
        depth_multiplier: Value = 1,
    ) -> None:
        _check_windows(name, rank, kernel_size, strides, dilation_rate, exclusive=keras_major() == 2)
        padding_of(name, padding, *_paddings(name, rank))
        layout(name, data_format)
        positive(name, "filters", filters, strict=False)
        if keras_major() == 3:
            positive(name, "depth_multiplier", depth_multiplier, strict=False)

    @layer(path)
    def convolve(
        inputs: Value,
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        dilation_rate: Value = 1,
        self: Value = None,
    ) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        if keras_major() == 2 and rank == 2 and x.kind != "keras" and x.shape is not None and len(x.shape) == 5 and not in_first_trace():
            return output(x, None)  # outside of a graph nothing looks at the rank
        parts = _split(self, x, rank, form, stacked=False)
        if parts is None or form is None:
            return _unknown(x, rank)
        batch, axes = parts
        want_defined(self, x, channel_axis(form))
        sides = _by_depth(self, x, axes, rank, kernel_size, strides, padding, dilation_rate)
        return output(x, laid_out(form, batch, sides, _number(filters)))


def _transposed(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        output_padding: Value = None,
        data_format: Value = None,
        dilation_rate: Value = 1,
    ) -> None:
        _check_windows(name, rank, kernel_size, strides, dilation_rate, exclusive=True)
        padding_of(name, padding, "valid", "same")
        layout(name, data_format)
        positive(name, "filters", filters, strict=False)
        if output_padding is not None:
            extra = several_of(name, "output_padding", output_padding, rank, zero=True)
            for e, s in zip(extra, several_of(name, "strides", strides, rank)):
                if isinstance(e, int) and isinstance(s, int) and e >= s:
                    raise refuse(name, f"`output_padding` must be less than `strides`, got {output_padding!r} and {strides!r}")

    @layer(path)
    def convolve(
        inputs: Value,
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        output_padding: Value = None,
        data_format: Value = None,
        dilation_rate: Value = 1,
        self: Value = None,
    ) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        parts = _split(self, x, rank, form, stacked=False)
        if parts is None or form is None or x.shape is None:
            return _unknown(x, rank)
        batch, axes = parts
        want_defined(self, x, channel_axis(form))
        kernel = several_of(self, "kernel_size", kernel_size, rank)
        steps = several_of(self, "strides", strides, rank)
        gaps = several_of(self, "dilation_rate", dilation_rate, rank)
        if keras_major() == 2 and rank == 3:
            gaps = (1,) * rank  # Keras 2 forgets them in three dimensions
        extra: tuple[Dim, ...] = (None,) * rank
        if output_padding is not None:
            extra = several_of(self, "output_padding", output_padding, rank, zero=True)
        mode = padding.lower() if isinstance(padding, str) else None
        sides = tuple(grow(x.shape[a], k, s, mode, e, g) for a, k, s, e, g in zip(axes, kernel, steps, extra, gaps))
        return output(x, laid_out(form, batch, sides, _number(filters)))


def _local(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, kernel_size: Value, strides: Value = 1, padding: Value = "valid", implementation: Value = 1) -> None:
        several_of(name, "kernel_size", kernel_size, rank)
        several_of(name, "strides", strides, rank, zero=True)
        mode = padding_of(name, padding, "valid", "same", "causal")
        if mode is not None and mode != "valid" and implementation == 1:
            raise refuse(name, f"with implementation=1 `padding` must be 'valid', got {padding!r}")

    @layer(path)
    def connect(
        inputs: Value,
        *,
        filters: Value,
        kernel_size: Value,
        strides: Value = 1,
        padding: Value = "valid",
        data_format: Value = None,
        self: Value = None,
        built: Built | None = None,
    ) -> Array:
        x = array_of(inputs)
        if built is not None and built.shape is not None and x.shape is not None and same_shape(built.shape[1:], x.shape[1:]) is not True:
            return output(x, None)  # it goes on with the windows that it has weights for
        form = layout(self, data_format)
        parts = _split(self, x, rank, form, stacked=False)
        if parts is None or form is None:
            return _unknown(x, rank)
        batch, axes = parts
        for axis in axes:
            want_defined(self, x, axis)
        sides = _slid(self, x, axes, rank, kernel_size, strides, padding, 1, lenient=False)
        return output(x, laid_out(form, batch, sides, _number(filters)))


for _rank in (1, 2, 3):
    _convolution(f"Conv{_rank}D", _rank)
    _transposed(f"Conv{_rank}DTranspose", _rank)
for _rank in (1, 2):
    _depthwise(f"DepthwiseConv{_rank}D", _rank)
    _separable(f"SeparableConv{_rank}D", _rank)
    _local(f"LocallyConnected{_rank}D", _rank)
