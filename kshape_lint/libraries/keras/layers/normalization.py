"""Normalizations: the shape stays, the axes must be there and have a length."""

from __future__ import annotations

from ....interpreter.values import Array, Value
from ....rules.layers import LayerAxis, LayerRank
from ....shapes import is_exact, never_divides, same, show_shape
from ....shapes.broadcast import broadcast_dims
from ...api import Mismatch, is_sequence, items, keras_major
from ..objects import Built, constructor, layer
from .common import array_of, label, output, refuse, want_defined


def _axes(axis: Value) -> tuple[int, ...] | None:
    if isinstance(axis, int) and not isinstance(axis, bool):
        return (axis,)
    parts = items(axis) if is_sequence(axis) else None
    return tuple(parts) if parts is not None and all(isinstance(p, int) for p in parts) else None


def _check(self: Value, x: Array, axis: Value, *, defined: bool = True) -> None:
    """Refuse an axis that is not there, or (with `defined`) has no known length."""
    axes = _axes(axis)
    if x.shape is None or axes is None:
        return
    for a in axes:
        if not -len(x.shape) <= a < len(x.shape):
            raise Mismatch(LayerRank(label(self), x.shape, min_rank=a + 1 if a >= 0 else -a, hint=f"its axis is {a}"), x)
        if defined:
            want_defined(self, x, a)


@layer("keras.layers.BatchNormalization", "keras.layers.experimental.SyncBatchNormalization")
def batch_normalization(inputs: Value, *, axis: Value = -1, self: Value = None) -> Array:
    """Normalize over all axes but one."""
    x = array_of(inputs)
    _check(self, x, axis)
    return output(x, x.shape)


def _check_weights(self: Value, x: Array, axis: Value, built: Built) -> None:
    """Refuse another length than the weights were made for, where neither is 1 and broadcasts."""
    axes = _axes(axis)
    if axes is None or len(axes) != 1 or x.shape is None or built.shape is None or len(x.shape) != len(built.shape):
        return
    old, new = built.shape[axes[0]], x.shape[axes[0]]
    if isinstance(old, int) and isinstance(new, int) and old != new and old > 1 and new > 1:
        raise Mismatch(LayerAxis(label(self), x.shape, axes[0] % len(x.shape), old), x)


@layer("keras.layers.RMSNormalization")
def rms_normalization(inputs: Value, *, axis: Value = -1, self: Value = None) -> Array:
    """Normalize by the root mean square; the weights are multiplied along the last axis, whichever they were made for."""
    x = array_of(inputs)
    _check(self, x, axis)
    axes = _axes(axis)
    if x.kind == "keras" or not x.shape:
        return output(x, x.shape)
    if axes is None or len(axes) != 1:
        return output(x, None)
    made_for = x.shape[axes[0]]
    last = broadcast_dims(x.shape[-1], made_for)
    if last is False:
        raise refuse(self, f"its weights for axis {axes[0]} are {made_for!r}, and go along the last axis of {show_shape(x.shape)}")
    return output(x, (*x.shape[:-1], last))


@layer("keras.layers.LayerNormalization")
def layer_normalization(
    inputs: Value, *, axis: Value = -1, center: Value = True, scale: Value = True, self: Value = None, built: Built | None = None
) -> Array:
    """Normalize each sample over one axis or several, whose lengths the weights have."""
    x = array_of(inputs)
    _check(self, x, axis, defined=center is True or scale is True)
    if built is not None and (center is True or scale is True) and (keras_major() == 2 or x.kind != "keras"):
        _check_weights(self, x, axis, built)
    return output(x, x.shape)


@constructor("keras.layers.GroupNormalization")
def group_arguments(*, groups: Value = 32) -> None:
    """Check the number of groups."""
    if keras_major() == 3 and isinstance(groups, int) and groups <= 0 and groups != -1:
        raise refuse("GroupNormalization", f"`groups` must be positive or -1, got {groups}")


@layer("keras.layers.GroupNormalization")
def group_normalization(
    inputs: Value,
    *,
    groups: Value = 32,
    axis: Value = -1,
    center: Value = True,
    scale: Value = True,
    self: Value = None,
    built: Built | None = None,
) -> Array:
    """Normalize over groups of channels, which must divide evenly."""
    x = array_of(inputs)
    _check(self, x, axis)
    axes = _axes(axis)
    if built is not None and built.shape and x.shape and axes is not None and len(axes) == 1 and len(built.shape) == len(x.shape):
        old = built.shape[axes[0]]
        if same(old, x.shape[axes[0]]) is False and (keras_major() == 3 or center is True or scale is True):
            raise Mismatch(LayerAxis(label(self), x.shape, axes[0] % len(x.shape), old), x)
    if x.shape is not None and axes is not None and len(axes) == 1 and is_exact(groups) and groups != -1:
        channels = x.shape[axes[0]]
        if never_divides(channels, groups):
            raise refuse(self, f"`groups` {groups!r} does not divide the {channels!r} channels of the input")
    return output(x, x.shape)


@layer("keras.layers.UnitNormalization")
def unit_normalization(inputs: Value, *, axis: Value = -1, self: Value = None) -> Array:
    """Scale to length 1."""
    x = array_of(inputs)
    _check(self, x, axis, defined=False)
    return output(x, x.shape)
