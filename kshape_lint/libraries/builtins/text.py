"""Methods of text."""

from __future__ import annotations

from ...interpreter.values import Seq, fresh_unknown
from ..api import UNKNOWN_DIM, ListObj, Value, items, models


def _texts(*values: Value) -> bool:
    return all(isinstance(v, str) for v in values)


@models("builtins.str.split", "builtins.str.rsplit", "builtins.str.splitlines")
def split(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list."""
    if isinstance(self, str) and (sep is None or (isinstance(sep, str) and sep)) and maxsplit == -1 and len(self) < 1_000:
        return ListObj(Seq(tuple(self.split(sep))))
    return ListObj(Seq(None, fresh_unknown(), UNKNOWN_DIM))


@models("builtins.str.lower", "builtins.str.upper", "builtins.str.strip", "builtins.str.title", "builtins.str.capitalize")
def changed(self: Value, chars: Value = None) -> Value:
    """Return changed text."""
    return fresh_unknown()


@models("builtins.str.join")
def join(self: Value, iterable: Value) -> Value:
    """Join texts."""
    parts = items(iterable)
    return self.join(parts) if parts is not None and _texts(self, *parts) else fresh_unknown()


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
            return fresh_unknown()
    return fresh_unknown()
