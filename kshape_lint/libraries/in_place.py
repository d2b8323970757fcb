"""What changes an array itself, whoever holds it: everything else makes a new one."""

from __future__ import annotations

from typing import Any

from ..interpreter.values import Array, Value
from ..interpreter.world import blur, current, leaves
from ..records import record
from ..shapes import Shape
from ..shapes.shape import merge_shapes


def restate(array: Array, shape: Shape | None, history: Any = None) -> None:
    """Give an array another shape, in this branch of the program."""
    current().write((_ShapeOf(array), None), _Stated(shape, history))


@record
class _Stated:
    """What is written of an array."""

    shape: Shape | None
    history: Any

    def __blur__(self, other: _Stated | None) -> _Stated:
        if other is None:
            return _Stated(None, None)
        return _Stated(merge_shapes(self.shape, other.shape), self.history if self.history is other.history else None)


class _ShapeOf:
    """An array's shape as something that holds a state, so that what one branch states of it is not known in the other."""

    born = 0

    def __init__(self, array: Array) -> None:
        self.array = array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ShapeOf) and other.array is self.array

    def __hash__(self) -> int:
        return id(self.array)

    @property
    def _state(self) -> _Stated:
        return _Stated(self.array.shape, self.array.history)

    @_state.setter
    def _state(self, value: Value) -> None:
        stated = blur(leaves(value))
        if isinstance(stated, _Stated):
            self.array.shape, self.array.history = stated.shape, stated.history
