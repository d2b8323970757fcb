"""Layers that lay axes out anew: Flatten, Reshape, Permute, RepeatVector, cropping, padding, up-sampling."""

from __future__ import annotations

from ....interpreter.values import Array, ListObj, Value
from ....rules.layers import LayerRank, ReshapeLayerSize, WindowExhausted
from ....shapes import UNKNOWN_DIM, Dim, at_least, is_exact, size
from ....shapes.errors import ShapeError
from ....shapes.reshape import plus, reshape, times
from ...api import Mismatch, as_dim, is_sequence, items, keras_major
from ..objects import constructor, layer
from .common import FIRST, array_of, label, layout, output, refuse, several_of, show, want_rank


@constructor("keras.layers.Flatten")
def flatten_arguments(*, data_format: Value = None) -> None:
    """Check the data format."""
    layout("Flatten", data_format)


@layer("keras.layers.Flatten")
def flatten(inputs: Value, *, data_format: Value = None) -> Array:
    """Make one axis of all but the batch; None if one of them is."""
    x = array_of(inputs)
    if not x.shape:
        return output(x, None, x.dtype)
    rest = x.shape[1:]
    length: Dim = None if any(d is None for d in rest) else size(rest)
    return output(x, (x.shape[0], length), x.dtype)


@constructor("keras.layers.Reshape")
def reshape_arguments(*, target_shape: Value) -> None:
    """Check that the target is a shape with one -1 at most."""
    if isinstance(target_shape, (int, float)) and not isinstance(target_shape, bool):
        raise refuse("Reshape", f"`target_shape` must be a tuple, got {target_shape!r}", f"write ({target_shape},)")
    parts = items(target_shape) if is_sequence(target_shape) else None
    if parts is not None and keras_major() == 3:
        if sum(isinstance(p, int) and p == -1 for p in parts) > 1:
            raise refuse("Reshape", f"`target_shape` may have one -1, got {show(target_shape)}")
        if any(isinstance(p, int) and p < -1 for p in parts):
            raise refuse("Reshape", f"`target_shape` has a negative length, got {show(target_shape)}")


@layer("keras.layers.Reshape")
def reshape_(inputs: Value, *, target_shape: Value, self: Value = None) -> Array:
    """Lay the elements of a sample out in another shape."""
    x = array_of(inputs)
    parts = items(target_shape) if is_sequence(target_shape) else None
    if parts is None:
        return output(x, None, x.dtype)
    target = tuple(as_dim(p) for p in parts)
    batch: Dim = UNKNOWN_DIM if not x.shape else x.shape[0]
    if not x.shape:
        # What is not known to us may be known to Keras: no None.
        return output(x, (batch, *(UNKNOWN_DIM if d == -1 and isinstance(d, int) else d for d in target)), x.dtype)
    if any(d is None for d in x.shape[1:]) or any(d is None for d in target):
        return output(x, (batch, *(None if d == -1 and isinstance(d, int) else d for d in target)), x.dtype)
    try:
        return output(x, (batch, *reshape(x.shape[1:], target)), x.dtype)
    except ShapeError:
        raise Mismatch(ReshapeLayerSize(label(self), x.shape[1:], target), x) from None


@constructor("keras.layers.Permute")
def permute_arguments(*, dims: Value) -> None:
    """Check that the axes count from 1 and each stands once."""
    parts = items(dims) if is_sequence(dims) else None
    if parts is not None and all(isinstance(p, int) for p in parts) and sorted(parts) != list(range(1, len(parts) + 1)):
        raise refuse("Permute", f"`dims` must be an order of the axes 1 to {len(parts)} (the batch is left out), got {show(dims)}")


@layer("keras.layers.Permute")
def permute(inputs: Value, *, dims: Value, self: Value = None) -> Array:
    """Put the axes in another order."""
    x = array_of(inputs)
    parts = items(dims) if is_sequence(dims) else None
    if x.shape is None or parts is None:
        return output(x, None, x.dtype)
    if len(x.shape) != len(parts) + 1:
        raise Mismatch(LayerRank(label(self), x.shape, len(parts) + 1), x)
    if not all(isinstance(p, int) and 0 < p < len(x.shape) for p in parts):
        return output(x, (x.shape[0], *(UNKNOWN_DIM,) * len(parts)), x.dtype)
    return output(x, (x.shape[0], *(x.shape[p] for p in parts)), x.dtype)


@constructor("keras.layers.RepeatVector")
def repeat_arguments(*, n: Value) -> None:
    """Check that ``n`` is a whole number."""
    if isinstance(n, (float, str, tuple)) or n is None:
        raise refuse("RepeatVector", f"`n` must be a whole number, got {show(n)}")
    if isinstance(n, Array) and n.kind in ("numpy", "tensor") and n.shape is not None:
        raise refuse("RepeatVector", "`n` must be a Python int, got a NumPy number or an array", "convert it with int(...)")
    if keras_major() == 3 and isinstance(n, int) and n <= 0:
        raise refuse("RepeatVector", f"`n` must be positive, got {n}")


@layer("keras.layers.RepeatVector")
def repeat_vector(inputs: Value, *, n: Value, self: Value = None) -> Array:
    """Repeat each sample's vector ``n`` times."""
    x = array_of(inputs)
    count = as_dim(n)
    count = UNKNOWN_DIM if count is None or (isinstance(count, int) and count < 0) else count
    if x.shape is None:
        return output(x, (UNKNOWN_DIM, count, UNKNOWN_DIM), x.dtype)
    want_rank(self, x, 2)
    return output(x, (x.shape[0], count, x.shape[1]), x.dtype)


