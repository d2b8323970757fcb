"""kshape_lint finds shape mistakes in Keras and NumPy training scripts before they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .findings import Finding

__version__ = "0.1.0"
__all__ = ["__version__", "check_source"]


def check_source(text: str, filename: str = "<string>", *, keras: int = 3) -> list[Finding]:
    """Return the findings of a program's text, in order of their places.

    `keras` is the major version it is checked for, 3 or 2. A syntax error gives none, a fault of our own gives KSH000; nothing is raised.
    """
    from .checker import check_source as check

    return check(text, filename, keras=keras)
