"""Why two shapes, or a shape and a request, do not go together: small exceptions that carry the facts and no wording.

A library's model catches the one it expects and raises its own rule from the facts. Each is raised only when the
operation fails for every value that the open dimensions can have.
"""

from __future__ import annotations

from .dim import Dim
from .shape import Shape


class ShapeError(Exception):
    """Base of all reasons why an operation on shapes certainly fails."""


class AxisOutOfRange(ShapeError):
    """An axis number outside ``[-rank, rank)``."""

    def __init__(self, axis: int, rank: int) -> None:
        super().__init__(axis, rank)
        self.axis = axis
        self.rank = rank


class RepeatedAxis(ShapeError):
    """The same axis named twice where each may be named once."""

    def __init__(self, axis: int, rank: int) -> None:
        super().__init__(axis, rank)
        self.axis = axis
        self.rank = rank


class BadPermutation(ShapeError):
    """Axes that are no permutation of the array's axes because there are too many or too few of them."""

    def __init__(self, axes: tuple[Dim, ...], rank: int) -> None:
        super().__init__(axes, rank)
        self.axes = axes
        self.rank = rank


class BroadcastError(ShapeError):
    """Two shapes that cannot be broadcast: on `axis`, counted from the end (-1 is the last), lengths differ and neither is 1."""

    def __init__(self, left: Shape, right: Shape, axis: int) -> None:
        super().__init__(left, right, axis)
        self.left = left
        self.right = right
        self.axis = axis


class SizeMismatch(ShapeError):
    """A reshape whose target holds another number of elements."""

    def __init__(self, source: Shape, target: Shape) -> None:
        super().__init__(source, target)
        self.source = source
        self.target = target


class Indivisible(ShapeError):
    """A reshape with ``-1`` whose known part does not divide the number of elements."""

    def __init__(self, source: Shape, target: Shape, part: Dim) -> None:
        super().__init__(source, target)
        self.source = source
        self.target = target
        self.part = part


class TwoOpenDimensions(ShapeError):
    """A reshape with more than one ``-1``."""

    def __init__(self, target: Shape) -> None:
        super().__init__(target)
        self.target = target


class NotSingular(ShapeError):
    """A squeeze of an axis whose length is not 1."""

    def __init__(self, shape: Shape, axis: int) -> None:
        super().__init__(shape, axis)
        self.shape = shape
        self.axis = axis


class WindowExhausts(ShapeError):
    """A window (convolution, pooling) larger than the axis it slides along: nothing is left. `axis` counts spatial axes from 0."""

    def __init__(self, length: Dim, window: Dim, axis: int = 0) -> None:
        super().__init__(length, window, axis)
        self.length = length
        self.window = window
        self.axis = axis


class ContractionMismatch(ShapeError):
    """Two axes that are summed over together and differ: ``left[left_axis]`` and ``right[right_axis]`` (non-negative axes)."""

    def __init__(self, left: Shape, right: Shape, left_axis: int, right_axis: int) -> None:
        super().__init__(left, right, left_axis, right_axis)
        self.left = left
        self.right = right
        self.left_axis = left_axis
        self.right_axis = right_axis


class RankTooSmall(ShapeError):
    """An operand with fewer axes than the operation needs."""

    def __init__(self, shape: Shape, least: int) -> None:
        super().__init__(shape, least)
        self.shape = shape
        self.least = least


class BadEquation(ShapeError):
    """An einsum equation that does not fit its operands; `reason` says how."""

    def __init__(self, equation: str, reason: str) -> None:
        super().__init__(equation, reason)
        self.equation = equation
        self.reason = reason


class JoinRankMismatch(ShapeError):
    """Arrays of different rank joined along an axis; `position` is the first that differs from the first one."""

    def __init__(self, shapes: tuple[Shape | None, ...], position: int) -> None:
        super().__init__(shapes, position)
        self.shapes = shapes
        self.position = position


class JoinLengthMismatch(ShapeError):
    """Arrays joined along one axis that differ in another, `axis`; `position` is the first that differs from the one at `against`."""

    def __init__(self, shapes: tuple[Shape | None, ...], position: int, axis: int, against: int = 0) -> None:
        super().__init__(shapes, position, axis)
        self.shapes = shapes
        self.position = position
        self.axis = axis
        self.against = against


class UnequalSplit(ShapeError):
    """A split into equal parts that leaves a rest."""

    def __init__(self, shape: Shape, parts: Dim, axis: int) -> None:
        super().__init__(shape, parts, axis)
        self.shape = shape
        self.parts = parts
        self.axis = axis


class TooManyIndices(ShapeError):
    """More indices than the array has axes."""

    def __init__(self, shape: Shape, count: int) -> None:
        super().__init__(shape, count)
        self.shape = shape
        self.count = count


class IndexOutOfBounds(ShapeError):
    """An index outside an axis."""

    def __init__(self, index: Dim, length: Dim, axis: int, shape: Shape | None = None) -> None:
        super().__init__(index, length, axis)
        self.shape = shape
        self.index = index
        self.length = length
        self.axis = axis


class MaskMismatch(ShapeError):
    """A boolean mask whose axis is not as long as the axis of the array that it picks from."""

    def __init__(self, shape: Shape, mask: Shape, axis: int, mask_axis: int) -> None:
        super().__init__(shape, mask, axis, mask_axis)
        self.shape = shape
        self.mask = mask
        self.axis = axis
        self.mask_axis = mask_axis
