"""What happens element by element: shapes broadcast, few and known elements are worked out."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from ...interpreter.values import Array, Kind, Value
from ...shapes import Poly, Shape, size
from ...shapes.broadcast import broadcast_optional
from ..refusals import refusing
from .convert import bounds_of

MOST_COMPUTED: Final = 256
"""How many elements are worked out one by one."""

PRECEDENCE: Final[dict[str, int]] = {"numpy": 0, "variable": 1, "tensor": 2, "ragged": 3, "sparse": 3, "keras": 4}


def common_shape(function: str, arrays: Sequence[Array]) -> Shape | None:
    """Return the shape that `arrays` broadcast to, or raise the finding."""
    shapes = [a.shape for a in arrays]
    first = shapes[0]
    if first is not None and shapes.count(first) == len(shapes) and all(isinstance(d, int) for d in first):
        return first
    with refusing(function, *arrays):
        return broadcast_optional(*shapes)
    raise AssertionError


def result_kind(arrays: Sequence[Array]) -> Kind:
    """Return whose array comes of an operation on several: Keras's before TensorFlow's before NumPy's."""
    kind = arrays[0].kind
    for a in arrays:
        if a.kind != kind and PRECEDENCE[a.kind] > PRECEDENCE[kind]:
            kind = a.kind
    return "tensor" if kind == "variable" else kind


def computed(function: Callable[..., Any], arrays: Sequence[Array], shape: Shape | None) -> tuple[Value, ...] | None:
    """Return `function` of the elements, where all are known and few; None else."""
    if shape is None or any(a.data is None for a in arrays):
        return None
    count = size(shape)
    if not isinstance(count, int) or count > MOST_COMPUTED:
        return None
    columns = [spread(a.data or (), a.shape or (), shape) for a in arrays]
    try:
        out = tuple(function(*row) for row in zip(*columns))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, NotImplementedError):
        return None
    return out if all(type(v) in (int, float, bool, Poly, str) for v in out) else None


def spread(data: tuple[Value, ...], shape: Shape, target: Shape) -> tuple[Value, ...]:
    """Return the elements of an array of `shape` as they stand after broadcasting to `target`."""
    if shape == target:
        return data
    lengths = [d if isinstance(d, int) else 0 for d in target]
    padded: Shape = (1,) * (len(target) - len(shape)) + shape
    strides: list[int] = []
    step = 1
    for d in reversed(padded):
        strides.append(0 if d == 1 else step)
        step *= d if isinstance(d, int) else 0
    places = [0]
    for stride, length in zip(reversed(strides), lengths):
        places = [p + stride * i for p in places for i in range(length)]
    return tuple(data[p] for p in places)


def made(shape: Shape | None, dtype: str | None, kind: Kind, data: tuple[Value, ...] | None) -> Array:
    """Return an array, its bounds taken from its elements."""
    return Array(shape, dtype, kind, data=data, bounds=bounds_of(data))


def power(a: Any, b: Any) -> Any:
    """Raise to a power, small ones alone."""
    if isinstance(a, Poly):
        if not (isinstance(b, int) and 0 <= b <= 6):
            raise ValueError
        out: Any = 1
        for _ in range(b):
            out = out * a
        return out
    if isinstance(b, Poly) or (isinstance(a, int) and (b < 0 or b > 64)):
        raise ValueError
    return a**b


def equal(a: Any, b: Any) -> Any:
    """Compare, undecided (an error) where lengths are not known well enough."""
    from ...shapes import same

    if isinstance(a, Poly) or isinstance(b, Poly):
        verdict = same(a, b) if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)) else None
        if verdict is None:
            raise ValueError
        return verdict
    if not isinstance(a, (int, float, str)) or not isinstance(b, (int, float, str)):
        raise ValueError
    return a == b


BINARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": power,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
