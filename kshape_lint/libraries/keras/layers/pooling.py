"""Pooling: windows, global, adaptive."""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ....rules.layers import LayerRank
from ....shapes import UNKNOWN_DIM, Dim, Shape
from ...api import Mismatch, as_dim, items, keras_major
from ..objects import constructor, layer
from .common import (
    array_of,
    channel_axis,
    label,
    laid_out,
    layout,
    output,
    padding_of,
    refuse,
    several_of,
    show,
    slide,
    spatial_axes,
    want_rank,
)


def _window(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, pool_size: Value = 2, strides: Value = None, padding: Value = "valid", data_format: Value = None) -> None:
        several_of(name, "pool_size", pool_size, rank)
        if strides is not None:
            several_of(name, "strides", strides, rank, zero=True)
        if keras_major() == 2:
            padding_of(name, padding, "valid", "same")
        layout(name, data_format)

    @layer(path)
    def pool(
        inputs: Value,
        *,
        pool_size: Value = 2,
        strides: Value = None,
        padding: Value = "valid",
        data_format: Value = None,
        self: Value = None,
    ) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        if x.shape is None:
            return output(x, None)
        want_rank(self, x, rank + 2)
        if form is None:
            return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)))
        windows = several_of(self, "pool_size", pool_size, rank)
        steps = windows if strides is None else several_of(self, "strides", strides, rank, zero=True)
        mode = padding.lower() if isinstance(padding, str) else None
        sides = tuple(
            slide(self, x, axis, w, s, mode, 1, "pool", lenient=True) for axis, w, s in zip(spatial_axes(x.shape, form), windows, steps)
        )
        return output(x, laid_out(form, x.shape[:1], sides, x.shape[channel_axis(form)]))


def _global(name: str, rank: int) -> None:
    @layer(f"keras.layers.{name}")
    def pool(inputs: Value, *, data_format: Value = None, keepdims: Value = False, self: Value = None) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        if x.shape is None:
            return output(x, None)
        want_rank(self, x, rank + 2)
        channels = UNKNOWN_DIM if form is None else x.shape[channel_axis(form)]
        if keepdims is False or keepdims is None or keepdims == 0:
            return output(x, (x.shape[0], channels))
        if keepdims is True and form is not None:
            return output(x, laid_out(form, x.shape[:1], (1,) * rank, channels))
        return output(x, None)


def _adaptive(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, output_size: Value, data_format: Value = None) -> None:
        if not isinstance(output_size, int):
            several_of(name, "output_size", output_size, rank)
        layout(name, data_format)

    @layer(path)
    def pool(inputs: Value, *, output_size: Value, data_format: Value = None, self: Value = None) -> Array:
        x = array_of(inputs)
        form = layout(self, data_format)
        if x.shape is None:
            return output(x, None)
        if len(x.shape) < 2 or (len(x.shape) != rank + 2 and x.kind != "keras"):
            raise Mismatch(LayerRank(label(self), x.shape, rank + 2), x)
        parts = items(output_size)
        sides: Shape = (as_dim(output_size),) * rank if parts is None else tuple(as_dim(p) for p in parts)
        if x.kind == "keras" and any(isinstance(side, int) and side < 0 for side in sides):
            raise refuse(self, f"`output_size` must not be negative, got {show(output_size)}")
        if form is None:
            return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)))
        channels: Dim = x.shape[channel_axis(form)]
        return output(x, laid_out(form, x.shape[:1], sides, channels))


for _rank in (1, 2, 3):
    for _kind in ("Max", "Average"):
        _window(f"{_kind}Pooling{_rank}D", _rank)
        _global(f"Global{_kind}Pooling{_rank}D", _rank)
        _adaptive(f"Adaptive{_kind}Pooling{_rank}D", _rank)
