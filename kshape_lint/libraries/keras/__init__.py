"""Keras: what its public API does to shapes. Importing this package registers the models of every module in it."""

from __future__ import annotations

import importlib
import pkgutil

LAST = ("engine_classes", "engine_plain")
"""Modules that fill in what the others have left without a model."""


def load() -> None:
    """Import every module of the package once."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    for name in [n for n in names if n not in LAST] + list(LAST):
        importlib.import_module(f"{__name__}.{name}")


load()
