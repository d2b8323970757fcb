"""Methods of text, known or not."""

from __future__ import annotations

from ...interpreter.values import AnyScalar, Seq, fresh_unknown, some_text
from ..api import UNKNOWN_DIM, ListObj, Value, items, models


def _texts(*values: Value) -> bool:
    return all(isinstance(v, str) for v in values)


@models("builtins.str.split", "builtins.str.rsplit", "builtins.str.splitlines")
def split(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list."""
    if isinstance(self, str) and (sep is None or (isinstance(sep, str) and sep)) and maxsplit == -1 and len(self) < 1_000:
        return ListObj(Seq(tuple(self.split(sep))))
    return ListObj(Seq(None, some_text(), UNKNOWN_DIM))


@models("builtins.str.partition", "builtins.str.rpartition")
def partition(self: Value, sep: Value) -> Value:
    """Split text in three."""
    return (some_text(), some_text(), some_text())


@models(
    "builtins.str.lower", "builtins.str.upper", "builtins.str.strip", "builtins.str.lstrip", "builtins.str.rstrip", "builtins.str.title",
    "builtins.str.capitalize", "builtins.str.swapcase", "builtins.str.casefold", "builtins.str.replace", "builtins.str.translate",
    "builtins.str.zfill", "builtins.str.ljust", "builtins.str.rjust", "builtins.str.center", "builtins.str.expandtabs",
    "builtins.str.removeprefix", "builtins.str.removesuffix", "builtins.str.format_map",
)  # fmt: skip
def changed(self: Value, *args: Value) -> Value:
    """Return changed text."""
    return some_text()


@models("builtins.str.find", "builtins.str.rfind", "builtins.str.index", "builtins.str.rindex", "builtins.str.count")
def position(self: Value, sub: Value, *bounds: Value) -> Value:
    """Return a place in text, or how often something stands in it."""
    return AnyScalar("int64", fresh_unknown().key)


@models("builtins.str.join")
def join(self: Value, iterable: Value) -> Value:
    """Join texts."""
    parts = items(iterable)
    return self.join(parts) if parts is not None and _texts(self, *parts) else some_text()


@models("builtins.str.startswith", "builtins.str.endswith")
def starts(self: Value, prefix: Value, *bounds: Value) -> Value:
    """Tell how text begins or ends: left open."""
    return fresh_unknown()


@models("builtins.str.format")
def format_(self: Value, *args: Value, **kwargs: Value) -> Value:
    """Return formatted text, known where it is plain."""
    plain = (str, int, float)
    if (
        isinstance(self, str)
        and "." not in self
        and ":" not in self
        and "[" not in self
        and all(isinstance(v, plain) for v in (*args, *kwargs.values()))
    ):
        try:
            return self.format(*args, **kwargs)
        except (IndexError, KeyError, ValueError):
            return some_text()
    return some_text()
