"""Applications of Keras 2, read off the installed Keras by `kshape_lint.catalogue.read`; do not edit."""

# ruff: noqa
# fmt: off
from __future__ import annotations

from . import ApplicationFacts

APPLICATIONS: dict[str, ApplicationFacts] = {}
MODULES: tuple[str, ...] = ()
