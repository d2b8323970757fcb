"""Methods of text, known or not."""

from __future__ import annotations

from ...interpreter.values import AnyScalar, Seq, fresh_unknown, some_text
from ..api import UNKNOWN, UNKNOWN_DIM, ListObj, Value, items, models

_LONGEST = 10_000
"""The longest text that is taken apart."""


def _texts(*values: Value) -> bool:
    return all(isinstance(v, str) for v in values)


def _pieces(self: Value, name: str, *args: Value) -> Value:
    if isinstance(self, str) and all(a is None or isinstance(a, (str, int)) for a in args) and len(self) <= _LONGEST:
        try:
            return ListObj(Seq(tuple(getattr(self, name)(*args))))
        except (TypeError, ValueError):
            return UNKNOWN
    return ListObj(Seq(None, some_text(), UNKNOWN_DIM))


@models("builtins.str.split")
def split(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list."""
    return _pieces(self, "split", sep, maxsplit)


@models("builtins.str.rsplit")
def rsplit(self: Value, sep: Value = None, maxsplit: Value = -1) -> Value:
    """Split text into a list, from its end."""
    return _pieces(self, "rsplit", sep, maxsplit)


@models("builtins.str.splitlines")
def splitlines(self: Value, keepends: Value = False) -> Value:
    """Split text into lines."""
    return _pieces(self, "splitlines", keepends)


LONGEST = 100_000


def _register(name: str) -> None:
    @models(f"builtins.str.{name}")
    def changed(self: Value, *args: Value) -> Value:
        """Return changed text, known where it is short: what is put in a text's place again and again doubles it at each turn."""
        if _texts(self, *args) and (len(self) + 1) * (max(map(len, args), default=0) + 1) <= LONGEST:
            try:
                return getattr(self, name)(*args)
            except (TypeError, ValueError):
                return UNKNOWN
        return some_text()


for _name in (
    "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "swapcase", "casefold", "replace", "removeprefix", "removesuffix",
    "translate", "zfill", "ljust", "rjust", "center", "expandtabs", "format_map",
):  # fmt: skip
    _register(_name)


@models("builtins.str.partition", "builtins.str.rpartition")
def partition(self: Value, sep: Value) -> Value:
    """Split text in three."""
    return (some_text(), some_text(), some_text())


@models("builtins.str.find", "builtins.str.rfind", "builtins.str.index", "builtins.str.rindex", "builtins.str.count")
def position(self: Value, sub: Value, *bounds: Value) -> Value:
    """Return a place in text, or how often something stands in it."""
    return AnyScalar("int64", fresh_unknown().key)


@models("builtins.str.join")
def join(self: Value, iterable: Value) -> Value:
    """Join texts."""
    parts = items(iterable)
    return self.join(parts) if parts is not None and _texts(self, *parts) else some_text()


@models("builtins.str.startswith")
def starts(self: Value, prefix: Value, *bounds: Value) -> Value:
    """Tell how text begins."""
    return _is_at("startswith", self, prefix, bounds)


@models("builtins.str.endswith")
def ends(self: Value, suffix: Value, *bounds: Value) -> Value:
    """Tell how text ends."""
    return _is_at("endswith", self, suffix, bounds)


def _is_at(name: str, text: Value, part: Value, bounds: tuple[Value, ...]) -> Value:
    known = not bounds and _texts(text, *(part if isinstance(part, tuple) else (part,)))
    return bool(getattr(text, name)(part)) if known else fresh_unknown()


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
