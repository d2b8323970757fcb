"""Python's own functions and the methods of its own classes."""

from . import classes, containers, functions, text  # noqa: F401
