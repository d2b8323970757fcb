"""Facts read off the installed Keras, one generated module per Keras major; see `read` for the program that reads them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class LayerFacts:
    """What Keras says of one layer class.

    `parameters` is the constructor's signature: ``(name, default)`` in order, the default `REQUIRED` where there is none;
    `positional` how many of them may be given by position; `open_keywords` whether ``**kwargs`` follow. `rank`, `min_rank` and `max_rank` bound
    the input's rank, `fixed` are the axes whose length is fixed once built, as the built layer's ``input_spec`` states them.
    """

    path: str
    parameters: tuple[tuple[str, Any], ...]
    positional: int
    open_keywords: bool
    rank: int | None = None
    min_rank: int | None = None
    max_rank: int | None = None
    fixed: tuple[int, ...] = ()


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


def facts(major: int) -> ModuleType:
    """Return the generated module for a Keras major: ``LAYERS``, ``ALIASES``, ``APPLICATIONS``, ``DATASETS``, ``LOSSES`` …"""
    return importlib.import_module(f"kshape_lint.catalogue.keras{major}")
