"""``reveal_shape(x)``: what is known of a value's shape, in words and for the JSON output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rules.tool import RevealedShape
from ..shapes import UNKNOWN_DIM, Poly, Shape, show_shape
from ..shapes.shape import merge_shapes
from .values import AnyScalar, Array, Choice, ListObj, Real, Unknown, Value

if TYPE_CHECKING:
    from .run import Run


def reveal(run: Run, value: Value) -> None:
    """Report what is known of the shape of `value`."""
    shape = run.lifted((value,), lambda v: shapes_of(run, v)) if type(value) is not Choice else _of_choice(run, value)
    run.report(RevealedShape(show(shape)), (), always=True, shape=as_json(shape))


def _of_choice(run: Run, value: Choice) -> Any:
    shapes = [shapes_of(run, v) if type(v) is not Choice else _of_choice(run, v) for v in value.alternatives]
    first = shapes[0]
    for other in shapes[1:]:
        first = merge(first, other)
    return first


def merge(a: Any, b: Any) -> Any:
    """Return what two shapes (or lists of them) of one value have in common."""
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [merge(x, y) for x, y in zip(a, b)]
    if isinstance(a, tuple) and isinstance(b, tuple):
        return merge_shapes(a, b)
    return None


def shapes_of(run: Run, value: Value) -> Any:
    """Return the shape of a value: a tuple of dimensions, None where the rank is unknown, a list of these for several values."""
    if isinstance(value, Array):
        return value.shape
    if isinstance(value, (int, float, complex, str, bytes, Poly, Real, AnyScalar)):
        return ()
    if isinstance(value, (tuple, ListObj)):
        items = tuple(value) if isinstance(value, tuple) else value.items
        return None if items is None else [shapes_of(run, v) for v in items]
    if isinstance(value, Unknown) or value is None:
        return None
    found = run.attribute(value, "shape")
    if isinstance(found, tuple):
        return tuple(d if d is None or isinstance(d, (int, Poly)) else UNKNOWN_DIM for d in found)
    return None


def show(shape: Any) -> str:
    """Return shapes as a user reads them: ``(None, 28, 28)``, or ``[(3,), (4,)]`` for several values."""
    if isinstance(shape, list):
        return f"[{', '.join(map(show, shape))}]"
    return show_shape(shape)


def as_json(shape: Any) -> Any:
    """Return shapes as the JSON output has them: int, null for Keras's None, text for symbols and ``"?"``."""
    if shape is None:
        return None
    if isinstance(shape, list):
        return [as_json(s) for s in shape]
    return [d if d is None or isinstance(d, int) else repr(d) for d in _dims(shape)]


def _dims(shape: Shape) -> Shape:
    return tuple(int(d) if isinstance(d, bool) else d for d in shape)
