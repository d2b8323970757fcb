"""``x.shape`` of a tensor: a ``tf.TensorShape``, which is a tuple of lengths with a few methods."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, Value
from ...rules.arrays import IndexBounds
from ...shapes import Dim, Shape, is_exact, merge_shapes, same, size
from ..api import Mismatch, models
from .common import dim_of, make_list, shape_of

PATH = "tensorflow.TensorShape"


class TensorShape(tuple[Value, ...]):
    """A tuple of lengths; None where the static shape leaves one open."""

    type_path = PATH


def tensor_shape(shape: Shape | None) -> Value:
    """Return a shape as the program sees it."""
    if shape is None:
        return UNKNOWN
    return TensorShape(UNKNOWN if not is_exact(d) and d is not None else d for d in shape)


def _dims(value: Value) -> Shape | None:
    return tuple(map(dim_of, value)) if isinstance(value, tuple) else shape_of(value)


@models(PATH, "tensorflow.compat.v1.TensorShape")
def make(dims: Value = None) -> Value:
    """``tf.TensorShape``."""
    return tensor_shape(None if dims is None else shape_of(dims))


@models(f"{PATH}.as_list")
def as_list(self: Value) -> Value:
    """The lengths as a list."""
    return make_list(self) if isinstance(self, tuple) else UNKNOWN


@models(f"{PATH}.dims", kind="property")
def dims(self: Value) -> Value:
    """The lengths as a list."""
    return make_list(self) if isinstance(self, tuple) else UNKNOWN


@models(f"{PATH}.rank", f"{PATH}.ndims", kind="property")
def rank(self: Value) -> Value:
    """How many axes there are."""
    return len(self) if isinstance(self, tuple) else UNKNOWN


@models(f"{PATH}.num_elements")
def num_elements(self: Value) -> Value:
    """The product of the lengths, None where one is open."""
    shape = _dims(self)
    total: Dim = None if shape is None else size(shape)
    return total if is_exact(total) else None if shape is not None and None in shape else UNKNOWN


@models(f"{PATH}.is_fully_defined")
def is_fully_defined(self: Value) -> Value:
    """Whether no length is open."""
    shape = _dims(self)
    if shape is None:
        return UNKNOWN
    return False if None in shape else True if all(map(is_exact, shape)) else UNKNOWN


@models(f"{PATH}.concatenate")
def concatenate(self: Value, other: Value) -> Value:
    """Two shapes, one after the other."""
    a, b = (_dims(v) if isinstance(v, tuple) else shape_of(v) for v in (self, other))
    return UNKNOWN if a is None or b is None else tensor_shape(a + b)


@models(f"{PATH}.__add__")
def add(self: Value, other: Value) -> Value:
    """``shape + [10]``: two shapes, one after the other."""
    return concatenate(self, other)


@models(f"{PATH}.__radd__")
def radd(self: Value, other: Value) -> Value:
    """``[10] + shape``."""
    return concatenate(other, self)


@models(f"{PATH}.__getitem__")
def getitem(self: Value, key: Value) -> Value:
    """One length, or a shape again for a slice."""
    if not isinstance(self, tuple):
        return UNKNOWN
    if isinstance(key, slice):
        bounds = (key.start, key.stop, key.step)
        if not all(b is None or isinstance(b, int) for b in bounds) or key.step == 0:
            return UNKNOWN
        return TensorShape(tuple(self)[key])
    if isinstance(key, int):
        if not -len(self) <= key < len(self):
            raise Mismatch(IndexBounds(key, len(self)))
        return tuple(self)[key]
    return UNKNOWN


@models(f"{PATH}.merge_with")
def merge_with(self: Value, other: Value) -> Value:
    """What two statements about one shape say together."""
    a, b = _dims(self), shape_of(other)
    if a is None or b is None or len(a) != len(b):
        return UNKNOWN
    return tensor_shape(tuple(x if is_exact(x) else y for x, y in zip(a, b)))


@models(f"{PATH}.most_general_compatible_shape", f"{PATH}.most_specific_compatible_shape")
def most_general(self: Value, other: Value) -> Value:
    """What two shapes have in common."""
    return tensor_shape(merge_shapes(_dims(self), shape_of(other)))


@models(f"{PATH}.is_compatible_with")
def is_compatible_with(self: Value, other: Value) -> Value:
    """Whether two shapes may be one."""
    a, b = _dims(self), shape_of(other)
    if a is None or b is None:
        return UNKNOWN
    if len(a) != len(b):
        return False
    verdicts = [same(x, y) if x is not None and y is not None else True for x, y in zip(a, b)]
    return False if False in verdicts else UNKNOWN if None in verdicts else True


@models(f"{PATH}.assert_is_compatible_with", f"{PATH}.assert_has_rank", f"{PATH}.assert_is_fully_defined", f"{PATH}.assert_same_rank")
def assertion(*args: Value) -> Value:
    """The assertions of a shape: no claim."""
    return None


@models(f"{PATH}.with_rank", f"{PATH}.with_rank_at_least", f"{PATH}.with_rank_at_most")
def with_rank(self: Value, rank: Value) -> Value:
    """The shape itself."""
    return self


@models(
    "tensorflow.Dimension", "tensorflow.compat.v1.Dimension", "tensorflow.compat.dimension_value", "tensorflow.compat.v1.dimension_value"
)
def dimension_value(dimension: Value) -> Value:
    """``tf.compat.dimension_value``: the length itself."""
    return dimension


@models("tensorflow.compat.dimension_at_index", "tensorflow.compat.v1.dimension_at_index")
def dimension_at_index(shape: Value, index: Value) -> Value:
    """``tf.compat.dimension_at_index``."""
    dims_ = _dims(shape)
    if dims_ is None or not isinstance(index, int) or not -len(dims_) <= index < len(dims_):
        return UNKNOWN
    d = dims_[index]
    return d if is_exact(d) or d is None else UNKNOWN
