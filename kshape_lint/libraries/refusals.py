"""From what the shape arithmetic refuses to what the user is told: one rule for each `ShapeError`, for all array libraries."""

from __future__ import annotations

from types import TracebackType

from ..interpreter.values import Value
from ..rules import arrays as rules
from ..rules.base import Rule
from ..shapes import Shape, ShapeError, errors
from .api import Mismatch


def record_of(error: ShapeError, function: str = "") -> Rule:
    """Return the finding that tells of `error`; `function` is what the user called, ``np.concatenate`` or ``+``."""
    match error:
        case errors.SizeMismatch():
            return rules.ReshapeSize(error.source, error.target)
        case errors.Indivisible():
            return rules.ReshapeIndivisible(error.source, error.target, error.part)
        case errors.TwoOpenDimensions():
            return rules.ReshapeTwoUnknown(error.target)
        case errors.AxisOutOfRange():
            return rules.AxisOutOfRange(error.axis, error.rank, function)
        case errors.RepeatedAxis():
            return rules.AxisOutOfRange(error.axis, error.rank, function, True)
        case errors.BadPermutation():
            return rules.TransposeAxes(error.axes, error.rank)
        case errors.BroadcastError():
            return rules.Broadcast(error.left, error.right, function)
        case errors.NotSingular():
            return rules.SqueezeAxis(error.shape, error.axis)
        case errors.ContractionMismatch():
            return rules.Contraction(function, error.left, error.right, error.left_axis, error.right_axis)
        case errors.RankTooSmall():
            return rules.RankDemanded(function, error.shape, f"rank {error.least} or more")
        case errors.BadEquation():
            return rules.Einsum(error.equation, (), error.reason)
        case errors.JoinRankMismatch() | errors.JoinLengthMismatch():
            axis = error.axis if isinstance(error, errors.JoinLengthMismatch) else None
            against = error.against if isinstance(error, errors.JoinLengthMismatch) else _first_known(error.shapes)
            first, other = error.shapes[against], error.shapes[error.position]
            assert first is not None and other is not None
            return rules.Join(function, first, other, error.position, axis)
        case errors.UnequalSplit():
            return rules.UnequalSplit(error.shape, error.parts, error.axis)
        case errors.TooManyIndices():
            return rules.TooManyIndices(error.shape, error.count)
        case errors.IndexOutOfBounds():
            return rules.IndexBounds(error.index, error.length, error.axis, error.shape)
        case errors.MaskMismatch():
            return rules.MaskShape(error.shape, error.mask, error.axis, error.mask_axis)
    raise AssertionError(f"no rule tells of {type(error).__name__}")


def _first_known(shapes: tuple[Shape | None, ...]) -> int:
    return next(i for i, s in enumerate(shapes) if s is not None)


class refusing:
    """Turn a `ShapeError` from the block into the `Mismatch` that reports it::

    with refusing("np.concatenate", *arrays):
        shape = concatenate(shapes, axis)
    """

    __slots__ = ("blame", "function")

    def __init__(self, function: str, *blame: Value) -> None:
        self.function = function
        self.blame = blame

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, ShapeError):
            raise Mismatch(record_of(error, self.function), *self.blame) from None
