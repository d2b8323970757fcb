"""The project's other files, each parsed and lowered once a process."""

from __future__ import annotations

import os
import tokenize
from functools import lru_cache

import libcst as cst

from . import nodes as n
from .lower import lower
from .parse import Unparsable, lines_to_run, parse

LARGEST = 400_000
"""Bytes of a module that is followed at most."""


class Source:
    """One file of the project, parsed and lowered; `lines` are those that there is to run."""

    __slots__ = ("lines", "module", "path", "statements")

    def __init__(self, path: str, module: cst.Module, statements: list[n.Stmt], lines: int) -> None:
        self.path = path
        self.module = module
        self.statements = statements
        self.lines = lines


def read(path: str) -> Source | None:
    """Return a file parsed and lowered, None where it cannot be read or is no Python; kept until the file changes."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if status.st_size > LARGEST:
        return None
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _read(path: str, changed: int, size: int) -> Source | None:
    try:
        with tokenize.open(path) as file:
            text = file.read()
        module = parse(text)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError, ValueError, Unparsable):
        return None
    return Source(path, module, lower(module), lines_to_run(text))
