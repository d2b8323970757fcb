"""Facts read off the installed Keras, generated modules per Keras major; see `read` for the program that reads them."""

from __future__ import annotations

import importlib
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from ..records import record


@record
class LayerFacts:
    """What Keras says of one layer class.

    `parameters` is the constructor's signature: ``(name, default)`` in order, the default `REQUIRED` where there is
    none and `OPAQUE` where it is no plain literal; `positional` how many of them may be given by position; `open_keywords`
    whether ``**kwargs`` follow, and `keywords` which keywords the class then takes beside its parameters (``name``,
    ``input_shape`` …; None: those in the module's ``KEYWORDS``).

    `rank`, `min_rank` and `max_rank` bound the input's rank. `fixed` are the axes whose length is fixed once built, as the
    built layer's ``input_spec`` states them, `fixed_first` the same for ``data_format="channels_first"``; `fixed_by` names the
    parameter that says which axis, where there is one. `fixes_rank` tells that the first input's rank is demanded of later ones.
    """

    path: str
    parameters: tuple[tuple[str, Any], ...]
    positional: int
    open_keywords: bool
    rank: int | None = None
    min_rank: int | None = None
    max_rank: int | None = None
    fixed: tuple[int, ...] = ()
    fixed_first: tuple[int, ...] = ()
    fixed_by: str | None = None
    fixes_rank: bool = False
    keywords: tuple[str, ...] | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the constructor's parameters, in order."""
        return tuple(name for name, _ in self.parameters)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of those that have no default."""
        return tuple(name for name, default in self.parameters if default is REQUIRED or default == "R")

    def takes(self, keyword: str, common: tuple[str, ...]) -> bool:
        """Tell whether the constructor takes a keyword; `common` is the module's ``KEYWORDS``."""
        if keyword in self.names:
            return True
        return self.open_keywords and keyword in (common if self.keywords is None else self.keywords)


@record
class Signature:
    """The parameters of a public function or of a class's constructor, as in `LayerFacts`."""

    path: str
    parameters: tuple[tuple[str, Any], ...]
    positional: int
    open_positional: bool = False
    open_keywords: bool = False


@record
class ApplicationFacts:
    """What Keras says of one pretrained architecture.

    `default_size` and `min_size` are the image's height and width (a default of 0: any), `channels` the feature map's depth.
    One side of the feature map of ``include_top=False`` is ``(side + offset) // stride``, for a model made with open sides
    `open_offset` stands in for `offset` (None: not known). `classes` is the default width of the output with the top.
    """

    path: str
    parameters: tuple[tuple[str, Any], ...]
    positional: int
    default_size: int
    min_size: int
    channels: int
    stride: int
    offset: int
    open_offset: int | None
    classes: int


@record
class DatasetFacts:
    """What Keras states of one data set: the arrays that ``load_data`` returns, in the order x_train, y_train, x_test, y_test.

    A shape is None where none is stated, a length None where it is open; `dtypes` likewise. `samples` is the number of samples that the
    description begins with, `highest` the greatest label.
    """

    path: str
    shapes: tuple[tuple[int | None, ...] | None, ...]
    dtypes: tuple[str | None, ...]
    samples: int | None
    highest: int | None


class _Marker:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


REQUIRED = _Marker("REQUIRED")
"""The default of a parameter that has none."""

OPAQUE = _Marker("OPAQUE")
"""A default that is no plain literal."""


@cache
def facts(major: int) -> ModuleType:
    """Return the generated module for a Keras major: ``VERSION``, ``LAYERS``, ``KEYWORDS``, ``FUNCTIONS``, ``LOSSES``, ``METRICS``."""
    return importlib.import_module(f"kshape_lint.catalogue.keras{major}")


@cache
def ops() -> ModuleType:
    """Return the generated module of ``keras.ops``: ``OPS``, signatures by path."""
    return importlib.import_module("kshape_lint.catalogue.ops3")


@cache
def datasets() -> dict[str, DatasetFacts]:
    """Return what is known of ``keras.datasets``, by the path of the module; both majors state the same."""
    found: dict[str, DatasetFacts] = importlib.import_module("kshape_lint.catalogue.datasets3").DATASETS
    return found


def applications(major: int) -> dict[str, ApplicationFacts]:
    """Return what is known of ``keras.applications``, by path."""
    found: dict[str, ApplicationFacts] = importlib.import_module(f"kshape_lint.catalogue.applications{major}").APPLICATIONS
    return found


def application_modules(major: int) -> tuple[str, ...]:
    """Return the modules that hold ``preprocess_input`` and ``decode_predictions``."""
    found: tuple[str, ...] = importlib.import_module(f"kshape_lint.catalogue.applications{major}").MODULES
    return found


@record
class InnerLayer:
    """A layer inside a pretrained architecture: its name (None where Keras makes one up), its class, and what it gives.

    A feature map has `channels` and sides of ``(side + offset) // stride`` (a stride of 0: not known), a vector has `width`.
    """

    name: str | None
    kind: str
    width: int | None = None
    channels: int | None = None
    stride: int = 0
    offset: int = 0


_inner: dict[str, tuple[tuple[InnerLayer, ...], tuple[InnerLayer, ...] | None]] = {}


def inside(path: str, major: int) -> tuple[tuple[InnerLayer, ...], tuple[InnerLayer, ...] | None] | None:
    """Return the layers of an architecture without its top, and those that the top adds (None: not known); None for others."""
    from . import inside3

    if major == 2 and path not in inside3.ALIKE_IN_KERAS_2:
        return None
    if not _inner:
        from .inside import read

        _inner.update(read(inside3.PACKED))
    return _inner.get(path)


def aliases() -> dict[str, str]:
    """Return which public paths are other names of one thing, for all majors."""
    found: dict[str, str] = importlib.import_module("kshape_lint.catalogue.names").ALIASES
    return found
