"""Pure arithmetic of shapes: it knows no Python program and no library."""

from .dim import UNKNOWN_DIM, Dim, Exact, Poly, at_least, derived, divide_exactly, is_exact, never_divides, same, symbol
from .errors import ShapeError
from .shape import Shape, merge_shapes, same_shape, show_shape, size

__all__ = [
    "UNKNOWN_DIM",
    "Dim",
    "Exact",
    "Poly",
    "Shape",
    "ShapeError",
    "at_least",
    "derived",
    "divide_exactly",
    "is_exact",
    "merge_shapes",
    "never_divides",
    "same",
    "same_shape",
    "show_shape",
    "size",
    "symbol",
]