def _margins(name: str, what: str, value: Value, rank: int) -> tuple[tuple[Dim, Dim], ...] | None:
    """Return what is cut off or added before and after each axis; None where unknown."""
    if rank == 1:
        both = several_of(name, what, value, 2, zero=True)
        return ((both[0], both[1]),)
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0 and what == "cropping" and keras_major() == 2:
            return None
        if value < 0 and (what == "cropping" or keras_major() == 2):
            raise refuse(name, f"`{what}` must not be negative, got {value}")
        return ((value, value),) * rank
    if is_exact(value):
        return ((as_dim(value), as_dim(value)),) * rank
    parts = items(value) if is_sequence(value) else None
    if parts is None:
        if value is None or isinstance(value, float):
            raise refuse(name, f"`{what}` takes a whole number or {rank} of them, got {show(value)}")
        return None
    if len(parts) != rank:
        raise refuse(name, f"`{what}` takes a whole number, {rank} of them, or {rank} pairs, got {show(value)}")
    pairs = [several_of(name, what, part, 2, zero=True) for part in parts]
    return tuple((a, b) for a, b in pairs)


def _cropping(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, cropping: Value = 1, data_format: Value = None) -> None:
        _margins(name, "cropping", cropping, rank)
        layout(name, data_format)

    @layer(path)
    def crop(inputs: Value, *, cropping: Value = 1, data_format: Value = None, self: Value = None) -> Array:
        x = array_of(inputs)
        if x.shape is None:
            return output(x, None, x.dtype)
        want_rank(self, x, rank + 2)
        form, margins = layout(self, data_format), _margins(name, "cropping", cropping, rank)
        shape = list(x.shape)
        if form is None or margins is None:
            return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)), x.dtype)
        for axis, (before, after) in enumerate(margins, start=2 if form == FIRST and rank > 1 else 1):
            cut = plus(before, after)
            left = plus(shape[axis], times(cut, -1))
            if keras_major() == 2 and rank == 3:
                left = max(left, 0) if isinstance(left, int) else left  # Keras 2 does not look, and leaves nothing
            elif is_exact(left) and (left <= 0 if isinstance(left, int) else at_least(-left, 0)):
                raise Mismatch(WindowExhausted(label(self), x.shape, axis, cut, "cropping"), x)
            shape[axis] = left
        return output(x, tuple(shape), x.dtype)


def _padding(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, padding: Value = 1, data_format: Value = None) -> None:
        _margins(name, "padding", padding, rank)
        layout(name, data_format)

    @layer(path)
    def pad(inputs: Value, *, padding: Value = 1, data_format: Value = None, self: Value = None) -> Array:
        x = array_of(inputs)
        if x.shape is None:
            return output(x, None, x.dtype)
        want_rank(self, x, rank + 2)
        form, margins = layout(self, data_format), _margins(name, "padding", padding, rank)
        shape = list(x.shape)
        if form is None or margins is None:
            return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)), x.dtype)
        for axis, (before, after) in enumerate(margins, start=2 if form == FIRST else 1):
            shape[axis] = plus(shape[axis], plus(before, after))
        return output(x, tuple(shape), x.dtype)


def _up(name: str, rank: int) -> None:
    path = f"keras.layers.{name}"

    @constructor(path)
    def check(*, size: Value = 2, data_format: Value = None) -> None:
        if rank > 1:
            several_of(name, "size", size, rank)
        elif isinstance(size, (tuple, ListObj)) or size is None or (keras_major() == 3 and isinstance(size, float)):
            raise refuse(name, f"`size` must be a whole number, got {show(size)}")
        elif keras_major() == 3 and isinstance(size, int) and size <= 0:
            raise refuse(name, f"`size` must be positive, got {size}")
        layout(name, data_format)

    @layer(path)
    def up(inputs: Value, *, size: Value = 2, data_format: Value = None, self: Value = None) -> Array:
        x = array_of(inputs)
        if x.shape is None:
            return output(x, None, x.dtype)
        form = layout(self, data_format)
        loose = keras_major() == 2 and rank == 3 and form is not None and len(x.shape) >= (5 if form == FIRST else 4)
        if not loose:  # else Keras 2 repeats along three axes, whatever comes after them
            want_rank(self, x, rank + 2)
        factors = (as_dim(size),) if rank == 1 else several_of(self, "size", size, rank)
        if form is None:
            return output(x, (x.shape[0], *(UNKNOWN_DIM,) * (rank + 1)), x.dtype)
        shape: list[Dim] = list(x.shape)
        for axis, factor in enumerate(factors, start=2 if form == FIRST else 1):
            shape[axis] = times(shape[axis], UNKNOWN_DIM if factor is None else factor)
        if keras_major() == 2 and rank == 2:
            start = 2 if form == FIRST else 1
            if None in x.shape[start : start + 2]:
                shape[start : start + 2] = (None, None)  # Keras 2 resizes both or none
        return output(x, tuple(shape), x.dtype)


for _rank in (1, 2, 3):
    _cropping(f"Cropping{_rank}D", _rank)
    _padding(f"ZeroPadding{_rank}D", _rank)
    _up(f"UpSampling{_rank}D", _rank)
