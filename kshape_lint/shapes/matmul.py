"""Products that sum over a shared axis: matmul, dot, tensordot, einsum, outer."""

from __future__ import annotations

from collections.abc import Sequence

from .axes import axis_indices
from .broadcast import broadcast, broadcast_dims
from .dim import UNKNOWN_DIM, Dim, same
from .errors import BadEquation, ContractionMismatch, RankTooSmall
from .shape import Shape


def matmul(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``left @ right`` as NumPy has it: 1-D operands gain an axis for the product, and lose it again."""
    for s in (left, right):
        if not s:
            raise RankTooSmall(s, 1)
    right_axis = max(len(right) - 2, 0)
    if same(left[-1], right[right_axis]) is False:
        raise ContractionMismatch(left, right, len(left) - 1, right_axis)
    stacked = broadcast(left[:-2], right[:-2])
    return stacked + left[-2:-1] + (right[-1:] if len(right) > 1 else ())


def dot(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``np.dot(left, right)``: all axes of the left but its last, then those of the right but its second to last."""
    if not left or not right:
        return left + right
    right_axis = max(len(right) - 2, 0)
    if same(left[-1], right[right_axis]) is False:
        raise ContractionMismatch(left, right, len(left) - 1, right_axis)
    return left[:-1] + right[:right_axis] + right[right_axis + 1 :]


def inner(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``np.inner``: both last axes are summed over."""
    if not left or not right:
        return left + right
    if same(left[-1], right[-1]) is False:
        raise ContractionMismatch(left, right, len(left) - 1, len(right) - 1)
    return left[:-1] + right[:-1]


def tensordot(left: Shape, right: Shape, left_axes: Sequence[int], right_axes: Sequence[int]) -> Shape:
    """Return the shape of a tensor product summed over pairs of axes."""
    l_axes, r_axes = axis_indices(left_axes, len(left)), axis_indices(right_axes, len(right))
    if len(l_axes) != len(r_axes):
        raise BadEquation("tensordot", f"{len(l_axes)} axes against {len(r_axes)}")
    for i, j in zip(l_axes, r_axes):
        if same(left[i], right[j]) is False:
            raise ContractionMismatch(left, right, i, j)
    return tuple(d for i, d in enumerate(left) if i not in l_axes) + tuple(d for j, d in enumerate(right) if j not in r_axes)


def einsum(equation: str, shapes: Sequence[Shape | None]) -> Shape | None:
    """Return the shape of ``einsum(equation, …)``; None where it hangs on an operand of unknown rank."""
    text = equation.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(shapes):
        raise BadEquation(equation, f"it names {len(terms)} operand{'s' * (len(terms) != 1)}, {len(shapes)} given")
    lengths: dict[str, Dim] = {}
    dots: Shape | None = ()
    for term, shape in zip(terms, shapes):
        head, ellipsis, tail = term.partition("...")
        if shape is None:
            for letter in head + tail:
                lengths.setdefault(letter, UNKNOWN_DIM)
            dots = None if ellipsis else dots
            continue
        named = len(head) + len(tail)
        if len(shape) < named or (not ellipsis and len(shape) != named):
            raise BadEquation(equation, f"'{term}' names {named} ax{'es' if named != 1 else 'is'}, the operand has {len(shape)}")
        middle = shape[len(head) : len(shape) - len(tail)]
        if ellipsis and dots is not None:
            dots = broadcast(dots, middle)
        for letter, d in zip(head + tail, shape[: len(head)] + (shape[len(shape) - len(tail) :] if tail else ())):
            known = lengths.get(letter)
            if letter not in lengths or known is UNKNOWN_DIM or known is None:
                lengths[letter] = d
                continue
            joined = broadcast_dims(known, d)
            if joined is False:
                raise BadEquation(equation, f"'{letter}' is {known!r} and {d!r}")
            lengths[letter] = joined
    if not arrow:
        letters = inputs.replace(",", "").replace(".", "")
        output = ("..." if "..." in inputs else "") + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    head, ellipsis, tail = output.partition("...")
    for letter in head + tail:
        if letter not in lengths:
            raise BadEquation(equation, f"'{letter}' of the output is on no operand")
        if (head + tail).count(letter) > 1:
            raise BadEquation(equation, f"'{letter}' stands twice in the output")
    if ellipsis and dots is None:
        return None
    return tuple(lengths[c] for c in head) + ((dots or ()) if ellipsis else ()) + tuple(lengths[c] for c in tail)
