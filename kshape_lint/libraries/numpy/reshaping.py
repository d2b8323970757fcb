"""The same elements under other axes: reshape, transpose, squeeze and kin."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Array, Value
from ...rules.silent import LuckyReshape
from ...shapes import UNKNOWN_DIM, Shape
from ...shapes import axes as axes_of
from ...shapes.reshape import flatten as flatten_shape
from ...shapes.reshape import reshape as reshape_shape
from ...shapes.reshape import works_by_luck
from ..api import is_sequence, models, supposed_single, warn
from ..refusals import refusing
from .convert import UNCLEAR, as_array, axes, lengths, whole


def regrouped(a: Array, shape: Shape | None) -> Array:
    """Return the same elements in the same order under another shape."""
    return Array(shape, a.dtype, a.kind, data=a.data, bounds=a.bounds)


def rearranged(a: Array, shape: Shape | None) -> Array:
    """Return the same elements in another order under another shape."""
    ordered = a.data if a.data is not None and shape is not None and len(shape) < 2 and a.shape == shape and len(a.data) < 2 else None
    return Array(shape, a.dtype, a.kind, data=ordered, bounds=a.bounds)


def reshaped(a: Array, shape: Value, order: Value = "C") -> Array:
    """Return `a` reshaped to an argument that stands for a shape."""
    target = lengths(shape)
    if target is None:
        return Array(None, a.dtype, a.kind, bounds=a.bounds)
    with refusing("reshape", a):
        made = reshape_shape(a.shape, target)
    if a.shape is not None and works_by_luck(a.shape, target):
        warn(LuckyReshape(a.shape, target), a)
    return regrouped(a, made) if order == "C" else rearranged(a, made)


@models("numpy.reshape")
def reshape(a: Value, /, shape: Value = None, order: Value = "C", *, newshape: Value = None, copy: Value = None) -> Value:
    """The same elements under another shape."""
    return reshaped(as_array(a, "np.reshape"), newshape if shape is None else shape, order)


@models("numpy.ndarray.reshape")
def ndarray_reshape(self: Value, *shape: Value, order: Value = "C", copy: Value = None) -> Value:
    """The same elements under another shape, given as one argument or several."""
    if len(shape) == 1:
        return reshaped(self, shape[0], order)
    return reshaped(self, shape, order)


@models("numpy.resize")
def resize(a: Value, new_shape: Value) -> Value:
    """Any other size: elements are repeated or dropped."""
    return Array(lengths(new_shape), as_array(a).dtype)


@models("numpy.ravel")
def ravel(a: Value, order: Value = "C") -> Value:
    """All elements on one axis."""
    return raveled(as_array(a, "np.ravel"), order)


@models("numpy.ndarray.ravel", "numpy.ndarray.flatten")
def ndarray_ravel(self: Value, order: Value = "C") -> Value:
    """All elements on one axis."""
    return raveled(self, order)


def raveled(a: Array, order: Value = "C") -> Array:
    """Return all elements of `a` on one axis."""
    shape = (UNKNOWN_DIM,) if a.shape is None else flatten_shape(a.shape) if a.shape else (1,)
    return regrouped(a, shape) if order == "C" else rearranged(a, shape)


@models("numpy.squeeze", "numpy.ndarray.squeeze")
def squeeze(a: Value, axis: Value = None) -> Value:
    """Axes of length 1 taken away."""
    x = as_array(a, "np.squeeze")
    which = axes(axis)
    if x.shape is None or which is UNCLEAR:
        return Array(None, x.dtype, bounds=x.bounds)
    if not x.shape and which in ((0,), (-1,)):
        return x
    with refusing("squeeze", x):
        if isinstance(which, tuple):
            return regrouped(x, axes_of.squeeze(x.shape, which))
        return regrouped(x, axes_of.squeeze(tuple(1 if supposed_single(d) else d for d in x.shape)))


@models("numpy.expand_dims")
def expand_dims(a: Value, axis: Value) -> Value:
    """New axes of length 1."""
    x = as_array(a, "np.expand_dims")
    which = axes(axis)
    if x.shape is None or not isinstance(which, tuple):
        return Array(None, x.dtype, bounds=x.bounds)
    with refusing("np.expand_dims", x):
        return regrouped(x, axes_of.expand_dims(x.shape, which))


def transposed(a: Array, order: Value) -> Value:
    """Return `a` with its axes in another order, given as an argument."""
    which = axes(order)
    if a.shape is None:
        return Array(None, a.dtype, bounds=a.bounds)
    if which is UNCLEAR:
        return Array((UNKNOWN_DIM,) * len(a.shape), a.dtype, bounds=a.bounds)
    with refusing("transpose", a):
        return rearranged(a, axes_of.permute(a.shape, which if isinstance(which, tuple) else None))


@models("numpy.transpose", "numpy.permute_dims")
def transpose(a: Value, axes: Value = None) -> Value:
    """The axes in another order."""
    return transposed(as_array(a, "np.transpose"), axes)


@models("numpy.ndarray.transpose")
def ndarray_transpose(self: Value, *axes: Value) -> Value:
    """The axes in another order, given as one argument or several."""
    if not axes or (len(axes) == 1 and (axes[0] is None or is_sequence(axes[0]))):
        return transposed(self, axes[0] if axes else None)
    return transposed(self, axes)


@models("numpy.ndarray.T", kind="property")
def ndarray_t(self: Value) -> Value:
    """The axes reversed."""
    return transposed(self, None)


@models("numpy.ndarray.mT", kind="property")
@models("numpy.matrix_transpose", "numpy.linalg.matrix_transpose")
def matrix_transpose(x: Value, /) -> Value:
    """The last two axes swapped."""
    a = as_array(x)
    if a.shape is None or len(a.shape) < 2:
        return Array(None, a.dtype)
    return rearranged(a, axes_of.swap(a.shape, -1, -2))


@models("numpy.swapaxes", "numpy.ndarray.swapaxes")
def swapaxes(a: Value, axis1: Value, axis2: Value) -> Value:
    """Two axes exchanged."""
    x = as_array(a, "np.swapaxes")
    first, second = whole(axis1), whole(axis2)
    if x.shape is None or not isinstance(first, int) or not isinstance(second, int):
        return Array(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, bounds=x.bounds)
    with refusing("swapaxes", x):
        return rearranged(x, axes_of.swap(x.shape, first, second))


@models("numpy.moveaxis")
def moveaxis(a: Value, source: Value, destination: Value) -> Value:
    """Some axes moved to other places."""
    x = as_array(a, "np.moveaxis")
    origin, target = axes(source), axes(destination)
    if x.shape is None or not isinstance(origin, tuple) or not isinstance(target, tuple):
        return Array(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, bounds=x.bounds)
    with refusing("np.moveaxis", x):
        return rearranged(x, axes_of.move(x.shape, origin, target))


@models("numpy.rollaxis")
def rollaxis(a: Value, axis: Value, start: Value = 0) -> Value:
    """One axis moved back to stand before another."""
    x = as_array(a, "np.rollaxis")
    which, before = whole(axis), whole(start)
    if x.shape is None or not isinstance(which, int) or not isinstance(before, int):
        return Array(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, bounds=x.bounds)
    rank = len(x.shape)
    with refusing("np.rollaxis", x):
        at = axes_of.axis_index(which, rank)
        if not -rank <= before <= rank:
            return Array((UNKNOWN_DIM,) * rank, x.dtype, bounds=x.bounds)
        place = before + rank if before < 0 else before
        return rearranged(x, axes_of.move(x.shape, (at,), (place - 1 if at < place else place,)))


def _same_shape(function: str, a: Value, axis: Value) -> Value:
    x = as_array(a, function)
    which = axes(axis)
    if x.shape is not None and isinstance(which, tuple):
        with refusing(function, x):
            axes_of.axis_indices(which, len(x.shape))
    return Array(x.shape, x.dtype, bounds=x.bounds)


@models("numpy.flip")
def flip(m: Value, axis: Value = None) -> Value:
    """Elements in reverse along axes."""
    return _same_shape("np.flip", m, axis)


@models("numpy.flipud")
def flipud(m: Value) -> Value:
    """Rows in reverse."""
    return _same_shape("np.flipud", m, 0)


@models("numpy.fliplr")
def fliplr(m: Value) -> Value:
    """Columns in reverse."""
    return _same_shape("np.fliplr", m, 1)


@models("numpy.roll")
def roll(a: Value, shift: Value, axis: Value = None) -> Value:
    """Elements shifted along axes, round the end."""
    which = axes(axis)
    repeated = isinstance(which, tuple) and len(set(which)) < len(which)
    return _same_shape("np.roll", a, None if repeated else axis)


@models("numpy.rot90")
def rot90(m: Value, k: Value = 1, axes: Value = (0, 1)) -> Value:
    """A turn by quarter circles in the plane of two axes."""
    from .convert import axes as read_axes

    x = as_array(m, "np.rot90")
    plane, turns = read_axes(axes), whole(k)
    if x.shape is None or not isinstance(plane, tuple) or len(plane) != 2 or not isinstance(turns, int):
        return Array(None if x.shape is None else (UNKNOWN_DIM,) * len(x.shape), x.dtype, bounds=x.bounds)
    if len(x.shape) < 2:
        return UNKNOWN
    with refusing("np.rot90", x):
        i, j = axes_of.axis_indices(plane, len(x.shape))
        return rearranged(x, axes_of.swap(x.shape, i, j) if turns % 2 else x.shape)


def _at_least(arys: tuple[Value, ...], rank: int) -> Value:
    out = []
    for value in arys:
        a = as_array(value, f"np.atleast_{rank}d")
        shape = a.shape
        if shape is not None and len(shape) < rank:
            if rank == 3 and len(shape) == 2:
                shape = (*shape, 1)
            elif rank == 3 and len(shape) == 1:
                shape = (1, *shape, 1)
            else:
                shape = (1,) * (rank - len(shape)) + shape
        out.append(regrouped(a, shape))
    return out[0] if len(out) == 1 else tuple(out)


@models("numpy.atleast_1d")
def atleast_1d(*arys: Value) -> Value:
    """At least one axis."""
    return _at_least(arys, 1)


@models("numpy.atleast_2d")
def atleast_2d(*arys: Value) -> Value:
    """At least two axes, new ones in front."""
    return _at_least(arys, 2)


@models("numpy.atleast_3d")
def atleast_3d(*arys: Value) -> Value:
    """At least three axes."""
    return _at_least(arys, 3)
