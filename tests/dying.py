"""A checker some of whose processes die, for the tests of the runner; a process of its own can import it."""

from __future__ import annotations

import os

from kshape_lint.faces.examine import Examined
from kshape_lint.findings import Finding, Place


def examine(text: str, filename: str, majors: tuple[int, ...], data_roots: tuple[str, ...] | None = ()) -> Examined:
    """Die where the text says so; else find the number of the process."""
    if "die" in text:
        os._exit(1)
    return Examined((Finding("KSH101", str(os.getpid()), filename, Place(1, 1, 1, 2), "error"),))
