"""Reshaping: the same elements in the same order under another shape."""

from __future__ import annotations

from .dim import UNKNOWN_DIM, Dim, Poly, at_least, derived, divide_exactly, is_exact, never_divides, same, symbol, symbols
from .errors import Indivisible, SizeMismatch, TwoOpenDimensions
from .shape import Shape, size


def reshape(source: Shape | None, target: Shape) -> Shape:
    """Return the shape of `source` reshaped to `target`, whose ``-1`` (one at most) is worked out.

    Dimensions that are None or unknown cancel: (None, 28, 28) into (-1, 784) is (None, 784).
    """
    open_at = [i for i, d in enumerate(target) if isinstance(d, int) and d < 0]
    if len(open_at) > 1:
        raise TwoOpenDimensions(target)
    if source is None:
        return tuple(UNKNOWN_DIM if i in open_at else d for i, d in enumerate(target))
    named, names = _named(source)
    total = size(named)
    assert is_exact(total)
    if not open_at:
        return _exactly(source, named, total, names, target)
    at = open_at[0]
    rest = [d for i, d in enumerate(target) if i != at]
    part = size(rest)
    if not is_exact(part):
        return _with(target, at, UNKNOWN_DIM)
    if part == 0:
        if isinstance(total, int) and total == 0:
            raise Indivisible(source, target, part)
        if same(total, 0) is False:
            raise Indivisible(source, target, part)
        return _with(target, at, UNKNOWN_DIM)
    quotient = divide_exactly(total, part)
    if quotient is not None:
        return _with(target, at, _unnamed(quotient, names))
    if never_divides(total, part):
        raise Indivisible(source, target, part)
    return _with(target, at, _unnamed(total // part if isinstance(total, Poly) or isinstance(part, int) else UNKNOWN_DIM, names))


def _exactly(source: Shape, named: Shape, total: Dim, names: dict[object, Dim], target: Shape) -> Shape:
    known = [i for i, d in enumerate(target) if is_exact(d)]
    if len(known) < len(target):
        if len(known) == len(target) - 1 and not names:
            # The one length that is not known follows from the others.
            (at,) = (i for i, d in enumerate(target) if not is_exact(d))
            part = size(target[i] for i in known)
            if never_divides(total, part):
                raise SizeMismatch(source, target)
            quotient = divide_exactly(total, part)
            if quotient is not None and target[at] is UNKNOWN_DIM:
                return _with(target, at, quotient)
        return target
    if same(total, size(target)) is False:
        raise SizeMismatch(source, target)
    return target


def _named(source: Shape) -> tuple[Shape, dict[object, Dim]]:
    """Give each None and unknown axis a passing name, so that it can cancel."""
    names: dict[object, Dim] = {}
    out: list[Dim] = []
    for d in source:
        if is_exact(d):
            out.append(d)
        else:
            made = symbol("?", 0)
            names[symbols(made)[0]] = d
            out.append(made)
    return tuple(out), names


def _unnamed(d: Dim, names: dict[object, Dim]) -> Dim:
    if not names or not isinstance(d, Poly):
        return d
    used = [names[s] for s in symbols(d, inside=True) if s in names]
    if not used:
        return d
    return UNKNOWN_DIM if any(u is UNKNOWN_DIM for u in used) else None


def _with(target: Shape, at: int, d: Dim) -> Shape:
    return (*target[:at], d, *target[at + 1 :])


def works_by_luck(source: Shape, target: Shape) -> bool:
    """Tell whether a reshape with ``-1`` works for some row counts only: n rows of 785 into rows of 784.

    Regrouping whole rows (n rows of 3 into rows of 6) and cutting rows up (6 into 3) are taken to be meant.
    """
    open_at = [d for d in target if isinstance(d, int) and d < 0]
    symbolic = [d for d in source if not isinstance(d, int)]
    if len(open_at) != 1 or len(symbolic) != 1 or not isinstance(symbolic[0], Poly) or len(source) < 2:
        return False
    row = size(d for d in source if isinstance(d, int))
    part = size(d for d in target if not (isinstance(d, int) and d < 0))
    if not isinstance(row, int) or not isinstance(part, int) or row < 1 or part < 1:
        return False
    total = size(source)
    return bool(row % part and part % row) and divide_exactly(total, part) is None and not never_divides(total, part)


def flatten(shape: Shape, start: int = 0) -> Shape:
    """Return `shape` with all axes from `start` on made into one."""
    tail = shape[start:]
    if len(tail) == 1:
        return shape
    total = size(tail)
    if not is_exact(total) and any(d is None for d in tail) and not any(d is UNKNOWN_DIM for d in tail):
        total = None
    return (*shape[:start], total)


def tile(shape: Shape, reps: Shape) -> Shape:
    """Return the shape of an array repeated `reps` times along each axis, the shorter of the two filled up with 1 in front."""
    rank = max(len(shape), len(reps))
    a = (1,) * (rank - len(shape)) + shape
    r = (1,) * (rank - len(reps)) + reps
    return tuple(times(x, y) for x, y in zip(a, r))


def times(a: Dim, b: Dim) -> Dim:
    """Return ``a * b``: None times 1 is None, times anything else None too; unknown swallows."""
    if is_exact(a) and is_exact(b):
        return a * b
    return UNKNOWN_DIM if a is UNKNOWN_DIM or b is UNKNOWN_DIM else None


def plus(a: Dim, b: Dim) -> Dim:
    """Return ``a + b``, None where one is None, unknown where one is unknown."""
    if is_exact(a) and is_exact(b):
        return a + b
    return UNKNOWN_DIM if a is UNKNOWN_DIM or b is UNKNOWN_DIM else None


def ceil_divide(a: Dim, b: int) -> Dim:
    """Return ``a / b`` rounded up."""
    if not is_exact(a):
        return a
    if b == 1:
        return a
    exact = divide_exactly(a, b)
    return exact if exact is not None else (a + (b - 1)) // b


def lesser(a: Dim, b: Dim) -> Dim:
    """Return the smaller of two lengths."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    if not (is_exact(a) and is_exact(b)):
        return UNKNOWN_DIM
    if a == b or at_least(b - a, 0):
        return a
    if at_least(a - b, 0):
        return b
    low = 1 if at_least(a, 1) and at_least(b, 1) else 0
    first, second = (b, a) if isinstance(a, int) else (a, b)
    return derived(("min", frozenset((a, b))), f"min({first!r}, {second!r})", low=low, high=((1, a), (1, b)))
