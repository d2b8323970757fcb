"""Where an import leads within the project of the file that holds it. Nothing is parsed here, and libcst not imported."""

from __future__ import annotations

import os
from functools import lru_cache

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", "tox.ini", "requirements.txt")
_FOREIGN = ("site-packages", "dist-packages", "lib/python")
_STEPS_UP = 8


@lru_cache(maxsize=1024)
def roots(directory: str) -> tuple[str, ...]:
    """Return the folders in which a script in `directory` finds the project's own modules: its own, the project's root and its ``src``."""
    if any(part in directory.replace(os.sep, "/") for part in _FOREIGN):
        return ()
    found = [directory]
    here = directory
    for _ in range(_STEPS_UP):
        if any(os.path.exists(os.path.join(here, mark)) for mark in _MARKS):
            found.extend(d for d in (here, os.path.join(here, "src")) if d not in found and os.path.isdir(d))
            break
        above = os.path.dirname(here)
        if above == here:
            break
        here = above
    return tuple(found)


def locate(dotted: str, level: int, filename: str) -> str | None:
    """Return the file that ``import dotted`` in `filename` leads to within the project; `level` counts leading dots.

    A package's ``__init__.py`` stands for the package; one without is given as its folder.
    """
    directory = os.path.dirname(os.path.abspath(filename))
    if level:
        for _ in range(level - 1):
            directory = os.path.dirname(directory)
        return _below(directory, dotted) if roots(directory) else None
    for root in roots(directory):
        found = _below(root, dotted)
        if found is not None and found != os.path.abspath(filename):
            return found
    return None


def _below(directory: str, dotted: str) -> str | None:
    base = os.path.join(directory, *dotted.split(".")) if dotted else directory
    for candidate in (base + ".py", os.path.join(base, "__init__.py")):
        if os.path.isfile(candidate):
            return candidate
    return base if os.path.isdir(base) and _has_modules(base) else None


def _has_modules(directory: str) -> bool:
    try:
        with os.scandir(directory) as entries:
            return any(entry.name.endswith(".py") for entry in entries)
    except OSError:
        return False
