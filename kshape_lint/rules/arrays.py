"""KSH1xx: operations on arrays and tensors that raise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..shapes import Dim, Shape, show_shape, size
from .base import Rule


@dataclass(frozen=True)
class ReshapeSize(Rule):
    """An array is reshaped into a shape that holds another number of elements.

    ## What it does
    Reports `np.reshape`, `x.reshape`, `tf.reshape` and kin when the elements of the source cannot fill the target shape.

    ## Why it is bad
    NumPy raises `ValueError: cannot reshape array of size 2000 into shape (20,5,4)`.

    ## Example
    ```python
    x = np.random.rand(100, 20)
    x = np.reshape(x, (100 // 5, 5, 4))
    ```

    ## Use instead
    ```python
    x = np.reshape(x, (100, 5, 4))
    ```
    """

    code: ClassVar[str] = "KSH101"
    name: ClassVar[str] = "reshape-size"
    source: Shape
    target: Shape

    def message(self) -> str:
        return f"cannot reshape {show_shape(self.source)}, {_elements(size(self.source))}, into {show_shape(self.target)}, {_elements(size(self.target))}"


def _elements(count: Dim) -> str:
    return f"{count!r} element{'' if count == 1 else 's'}"
