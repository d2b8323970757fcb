"""Broadcasting, as NumPy, TensorFlow and Keras have it."""

from __future__ import annotations

from .dim import UNKNOWN_DIM, Dim, Poly, derived, same
from .errors import BroadcastError
from .shape import Shape


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape that all of `shapes` broadcast to, or raise `BroadcastError`."""
    out: Shape = ()
    for shape in shapes:
        out = _pair(out, shape)
    return out


def broadcast_optional(*shapes: Shape | None) -> Shape | None:
    """Like `broadcast`, where ranks may be unknown: then so is the result, but what is known must still fit."""
    known = broadcast(*(s for s in shapes if s is not None))
    return None if any(s is None for s in shapes) else known


def _pair(a: Shape, b: Shape) -> Shape:
    if not a:
        return b
    if not b:
        return a
    out: list[Dim] = []
    rank = max(len(a), len(b))
    for i in range(1, rank + 1):
        if i > len(a):
            out.append(b[-i])
        elif i > len(b):
            out.append(a[-i])
        else:
            d = broadcast_dims(a[-i], b[-i])
            if d is False:
                raise BroadcastError(a, b, -i)
            out.append(d)
    out.reverse()
    return tuple(out)


def broadcast_dims(a: Dim, b: Dim) -> Dim:
    """Return the length that two lengths broadcast to, False where they never do."""
    if isinstance(a, int) and isinstance(b, int):
        return a if b == 1 or a == b else b if a == 1 else False
    if a == 1 and isinstance(a, int):
        return b
    if b == 1 and isinstance(b, int):
        return a
    equal = same(a, b)
    if equal:
        return a
    a_more, b_more = same(a, 1) is False, same(b, 1) is False
    if equal is False and a_more and b_more:
        return False
    # Whichever is not 1 decides: the other is 1 or as long.
    if a_more and not (b_more and isinstance(b, int)):
        return a
    if b_more:
        return b
    if isinstance(a, Poly) and isinstance(b, Poly):
        return derived(("broadcast", frozenset((a, b))), f"max({a!r}, {b!r})", low=1)
    if a is None and b is None:
        return None
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    return None


def broadcast_to(shape: Shape, target: Shape) -> Shape:
    """Return `target` if `shape` can be broadcast to just it, else raise `BroadcastError`."""
    if len(shape) > len(target):
        raise BroadcastError(shape, target, -len(shape))
    out = list(target)
    for i in range(1, len(shape) + 1):
        d, t = shape[-i], target[-i]
        if same(d, t) is False and same(d, 1) is False:
            raise BroadcastError(shape, target, -i)
        if (t is UNKNOWN_DIM or t is None) and same(d, 1) is False:
            out[-i] = d
    return tuple(out)
